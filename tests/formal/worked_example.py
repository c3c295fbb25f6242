#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Annex A1: the smallest volume in hexadecimal, every field under the name that
it has in the tables of the text, which this program reads.

usage: worked_example.py           compare with spec/A1-example.txt
       worked_example.py --write   make spec/A1-example.txt anew
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

SOURCE = pathlib.Path(os.environ["REEL_SOURCE_DIR"])
ANNEX = SOURCE / "spec" / "A1-example.txt"
VECTOR = "worked-example"

sys.path.insert(0, str(SOURCE / "tests"))
import tables  # noqa: E402  pylint: disable=wrong-import-position

MAGIC = bytes.fromhex("8a5245454c0d0a1a")
BLOCK, SEGMENT, RECORD = 96, 24, 16
WIDTH = 8  # octets in a line
KINDS = {1: "VOLUME", 2: "DATA", 3: "CHECKPOINT", 4: "CATALOG", 5: "END"}

INTRODUCTION = """

A1. WORKED EXAMPLE
------------------

""" + textwrap.fill("""\
A whole volume with blocks of 1024 octets and one archive, which holds one
file, "hello.txt", with the 13 octets "Hello, tape." and a line feed. Of each
block the lines give the place in it (hexadecimal), the octets, the name of the
field as in the tables, and its value. An octet with "*n" behind it stands n
times. Fields of a block header that are left out are those of the block before.
A program made this annex from the volume itself, the vector "worked-example" of
the suite.""", 80) + "\n\n"


def build(work):
    """The image of the volume."""
    subprocess.run([SOURCE / "spec" / "suite" / "build.py", "--only", VECTOR,
                    work / "built"], check=True, capture_output=True)
    return work / "built" / "valid" / VECTOR / "1.tap"


def blocks_of(image):
    """Blocks of an image in the tap form, None for a filemark (chapter 0)."""
    at = 0
    while at < len(image):
        length = int.from_bytes(image[at:at + 4], "little")
        at += 4
        if length == 0:
            yield None
            continue
        yield image[at:at + length]
        at += length + length % 2 + 4


def rows_of(spec):
    """Record type -> name, and name -> rows of its table."""
    text = "\n".join(p.read_text("ascii")
                     for p in sorted((spec).glob("[0-9]*.txt")))
    types = {int(number, 16): name for number, name in re.findall(
        r"(0x[08]0[0-9A-F]{2}) ([A-Z]+(?: [A-Z]+)*)", text)}
    return types, tables.read_tables(text)


