#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Hold the table of section 12.1 against its guarantees, and a reader against
the table, over patterns of damage to small sets of volumes.

    check_recovery.py [--reader READER] [--sample N] IMAGE... [+ IMAGE...]...

The images between two "+" are the undamaged volumes of one set, in order,
with blocks of 512 octets and no compression. Each pattern of damage is read by
the machine that recovery.tsv drives. Then

    floor     each segment that must come out, by floor.py, was taken
    ceiling   each that was taken is one of the undamaged set, and may be
    progress  the machine came to an end in a bounded number of steps

and with --reader, READER extract (see ../suite/CONTRACT.txt) gives out exactly
what the machine did, with the same status for each object. --sample N takes
every N-th pattern only, --jobs N does them with N processes.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

import damage
import floor
import objects
import recovery

WRONG_MAX = 20      # of each part of a set
HERE = pathlib.Path(__file__).resolve().parent


class Wrong(Exception):
    pass


class Parser:
    """Octets to blocks; each block is judged once."""

    def __init__(self):
        self.met = {}

    def __call__(self, items):
        row = []
        for item in items:
            if isinstance(item, bytes):
                if item not in self.met:
                    self.met[item] = recovery.good(item)
                item = self.met[item]
            row.append(item)
        return row


def judge_machine(parsed, truths, table, order):
    """Floor, ceiling and progress of one pattern; the machine."""
    machine = recovery.read(parsed, table, order)
    taken = {}
    for s in machine.segments:
        key = (s.archive, s.run, s.place)
        if key in taken:
            raise Wrong("the segment at %s was taken twice" % (key,))
        taken[key] = s.octets
    standing = floor.Standing(parsed, machine.set_id)
    may = {(t.archive, t.run, t.place): t for t in truths}
    accepted = {(s.archive, s.run, s.place) for s in machine.segments
                if s.accepted()}
    for key in accepted:
        if key not in may or may[key].octets != taken[key]:
            raise Wrong("the segment at %s was never written" % (key,))
        if not floor.ceiling(standing, may[key]):
            raise Wrong("ceiling: the segment at %s came out" % (key,))
    for key, t in may.items():
        if key not in accepted and floor.floor(standing, t, truths):
            raise Wrong("floor: the segment at %s did not come out" % (key,))
    return machine


def judge_reader(reader, volumes, machine):
    """READER gives out what the machine did."""
    expected = objects.assemble(machine)
    whole = bodies(s for s in machine.segments if s.accepted())
    with tempfile.TemporaryDirectory() as work:
        images = []
        for n, items in enumerate(volumes):
            images.append(os.path.join(work, "%d.tap" % (n + 1)))
            damage.write_tap(images[-1], items)
        out = os.path.join(work, "out")
        os.mkdir(out)
        done = subprocess.run(reader + ["extract"] + images + [out],
                              capture_output=True, timeout=60, check=False)
        refused = machine.state == "STOP" and any(
            isinstance(b, recovery.Block) and machine.is_unsupported(b)
            for b in machine.told)
        if refused:
            if done.returncode != 2 or os.listdir(out):
                raise Wrong("not refused: exit %d" % done.returncode)
            return
        if done.returncode not in (0, 1):
            raise Wrong("exit %d: %s" % (done.returncode,
                                         done.stderr.decode()[-300:]))
        said = json.loads(done.stdout)
        got = {}
        for o in said["objects"]:
            if o["status"] == "lost":
                continue
            got[o["archive"], o["object"]] = (o["status"], {
                s["ordinal"]: s["ranges"] for s in o["streams"]
                if s["ranges"]})
            for s in o["streams"]:
                judge_content(out, o, s, whole)
        for key in sorted(set(expected) | set(got)):
            if expected.get(key) != got.get(key):
                raise Wrong("object %s: %s, the table says %s" % (
                    key, got.get(key), expected.get(key)))


def judge_content(out, o, s, whole):
    """The file is what the segments that were taken have in these ranges."""
    name = "%d.%d.%d" % (o["archive"], o["object"], s["ordinal"])
    path = os.path.join(out, name)
    if not s["ranges"]:
        return
    body = whole[o["archive"], o["object"], s["ordinal"]]
    right = b"".join(bytes(body[a:b]) for a, b in s["ranges"])
    with open(path, "rb") as file:
        content = file.read()
    if content != right or s["sha256"] != hashlib.sha256(right).hexdigest():
        raise Wrong("stream %s has other octets" % name)


def bodies(segments):
    """The body of each stream as far as these segments have it, by archive,
    object and ordinal."""
    whole = {}
    for t in segments:
        if t.kind != recovery.DATA:
            continue
        for kind, number, payload in objects.records(t):
            if kind == objects.RECORD_DATA:
                ordinal = int.from_bytes(payload[:4], "little")
                offset = int.from_bytes(payload[8:16], "little")
                body = whole.setdefault((t.archive, number, ordinal),
                                        bytearray())
                if len(body) < offset + len(payload) - 24:
                    body.extend(bytes(offset + len(payload) - 24 - len(body)))
                body[offset:offset + len(payload) - 24] = payload[24:]
    return whole


def check(images, reader, sample, part, parts):
    """One of several parts of the patterns of one set: their number, and what
    is wrong."""
    table, order = recovery.load(HERE / "recovery.tsv")
    volumes = [damage.read_tap(path) for path in images]
    truths = floor.truths(volumes, table, order)
    parse, count, wrong = Parser(), 0, []
    for number, (name, damaged) in enumerate(damage.patterns(volumes)):
        if number % sample or number // sample % parts != part:
            continue
        count += 1
        try:
            machine = judge_machine([parse(x) for x in damaged], truths,
                                    table, order)
            if reader:
                judge_reader(reader, damaged, machine)
        except Wrong as error:
            wrong.append("%s, %s: %s" % (images[0], name, error))
            if len(wrong) == WRONG_MAX:
                break
    return count, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--reader", type=shlex.split)
    parser.add_argument("--sample", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("images", nargs="+")
    args = parser.parse_args()
    sets, row = [], []
    for word in args.images:
        if word == "+":
            sets, row = sets + [row], []
        else:
            row.append(word)
    sets.append(row)
    total, wrong = 0, []
    with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        for images in filter(None, sets):
            parts = [pool.submit(check, images, args.reader, args.sample,
                                 part, args.jobs) for part in range(args.jobs)]
            try:
                done = [part.result() for part in parts]
            except OSError as error:
                sys.exit("check_recovery: %s" % error)
            count = sum(n for n, _ in done)
            wrong += sum((found for _, found in done), [])
            print("%7d patterns  %s" % (count, images[0]), flush=True)
            total += count
    if wrong:
        sys.exit("check_recovery: " + "\ncheck_recovery: ".join(wrong))
    print("%7d patterns of damage, none against the table" % total)
    if not total:
        sys.exit("check_recovery: no pattern was tried")


if __name__ == "__main__":
    main()
