#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the fields of spec/formal/*.ksy with the tables of spec/*.txt:
order, offsets, names, types, lengths, and the ranges that tables state; and see
that rules named in the description are rules of the text."""

import pathlib
import os
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import node  # noqa: E402  pylint: disable=wrong-import-position
import tables  # noqa: E402  pylint: disable=wrong-import-position

SPEC = pathlib.Path(os.environ["REEL_SOURCE_DIR"]) / "spec"
TYPES = {"u1": "u8", "u2": "u16", "u4": "u32", "s4": "i32", "u64": "u64",
         "i64": "i64", "place": "PLACE"}
HEADINGS = {"LABEL": "The label", "BLOCK": "BLOCKS", "SEGMENT": "SEGMENTS",
            "RECORD": "RECORDS"}
# What a table gives as the last field and the description as what follows.
BODIES = {"BLOCK": ["payload"], "SEGMENT": ["stored"], "RECORD": ["payload"],
          "OBJECT END": ["bad ranges"]}
WITHOUT_TABLE = {"LEADER"}


def kind_of(field, length):
    """The type as the tables write it."""
    if "contents" in field:
        size = len(field["contents"])
        return f"u8[{size}]" if size > 1 else "u8"
    if "size" in field:
        return f"u8[{field['size']}]"
    if field.get("repeat") == "expr" and field["type"] == "u1":
        return f"u8[{field['repeat-expr']}]"
    return TYPES.get(field.get("type"), length or "")


def same_kind(row, field):
    if row.kind == "":
        return ("size-eos" in field or field.get("size") == "name_octets"
                or field.get("type") == "stream_header")
    return row.kind == kind_of(field, None)


def size_of(kind):
    array = re.fullmatch(r"u8\[(\d+)\]", kind)
    if kind == "PLACE":
        return 32
    return int(array[1]) if array else tables.SIZES.get(kind)


def numbers(value):
    """All integers in `value`, as decimal text."""
    return {str(int(n, 0)) for n in
            re.findall(r"0x[0-9a-f]+|\d+", str(value))}


def check_range(row, field):
    stated = re.search(r"([\d,]+) \.\.\. ([\d,]+)", row.meaning)
    if not stated or "CRC" in row.meaning:
        return None
    low, high = (text.replace(",", "") for text in stated.groups())
    seen = numbers(field.get("valid"))
    if low != "0" and low not in seen:
        return f"{low} is not its smallest value"
    if high not in seen and not (row.kind == "u16" and high == "65535"):
        return f"{high} is not its largest value"
    return None


def compare(title, rows, seq):
    fields = [f for f in seq if "-orig-id" in f]
    at = 0
    bodies = BODIES.get(title, [])
    rows = [r for i, r in enumerate(rows)
            if not (i == len(rows) - 1 and r.name in bodies)]
    fields = [f for f in fields if f["-orig-id"] != "bad range"]
    if len(rows) != len(fields):
        yield f"{title}: {len(rows)} fields in the text, {len(fields)} here"
    for row, field in zip(rows, fields):
        where = f"{title}, {row.name}"
        if row.name != field["-orig-id"]:
            yield f"{where}: here it is {field['-orig-id']}"
        elif not same_kind(row, field):
            yield f"{where}: {row.kind} in the text, here {field}"
        wrong = check_range(row, field)
        if wrong:
            yield f"{where}: {wrong}"
        if row.off is not None and at is not None and row.off != at:
            yield f"{where}: at {row.off} in the text, here at {at}"
        size = size_of(row.kind)
        at = None if at is None or size is None else at + size


def structures(specs):
    """(title, seq) of all that has a table."""
    for spec in specs.values():
        if "-orig-id" in spec:
            yield spec["-orig-id"], spec["seq"]
        for name, described in spec.get("types", {}).items():
            if "-orig-id" in described:
                yield described["-orig-id"], described["seq"]
            elif name == "stream_header":
                yield "The stream header (WIN32_STREAM_ID)", described["seq"]
            elif name == "place":
                yield "Place", described["seq"]


def main():
    node.need()
    text = "\n".join(p.read_text("ascii") for p in sorted(SPEC.glob("*.txt")))
    known = tables.read_tables(text)
    faults, seen = [], set()
    for title, seq in structures(node.descriptions()):
        if title in WITHOUT_TABLE:
            continue
        heading = HEADINGS.get(title, title)
        seen.add(heading)
        if heading in known:
            faults += compare(title, known[heading], seq)
        else:
            faults.append(f"{title}: the text has no such table")
    faults += [f"{heading}: not described" for heading in set(known) - seen]

    rules = set(re.findall(r"\[([A-Z]-\d+) ", text))
    named = set()
    for path in sorted(node.FORMAL.glob("*.ksy")):
        named |= set(re.findall(r"\b[A-Z]-\d+\b", path.read_text("ascii")))
    listed = {line.split("\t")[0] for line in
              (node.FORMAL / "layout_rules.txt").read_text("ascii").splitlines()
              if line and not line.startswith(("#", "id\t"))}
    faults += [f"{rule}: no rule of the text" for rule in
               sorted((named | listed) - rules)]
    faults += [f"{rule}: in layout_rules.txt, but no field names it" for rule in
               sorted(listed - named)]
    print("\n".join(faults) or f"{len(seen)} tables, {len(named)} rules agree")
    return 1 if faults or len(seen) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
