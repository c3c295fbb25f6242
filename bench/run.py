#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reel beside GNU tar, tar | zstd, dar and wimlib, in one run, as ratios.

usage: run.py [--dir DIR] [--runs N] [--files N] [--big MIB]
              [--only small|ntfs|big|drive]

DIR (default /dev/shm/reel-bench) should be in memory, so that no disk is
measured; it needs about eight times the size of the trees and is removed. The
program measured is $REEL_PROGRAM. Commands of a comparison run in turn, A B A B,
after one uncounted round; printed are medians and the ratio of the medians.
Nothing here can fail by the clock.
"""
import argparse
import json
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

REEL = os.environ.get("REEL_PROGRAM", "reel")
FRONT = 8 << 20  # label, leader and VOLUME are in front of this


def text(rng, size):
    """Lines that compress about as well as source text does."""
    words = [bytes(rng.choice(b"etaoinshrdlucmfw") for _ in
                   range(rng.randint(2, 9))) for _ in range(2000)]
    out = bytearray()
    while len(out) < size:
        out += rng.choice(words) + rng.choice((b" ", b" ", b"\n", b", "))
    return bytes(out[:size])


def real_files(limit):
    """Small files of this machine's own system, in the order of their names:
    what people's small files look like."""
    found = []
    for path, dirs, files in os.walk("/usr"):
        dirs.sort()
        for name in sorted(files):
            full = os.path.join(path, name)
            if not os.path.islink(full) and os.path.getsize(full) < limit:
                found.append(full)
    return found


