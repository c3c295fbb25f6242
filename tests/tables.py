#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare what the encoders write with the tables of spec/*.txt.

usage: tables.py PROGRAM, which prints specimens (tests/list_specimens.c)
"""

import os
import pathlib
import re
import subprocess
import sys

SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i32": 4, "i64": 8}


class Row:
    """One field: its offset (None: behind the last), type, name, meaning."""

    def __init__(self, off, kind, name, meaning):
        self.off, self.kind, self.name, self.meaning = off, kind, name, meaning


def read_tables(text):
    """Heading -> rows, for each table of the text."""
    tables, lines, heading = {}, text.splitlines(), None
    for at, line in enumerate(lines):
        section = re.match(r"\d+(?:\.\d+)?\.? (\S.*)", line)
        if section:
            heading = section.group(1)
        head = re.match(r" +off  (type +)(name *)(meaning)?", line)
        if not head:
            continue
        above = lines[at - 1]
        title = re.sub(r" \(with.*", "", above) if above else heading
        tables[title] = read_rows(lines[at + 1:], head)
    return tables


def read_rows(lines, head):
    kind, name = head.start(1), head.start(2)
    meaning = head.start(3) if head.group(3) else None
    rows = []
    for line in lines:
        if not line.strip():
            break
        off = line[:kind].strip()
        if not off and not line[kind:name].strip():
            continue  # goes on with the meaning of the row above
        # A name may end before its column, or go on behind it.
        wide = meaning and line[meaning - 1:meaning].strip()
        parts = re.split(r"  +", line[name:None if wide else meaning].strip())
        rest = line[meaning:].strip() if meaning else ""
        rows.append(Row(int(off) if off else None, line[kind:name].strip(),
                        parts[0], rest))
    return rows


def read_specimens(text):
    """Heading -> (octets, {field: integer, "#" + field: octets})."""
    specimens, fields = {}, None
    for line in text.splitlines():
        name, value = line.split("|")
        if line.startswith("= "):
            fields = {}
            specimens[name[2:]] = (bytes.fromhex(value), fields)
        elif value.startswith("#"):
            fields["#" + name] = bytes.fromhex(value[1:])
        else:
            fields[name] = int(value)
    return specimens


def crc32c(octets):
    c = 0xFFFFFFFF
    for x in octets:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0x82F63B78 if c & 1 else c >> 1
    return c ^ 0xFFFFFFFF


class Comparison:
    """One specimen with one table."""

    def __init__(self, heading, tables, octets, fields):
        self.heading, self.tables = heading, tables
        self.octets, self.fields = octets, fields
        self.used, self.lengths, self.faults = set(), {}, []

    def fault(self, row, text):
        self.faults.append(f"{self.heading}, {row.name}: {text}")

    def rows(self, rows, origin, prefix=""):
        at = origin
        for row in rows:
            if row.off is not None and at != origin + row.off:
                self.fault(row, f"the table says {row.off}, fields before it "
                                f"take {at - origin}")
            at += self.row(row, at, prefix)
        return at - origin

    def row(self, row, at, prefix):
        """Judge the field at `at`; its length."""
        if row.kind in self.tables:
            return self.rows(self.tables[row.kind], at, row.name + ".")
        array = re.fullmatch(r"u8\[(.+)\]", row.kind)
        if row.kind in SIZES:
            size = SIZES[row.kind]
            self.integer(row, self.octets[at:at + size], prefix + row.name)
            return size
        if array and array.group(1).isdigit():
            size = int(array.group(1))
            self.array(row, self.octets[at:at + size])
            return size
        return self.run(row, at, array.group(1) if array else None)

    def integer(self, row, seen, name):
        value = int.from_bytes(seen, "little")
        if name.endswith("zero"):
            wanted = 0
        elif name == "checksum":
            first = int(re.search(r"octets (\d+) \.\.\.", row.meaning)[1])
            wanted = crc32c(self.octets[first:])
        elif name in self.fields:
            wanted = self.fields[name] % (1 << 8 * len(seen))
            self.used.add(name)
        elif len(name) == 1:
            self.lengths[name] = value  # judged with the run it counts
            return
        else:
            self.fault(row, "no such field in the specimen")
            return
        if value != wanted:
            self.fault(row, f"{value:#x} stands there, not {wanted:#x}")

    def array(self, row, seen):
        hexadecimal = re.match(r"([0-9A-F]{2}( |$))+", row.meaning)
        quoted = re.match('"(.*)"', row.meaning)
        if row.name == "zero":
            wanted = bytes(len(seen))
        elif row.name == "magic" and hexadecimal:
            wanted = bytes.fromhex(hexadecimal.group())
        elif row.name == "magic" and quoted:
            wanted = quoted.group(1).encode()
        else:
            wanted = self.fields.get("#" + row.name)
            self.used.add("#" + row.name)
        if seen != wanted:
            self.fault(row, f"{seen.hex()} stands there")

    def run(self, row, at, length):
        """A field of varying length; `length` names its length field."""
        wanted = self.fields.get("#" + row.name)
        self.used.add("#" + row.name)
        if wanted is None:
            self.fault(row, "no such field in the specimen")
            return 0
        if self.octets[at:at + len(wanted)] != wanted:
            self.fault(row, "other octets stand there")
        counted = self.lengths.pop(length, len(wanted))
        if counted != len(wanted):
            self.fault(row, f"{length} is {counted}, not {len(wanted)}")
        return len(wanted)

    def judge(self):
        end = self.rows(self.tables[self.heading], 0)
        if any(self.octets[end:]) or len(self.octets) - end not in (
                0, self.fields.get("block octets", end) - end):
            self.faults.append(f"{self.heading}: octets behind the table")
        for name in set(self.fields) - self.used - set(self.lengths):
            self.faults.append(f"{self.heading}, {name}: not in the table")
        return self.faults


def main():
    source = pathlib.Path(os.environ["REEL_SOURCE_DIR"])
    text = "\n".join(p.read_text("ascii")
                     for p in sorted((source / "spec").glob("[0-9]*.txt")))
    tables = read_tables(text)
    tables["PLACE"] = tables.pop("Place")
    specimens = read_specimens(subprocess.run(
        sys.argv[1:2], check=True, capture_output=True, text=True).stdout)
    faults = []
    for heading, (octets, fields) in specimens.items():
        if heading not in tables:
            faults.append(f"{heading}: no such table")
            continue
        faults += Comparison(heading, tables, octets, fields).judge()
    # The label has no fields but one; test_label compares all of it.
    for heading in set(tables) - set(specimens) - {"PLACE", "The label"}:
        faults.append(f"{heading}: no specimen")
    print("\n".join(faults) or f"{len(specimens)} tables agree")
    return 1 if faults or not specimens else 0


if __name__ == "__main__":
    sys.exit(main())
