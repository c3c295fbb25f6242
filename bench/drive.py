#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes what stands on standard input at the rate of a drive, and says in one
line of JSON how often and how long it had to wait for it.

usage: drive.py MB_PER_SECOND

Between two chunks of 512 KiB as much time passes as a drive of that rate needs.
Where the next chunk is not there when it is due, the drive waits; waits of less
than 20 ms are counted in `waited_s` only, a drive's own buffer covers them. The
others are named with the place where they were met: a drive waits behind label
and leader until the first burst begins, and that is no fault.
"""
import json
import os
import sys
import time

CHUNK = 1 << 19
SHORT = 0.020


def main():
    rate = float(sys.argv[1]) * 1e6
    os.set_blocking(0, True)
    done = 0
    waits = []
    waited = 0.0
    due = None
    begun = None
    while True:
        chunk = bytearray()
        while len(chunk) < CHUNK:
            piece = os.read(0, CHUNK - len(chunk))
            if not piece:
                break
            chunk += piece
        now = time.monotonic()
        if not chunk:
            break
        if due is None:
            begun = due = now
        late = now - due
        if late > 0:
            waited += late
            if late >= SHORT:
                waits.append((done, round(late, 3)))
            due = now
        else:
            time.sleep(-late)
        due += len(chunk) / rate
        done += len(chunk)
    seconds = time.monotonic() - begun if begun is not None else 0
    print(json.dumps({"bytes": done, "seconds": round(seconds, 3),
                      "waits": waits, "waited_s": round(waited, 3)}))


main()
