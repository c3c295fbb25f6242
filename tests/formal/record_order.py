#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drive records.tsv and catalog.tsv of spec/formal with the records of volumes:
they take each good one to its end, and tell the rule that a wrong one breaks.

usage: record_order.py [SUITE]    a folder with the built vectors of the suite
"""

import json
import os
import pathlib
import re
import sys
import tempfile

import images

FORMAL = pathlib.Path(os.environ["REEL_SOURCE_DIR"]) / "spec" / "formal"
IN_DATA = {"ARCHIVE", "SOURCE", "EARLIER-VOLUME", "EARLIER-ARCHIVE", "OBJECT",
           "XATTR", "STREAM", "DATA", "GROUP-END", "OBJECT-END", "CONTINUED"}
IN_CATALOG = {"VOLUME", "ARCHIVE", "SOURCE", "EARLIER-VOLUME",
              "EARLIER-ARCHIVE", "OBJECT", "GROUP-END", "OBJECT-END", "ENTRY"}
DATA, CATALOG, END = 2, 4, 5
BESIDE = {"R-9-behind-end"}  # in a segment of which there is no table


class Segment:
    """What a segment of an archive holds: (event, header, fields)."""

    def __init__(self, block, octet):
        self.block, self.octet, self.records = block, octet, []

    def key(self):
        return self.block["sequence"], self.octet


class Archive:
    """Segments in order, without superseded ones, and the runs between."""

    def __init__(self):
        self.run, self.parts, self.ended = 0, [], False

    def turn(self, block):
        """A block of the archive; False if nothing in it counts."""
        if block["run"] < self.run:
            return False
        if block["run"] > self.run:
            self.run = block["run"]
            self.parts = [p for p in self.parts if not isinstance(p, Segment)
                          or p.block["sequence"] < block["run start"]]
            self.parts.append(block["run start"])
            self.ended = False
        return True

    def add(self, segment):
        """One that stands on two volumes counts once."""
        if not any(isinstance(p, Segment) and p.key() == segment.key()
                   for p in self.parts):
            self.parts.append(segment)


def event_of(record, fields_title):
    names = IN_DATA | {"VOLUME", "ENTRY", "CHECKPOINT", "END"}
    name = fields_title.replace(" ", "-")
    return name if name in names else "unknown", record


def read_archives(dumps):
    """Number -> Archive, from the dumps of the volumes of a set, in order."""
    archives, blocks, segment, header = {}, {}, None, None
    for lines in dumps:
        blocks.clear()
        for line in map(json.loads, lines):
            if line["type"] != "fields":
                continue
            fields, title = dict(line["fields"]), line["structure"]
            if title == "BLOCK":
                blocks[line["block"]] = fields
                if fields["kind"] in (DATA, CATALOG, END):
                    archive = archives.setdefault(fields["archive"], Archive())
                    if archive.turn(fields) and fields["kind"] == END:
                        archive.ended = True
            elif title == "SEGMENT":
                block = blocks[line["block"]]
                segment = Segment(block, line["octet"])
                archive = archives.get(block["archive"])
                if block["kind"] in (DATA, CATALOG) and archive.turn(block):
                    archive.add(segment)
            elif title == "RECORD":
                header = fields
            elif title not in ("LABEL", "LEADER"):
                event, header = event_of(header, title)
                segment.records.append((event, header, fields))
    return archives


class Machine:
    """A table, and what its guards ask for."""

    def __init__(self, name):
        rows = [line.split("\t") for line in
                (FORMAL / name).read_text("ascii").splitlines()
                if not line.startswith("#")][1:]
        self.name, self.table = name, {}
        for state, event, *row in rows:
            self.table.setdefault((state, event), []).append(row)
        self.state = rows[0][0]
        self.last, self.left, self.broken = 0, 0, None

    def whole(self, fields):
        """Of a stream, or in the catalog, of the object of an ENTRY."""
        if self.name == "catalog.tsv":
            return fields["flags"] == 0
        return self.left == 0

    def holds(self, word, header, fields):
        if word == "next":
            return header["object"] == self.last + 1
        if word == "own":
            return header["object"] == self.last
        return {"-": lambda: True,
                "whole": lambda: self.whole(fields),
                "sparse": lambda: fields["header.stream id"] == 9,
                "critical": lambda: header["type"] >= 0x8000,
                "anew": lambda: fields["run start"] == 0,
                "torn": lambda: fields["flags"] == 2}[word]()

    def step(self, event, header, fields):
        """One event; False when it was refused."""
        for guard, action, after, rule in self.table[self.state, event]:
            if all(self.holds(w, header, fields) for w in guard.split()):
                break
        assert action != "impossible", (self.state, event)
        if action == "refuse":
            self.broken = rule
            return False
        self.state = after
        if event == "OBJECT":
            self.last = header["object"]
        elif event == "STREAM":
            self.left = fields["header.Size"]
        elif event == "DATA":
            self.left -= len(fields["octets"]) // 2
        elif event == "run" and fields["run start"] == 0:
            self.last = 0
        return True


def judge_data(archive):
    machine = Machine("records.tsv")
    for part in archive.parts:
        if not isinstance(part, Segment):
            steps = [("run", None, {"run start": part})]
        elif part.block["kind"] == DATA:
            steps = [("segment", None, None)]
            steps += [(e if e in IN_DATA | {"unknown"} else "other", h, f)
                      for e, h, f in part.records]
        else:
            continue
        for step in steps:
            if not machine.step(*step):
                return machine
    machine.step("end" if archive.ended else "break", None, None)
    return machine


def judge_catalog(archive):
    machine = Machine("catalog.tsv")
    for part in archive.parts:
        if not isinstance(part, Segment) or part.block["kind"] != CATALOG:
            continue
        for event, header, fields in part.records:
            name = event if event in IN_CATALOG else "other"
            if not machine.step(name, header, fields):
                return machine
    machine.step("end", None, None)
    return machine


def judge(paths):
    """Rules broken on the volumes of a set."""
    broken = []
    for archive in read_archives(map(images.reel_dump, paths)).values():
        broken.append(judge_data(archive).broken)
        if archive.ended:
            broken.append(judge_catalog(archive).broken)
    return broken


def main():
    order = {"R-8", "R-9", "R-10", "R-11", "R-12", "R-13"}
    faults, good, wrong = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        sets = {}
        for image in images.make_images(work):
            sets.setdefault(re.sub(r"\d+", "", image.stem), []).append(image)
        vectors = {}
        if len(sys.argv) > 1:
            for family, name, rule, paths in images.vectors(sys.argv[1]):
                if family == "valid":
                    sets[name] = paths
                elif (family == "invalid" and rule in order
                      and name not in BESIDE):
                    vectors[name] = rule, paths
            if len(sets) < 70 or len(vectors) < 10:
                faults.append(f"{sys.argv[1]}: where are the vectors?")
        for name, paths in sets.items():
            broken = judge(paths)
            good += 1
            if not broken or any(broken):
                faults.append(f"{name}: {broken}, though it is good")
        for name, (rule, paths) in vectors.items():
            broken = set(judge(paths)) - {None}
            wrong += 1
            if rule not in broken:
                faults.append(f"{name}: {broken}")
    print("\n".join(faults) or
          f"{good} good sets taken, {wrong} wrong ones refused")
    return 1 if faults or good < 4 else 0


if __name__ == "__main__":
    sys.exit(main())
