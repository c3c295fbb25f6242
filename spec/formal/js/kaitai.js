/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ../*.ksy, compiled to JavaScript by Kaitai Struct and loaded, and a walk
 * over what they parse that knows no field by name.
 */
"use strict";

const fs = require("fs");
const path = require("path");
const Module = require("module");
const compiler = require("kaitai-struct-compiler");
const { KaitaiStream } = require("kaitai-struct");
const YAML = require("yaml");

const FOLDER = path.join(__dirname, "..");

/* In the order in which a reader meets them. */
const NAMES = [
    "reel_label",
    "reel_leader",
    "reel_block",
    "reel_segment",
    "reel_records",
];

const camel = (id) => id.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase());
const camelType = (id) => camel("_" + id);

function hex(octets) {
    return Buffer.from(octets).toString("hex");
}

/* What stands in two halves. */
function whole({ high, low }) {
    return (BigInt(high) << 32n) | BigInt(low);
}

/* One .ksy: its text as an object, and the class compiled from it. */
class Description {
    constructor(name, spec, parser) {
        this.name = name;
        this.spec = spec;
        this.Parser = parser;
    }

    /* Parse `octets`; throws what the generated code throws. */
    parse(octets, ...params) {
        return this.parseType(null, octets, ...params);
    }

    /* The same with a type of the description, null being the whole. */
    parseType(type, octets, ...params) {
        const Parser =
            type === null ? this.Parser : this.Parser[camelType(type)];
        const io = new KaitaiStream(
            octets.buffer.slice(
                octets.byteOffset,
                octets.byteOffset + octets.length,
            ),
        );
        const parsed = new Parser(io, null, null, ...params);

        // Instances are lazy; what they demand holds all the same.
        for (const id of Object.keys(this.typeSpec(type).instances ?? {}))
            void parsed[camel(id)];
        return parsed;
    }

    typeSpec(type) {
        return type === null ? this.spec : this.spec.types[type];
    }

    /* The name of the table: LABEL, GROUP END ... */
    title(type) {
        return this.typeSpec(type)["-orig-id"];
    }

    /* The type of a record's payload; undefined if there is none for it. */
    payloadType(recordType) {
        const seq = this.spec.types.record.seq;
        const payload = seq.find((field) => field.id === "payload");

        return payload.type.cases[recordType];
    }

    /*
     * [name, value] of all fields that stand in a table, in order. Integers are
     * numbers or BigInts, all else is hexadecimal.
     */
    fields(type, parsed, within = "") {
        const list = [];

        for (const field of this.typeSpec(type).seq) {
            if (!("-orig-id" in field)) continue;
            const name = within + field["-orig-id"];
            const value = parsed[camel(field.id)];

            if (field.type === "u64" || field.type === "i64")
                list.push([name, whole(value)]);
            else if (this.spec.types?.[field.type] === undefined)
                list.push([name, Number.isInteger(value) ? value : hex(value)]);
            else
                for (const part of "repeat" in field ? value : [value])
                    list.push(...this.fields(field.type, part, name + "."));
        }
        return list;
    }
}

function readSpec(name) {
    const text = fs.readFileSync(path.join(FOLDER, name + ".ksy"), "utf8");

    return YAML.parse(text);
}

/* A Description for each of NAMES. */
async function load() {
    const list = [];

    for (const name of NAMES) {
        const spec = readSpec(name);
        const files = await compiler.compile("javascript", spec, null, false);
        const [file] = Object.keys(files);
        const module = new Module(file);

        module.paths = process.env.NODE_PATH?.split(path.delimiter) ?? [];
        module.paths.push(...(require.main?.paths ?? []));
        module._compile(files[file], file);
        list.push(
            new Description(name, spec, module.exports[camelType(name)]),
        );
    }
    return list;
}

module.exports = { NAMES, load, readSpec, whole };
