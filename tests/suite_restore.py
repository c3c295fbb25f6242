#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`reel restore` and `reel list` on the vectors of the conformance suite.

    suite_restore.py [--sample N] REEL VECTORS

Each archive of each vector is restored: from its image, from a pipe, with
catalog and END spoilt, and each file of it alone. What the suite calls whole
comes back octet for octet; what it does not call whole has no place under its
name; and the exit code and the notes tell of it. The list names it, or says
what it cannot name. --sample N does all that with every N-th vector only, and
with those in invalid/ the first.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

POSIX, FILE, DIRECTORY, SYMLINK, DEVICES, LINK = 1, 1, 2, 3, (6, 7), 8
WHOLE = ("complete", "flawed")
BLOCK_MAGIC = b"\x8aREEL\r\n\x1a"
KIND_CATALOG, KIND_END = 4, 5
# A directory 32,767 deep takes minutes; the object that is not judged in the
# second one has the path of one that is; in the third one the catalog leads to
# a segment to which the blocks in order do not; of the two volumes 1 of the
# last one that is read whose image has the number 1 in its name.
LEFT_OUT = ("posix-long-path", "G-6-long", "B-19-first-segment",
            "V-6-two-first-volumes")
# Where a link names what has no other name by its link count, and without a
# catalog is forgotten by then.
FORGOTTEN = "K-20-more-names"
# Where the catalog says otherwise than the data, which is to be told.
MISPLACED = ("A-2-address", "A-2-begin")


class Wrong(Exception):
    pass


class Archive:
    """What the suite says of one archive."""

    def __init__(self, expected, number):
        self.number = number
        unjudged = {n for a, n in expected.get("unjudged", []) if a == number}
        objects = [o for o in expected["objects"] if o["archive"] == number]
        self.judged = [o for o in objects if o["object"] not in unjudged]
        self.unjudged = bool(unjudged)
        self.posix = all(o["encoding"] == POSIX for o in objects)
        by_number = {o["object"]: o for o in self.judged}
        self.whole, self.flawed = {}, set()
        for o in self.judged:
            target = by_number.get(o["target"]) if o.get("target") else o
            if o["status"] not in WHOLE or o["outside"] or target is None \
                    or target["status"] not in WHOLE or not o["path"]:
                continue
            path = bytes.fromhex(o["path"])
            self.flawed.discard(path)
            if target["bad"]:
                self.flawed.add(path)
            self.whole[path] = (o, target)
        self.lacks = [o for o in self.judged
                      if o["status"] in ("partial", "lost", "torn")
                      and not self.comes_again(o)
                      and (o["status"] != "torn" or o["path"] is not None)]

    def comes_again(self, o):
        """A later object of the same path is whole."""
        later = o["path"] is not None and \
            self.whole.get(bytes.fromhex(o["path"]))
        return bool(later) and later[0]["object"] > o["object"]

    def wanted(self):
        """Paths that come back without any option."""
        return {path for path, (o, target) in self.whole.items()
                if o["encoding"] == POSIX and target["kind"] not in DEVICES
                and path not in self.flawed and sized(target)
                and makeable(o, target)}


def content(o):
    """The stream with the content of a file; None: it has none."""
    for s in o["streams"]:
        if s["id"] == 1 and not s["name"]:
            return s
    return None


def makeable(o, target):
    """A link to a file before it (K-1, K-2), or a symbolic link that says
    where to (S-15), if it is a link at all."""
    if o["kind"] == LINK:
        return target["object"] < o["object"] and \
            target["kind"] not in (DIRECTORY, LINK)
    return o["kind"] != SYMLINK or bool(o["streams"])


def sized(o):
    """No content but one plain stream, which is as long as the file."""
    return o["kind"] != FILE or not any(s["id"] == 9 for s in o["streams"])


def spoil(source, target):
    """The image without catalog and END: bits of their blocks turned over."""
    octets, at = bytearray(open(source, "rb").read()), 0
    while at + 4 <= len(octets):
        length, = struct.unpack_from("<I", octets, at)
        if length == 0:
            at += 4
            continue
        if length >> 31:
            break
        block = octets[at + 4:at + 4 + length]
        if block[:8] == BLOCK_MAGIC and len(block) > 100 and \
                int.from_bytes(block[14:16], "little") in (KIND_CATALOG,
                                                           KIND_END):
            octets[at + 4 + 100] ^= 0x55
        at += 8 + length + (length & 1)
    with open(target, "wb") as file:
        file.write(octets)


def run(command, image=None):
    with open(image or os.devnull, "rb") as source:
        return subprocess.run(command, stdin=source, capture_output=True,
                              timeout=120, check=False)


def files(top):
    """path -> what stands there: "directory", or the digest of the octets."""
    top, found = os.fsencode(top), {}
    for folder, names, rest in os.walk(top):
        for name in names + rest:
            path = os.path.join(folder, name)
            key = os.path.relpath(path, top)
            if os.path.islink(path) or not os.path.isfile(path):
                found[key] = "other"
            else:
                with open(path, "rb") as file:
                    found[key] = hashlib.sha256(file.read()).hexdigest()
    return found


