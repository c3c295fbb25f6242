#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Read archives that are larger than anybody would make them.

usage: limits.py LIMIT_BUILD PEAK [--any-memory]

Each quantity of the format, at its limit or beyond: what is legal is restored
or named, what is not is told by a sentence with its requirement, whatever is
beside it comes out, and memory stays what a small tape wants and a constant.
"""

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

REEL = os.environ["REEL_PROGRAM"]
PEAK = sys.argv[2]
MIB = 1024 * 1024
SEGMENT_LIMIT = 16 * MIB
failures = []
checks = 0


def fail(what):
    failures.append(what)
    print(f"FAILED: {what}", flush=True)


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        fail(what)


class Done:
    """What became of one run."""

    def __init__(self, code, out, err, peak):
        self.code, self.out, self.err, self.peak = code, out, err, peak


def reel(*words, cwd):
    """Run reel; `peak` is the most memory that it held, in octets."""
    with tempfile.NamedTemporaryFile() as peak:
        done = subprocess.run(
            [PEAK, peak.name, REEL, *map(str, words)], cwd=cwd,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=300, check=False)
        return Done(done.returncode, done.stdout.decode(errors="replace"),
                    done.stderr.decode(errors="replace"), int(peak.read()) * 1024)


class Limits:
    def __init__(self, base, bounded):
        self.base = base
        self.bounded = bounded  # is memory looked at?
        self.small = {}  # what a small tape wants, by verb

    def run(self, about, code, words, extra=4 * MIB, says=()):
        """Run it: the code, sentences, and no more memory than a small tape
        wants and `extra`."""
        done = reel(*words, cwd=self.base)
        about = f"{about}: {' '.join(map(str, words[:2]))}"
        check(done.code == code,
              f"{about}: exit {done.code}, not {code}: {done.err[-600:]}")
        for sentence in says:
            check(sentence in done.err,
                  f"{about}: does not say {sentence!r}: {done.err[-600:]}")
        most = self.small.get(words[0], 0) + extra
        if self.bounded and self.small:
            check(done.peak <= most,
                  f"{about}: held {done.peak >> 10} KiB, not {most >> 10}")
        return done

    def learn(self):
        """The small tape."""
        tree = self.base / "small"
        tree.mkdir()
        (tree / "other").write_text("other\n")
        (self.base / "streams").mkdir()
        image = self.base / "small.tap"
        small = {}
        for words in (["write", "-f", image, "-C", tree, "."],
                      ["list", "-f", image], ["info", "-f", image],
                      ["dump", "-f", image], ["verify", "-f", image],
                      ["compare", "-f", image, "-C", tree],
                      ["restore", "-f", image, "-C", self.empty()],
                      ["extract", image, self.base / "streams"]):
            small[words[0]] = self.run("small", 0, words).peak
        self.small = small

    def empty(self):
        """A fresh directory."""
        out = self.base / "out"
        # Not by recursion of Python's: it may be deep.
        subprocess.run(["rm", "-rf", "--", out], check=True)
        out.mkdir()
        return out

    def all_verbs(self, name, codes, says=(), extra=4 * MIB, lost=False,
                  options=()):
        """list, info, verify, dump, extract, restore, with those codes; gives
        the directory restored into, in which `other` is."""
        image = self.base / f"{name}.tap"
        listed, verified, extracted, restored = codes
        self.run(name, listed, ["list", "--all", "-f", image], extra)
        self.run(name, 0, ["info", "-f", image], extra)
        self.run(name, 0, ["dump", "-f", image], extra)
        self.run(name, verified, ["verify", "-f", image], extra,
                 says if lost else ())
        self.run(name, extracted, ["extract", image, self.empty()], extra)
        out = self.empty()
        self.run(name, restored,
                 ["restore", "-f", image, "-C", out, *options], extra, says)
        return out

    def other_is_there(self, out):
        check((out / "other").read_text() == "other\n", "the other is lost")

    # One for each quantity.

    def attributes(self):
        """19 MiB of them, of which 16 are held; 3,000 of them."""
        out = self.all_verbs(
            "xattrs-large", (0, 0, 0, 3), extra=SEGMENT_LIMIT + 6 * MIB,
            says=["user.large-299 is left out: more than 16777216 octets"])
        self.other_is_there(out)
        # One for which there is room on no system (ext4: a block).
        out = self.all_verbs("xattrs-many", (0, 0, 0, 3),
                             says=["file: attribute user.many-02999"])
        self.other_is_there(out)

    def streams(self):
        out = self.all_verbs("streams-many", (0, 0, 0, 0),
                             says=["not kept here", " more"])
        check((out / "f").exists(), "a file of many streams is not there")

    def names(self):
        """A component that no file system takes, and what is below it."""
        out = self.all_verbs("name-long", (0, 0, 0, 3),
                             says=["n: ", "File name too long"])
        self.other_is_there(out)

    def sizes(self):
        """What a stream says of itself is believed only if it is there."""
        self.all_verbs("declared-largest", (0, 2, 1, 2), lost=True,
                       says=["lacks 9223372036854775788 octets", "S-4"])
        self.all_verbs("declared-beyond", (0, 2, 1, 2), lost=True,
                       says=["not less than 2^63", "S-1"])

    def offsets(self):
        """A hole costs nothing, up to what the file system takes."""
        image = self.base / "far-away.tap"
        out = self.empty()
        done = reel("restore", "-f", image, "-C", out, cwd=self.base)
        self.other_is_there(out)
        if done.code == 3 and "tebibyte: cannot be written" in done.err:
            print("limits: no file of a tebibyte can be made here: SKIPPED")
            return
        self.all_verbs("far-away", (0, 0, 0, 3),
                       says=["farthest: cannot be written: File too large"])
        with (out / "tebibyte").open("rb") as file:
            check(os.fstat(file.fileno()).st_size == (1 << 40) + 1,
                  "the size is not a tebibyte and one")
            check(os.fstat(file.fileno()).st_blocks * 512 < MIB,
                  "the hole was filled")
            file.seek(1 << 40)
            check(file.read() == b"x", "the octet behind the hole is not there")

    def bombs(self):
        """256 MiB of zeros on a few KiB of tape: some segments are held at
        once, no more. And frames that unpack to more than they say, or say
        more than may be."""
        # Two of a thread, packed and unpacked, and the queue between.
        extra = 4 * SEGMENT_LIMIT
        image = self.base / "bomb-zeros.tap"
        check(image.stat().st_size < MIB, "the bomb is not small")
        for words in (["list", "-f", image], ["dump", "-f", image],
                      ["verify", "-f", image, "--threads", 2]):
            self.run("bomb-zeros", 0, words, extra)
        out = self.empty()
        self.run("bomb-zeros", 0, ["restore", "-f", image, "-C", out], extra)
        self.other_is_there(out)
        check((out / "zeros").stat().st_size == 256 * MIB, "zeros are missing")
        for name, says in (("bomb-untold", "rule G-9"),
                           ("bomb-told", "needs a window of 1099511627776"),
                           ("bomb-told-up", "raw octets 4294967295 are not")):
            out = self.all_verbs(name, (0, 2, 1, 2), says=[says], lost=True)
            self.other_is_there(out)
            check(not (out / "bomb").exists(), f"{name}: it has a name")

    def rounds(self):
        """An END and checkpoints that name themselves as what came before,
        and a catalog and slices of 4 EiB."""
        for name in ("end-round", "checkpoint-round"):
            out = self.all_verbs(name, (1, 4, 1, 1))
            self.other_is_there(out)
            for file in ("file", "last"):
                check((out / file).exists(), f"{name}: {file} is lost")

    def records_of_images(self):
        """Lengths in the framing of .tap, of what is there and what is not."""
        image = self.base / "record.tap"
        for length, there in ((256 * MIB, True), (256 * MIB, False),
                              (0x0FFFFFFF, False), (0x7FFFFFFF, False),
                              (0xEFFFFFFF, False)):
            word = struct.pack("<I", length)
            with image.open("wb") as file:
                file.write(word)
                if there:  # and costs nothing here, either
                    file.seek(length + length % 2, os.SEEK_CUR)
                    file.write(word)
            for verb in ("list", "verify", "info", "restore"):
                words = [verb, "-f", image]
                if verb == "restore":
                    words += ["-C", self.empty()]
                done = reel(*words, cwd=self.base)
                about = f"a record of {length} octets: {verb}"
                check(done.code in (1, 2, 4, 5),
                      f"{about}: exit {done.code}: {done.err[-300:]}")
                check(done.err.startswith("reel"), f"{about}: says nothing")
                if self.bounded:
                    check(done.peak <= self.small[verb] + 8 * MIB,
                          f"{about}: held {done.peak >> 10} KiB")

    def volumes(self):
        """The last volume that there can be, alone, and under a name that
        makes it one of a set: nobody asks for four thousand million others."""
        out = self.all_verbs("volume-last", (1, 4, 1, 1))
        self.other_is_there(out)
        (self.base / "volume-last.tap").rename(self.base / "set1.tap")
        for words in (["list"], ["verify"], ["verify", "--quick"],
                      ["restore", "-C", self.empty()]):
            done = reel(*words, "-f", "set%d.tap", cwd=self.base)
            about = f"a set to the last volume: {words[0]}"
            check(done.code in (2, 6), f"{about}: exit {done.code}")
            check("to 4294967294 of the set are" in done.err,
                  f"{about}: the row is not named: {done.err[-300:]}")
            check(done.err.count("\n") < 10010, f"{about}: says too much")
            if self.bounded:
                check(done.peak <= self.small[words[0]] + 8 * MIB,
                      f"{about}: held {done.peak >> 10} KiB")

    def links(self):
        """More names of one file than the file system takes (ext4: 65,000):
        the names that are not there are told, and not counted."""
        if not self.bounded or not os.path.isdir("/dev/shm"):
            print("limits: names beyond those of a file system: SKIPPED")
            return
        image = self.base / "links.tap"
        with tempfile.TemporaryDirectory(dir="/dev/shm") as tree:
            Path(tree, "a").write_text("a\n")
            for n in range(65010):
                os.link(f"{tree}/a", f"{tree}/l{n:05}")
            Path(tree, "other").write_text("other\n")
            done = reel("write", "-f", image, "-C", tree, ".", cwd=self.base)
            check(done.code == 0, f"links: write: exit {done.code}")
        out = self.empty()
        done = reel("restore", "-f", image, "-C", out, cwd=self.base)
        self.other_is_there(out)
        there = os.stat(out / "a").st_nlink
        check(len(os.listdir(out)) == there + 1, "links: other names are there")
        if done.code == 0 and there == 65011:
            print("limits: this file system takes 65,011 names: SKIPPED")
            return
        check(done.code == 3, f"links: restore: exit {done.code}")
        missing = done.err.count("cannot be linked: Too many links\n")
        check(there + missing == 65011,
              f"links: {there} are there, {missing} are named")
        check(f"restored {there + 2:,} objects ({there - 1:,} links)"
              in done.out, f"links: counts others: {done.out}")

    def long_paths(self):
        """Paths of 65,000 octets of what is remembered: of files that may
        have another name, of links that wait, of objects that are torn."""
        for name, code in (("names-long", 0), ("links-long", 2),
                           ("torn-long", 0)):
            self.run(name, code, ["restore", "--quiet", "--dry-run", "-f",
                                  self.base / f"{name}.tap", "-C", self.base],
                     12 * MIB)  # 8 of them are the catalog's

    def torn(self):
        """Torn objects, each of which comes again whole: four times as many
        cost four times as much and not sixteen times, on a pipe, too."""
        cost = {}
        for name in ("torn-some", "torn-many"):
            image = self.base / f"{name}.tap"
            before = os.times()
            for source in (image, "-"):
                with image.open("rb") as file:
                    done = subprocess.run(
                        [REEL, "restore", "--quiet", "--dry-run", "-f", source,
                         "-C", self.base], stdin=file, timeout=300,
                        stderr=subprocess.PIPE, check=False)
                check(done.returncode == 0, f"{name}: exit {done.returncode}: "
                      f"{done.stderr[-300:]}")
            after = os.times()
            cost[name] = (after.children_user - before.children_user +
                          after.children_system - before.children_system)
        check(cost["torn-many"] <= 10 * max(cost["torn-some"], 0.1),
              f"torn: costs {cost}")

    def leader(self):
        """A leader of 32 MiB: read as it comes. One that is longer than
        anybody reads."""
        whole = (self.base / "end-round.tap").read_bytes()
        label = 4 + 80 + 4 + 4  # and the filemark behind it
        block = whole[label:label + 4 + 65536 + 4]
        image = self.base / "leader.tap"
        for octets in (32 * MIB, 64 * MIB):
            with image.open("wb") as file:
                file.write(whole[:label])
                for _ in range(octets // 65536):
                    file.write(block)
                file.write(whole[label:])
            out = self.empty()
            if octets < 64 * MIB:
                self.run("leader", 1, ["restore", "-f", image, "-C", out],
                         says=["L-9"])
                self.other_is_there(out)
                self.run("leader", 4, ["verify", "-f", image], says=["L-9"])
            else:
                self.run("leader", 4, ["restore", "-f", image, "-C", out],
                         says=["stands in the first 64 MiB"])

    def path(self):
        """The longest path of 256 components, a deep one, and the deepest
        there can be, which is not restored: to make a directory behind
        Landlock costs as much as it is deep."""
        for name, components, content in (
                ("path-deep", ["d"] * 1500, "deep\n"),
                ("path-long", ["n" * 255] * 256, "long\n")):
            out = self.all_verbs(name, (0, 0, 0, 0))
            self.other_is_there(out)
            here = os.open(out, os.O_RDONLY)
            for component in components[:-1]:
                below = os.open(component, os.O_RDONLY, dir_fd=here)
                os.close(here)
                here = below
            file = os.open(components[-1], os.O_RDONLY, dir_fd=here)
            check(os.read(file, 9).decode() == content,
                  f"{name}: the file is another")
            os.close(file)
            os.close(here)
            self.run(name, 0, ["compare", "-f", self.base / f"{name}.tap",
                               "-C", out])
        image = self.base / "path-deepest.tap"
        for words in (["list", "-f", image], ["verify", "-f", image],
                      ["dump", "-f", image],
                      ["extract", image, self.empty()],
                      ["restore", "--dry-run", "-f", image, "-C", self.base],
                      ["restore", "-f", image, "-C", self.base / "small",
                       "--existing", "replace", "other"]):
            self.run("path-deepest", 0, words)


def main():
    build, _, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="reel-limits-") as name:
        base = Path(name)
        subprocess.run([build, base], check=True)
        limits = Limits(base, "--any-memory" not in options)
        limits.learn()
        for what in (limits.attributes, limits.streams, limits.names,
                     limits.sizes, limits.offsets, limits.bombs,
                     limits.rounds, limits.records_of_images, limits.volumes,
                     limits.links, limits.long_paths, limits.torn,
                     limits.leader, limits.path):
            what()
        limits.empty()
    print(f"limits: {checks} checks, {len(failures)} failures")
    return 1 if failures or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
