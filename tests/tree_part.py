#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is one tree a part of another, with nothing wrong in it?

usage: tree_part.py PART WHOLE

Prints the path of each regular file of WHOLE that PART has not, escaped as
`reel list` does, a line each. Fails if a name stands in PART that is not in
WHOLE, or a regular file with other content.
"""
import hashlib
import os
import stat
import sys


def files(top):
    """Path to digest, or to None where it is no regular file."""
    found = {}
    for path, dirs, names, fd in os.fwalk(os.fsencode(top)):
        for name in dirs + names:
            st = os.stat(name, dir_fd=fd, follow_symlinks=False)
            key = os.path.relpath(os.path.join(path, name), os.fsencode(top))
            found[key] = None
            if not stat.S_ISREG(st.st_mode) or st.st_size > 1 << 30:
                continue
            f = os.open(name, os.O_RDONLY, dir_fd=fd)
            with os.fdopen(f, "rb") as data:
                found[key] = hashlib.sha256(data.read()).hexdigest()
    return found


def escaped(path):
    out = ""
    for octet in path:
        c = chr(octet)
        out += c if c.isalnum() and octet < 128 or c in "/._-" else \
            "\\%03o" % octet
    return out


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    part, whole = files(sys.argv[1]), files(sys.argv[2])
    for path in sorted(part):
        if path not in whole:
            sys.exit("not in the whole: %r" % path)
        if part[path] != whole[path]:
            sys.exit("other content: %r" % path)
    for path in sorted(whole):
        if path not in part and whole[path] is not None:
            print(escaped(path))


main()
