#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is no raw stream, or not whole: `reel write --raw` refuses each such
object by the name of its file and the place, archives the others, and exits
with 3; nothing of what it refused is on tape."""
import json
import os
import subprocess
import sys
import tempfile

from raw_objects import block, header, load, stream, wide

REEL = os.environ["REEL_PROGRAM"]
GOOD = stream(3, b"abc") + stream(1, b"content")


def facts(**more):
    out = {"raw": 1, "kind": "file", "encoding": "octets", "path": "bad",
           "size": 7}
    out.update(more)
    return {key: value for key, value in out.items() if value is not None}


def link(**more):
    return facts(**dict({"kind": "link", "size": None, "target": 1}, **more))


# (what it is, octets of streams, what must be said). The streams stand in
# 00000002.bkr; object 1 is a good file of two names with the path "good".
STREAMS = [
    ("a header cut short", GOOD + b"\1\0\0", "at octet 50: the file ends inside a stream header"),
    ("one octet", b"x", "at octet 0: the file ends inside a stream header"),
    ("a name cut short", header(4, 0, b"abcdef")[:-1], "at octet 0: the file ends inside the name"),
    ("a body cut short", header(1, 5) + b"abcd", "at octet 0: the file ends inside the body of a stream of 5"),
    ("no body", GOOD + header(1, 1), "at octet 50: the file ends inside the body of a stream of 1"),
    ("Size 2^63", header(1, 1 << 63), "at octet 0: stream of 9223372036854775808 octets"),
    ("Size 2^64 - 1", GOOD + header(77, (1 << 64) - 1), "at octet 50: stream of 18446744073709551615"),
    ("Size 2^63 - 1", header(1, (1 << 63) - 1), "at octet 0: the file ends inside the body"),
    ("a name of 32,001", stream(4, b"", b"n" * 32001), "at octet 0: stream name of 32001 octets"),
    ("a name of 2^32 - 1", header(4, 0)[:16] + b"\xff" * 4, "at octet 0: stream name of 4294967295 octets"),
    ("a block of 7 octets", stream(1) + stream(9, b"1234567"), "at octet 20: SPARSE_BLOCK of 7 octets"),
    ("a block of Size 0", stream(9), "at octet 0: SPARSE_BLOCK of 0 octets"),
    ("overlapping blocks", stream(1) + block(0, b"abcd") + block(3, b"e"), "at octet 52: SPARSE_BLOCK of 9 octets at 3, content reaches to 4"),
    ("blocks that go back", stream(1) + block(9, b"a") + block(0, b"b"), "at octet 49: SPARSE_BLOCK of 9 octets at 0, content reaches to 10"),
    ("a block inside the body", stream(1, b"abcd") + block(2, b"x"), "at octet 24: SPARSE_BLOCK of 9 octets at 2, content reaches to 4"),
    ("a last block too low", stream(1) + block(9, b"a") + block(9), "at octet 49: SPARSE_BLOCK of 8 octets at 9, content reaches to 10"),
    ("a block behind the last", stream(1) + block(4) + block(5, b"a"), "at octet 48: a SPARSE_BLOCK behind the last one"),
    ("a block at 2^63", stream(1) + block(1 << 63, b"a"), "at octet 20: SPARSE_BLOCK of 9 octets at 9223372036854775808"),
    ("a block up to 2^63", stream(1) + block((1 << 63) - 1, b"a"), "at octet 20: SPARSE_BLOCK of 9 octets at 9223372036854775807"),
    ("LINK in a file", GOOD + stream(5, b"good"), "at octet 50: LINK in what is no link"),
]

LINKS = [
    ("no LINK", b"", "00000002.bkr", "a link without a LINK stream"),
    ("another stream", stream(1, b"good"), "00000002.bkr", "at octet 0: a link has one LINK stream"),
    ("LINK with attributes", stream(5, b"good", b"", 1), "00000002.bkr", "at octet 0: a link has one LINK stream"),
    ("LINK with a name", stream(5, b"good", b"n\0"), "00000002.bkr", "at octet 0: a link has one LINK stream"),
    ("two LINKs", stream(5, b"good") * 2, "00000002.bkr", "at octet 24: a link has one LINK stream"),
    ("another path", stream(5, b"goof"), "00000002.bkr", "the body of LINK is not the path of its target"),
    ("a path with NUL", stream(5, b"good\0"), "00000002.bkr", "the body of LINK is not the path of its target"),
    ("another encoding", stream(5, wide("good")), "00000002.bkr", "the body of LINK is not the path of its target"),
]

# Facts of object 2, with good streams (for links: a good LINK).
FACTS = [
    ("no JSON", "{", "is no JSON at octet"),
    ("nothing", "", "is no JSON at octet 0"),
    ("more behind it", json.dumps(facts()) + " x", "is no JSON at octet"),
    ("an array", "[]", "is no JSON object"),
    ("a zero", json.dumps(facts(path="a\0b")), "holds a zero"),
    ("an octet zero", json.dumps(facts()) + "\0", "holds a zero"),
    ("another form", facts(raw=2), '"raw" is not 1'),
    ("no form", facts(raw=None), '"raw" is missing'),
    ("no kind", facts(kind=None), '"kind" is missing'),
    ("an unknown kind", facts(kind="door"), '"kind" is not known'),
    ("no encoding", facts(encoding=None), '"encoding" is missing'),
    ("an unknown encoding", facts(encoding="utf-8"), '"encoding" is not "utf-16"'),
    ("no path", facts(path=None), '"path" is missing'),
    ("a path that is no text", facts(path=1), '"path" is no text'),
    ("half an octet", facts(path_hex="616"), '"path_hex" is not pairs'),
    ("a path of no units", facts(encoding="utf-16", path_hex="61"), "UTF-16 path of 1"),
    ("..", facts(path="a/../b"), "path has a component"),
    ("an absolute path", facts(path="/a"), "path has a component"),
    ("an empty path", facts(path=""), "empty path with kind 1"),
    ("a long path", facts(path="a" * 65536), "path of 65536 octets"),
    ("an unknown member", facts(door=1), '"door" is not known'),
    ("a member twice", json.dumps(facts())[:-1] + ', "size": 7}', '"size" stands twice'),
    ("a size that is rounded", '{"raw": 1, "kind": "file", "encoding": "octets", "path": "a", "size": 9007199254740994}', '"size" is no number below 2^64'),
    ("a size below 0", facts(size=-1), '"size" is no number'),
    ("half a size", facts(size=1.5), '"size" is no number'),
    ("a size in words", facts(size="7 octets"), '"size" is no number'),
    ("a size of 2^63", facts(size=str(1 << 63)), "is not less than 2^63"),
    ("a size of 2^64", facts(size=str(1 << 64)), '"size" is no number'),
    ("a size of no file", facts(kind="fifo"), "size 7 with kind 4"),
    ("a target of no link", facts(target=1), "target 1 with kind 1"),
    ("outside and no link", facts(outside=True), "outside with kind 1"),
    ("attributes of 33 bits", facts(attributes=1 << 32), '"attributes" is no number below 2^32'),
    ("a bit in words", facts(case_sensitive="yes"), '"case_sensitive" is neither'),
    ("a short name too long", facts(short_name="ABCDEFGH.XYZ1"), "short name of 26"),
    ("a time without ns", facts(birth={"s": 1}), '"birth" is no {'),
    ("10^9 ns", facts(birth={"s": 1, "ns": 1000000000}), '"birth" is no {'),
    ("a time too late", facts(changed={"s": str(1 << 63), "ns": 0}), '"changed" is no {'),
    ("a file id alone", facts(file_id="00" * 16), '"file_system" and those'),
    ("a file id too short", facts(file_system=1, file_id="00"), '"file_id" is not 32'),
    ("a mode alone", facts(mode=420), '"mode" and those'),
    ("a major alone", facts(major=1), '"major" and those'),
    ("xattrs in no order", facts(xattrs=[{"name": "b", "value_hex": ""}, {"name": "a", "value_hex": ""}]), '"xattrs" does not ascend'),
    ("an xattr twice", facts(xattrs=[{"name": "a", "value_hex": ""}] * 2), '"xattrs" does not ascend'),
    ("an xattr without a name", facts(xattrs=[{"name": "", "value_hex": ""}]), "name"),
    ("an xattr without a value", facts(xattrs=[{"name": "a"}]), '"xattrs" holds what is no'),
    ("an xattr too large", facts(xattrs=[{"name": "a", "value_hex": "00" * 131072}]), "is too long"),
    ("a link to itself", link(target=2), "its target 2 is not lower"),
    ("a link to what is not there", link(target=0), "target 0 with kind 8"),
    ("a link to what comes", link(target=3), "its target 3 is not lower"),
    ("a link with a size of its own", link(size=7, target=4), "its target 4 is not lower"),
]

failures = []


def write(folder, number, about, octets):
    base = os.path.join(folder, "%08d" % number)
    if octets is not None:
        with open(base + ".bkr", "wb") as out:
            out.write(octets)
    if about is not None:
        with open(base + ".json", "w", encoding="utf-8") as out:
            out.write(about if isinstance(about, str) else json.dumps(about))


def succeeds(what, verb, *words):
    done = subprocess.run([REEL, verb, *words], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        failures.append("%s: %s: exit %d: %s" % (
            what, verb, done.returncode, done.stderr))


def refused(what, prepare, names, said):
    """`prepare` fills a folder; `names` are refused, `said` is told."""
    with tempfile.TemporaryDirectory() as work:
        given, out = os.path.join(work, "in"), os.path.join(work, "out")
        tape = os.path.join(work, "t.tap")
        os.mkdir(given)
        os.mkdir(out)
        write(given, 1, facts(path="good", links=2), GOOD)
        write(given, 3, facts(path="last"), GOOD)
        prepare(given)
        wrote = subprocess.run([REEL, "write", "-q", "-f", tape, "--raw", given],
                               capture_output=True, text=True, check=False)
        told = wrote.stderr
        if wrote.returncode != 3:
            failures.append("%s: exit %d: %s" % (what, wrote.returncode, told))
        for name in names:
            if name + ":" not in told:
                failures.append("%s: %s is not named: %s" % (what, name, told))
        if said not in told:
            failures.append("%s: not told: %s: %s" % (what, said, told))
        succeeds(what, "verify", "-q", "-f", tape)
        succeeds(what, "restore", "-q", "-f", tape, "--raw", out)
        paths = sorted(load(out, int(name[:8]))[0]["path"]
                       for name in os.listdir(out) if name.endswith(".json"))
        if paths != ["good", "last"]:
            failures.append("%s: on tape are %s" % (what, paths))


for what, octets, said in STREAMS:
    refused(what, lambda d: write(d, 2, facts(), octets), ["00000002.bkr"], said)
for what, octets, name, said in LINKS:
    refused(what, lambda d: write(d, 2, link(), octets), [name], said)
for what, about, said in FACTS:
    body = GOOD
    if isinstance(about, dict) and about.get("kind") == "link":
        body = stream(5, b"good")
    refused(what, lambda d: write(d, 2, about, body), ["00000002.json"], said)
refused("no facts", lambda d: write(d, 2, None, GOOD), ["00000002.json"],
        "is missing")


def to_directory(folder):
    write(folder, 2, facts(path="dir", kind="directory", size=None), b"")
    write(folder, 4, link(target=2), stream(5, b"dir"))


def to_refused(folder):
    write(folder, 2, facts(path="bad"), b"x")
    write(folder, 4, link(target=2), stream(5, b"bad"))


def third_name(folder):
    write(folder, 2, link(path="goon"), stream(5, b"good"))
    write(folder, 4, link(path="third"), stream(5, b"good"))
    write(folder, 5, facts(path="x", kind="door"), b"")


def symlinks(folder):
    os.symlink("00000001.bkr", os.path.join(folder, "00000002.bkr"))
    write(folder, 2, facts(), None)


def fifo(folder):
    os.mkfifo(os.path.join(folder, "00000002.json"))


refused("a link to what was refused", to_refused,
        ["00000002.bkr", "00000004.json"], "its target 2 is not there")
refused("a symbolic link for streams", symlinks, ["00000002.bkr"],
        "cannot be opened")
refused("a FIFO for facts", fifo, ["00000002.json"], "is no regular file")


def refused_links(what, prepare, name, said):
    """As refused(), where more than two objects are good."""
    before = len(failures)
    refused(what, prepare, [name], said)
    kept = [f for f in failures[before:] if "on tape are" not in f]
    failures[before:] = kept


refused_links("a link to a directory", to_directory, "00000004.json",
              "its target 2 is a directory")
refused_links("more names than links", third_name, "00000004.json",
              "its target 1 says that it has 2 names")


def taken(what, octets, size):
    """Looks odd and is legal: on tape as it came, with the size of its content
    (O-22) where the facts say 7."""
    with tempfile.TemporaryDirectory() as work:
        given, out = os.path.join(work, "in"), os.path.join(work, "out")
        tape = os.path.join(work, "t.tap")
        os.mkdir(given)
        os.mkdir(out)
        write(given, 1, facts(), octets)
        succeeds(what, "write", "-q", "-f", tape, "--raw", given)
        succeeds(what, "verify", "-q", "-f", tape)
        succeeds(what, "restore", "-q", "-f", tape, "--raw", out)
        back, streams = load(out, 1)
        if (int(back.get("size", 0)), streams) != (size, octets):
            failures.append("%s: came back as %s" % (what, back))


taken("overlap without content",
      stream(2) + block(5) + block(5, b"abc") + block(6, b"a"), 0)
taken("a size that is another", stream(1, b"some content"), 12)

for failure in failures:
    print("FAILED:", failure)
print("%d inputs" % (len(STREAMS) + len(LINKS) + len(FACTS) + 8))
sys.exit(1 if failures else 0)
