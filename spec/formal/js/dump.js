#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: dump.js IMAGE.tap...
 *
 * Prints what stands on each volume, parsed by the description in spec/formal,
 * as `reel dump --json --octets` prints it. Exits with 1 at the first structure
 * that is not as described, with a line on standard error.
 */
"use strict";

const fs = require("fs");
const { load } = require("./kaitai.js");
const { Volume } = require("./volume.js");

function place({ address, octet = 0, offset }) {
    const text = `"block":${address},"octet":${octet}`;

    return offset === undefined ? text : `${text},"record offset":${offset}`;
}

function line(structure, at, fields) {
    const text = fields.map(([name, value]) =>
        typeof value === "string"
            ? `["${name}","${value}"]`
            : `["${name}",${value}]`,
    );

    process.stdout.write(
        `{"type":"fields","structure":"${structure}",${place(at)},` +
            `"fields":[${text.join(",")}]}\n`,
    );
}

const printer = {
    filemark(address) {
        process.stdout.write(`{"type":"filemark","block":${address}}\n`);
    },
    structure(description, type, parsed, at) {
        line(description.title(type), at, description.fields(type, parsed));
    },
    payload(description, type, record, at) {
        if (type === undefined)
            line("unknown", at, [
                ["payload", Buffer.from(record.payload).toString("hex")],
            ]);
        else
            line(
                description.title(type),
                at,
                description.fields(type, record.payload),
            );
    },
};

async function main(images) {
    const descriptions = await load(
        "reel_label",
        "reel_leader",
        "reel_block",
        "reel_segment",
        "reel_records",
    );

    for (const image of images)
        new Volume(descriptions, printer).read(fs.readFileSync(image));
}

if (process.argv.length < 3) {
    console.error("usage: dump.js IMAGE.tap...");
    process.exitCode = 3;
} else {
    main(process.argv.slice(2)).catch((error) => {
        console.error(`dump.js: ${error.name}: ${error.message}`);
        process.exitCode = 1;
    });
}
