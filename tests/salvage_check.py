#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is what `reel restore --salvage --report` says in the partial files?

    salvage_check.py REPORT DIRECTORY WHOLE

DIRECTORY is where was restored to, WHOLE is where the tree stands that was
archived. Each file_range holds the octets of the file, what is in none is a
hole, and the sums are those of the ranges. Prints the octets that are in
partial files.
"""

import json
import sys
from pathlib import Path


class Wrong(Exception):
    pass


def require(what, why):
    if not what:
        raise Wrong(why)


def ranges(rows, kind):
    return [(row["from"], row["to"]) for row in rows if row["type"] == kind]


def check_file(path, octets, whole, good):
    require(len(octets) <= len(whole), f"{path}: it is too long")
    at = 0
    for start, end in good:
        require(at <= start < end <= len(octets), f"{path}: {start} to {end}")
        require(not octets[at:start].strip(b"\0"),
                f"{path}: octets before {start} that are not told")
        require(octets[start:end] == whole[start:end],
                f"{path}: {start} to {end} is not what is in the file")
        at = end
    require(not octets[at:].strip(b"\0"),
            f"{path}: octets behind {at} that are not told")


def check_sums(path, rows, end):
    good, unwritten = (ranges(rows, kind)
                       for kind in ("file_range", "unwritten_range"))
    require(sum(b - a for a, b in good) == end["good_bytes"],
            f"{path}: good_bytes")
    require(sum(b - a for a, b in unwritten) == end["unwritten_bytes"],
            f"{path}: unwritten_bytes")
    require(not any(a < d and c < b for a, b in good for c, d in unwritten),
            f"{path}: written and not")
    require("file" in end or not good or end["torn"], f"{path}: no file")


def check_object(rows, directory, root):
    """The rows of one object; the octets of it that are there."""
    path = rows[0].get("path", "")
    end = rows[-1] if rows[-1]["type"] == "partial_end" else None
    good = ranges(rows, "file_range")
    name = Path(path).name + ".reel-partial" if good else None
    if end:
        name = end.get("file")
    if name:
        octets = (directory / path).with_name(name).read_bytes()
        if end is None:  # it was stopped: no more is told than was written
            octets = octets[:good[-1][1]]
        check_file(path, octets, (root / path).read_bytes(), good)
    if end:
        check_sums(path, rows, end)
    return sum(b - a for a, b in good) if name else 0


def check(report, directory, root):
    """The octets that are there; raises Wrong."""
    rows, objects = {}, []
    for line in Path(report).read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            break  # the report itself was cut: what stands before it counts
        if row["type"] == "partial":
            objects.append(row["object"])
            rows[row["object"]] = [row]
        elif row["type"] not in ("missing_before", "bad_block"):
            rows[row["object"]].append(row)
    return sum(check_object(rows[number], Path(directory), Path(root))
               for number in objects)


if __name__ == "__main__":
    try:
        print(check(*sys.argv[1:]))
    except Wrong as wrong:
        sys.exit(f"salvage_check: {wrong}")
