#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A volume of 10,000 files on to tape and on to a fresh volume: every file is
there with its content, and reel-ntfs needs no more memory for them than for a
hundred, neither to read them nor to write them.
usage: many.py NTFS_FILL REEL_NTFS RELAY_TOOL
"""
import os
import re
import resource
import subprocess
import sys
import tempfile

REEL = os.environ["REEL_PROGRAM"]
FILL, REEL_NTFS, TOOL = sys.argv[1:4]
ENVIRONMENT = dict(os.environ, PATH=os.path.dirname(REEL_NTFS) + ":" +
                   os.environ["PATH"])
MORE_KIB = 4096  # for 9,900 files


def run(*words, given=subprocess.DEVNULL, out=subprocess.DEVNULL):
    done = subprocess.run(words, stdin=given, stdout=out, check=False,
                          stderr=subprocess.PIPE, env=ENVIRONMENT)
    if done.returncode != 0:
        sys.exit("many: %s: exit %d: %s" % (" ".join(words), done.returncode,
                                           done.stderr.decode()[-1000:]))


def peak(*words, given=subprocess.DEVNULL, out=subprocess.DEVNULL):
    """KiB that the program had at its peak."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        run(*words, given=given, out=out)
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        os.write(writer, b"%d" % used)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        text = answer.read()
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(1)
    return int(text)


def listing(relay):
    """What stands there, but for the numbers of files."""
    with open(relay, "rb") as given:
        text = subprocess.run([TOOL, "print"], stdin=given, check=True,
                              stdout=subprocess.PIPE).stdout
    return re.sub(rb" id \d+ target \d+ ", b" ", text)


def empty(image):
    with open(image, "wb") as out:
        out.truncate(96 << 20)
    run("mkntfs", "-F", "-Q", "-q", image)


def go_round(work, files):
    """Peaks of reading and writing; by the tape, and from helper to helper."""
    image, back, direct, tape, relay = (
        os.path.join(work, "%d.%s" % (files, end))
        for end in ("ntfs", "back", "direct", "tap", "relay"))
    run(FILL, image, "96", str(files))
    with open(relay, "wb") as out:
        read = peak(REEL_NTFS, "read", image, "many", out=out)
    empty(direct)
    with open(relay, "rb") as given:
        wrote = peak(REEL_NTFS, "write", direct, given=given)
    want = listing(relay)
    found = want.count(b"\nOBJECT 1 ")
    if found != files:
        sys.exit("many: %d files of %d" % (found, files))
    run(REEL, "write", "-q", "-f", tape, "--ntfs", image, "many")
    run(REEL, "verify", "-q", "-f", tape)
    empty(back)
    run(REEL, "restore", "-q", "-f", tape, "--ntfs", back)
    for again in (direct, back):
        with open(relay, "wb") as out:
            run(REEL_NTFS, "read", again, "many", out=out)
        if listing(relay) != want:
            sys.exit("many: what came back of %d files is not what was there" %
                     files)
    return read, wrote


def sanitized():
    with open(REEL_NTFS, "rb") as program:
        octets = program.read()
    return b"__asan_" in octets or b"__tsan_" in octets


def main():
    with tempfile.TemporaryDirectory() as work:
        few = go_round(work, 100)
        many = go_round(work, 10000)
    print("many: KiB for 100 and 10,000 files: reading %d and %d, writing %d "
          "and %d" % (few[0], many[0], few[1], many[1]))
    if not sanitized() and any(m > f + MORE_KIB for f, m in zip(few, many)):
        sys.exit("many: memory grows with the number of files")


main()
