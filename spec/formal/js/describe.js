#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the ../*.ksy as one JSON object: name to content. */
"use strict";

const { NAMES, readSpec } = require("./kaitai.js");

const all = Object.fromEntries(NAMES.map((name) => [name, readSpec(name)]));

console.log(JSON.stringify(all));
