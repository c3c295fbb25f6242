/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a description cannot say, as chapters 0, 3, 9.7 and 12.1 of the text
 * have it: an image to blocks, blocks to segments, segments to records.
 */
"use strict";

const fzstd = require("fzstd");
const { whole } = require("./kaitai.js");

const LIMIT = 16777216;
const NONE = 0xffffffff;
const KIND_VOLUME = 1;
const MAGIC = Buffer.from("8a5245454c0d0a1a", "hex");

/* Chapter 0: {address, octets} for each block, octets null for a filemark. */
function* blocksOf(image) {
    let at = 0;

    for (let address = 0; at + 4 <= image.length; ) {
        const head = image.readUInt32LE(at);

        if (head === 0xffffffff) return;
        at += 4;
        if (head === 0xfffffffe) continue;
        if (head === 0) {
            yield { address: address++, octets: null };
            continue;
        }
        if (head > 0x7fffffff)
            throw new Error(`block ${address} could not be read`);
        if (at + head + (head & 1) + 4 > image.length)
            throw new Error(`block ${address} is cut short`);
        yield { address: address++, octets: image.subarray(at, at + head) };
        at += head + (head & 1) + 4;
    }
}

/*
 * Blocks of one volume to segments, by the table of section 12.1 as far as
 * good volumes need it.
 */
class Deblocker {
    constructor(describedSegment) {
        this.segment = describedSegment;
        this.archive = 0;
        this.begun = null; // a segment: parts, length, need, place
    }

    /* Segments that end in `block`: {address, octet, octets}. */
    take(block, address) {
        const sequence = whole(block.sequence);
        const runStart = whole(block.runStart);

        this.set ??= Buffer.from(block.setId);
        if (this.set.compare(block.setId) !== 0) return [];
        if (block.kind === KIND_VOLUME) {
            this.begun = null;
            this.expected = sequence;
            this.fresh = true;
            return this.cut(block, address);
        }
        if (block.archive < this.archive) return [];
        if (block.archive > this.archive) {
            this.archive = block.archive;
            this.run = block.run;
            this.begun = null;
            this.expected = this.fresh ? this.expected : 0n;
        }
        if (block.run < this.run) return [];
        if (block.run > this.run) {
            this.run = block.run;
            this.expected = runStart;
            this.begun = null;
        }
        this.fresh = false;
        if (sequence < this.expected) return [];
        if (sequence > this.expected || block.kind !== this.kind)
            this.begun = null;
        this.expected = sequence + 1n;
        if (block.kind > 5) return [];
        this.kind = block.kind;
        return this.cut(block, address);
    }

    /* Cut the payload into segments. */
    cut(block, address) {
        const payload = Buffer.from(block.payload);
        const done = [];
        let at = this.begun === null ? block.firstSegment : 0;

        while (at < payload.length && at !== NONE) {
            this.begun ??= { parts: [], length: 0, address, octet: 96 + at };
            const begun = this.begun;

            at += this.append(begun, payload.subarray(at));
            if (begun.length !== begun.need) continue;
            done.push({ ...begun, octets: Buffer.concat(begun.parts) });
            this.begun = null;
        }
        return done;
    }

    /* Append as much of `octets` as belongs to the segment; how much. */
    append(begun, octets) {
        const want = (begun.need ?? 24) - begun.length;
        const part = octets.subarray(0, want);

        begun.parts.push(part);
        begun.length += part.length;
        if (begun.length === 24 && begun.need === undefined) {
            const head = Buffer.concat(begun.parts);

            begun.need =
                24 +
                this.segment.parseType("header", head, LIMIT).storedOctets;
        }
        return part.length;
    }
}

/* One frame, of exactly `length` octets. */
function unpack(stored, length) {
    const out = fzstd.decompress(stored, new Uint8Array(length));

    if (out.length !== length) throw new Error("a frame of another length");
    return out;
}

/* Everything in `image`, handed to `see` in the order of the tape. */
class Volume {
    constructor(descriptions, see) {
        [this.label, this.leader, this.block, this.segment, this.records] =
            descriptions;
        this.see = see;
        this.deblocker = new Deblocker(this.segment);
        this.limit = LIMIT;
    }

    read(image) {
        let filemarks = 0;
        let first = true;

        for (const { address, octets } of blocksOf(image)) {
            if (octets === null) {
                filemarks++;
                this.see.filemark(address);
            } else if (octets.subarray(0, 8).equals(MAGIC)) {
                this.readBlock(octets, address);
            } else if (filemarks === 0) {
                this.see.structure(this.label, null, this.label.parse(octets), {
                    address,
                });
            } else if (filemarks === 1) {
                const text = this.leader.parse(octets, first);

                first = false;
                this.see.structure(this.leader, null, text, { address });
            } else {
                this.readBlock(octets, address); // tells what is wrong
            }
        }
    }

    readBlock(octets, address) {
        const block = this.block.parse(octets);

        this.see.structure(this.block, null, block, { address });
        if (block.archive !== this.archive) this.limit = LIMIT;
        this.archive = block.archive;
        for (const segment of this.deblocker.take(block, address))
            this.readSegment(segment);
    }

    readSegment({ address, octet, octets }) {
        const segment = this.segment.parse(octets, this.limit);
        const raw =
            segment.header.compression === 0
                ? segment.stored
                : unpack(segment.stored, segment.header.rawOctets);
        const records = this.records.parse(Buffer.from(raw)).records;
        let offset = 0;

        this.see.structure(this.segment, "header", segment.header, {
            address,
            octet,
        });
        for (const record of records) {
            const type = this.records.payloadType(record.type);

            this.see.structure(this.records, "record", record, {
                address,
                octet,
                offset,
            });
            this.see.payload(this.records, type, record, {
                address,
                octet,
                offset: offset + 16,
            });
            if (type === "archive_record") {
                this.limit = record.payload.segmentLimit;
                this.segment.parse(octets, this.limit); // by its own limit
            }
            offset += 16 + record.octets;
        }
    }
}

module.exports = { Volume, blocksOf };
