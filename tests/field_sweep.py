#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What leads to the data, wrong in one field and right in all others.

    field_sweep.py [--sample N] REEL

Each number in each VOLUME, CHECKPOINT, ENTRY and END of some volumes of the
conformance suite gets other values in turn, and all checksums are made right.
`reel verify` has to tell of it. `reel restore` puts back all that there is, or
its exit code says that something is lost, and gives no octet that is not of
its file. From a pipe, where no catalog leads, all is put back. --sample N
takes every N-th of these only.
"""
import argparse
import concurrent.futures
import itertools
import os
import sys
import tempfile

import suite_restore

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "spec", "suite"))

import build  # noqa: E402
from maker import recipe, tables, vector  # noqa: E402

BASES = ("posix-plain", "checkpoint-several", "archives-two",
         "run-torn-behind-checkpoint", "set-three-volumes")
CHANGES = {"END": "change end %d", "CHECKPOINT": "change checkpoint %d",
           "VOLUME": "change volume %d", "ENTRY": "change catalog ENTRY %d"}
FREE = ("VOLUME created_s", "VOLUME created_ns")    # any value is right


def values(kind):
    """What a number of so many bits gets."""
    bits = int(kind[1:])
    return sorted({0, 1, 2, 5, 1 << bits - 1, (1 << bits) - 1})


class Base:
    """A volume, or a set of them, before anything is changed."""

    def __init__(self, found, name):
        self.found, self.name = found, name
        self.right = vector.make(found[name], found.__getitem__)

    def changed(self, line):
        """The images with one more line in the recipe. Of what comes out the
        maker is not asked: that is to be what came out before."""
        one = recipe.Recipe("invalid", self.name, line)
        one.head = {"title": line, "rule": "A-10", "twin": self.name}
        one.plus = [(None, line, line)]
        return vector.make(one, self.found.__getitem__).images

    def lines(self, kind):
        """(field, line) for each record of a kind, and each of its values."""
        for number in itertools.count(1):
            change = CHANGES[kind] % number
            try:
                self.changed(change + " zero=0" if kind != "ENTRY"
                             else change + " flags=0")
            except recipe.RecipeError as error:
                if "nothing to change" not in str(error):
                    raise
                return                  # there is no such record
            for bits, name in tables.TABLES[kind].rows:
                if bits.startswith("u8[") or name.startswith("zero"):
                    continue
                for value in values(bits):
                    yield name, "%s %s=%d" % (change, name, value)


class Case:
    def __init__(self, base, field, line):
        self.base, self.field, self.line = base, field, line
        self.name = "%s: %s" % (base.name, line)


def cases():
    found = build.find_recipes()
    for base in (Base(found, name) for name in BASES):
        for kind in CHANGES:
            for field, line in base.lines(kind):
                yield Case(base, kind + " " + field, line)


def check(reel, case):
    """How many restores; raises suite_restore.Wrong."""
    images, right = case.base.changed(case.line), case.base.right
    if images == right.images:
        return 0                        # it has that value anyway
    with tempfile.TemporaryDirectory() as work:
        for number, octets in images:
            with open(os.path.join(work, "%d.tap" % number), "wb") as file:
                file.write(octets)
        alone = len(images) == 1
        name = os.path.join(work, "1.tap" if alone else "%d.tap")
        done = suite_restore.run([reel, "verify", "-f", name])
        if case.field not in FREE and done.returncode not in (1, 2, 4):
            raise suite_restore.Wrong("verify: exit %d" % done.returncode)
        count = 0
        for one in right.expected["archives"]:
            archive = suite_restore.Archive(right.expected,
                                            one["archive"])
            restore(reel, archive, name, None)
            count += 1
            if alone:
                restore(reel, archive, "-", name)
                count += 1
    return count


def restore(reel, archive, name, image):
    with tempfile.TemporaryDirectory() as out:
        done = suite_restore.run([reel, "restore", "-f", name, "-C", out,
                                  "--archive", str(archive.number)], image)
        found, wanted = suite_restore.files(out), archive.wanted()
        if image is None and done.returncode in (2, 4, 6):
            wanted &= set(found)        # something is lost, and it is told
        suite_restore.judge(archive, done, found, wanted)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sample", type=int, default=1)
    parser.add_argument("reel")
    args = parser.parse_args()

    def one(case):
        try:
            return check(args.reel, case), None
        except suite_restore.Wrong as error:
            return 1, "%s: %s" % (case.name, error)

    count, restores, wrong = 0, 0, 0
    some = itertools.islice(cases(), 0, None, args.sample)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for made, error in pool.map(one, some):
            count, restores = count + (made > 0), restores + made
            if error:
                print(error)
                wrong += 1
    print("%d volumes, %d restores, %d volumes not as they should be"
          % (count, restores, wrong))
    if wrong or not count:
        sys.exit(1)


if __name__ == "__main__":
    main()