def judge(archive, done, found, wanted):
    """What was restored, and what was said of it."""
    if done.returncode not in (0, 1, 2, 3, 4, 6):
        raise Wrong("exit %d" % done.returncode)
    missing = sorted(wanted - set(found))
    if missing:
        raise Wrong("not put back: %s" % missing)
    for path in wanted:
        o = archive.whole[path][1]
        stream = content(o)
        if o["kind"] == FILE and stream and \
                found[path] != stream["sha256"]:
            raise Wrong("%s has other octets" % path)
    if archive.unjudged or not archive.posix:
        return
    may = set(archive.whole)
    extra = [p for p in found if p not in may
             and not any(w.startswith(p + b"/") for w in may)]
    if extra:
        raise Wrong("put back: %s" % sorted(extra))


def restore(reel, archive, name, image, patterns, wanted):
    with tempfile.TemporaryDirectory() as out:
        done = run([reel, "restore", "-f", name, "-C", out, "--archive",
                    str(archive.number)] + patterns, image)
        judge(archive, done, files(out), wanted)
    if patterns:
        return done.returncode
    if archive.lacks and done.returncode not in (2, 6):
        raise Wrong("exit %d, and %d objects are not whole" % (
            done.returncode, len(archive.lacks)))
    if done.returncode == 2 and archive.undamaged and not (
            archive.lacks or archive.unjudged or
            len(wanted) < len(archive.whole)):
        raise Wrong("something is called lost: %s" % done.stderr[-300:])
    if archive.lacks and not done.stderr.strip():
        raise Wrong("nothing is said of what is not whole")
    return done.returncode


def listed(reel, archive, name):
    """Each whole path is in the list; what is not has a note, with its rule or
    its place."""
    done = run([reel, "list", "--json", "-f", name, "--archive",
                str(archive.number)])
    if done.returncode not in (0, 1, 2, 3, 6):
        raise Wrong("list: exit %d: %s" % (done.returncode,
                                           done.stderr[-300:]))
    said = {json.loads(line)["path"]
            for line in done.stdout.splitlines()}
    for path, (o, _) in archive.whole.items():
        try:
            text = path.decode()
        except UnicodeDecodeError:
            continue
        if o["encoding"] == POSIX and text not in said \
                and done.returncode == 0:
            raise Wrong("list: %r is not named" % text)


def check(reel, vector, folder, expected, sampled):
    """One vector; how often something was restored."""
    images = sorted(n for n in os.listdir(folder) if n.endswith(".tap"))
    alone = images == ["1.tap"]
    count = 0
    with tempfile.TemporaryDirectory() as work:
        for name in images:
            spoil(os.path.join(folder, name), os.path.join(work, name))
        for number in [a["archive"] for a in expected["archives"]]:
            archive = Archive(expected, number)
            # Where blocks or totals are not what they were, nobody can tell
            # that there was nothing more; nor that a number stands for nothing.
            archive.undamaged = vector["family"] != "damaged" and \
                vector["name"][:2] != "A-" and vector["name"][:5] != "R-12-"
            wanted = archive.wanted()
            known = wanted
            if vector["name"] == FORGOTTEN:
                known = {path for path in wanted
                         if archive.whole[path][0]["kind"] != LINK}
            tape = "1.tap" if alone else "%d.tap"
            name = os.path.join(folder, tape)
            runs = [(name, None, [], wanted)]
            if sampled:
                if "swapped" not in vector["name"]:
                    runs.append((os.path.join(work, tape), None, [], known))
                if alone:
                    runs.append(("-", name, [], known))
                runs += [(name, None, [os.fsdecode(p)], {p})
                         for p in sorted(wanted)
                         if not re.search(rb"[][*?\\]", p)]
            for run_name, image, patterns, these in runs:
                code = restore(reel, archive, run_name, image, patterns, these)
                if vector["name"] in MISPLACED and run_name == name and \
                        not patterns and code != 1:
                    raise Wrong("exit %d, and the catalog is wrong" % code)
                count += 1
            if sampled or vector["name"][:2] in ("A-", "N-", "O-", "R-", "S-"):
                listed(reel, archive, name)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sample", type=int, default=1)
    parser.add_argument("reel")
    parser.add_argument("vectors")
    args = parser.parse_args()
    with open(os.path.join(args.vectors, "manifest.json"),
              encoding="ascii") as file:
        vectors = json.load(file)["vectors"]

    def one(place, vector):
        """How many restores; what is wrong, or None."""
        path = os.path.join(args.vectors, vector["expected"])
        with open(path, encoding="ascii") as file:
            expected = json.load(file)
        sampled = place % args.sample == 0
        if vector["name"] in LEFT_OUT or expected["exit"] == 2 or \
                not (sampled or vector["family"] == "invalid"):
            return 0, None
        try:
            return check(args.reel, vector, os.path.dirname(path), expected,
                         sampled), None
        except Wrong as error:
            return 1, "%s/%s: %s" % (vector["family"], vector["name"], error)

    count, wrong = 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for restores, error in pool.map(one, range(len(vectors)), vectors):
            count += restores
            if error:
                print(error)
                wrong += 1
    print("%d restores, %d vectors not as the suite has them" % (count, wrong))
    if wrong or not count:
        sys.exit(1)


if __name__ == "__main__":
    main()
