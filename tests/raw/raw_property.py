#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random raw streams on to tape and back: every octet and every fact is as it
was, whatever the streams; the verifier and the reader in Python find nothing
wrong with the tape. With REEL_SOAK many seeds, else a few."""
import json
import os
import random
import subprocess
import sys
import tempfile

import raw_objects

REEL = os.environ["REEL_PROGRAM"]
READER = os.path.join(os.environ["REEL_SOURCE_DIR"], "spec", "reader.py")
SEEDS = 300 if os.environ.get("REEL_SOAK") else 12


def run(*words, codes=(0,)):
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode not in codes:
        sys.exit("%s: exit %d\n%s%s" % (
            " ".join(words), done.returncode, done.stdout.decode()[-2000:],
            done.stderr.decode()[-2000:]))
    return done


def compare(made, folder, renumbered):
    for number, (facts, octets) in made.items():
        got_facts, got = raw_objects.load(folder, renumbered[number])
        if got != octets:
            sys.exit("object %d: %d octets of streams became %d others" %
                     (number, len(octets), len(got)))
        want = raw_objects.essence(facts)
        if want["target"]:
            want["target"] = renumbered[want["target"]]
        if raw_objects.essence(got_facts) != want:
            sys.exit("object %d: facts\n%r\nbecame\n%r" %
                     (number, facts, got_facts))
    count = len(os.listdir(folder))
    if count != 2 * len(made):
        sys.exit("%d files of %d objects" % (count, len(made)))


def check_tape(tape, torn=0):
    """So many objects may be torn: of those an interruption left."""
    answer = json.loads(run(sys.executable, READER, "check", tape).stdout)
    wrong = [o for o in answer["objects"] if o["status"] != "complete"]
    if [o["status"] for o in wrong] == ["torn"] * torn:
        wrong = []
    if answer["diagnostics"] or wrong or not answer["archives"][0]["complete"]:
        sys.exit("the reader in Python: %r %r" % (answer["diagnostics"], wrong))
    run(REEL, "verify", "-q", "-f", tape)


def options(r):
    out = ["--block-size", r.choice(["512", "4K", "64K"]),
           "--segment-size", r.choice(["256K", "1M"]),
           "--compress", r.choice(["none", "zstd:1"]),
           "--threads", r.choice(["1", "3"])]
    if r.random() < 0.3:
        out += ["--checkpoint-every", "100K"]
    return out


def move(folder, numbers, to):
    """The same objects with other numbers in a folder of their own."""
    os.mkdir(to)
    for number, other in numbers.items():
        facts, octets = raw_objects.load(folder, number)
        if "target" in facts:
            facts["target"] = numbers[int(facts["target"])]
        base = os.path.join(to, "%08d" % other)
        with open(base + ".bkr", "wb") as out:
            out.write(octets)
        with open(base + ".json", "w", encoding="utf-8") as out:
            json.dump(facts, out)


def try_seed(seed, work):
    r = random.Random(seed)
    maker = raw_objects.Maker(seed)
    given, back, again = (os.path.join(work, n) for n in ("in", "out", "again"))
    for folder in (given, back, again):
        os.mkdir(folder)
    made = maker.directory(given, r.randint(1, 40))
    same = {number: number for number in made}
    tape = os.path.join(work, "1.tap")
    run(REEL, "write", "-q", "-f", tape, "--raw", given, *options(r))
    check_tape(tape)
    run(REEL, "restore", "-q", "-f", tape, "--raw", back)
    compare(made, back, same)
    # What we give out we take in; and on a second go all is there already.
    tape = os.path.join(work, "2.tap")
    run(REEL, "write", "-q", "-f", tape, "--raw", back)
    run(REEL, "restore", "-q", "-f", tape, "--raw", again)
    compare(made, again, same)
    run(REEL, "restore", "-q", "-f", tape, "--raw", again, "--existing", "skip")
    # Numbers need not be without gaps.
    gaps = {number: 3 * number + 7 for number in made}
    move(again, gaps, os.path.join(work, "gaps"))
    tape = os.path.join(work, "3.tap")
    run(REEL, "write", "-q", "-f", tape, "--raw", os.path.join(work, "gaps"))
    os.mkdir(os.path.join(work, "last"))
    run(REEL, "restore", "-q", "-f", tape, "--raw", os.path.join(work, "last"))
    compare(made, os.path.join(work, "last"), same)


def fingerprint(done):
    return [line for line in done.stdout.decode().splitlines()
            if line.startswith("fingerprint")]


def try_resume(work):
    """Interrupted and resumed: the same archive, links to the same objects."""
    given, back = os.path.join(work, "in"), os.path.join(work, "out")
    os.mkdir(given)
    os.mkdir(back)
    maker = raw_objects.Maker(1)
    for number in range(1, 41):
        facts = {"raw": 1, "kind": "file", "encoding": "octets",
                 "path": "f%02d" % number, "size": 100000, "links": 2}
        octets = raw_objects.stream(1, maker.octets(100000, 100000))
        if number % 2 == 0:
            facts.update(kind="link", target=number - 1, size=0)
            octets = raw_objects.stream(5, b"f%02d" % (number - 1))
        maker.write(given, number, facts, octets)
    how = ["--block-size", "16K", "--segment-size", "256K",
           "--checkpoint-every", "300K"]
    whole, tape = os.path.join(work, "1.tap"), os.path.join(work, "2.tap")
    want = fingerprint(run(REEL, "write", "-f", whole, "--raw", given, *how))
    run(REEL, "write", "-f", tape, "--volume-size", "1200K", "--raw", given,
        *how, codes=(5,))
    done = run(REEL, "write", "--resume", "-f", tape, "--last-volume",
               "--volume-size", "9M")
    if fingerprint(done) != want or not want:
        sys.exit("resumed it is another archive: %r, not %r" %
                 (fingerprint(done), want))
    if b"stood on tape already" not in done.stdout:
        sys.exit("nothing was resumed: %r" % done.stdout)
    check_tape(tape, torn=1)
    run(REEL, "restore", "-q", "-f", tape, "--raw", back)
    paths = {}
    for name in sorted(os.listdir(back)):
        if not name.endswith(".json"):
            continue
        number = int(name.split(".")[0])
        facts, octets = raw_objects.load(back, number)
        paths[number] = facts["path"].encode()
        if "target" in facts and octets != raw_objects.stream(
                5, paths[int(facts["target"])]):
            sys.exit("object %d is a link to another object" % number)
    if len(paths) != 40:
        sys.exit("%d objects of 40" % len(paths))


with tempfile.TemporaryDirectory() as work:
    try_resume(work)
for seed in range(1, SEEDS + 1):
    with tempfile.TemporaryDirectory() as work:
        try:
            try_seed(seed, work)
        except SystemExit as e:
            sys.exit("seed %d: %s" % (seed, e))
print("%d seeds" % SEEDS)
