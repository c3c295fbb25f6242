#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""The memory that a reader needs does not grow with what stands on a volume.

    bound.py SUITE READER...

READER check gets a volume of the suite with a million filemarks behind it
(V-12), and little more address space than it needs for the volume alone. Exit:
0 it reads both, 1 it does not, 3 wrong usage.
"""
import os
import resource
import subprocess
import sys
import tempfile

MARKS = 1000000
STEP, MARGIN = 4 << 20, 32 << 20
LEAST, MOST = 8 << 20, 1 << 30


def reads(reader, image, space):
    """Whether READER reads the image with so many octets of address space."""
    done = subprocess.run(
        reader + ["check", image], check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS,
                                              (space, space)))
    return done.returncode == 0


def main(words):
    if len(words) < 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 3
    plain = os.path.join(words[0], "valid", "posix-plain", "1.tap")
    needed = next((space for space in range(LEAST, MOST, STEP)
                   if reads(words[1:], plain, space)), None)
    if needed is None:
        print("%s is not read" % plain)
        return 1
    with tempfile.NamedTemporaryFile(suffix=".tap") as long:
        with open(plain, "rb") as file:
            long.write(file.read() + bytes(4 * MARKS))
        long.flush()
        if not reads(words[1:], long.name, needed + MARGIN):
            print("%d filemarks are not read with %d MiB, where %d suffice "
                  "without" % (MARKS, needed + MARGIN >> 20, needed >> 20))
            return 1
    print("%d filemarks take no more than %d MiB" % (MARKS, MARGIN >> 20))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
