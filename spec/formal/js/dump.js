#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: dump.js IMAGE.tap...
 *        dump.js --batch    (lines "IMAGE<tab>OUTPUT" on standard input)
 *
 * Prints what stands on each volume, parsed by the description in spec/formal,
 * as `reel dump --json --octets` prints it. At the first structure that is not
 * as described it prints {"type":"refused",...}, leaves the image, and exits
 * with 1 in the end.
 */
"use strict";

const fs = require("fs");
const { load } = require("./kaitai.js");
const { Volume } = require("./volume.js");

function place({ address, octet = 0, offset }) {
    const text = `"block":${address},"octet":${octet}`;

    return offset === undefined ? text : `${text},"record offset":${offset}`;
}

/* Puts lines into the file `fd`. */
class Printer {
    constructor(fd) {
        this.fd = fd;
    }

    line(text) {
        fs.writeSync(this.fd, text + "\n");
    }

    fields(structure, at, fields) {
        const text = fields.map(([name, value]) =>
            typeof value === "string"
                ? `["${name}","${value}"]`
                : `["${name}",${value}]`,
        );

        this.line(
            `{"type":"fields","structure":"${structure}",${place(at)},` +
                `"fields":[${text.join(",")}]}`,
        );
    }

    filemark(address) {
        this.line(`{"type":"filemark","block":${address}}`);
    }

    structure(description, type, parsed, at) {
        this.fields(
            description.title(type),
            at,
            description.fields(type, parsed),
        );
    }

    payload(description, type, record, at) {
        if (type !== undefined)
            this.structure(description, type, record.payload, at);
        else
            this.fields("unknown", at, [
                ["payload", Buffer.from(record.payload).toString("hex")],
            ]);
    }
}

/* False if something in the image is not as described. */
function dump(descriptions, image, fd) {
    const printer = new Printer(fd);
    const octets = fs.readFileSync(image);

    try {
        new Volume(descriptions, printer).read(octets);
        return true;
    } catch (error) {
        const text = `${error.name}: ${error.message}`;

        printer.line(`{"type":"refused","text":${JSON.stringify(text)}}`);
        return false;
    }
}

async function main(args) {
    const descriptions = await load();
    let good = true;

    if (args[0] !== "--batch") {
        for (const image of args) good = dump(descriptions, image, 1) && good;
        return good;
    }
    for (const pair of fs.readFileSync(0, "utf8").trim().split("\n")) {
        const [image, output] = pair.split("\t");
        const fd = fs.openSync(output, "w");

        good = dump(descriptions, image, fd) && good;
        fs.closeSync(fd);
    }
    return good;
}

if (process.argv.length < 3) {
    console.error("usage: dump.js IMAGE.tap... | dump.js --batch");
    process.exitCode = 3;
} else {
    main(process.argv.slice(2)).then(
        (good) => {
            process.exitCode = good ? 0 : 1;
        },
        (error) => {
            console.error(`dump.js: ${error.stack}`);
            process.exitCode = 3;
        },
    );
}