def make_small(top, count):
    """Many small files, copies of real ones; every tenth has a second name."""
    real = real_files(65536)
    os.makedirs(top)
    for i in range(count):
        sub = "%s/%03d/%02d" % (top, i // 4000, i // 200 % 20)
        if i % 200 == 0:
            os.makedirs(sub)
        name = "%s/%06d-%s" % (sub, i, os.path.basename(real[i % len(real)]))
        shutil.copyfile(real[i % len(real)], name)
        if i % 10 == 0:
            os.link(name, name + ".again")


def make_big(top, mib):
    """Four big files, half of their octets noise."""
    rng = random.Random(2)
    os.makedirs(top)
    pool = text(rng, 16 << 20)
    for i in range(4):
        with open("%s/big-%d" % (top, i), "wb") as f:
            for at in range(0, mib // 4, 16):
                n = min(16, mib // 4 - at) << 20
                f.write(rng.randbytes(n) if i % 2 == 0 else
                        pool[at % 7:][:n])


def apart(make, *args):
    """In a process of its own: what this one holds in memory would count for
    every program it starts."""
    p = multiprocessing.Process(target=make, args=args)
    p.start()
    p.join()
    if p.exitcode != 0:
        sys.exit("the trees could not be made")


class Run:
    """One command: a shell line, what to prepare, how it went."""

    def __init__(self, name, line, before=None):
        self.name, self.line, self.before = name, line, before
        self.wall, self.rss = [], []

    def once(self, keep=True):
        if self.before:
            subprocess.run(self.before, shell=True, check=True)
        begin = time.monotonic()
        p = subprocess.Popen(["bash", "-c", "set -o pipefail; " + self.line],
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE)
        err = p.stderr.read()
        _, status, usage = os.wait4(p.pid, 0)
        wall = time.monotonic() - begin
        if status != 0:
            sys.exit("%s failed (%d): %s\n%s" % (
                self.name, os.waitstatus_to_exitcode(status), self.line,
                err.decode(errors="replace")[-500:]))
        if keep:
            self.wall.append(wall)
            self.rss.append(usage.ru_maxrss)


def compare(title, runs, times, note=""):
    for r in runs:
        r.once(keep=False)
    for _ in range(times):
        for r in runs:
            r.once()
    base = statistics.median(runs[0].wall)
    print("\n%s%s" % (title, note))
    for r in runs:
        mid = statistics.median(r.wall)
        print("  %-22s %8.3f s  (%.3f ... %.3f)  %6.1f MiB  %s" % (
            r.name, mid, min(r.wall), max(r.wall),
            statistics.median(r.rss) / 1024,
            "1" if r is runs[0] else "reel / this = %.2f" % (base / mid)))
    sys.stdout.flush()


def size_of(path):
    return os.stat(path).st_size


def have(tool):
    return shutil.which(tool) is not None


def bench_tree(name, top, work, runs, big):
    out = work + "/out"
    tap, tar, zst = work + "/a.tap", work + "/a.tar", work + "/a.tar.zst"
    reel = "%s write -q -f %s --overwrite -C %s" % (REEL, tap, top)
    clean = "rm -f %s %s %s %s/a.wim %s/a.*.dar" % (tap, tar, zst, work, work)

    rows = [Run("reel none", reel + " --compress none .", clean),
            Run("tar", "tar -cf %s -C %s ." % (tar, top), clean)]
    compare("write, %s" % name, rows, runs)

    rows = [Run("reel zstd:3", reel + " --compress zstd:3 .", clean),
            Run("tar | zstd -3 -T2",
                "tar -cf - -C %s . | zstd -q -3 -T2 -o %s" % (top, zst), clean)]
    if have("dar"):
        rows.append(Run("dar -zzstd:3", "dar -q -c %s/a -R %s -zzstd:3 -G 2" %
                        (work, top) + " || dar -q -c %s/a -R %s -zzstd:3" %
                        (work, top), clean))
    if have("wimcapture"):
        rows.append(Run("wimcapture (xpress)",
                        "wimcapture %s %s/a.wim --compress=fast --threads=2 "
                        "--unix-data" % (top, work), clean))
    compare("write compressed, %s" % name, rows, runs)
    subprocess.run(clean, shell=True, check=True)
    for r in rows[:2]:
        r.once(keep=False)
        size = size_of(tap if "reel" in r.name else zst)
        print("  size %-17s %12d" % (r.name, size))
        if "reel" in r.name:
            first = size
        else:
            print("  size reel / this = %.3f" % (first / size))
        if r is rows[0]:
            shutil.move(tap, work + "/keep.tap")
    shutil.move(zst, work + "/keep.tar.zst")

    subprocess.run(clean, shell=True, check=True)
    subprocess.run("%s write -q -f %s/plain.tap --overwrite --compress none "
                   "-C %s . >/dev/null; tar -cf %s/plain.tar -C %s ." %
                   (REEL, work, top, work, top), shell=True, check=True)
    empty = "rm -rf %s && mkdir %s" % (out, out)
    compare("restore, %s" % name, [
        Run("reel", "%s restore -q -f %s/plain.tap -C %s" % (REEL, work, out),
            empty),
        Run("tar", "tar -xf %s/plain.tar -C %s" % (work, out), empty)], runs)
    compare("restore compressed, %s" % name, [
        Run("reel", "%s restore -q -f %s/keep.tap -C %s" % (REEL, work, out),
            empty),
        Run("tar", "zstd -dcq %s/keep.tar.zst | tar -xf - -C %s" % (work, out),
            empty)], runs)
    subprocess.run("rm -rf %s" % out, shell=True, check=True)

    if big:
        compare("verify against openssl, %s" % name, [
            Run("reel verify", "%s verify -q -f %s/plain.tap" % (REEL, work)),
            Run("openssl dgst", "openssl dgst -sha256 %s/plain.tap" % work)],
            runs)
    else:
        compare("verify, %s" % name, [
            Run("reel verify", "%s verify -q -f %s/plain.tap" % (REEL, work)),
            Run("openssl dgst", "openssl dgst -sha256 %s/plain.tap" % work)],
            runs)
        one = subprocess.run(
            "cd %s && find . -type f | sort | tail -n 1000 | head -1" %
            top, shell=True, check=True, capture_output=True,
            text=True).stdout.strip()[2:]
        compare("one file of many, %s" % name, [
            Run("reel restore", "%s restore -q -f %s/keep.tap -C %s -- %s" %
                (REEL, work, out, one), empty),
            Run("tar", "tar -xf %s/plain.tar -C %s ./%s" % (work, out, one),
                empty)], runs)
    for f in os.listdir(work):
        if f.startswith(("keep", "plain", "a.")):
            os.unlink(os.path.join(work, f))


def bench_ntfs(name, top, work, runs):
    """An NTFS volume, filled from a tree: read by Reel and by wimlib."""
    image, tap, wim = work + "/n.ntfs", work + "/a.tap", work + "/a.wim"
    size = 2 * int(subprocess.run(["du", "-sm", top], check=True, text=True,
                                  capture_output=True).stdout.split()[0]) + 256
    subprocess.run("truncate -s %dM %s && mkntfs -qF %s >/dev/null 2>&1 && "
                   "%s write -q -f %s --compress none -C %s . && "
                   "%s restore -q -f %s --ntfs %s 2>/dev/null" %
                   (size, image, image, REEL, tap, top, REEL, tap, image),
                   shell=True, check=True)
    clean = "rm -f %s %s" % (tap, wim)
    compare("an NTFS volume, %s" % name, [
        Run("reel zstd:3", "%s write -q -f %s --ntfs %s --compress zstd:3" %
            (REEL, tap, image), clean),
        Run("wimcapture (xpress)", "wimcapture %s %s --compress=fast "
            "--threads=2" % (image, wim), clean),
        Run("reel none", "%s write -q -f %s --ntfs %s --compress none" %
            (REEL, tap, image), clean),
        Run("wimcapture none", "wimcapture %s %s --compress=none" %
            (image, wim), clean)], runs)
    subprocess.run(clean + " " + image, shell=True, check=True)


def bench_drive(name, top, rate, buffer):
    """A drive that takes `rate` MB/s: does it have to wait?"""
    print("\na drive of %d MB/s, --buffer %s, %s" % (rate, buffer, name))
    for compress in ("none", "zstd:1"):
        reel = subprocess.Popen(
            [REEL, "write", "--json", "-f", "-", "--buffer", buffer,
             "--compress", compress, "-C", top, "."],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        drive = subprocess.Popen(
            [os.path.join(os.path.dirname(__file__), "drive.py"), str(rate)],
            stdin=reel.stdout, stdout=subprocess.PIPE)
        reel.stdout.close()
        told = reel.stderr.read()
        seen = json.loads(drive.stdout.read())
        _, status, usage = os.wait4(reel.pid, 0)
        reel.returncode = os.waitstatus_to_exitcode(status)
        if reel.returncode != 0 or drive.wait() != 0:
            sys.exit(told.decode(errors="replace"))
        told = json.loads(told)
        later = [w for at, w in seen["waits"] if at > FRONT]
        print("  %-8s %7.1f MB/s taken, %.3f s waited in all; once started, %d "
              "waits of 20 ms or more, longest %.3f s" %
              (compress, seen["bytes"] / seen["seconds"] / 1e6,
               seen["waited_s"], len(later), max(later, default=0)))
        bursts = "one burst" # with no other it has no length to tell
        if told["bursts"] > 1:
            bursts = "%d bursts, shortest %.0f MB, %.3f s between them" % (
                told["bursts"], told["burst_shortest_bytes"] / 1e6,
                told["burst_waited_ns"] / 1e9)
        print("           %s; %.0f MiB of memory" %
              (bursts, usage.ru_maxrss / 1024))
    sys.stdout.flush()


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    p.add_argument("--dir", default="/dev/shm/reel-bench")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--files", type=int, default=200000)
    p.add_argument("--big", type=int, default=1024)
    p.add_argument("--only", default="")
    o = p.parse_args()
    if os.path.exists(o.dir):
        sys.exit("%s exists; remove it or name another with --dir" % o.dir)
    os.makedirs(o.dir + "/work")
    try:
        subprocess.run([REEL, "--version"], check=True)
        if o.only not in ("big", "drive"):
            apart(make_small, o.dir + "/small", o.files)
            if o.only != "ntfs":
                bench_tree("%d small files" % o.files, o.dir + "/small",
                           o.dir + "/work", o.runs, False)
            if have("wimcapture") and have("mkntfs"):
                bench_ntfs("%d small files" % o.files, o.dir + "/small",
                           o.dir + "/work", o.runs)
            shutil.rmtree(o.dir + "/small")
        if o.only not in ("small", "ntfs"):
            apart(make_big, o.dir + "/big", o.big)
            if o.only != "drive":
                bench_tree("%d MiB in 4 files" % o.big, o.dir + "/big",
                           o.dir + "/work", o.runs, True)
            bench_drive("%d MiB in 4 files" % o.big, o.dir + "/big", 400,
                        "256M")
    finally:
        shutil.rmtree(o.dir)


main()