class Page:
    """Lines of the annex, of one block at a time."""

    def __init__(self, spec):
        self.types, self.tables = rows_of(spec)
        self.lines = []
        self.octets = self.header = b""
        self.stood = {}  # octets of a record -> where they stand

    def line(self, text=""):
        self.lines.append(text.rstrip())
        assert len(self.lines[-1]) <= 80, text

    def put(self, at, size, name, value=""):
        """A field: several lines if it is long, one if all of it is equal."""
        octets = self.octets[at:at + size]
        if size > 4 and len(set(octets)) == 1:
            shown = [f"{octets[0]:02X} *{size}"]
        else:
            shown = [octets[i:i + WIDTH].hex(" ").upper()
                     for i in range(0, size, WIDTH)]
        for i, part in enumerate(shown):
            where = f"{at + i * WIDTH:04X}"
            if i == 0:
                self.line(f"{where}  {part:23}  {name:20}  {value}")
            else:
                self.line(f"{where}  {part}")

    def value(self, title, row, octets):
        if row.kind in tables.SIZES and title != "The label":
            number = int.from_bytes(octets, "little",
                                    signed=row.kind[0] == "i")
            if row.name in ("checksum", "facts"):
                return f"0x{number:X}"
            if title == "BLOCKS" and row.name == "kind":
                return f"{number} {KINDS[number]}"
            if number and number == (1 << 8 * len(octets)) - 1:
                return "all ones"
            if row.name == "mode":
                return f"0{number:o} (octal)"
            return str(number)
        if set(octets) == {0x20}:
            return "spaces" if len(octets) > 1 else "space"
        if octets and all(0x20 <= c < 0x7F for c in octets):
            return '"' + octets.decode("ascii") + '"'
        return ""

    def fields(self, title, at, end, within="", before=b""):
        """The fields of a table from `at` on, but for those that stand at the
        same place in `before`; where they end."""
        lengths = {}
        for row in self.tables[title]:
            if row.name in ("payload", "stored") or at >= end and not row.kind:
                break
            if row.kind == "PLACE":
                at = self.fields("Place", at, end, row.name + ".")
                continue
            if row.name == "header":
                at = self.fields("The stream header (WIN32_STREAM_ID)", at, end)
                continue
            array = re.fullmatch(r"u8\[(.+)\]", row.kind)
            if row.kind in tables.SIZES:
                size = tables.SIZES[row.kind]
            elif array and array[1].isdigit():
                size = int(array[1])
            else:
                size = lengths[array[1]] if array else end - at
            value = self.value(title, row, self.octets[at:at + size])
            if len(row.name) == 1:
                lengths[row.name] = int(value)
            if size and (self.octets[at:at + size] != before[at:at + size]
                         or row.name == "magic"):
                self.put(at, size, within + row.name, value)
            at += size
        return at

    def record(self, at):
        kind = int.from_bytes(self.octets[at:at + 2], "little")
        size = int.from_bytes(self.octets[at + 4:at + 8], "little")
        name, end = self.types[kind], at + RECORD + size
        octets = self.octets[at:end]
        self.line()
        if octets in self.stood:
            self.line(f"  the record {name} of {self.stood[octets]} once more, "
                      f"{end - at} octets from {at:04X} on")
            return end
        self.line(f"  a record: {name}")
        number = int.from_bytes(self.octets[at + 8:at + 16], "little")
        self.put(at, 8, f"type 0x{kind:04X}, zero, octets {size}")
        self.put(at + 8, 8, "object", str(number))
        assert self.fields(name, at + RECORD, end) == end, name
        return end

    def block(self, octets, place, first):
        """A block behind the leader. first: the one it repeats, or None."""
        self.octets = octets
        self.fields("BLOCKS", 0, len(octets), before=self.header)
        self.header = octets[:BLOCK]
        payload = int.from_bytes(octets[24:28], "little")
        if first is not None:
            assert octets[BLOCK:] == first[BLOCK:]
            self.line()
            self.line(f"  the segment of the first END once more, {payload} "
                      "octets from 0060 on")
            self.line()
        else:
            self.line()
            self.line("  a segment")
            at = self.fields("SEGMENTS", BLOCK, BLOCK + payload)
            now = {}
            while at < BLOCK + payload:
                start, at = at, self.record(at)
                now[octets[start:at]] = place
            self.stood.update(
                {k: v for k, v in now.items() if k not in self.stood})
            self.line()
        if payload + BLOCK < len(octets):
            self.put(BLOCK + payload, len(octets) - BLOCK - payload, "zeros")


def make(image):
    """The text of the annex."""
    page = Page(SOURCE / "spec")
    marks, end = 0, None
    blocks = list(blocks_of(image))
    for address, octets in enumerate(blocks):
        if octets is None:
            marks += 1
            page.line(f"[{address}] a filemark")
            continue
        what = ("the label" if marks == 0 else "the leader" if marks == 1 else
                "a block of kind " + KINDS[octets[14]])
        if octets[:8] == MAGIC and octets[14] == 5 and end is not None:
            what = "END once more"
        page.line(f"[{address}] {what}, {len(octets)} octets")
        page.octets = octets
        if marks == 0:
            page.fields("The label", 0, len(octets))
        elif marks == 1:
            text = octets.rstrip(b"\n")
            for number, letters in enumerate(text.decode("ascii").split("\n")):
                page.line(f"{'0000' if number == 0 else '':4}  {letters}")
            page.put(len(text), len(octets) - len(text), "filling",
                     "line feeds")
        else:
            page.block(octets, f"block {address}", end)
            if octets[14] == 5:
                end = octets
        page.line()
    return INTRODUCTION + "\n".join(page.lines).rstrip() + "\n"


def try_volume(image, work):
    """The volume is what the annex says of it."""
    reel = os.environ["REEL_PROGRAM"]
    (work / "out").mkdir()
    subprocess.run([reel, "verify", "-q", "-f", image], check=True)
    subprocess.run([reel, "restore", "-q", "-f", image, "-C", work / "out"],
                   check=True)
    return (work / "out" / "hello.txt").read_bytes() == b"Hello, tape.\n"


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        image = build(work)
        text = make(image.read_bytes())
        if sys.argv[1:] == ["--write"]:
            ANNEX.write_text(text, "ascii")
            return 0
        if not try_volume(image, work):
            print("hello.txt came out otherwise")
            return 1
    before = ANNEX.read_text("ascii")
    sys.stdout.writelines(difflib.unified_diff(
        before.splitlines(True), text.splitlines(True), str(ANNEX),
        "as the text and the suite have it"))
    if before != text:
        print("make it anew: tests/formal/worked_example.py --write")
    return int(before != text)


if __name__ == "__main__":
    sys.exit(main())
