#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`spec/restore.py` on reports and streams of any reader, also such as wish it
ill: restore_report.py RESTORE"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

FILE, DIRECTORY, SYMLINK, FIFO, LINK = 1, 2, 3, 4, 8
ID_DATA, ID_ALTERNATE, ID_LINK, ID_REPARSE, ID_SPARSE = 1, 4, 5, 8, 9
TAG = bytes.fromhex("1d0000a0")
checks = 0


def check(holds, text):
    global checks
    checks += 1
    if not holds:
        sys.exit("restore_report: " + text)


class Case:
    """A report and a store, and what becomes of them."""

    def __init__(self, top):
        self.top, self.objects, self.exit = top, [], 0
        self.store, self.out = top + "/store", top + "/in/out"
        shutil.rmtree(top, ignore_errors=True)
        os.makedirs(self.out)
        os.mkdir(self.store)
        with open(top + "/in/bystander", "w", encoding="ascii") as file:
            file.write("untouched")
        self.report = {"contract": 1, "exit": 0, "archives": [],
                       "objects": self.objects, "diagnostics": []}

    def add(self, kind, path, *streams, archive=1, **facts):
        """An object; of streams: id, octets, and from where they are given."""
        path = path.encode() if isinstance(path, str) else path
        number = len(self.objects) + 1
        one = {"archive": archive, "object": number, "kind": kind,
               "encoding": 1, "bad": [],
               "path": None if path is None else path.hex(),
               "status": "complete", "target": 0, "outside": False,
               "streams": [], **facts}
        for ordinal, (ident, octets, *begin) in enumerate(streams):
            begin = begin[0] if begin else 0
            end = begin + len(octets)
            one["streams"].append({
                "ordinal": ordinal, "id": ident, "attributes": 0, "size": end,
                "name": "", "ranges": [[begin, end]] if octets else [],
                "sha256": hashlib.sha256(octets).hexdigest()})
            if octets:
                self.write("%d.%d.%d" % (archive, number, ordinal), octets)
        self.objects.append(one)
        return one

    def write(self, name, octets):
        with open(os.path.join(self.store, name), "wb") as file:
            file.write(octets)

    def run(self, code, *says, report=None, words=None):
        """The exit code, and what stands on standard error."""
        with open(self.top + "/report", "wb") as file:
            file.write(json.dumps(self.report).encode()
                       if report is None else report)
        before = self.around()
        if words is None:
            words = [self.top + "/report", self.store, self.out]
        done = subprocess.run(
            [sys.executable, "-B", sys.argv[1]] + words, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        stderr = done.stderr.decode()
        check(done.returncode == code, "exit %d, not %d: %s"
              % (done.returncode, code, stderr))
        for text in says:
            check(text in stderr, "does not say %r: %s" % (text, stderr))
        check(stderr.count("\n") == len(stderr.splitlines())
              and "Traceback" not in stderr, "says " + stderr)
        check(before == self.around(), "changes what is around")
        self.stdout, self.stderr = done.stdout.decode(), stderr

    def around(self):
        """All but the directory that is restored into."""
        found = {}
        for folder, names, files in os.walk(self.top):
            if folder == self.top + "/in":
                names.remove("out")
            for name in names + files:
                path = os.path.join(folder, name)
                found[path] = os.lstat(path)[:7]        # and not its times
        return found

    def path(self, name):
        return os.path.join(os.fsencode(self.out), os.fsencode(name))

    def has(self, name, octets):
        with open(self.path(name), "rb") as file:
            check(file.read() == octets, "%s is another" % name)

    def lacks(self, *names):
        for name in names:
            check(not os.path.lexists(self.path(name)), "there is %s" % name)


def whole(top):
    case = Case(top)
    case.add(DIRECTORY, "", mode=0o755, modified=[5, 6])
    case.add(DIRECTORY, "d", mode=0o2555, modified=[7, 8])
    case.add(FILE, "d/f", (ID_DATA, b"text"), mode=0o6751, modified=[1, 2],
             size=4)
    case.add(LINK, "d/g", (ID_LINK, b"d/f"), target=3)
    case.add(SYMLINK, "d/s", (ID_REPARSE, TAG + bytes(8) + b"../no"))
    case.add(FILE, "none")
    case.add(FILE, "holes", (ID_DATA, b"ab"),
             (ID_SPARSE, (5).to_bytes(8, "little") + b"cd"),
             (ID_SPARSE, (9).to_bytes(8, "little")))
    case.add(FILE, "\ud800/x\U0001f600".encode("utf-16-le", "surrogatepass"),
             encoding=2)
    case.run(0)
    check(not case.stderr, "speaks of what is well")
    case.has("d/f", b"text")
    case.has("none", b"")
    case.has("holes", b"ab\0\0\0cd\0\0")
    case.has(b"\xed\xa0\x80/x\xf0\x9f\x98\x80", b"")
    check(os.readlink(case.path("d/s")) == b"../no", "another target")
    facts = os.stat(case.path("d/f"))
    check(facts.st_nlink == 2 and facts.st_ino == os.stat(
        case.path("d/g")).st_ino, "is no hard link")
    check(facts.st_mode & 0o7777 == 0o751, "another mode (Z-2)")
    check(facts.st_mtime_ns == 1000000002, "another time")
    facts = os.stat(case.path("d"))
    check(facts.st_mode & 0o7777 == 0o555, "another mode of a directory")
    check(facts.st_mtime_ns == 7000000008, "another time of a directory")
    case.run(0, words=[case.top + "/report"])
    check("1 3 file complete 4 d/f\n" in case.stdout, "lists " + case.stdout)


def not_whole(top):
    case = Case(top)
    case.add(FILE, "f", (ID_DATA, b"text"), status="flawed")
    case.add(FILE, "p", (ID_DATA, b"end", 5), status="partial")
    case.add(LINK, "l", (ID_LINK, b"p"), target=2)
    case.add(LINK, "o", (ID_LINK, b"p"), target=1, outside=True)
    case.add(FILE, None, (ID_DATA, b"text"), status="partial")
    case.add(FILE, "lost", status="lost")
    case.add(FILE, "more", (ID_DATA, b"text"), (ID_ALTERNATE, b"ads"))
    case.add(FIFO, "fifo")
    case.add(77, "what")
    case.add(FILE, "b", (ID_DATA, b"text"), status="flawed", bad=[[0, 1, 2]])
    case.report["diagnostics"].append({"text": "a bad\x1b block"})
    case.run(1, "1.1 f: is flawed", "1.2 p: is partial", "1.3 l: object 2",
             "1.4 o: is outside", "1.5 ?: is partial", "1.6 lost: is lost",
             "1.7 more: streams not put back: 1", "1.8 fifo: a fifo",
             "1.9 what: a unknown", "1.10 b: is flawed",
             "a bad\\u{1b} block")
    case.has("f", b"text")
    case.has("b.partial", b"text")
    case.has("p.partial", b"\0\0\0\0\0end")
    case.has("more", b"text")
    case.lacks("b", "p", "l", "o", "lost", "fifo", "what")

    case = Case(top)                    # nothing to be seen is wrong here
    case.report["exit"] = 1
    case.add(FILE, "f", (ID_DATA, b"text"))
    case.run(1)

    case = Case(top)                    # the last complete one counts (8.1)
    case.add(FILE, "f", (ID_DATA, b"torn"), status="torn")
    case.add(FILE, "f", (ID_DATA, b"old"))
    case.add(FILE, "f", (ID_DATA, b"new"), status="flawed")
    case.add(FILE, "f", (ID_DATA, b"later"), status="partial")
    case.run(1, "1.1 f: left out", "1.2 f: left out", "1.3 f: is flawed",
             "1.4 f: is partial")
    case.has("f", b"new")
    case.has("f.partial", b"later")
    case.objects.pop()
    shutil.rmtree(case.out)
    os.mkdir(case.out)
    case.run(1, "1.1 f: left out", "1.3 f: is flawed")
    case.has("f", b"new")
    case.lacks("f.partial")

    case = Case(top)
    case.add(FILE, "f", (ID_DATA, b"one"))
    case.add(FILE, "f", (ID_DATA, b"two"), archive=2)
    case.run(0)
    case.has("1/f", b"one")
    case.has("2/f", b"two")

    case = Case(top)                    # two names that are one (N-8)
    case.add(FILE, "f", (ID_DATA, b"one"))
    case.add(FILE, b"f\0", (ID_DATA, b"two"), encoding=2)
    case.run(1, "1.2 f: File exists")
    case.has("f", b"one")


def hostile(top):
    case = Case(top)
    for path in ("../x", "a/../../x", "/x", "a//x", "./x", "a/", "a\0b", "..",
                 top + "/in/x"):
        case.add(FILE, path, (ID_DATA, b"text"))
        case.add(DIRECTORY, path)
    case.add(FILE, b"", (ID_DATA, b"text"))
    case.add(FILE, b"abc", encoding=2)
    case.add(FILE, "n" * 300, (ID_DATA, b"text"))
    case.run(1, "N-7", "N-4", "File name too long")
    check(os.listdir(case.out) == [], "something is made")
    check(case.stderr.count("\n") == len(case.objects), "one is not named")

    case = Case(top)
    case.add(SYMLINK, "a", (ID_REPARSE, TAG + bytes(8) + b".."))
    case.add(FILE, "a/x", (ID_DATA, b"text"))
    case.add(DIRECTORY, b"a\0", mode=0, encoding=2)
    case.add(DIRECTORY, "a/d")
    case.add(SYMLINK, "b", (ID_REPARSE, TAG + bytes(8) + b"../bystander"))
    case.add(FILE, b"b\0", (ID_DATA, b"text"), mode=0, encoding=2)
    case.add(LINK, "c", (ID_LINK, b"b"), target=5)
    case.add(LINK, "a/c", (ID_LINK, b"b"), target=5)
    case.run(1, "1.2 a/x: Not a directory", "1.3 a: Not a directory",
             "1.4 a/d: Not a directory", "1.6 b: File exists",
             "1.8 a/c: Not a directory")
    for name, kind in (("a", "l"), ("b", "l"), ("c", "l")):
        check(os.path.islink(case.path(name)), "%s is no link" % name)

    # What the streams are not.
    changes = [
        ("sha256", "0" * 64), ("ranges", [[0, 3]]), ("ranges", [[0, 5]]),
        ("ranges", [[0, 1 << 62]]), ("ranges", []), ("size", 5),
        ("ordinal", 1)]
    for key, value in changes:
        case = Case(top)
        one = case.add(FILE, "f", (ID_DATA, b"text"))
        one["streams"][0][key] = value
        case.add(FILE, "g", (ID_DATA, b"rest"))
        case.run(1, "1.1 f: ")
        case.has("g", b"rest")
        case.lacks("f")
    for end in 4, 5, 1 << 62:
        case = Case(top)
        one = case.add(FILE, "f", (ID_DATA, b"text"), status="partial")
        one["streams"][0]["ranges"] = [[0, end]]
        if end == 4:
            case.write("1.1.0", b"textx")
        case.run(1, "1.1 f: stream 0 is not what the report says")
        case.lacks("f", "f.partial")
    for begin in (1 << 63) - 1, (1 << 64) - 1:
        case = Case(top)
        case.add(FILE, "f", (ID_DATA, b""),
                 (ID_SPARSE, begin.to_bytes(8, "little") + b"octets"))
        case.run(1, "1.1 f: ")
        case.lacks("f")
    case = Case(top)
    case.add(FILE, "f", modified=[1 << 80, 0], mode=1 << 80)
    case.add(DIRECTORY, "d", modified=[1 << 80, 0])
    case.add(FILE, "g")
    case.run(1, "1.1 f: ", "1.2 d: ")
    case.has("g", b"")
    case.lacks("f")

    case = Case(top)
    case.add(FILE, "\x1b[2J\n\x9b", (ID_DATA, b"text"), status="partial")
    case.run(1, "1.1 \\u{1b}[2J\\u{a}\\u{9b}: is partial")
    case.run(0, words=[case.top + "/report"])
    check("\x1b" not in case.stdout and case.stdout.count("\n") == 1,
          "a name commands the terminal")


def wrong(top):
    case = Case(top)
    for report in b"", b"\xff", b"[]", b"{}", b"7", b"[" * 100000, \
            b'{"contract": 2}', b'{"contract": 1}', \
            b'{"contract": 1, "exit": 0, "objects": [7], "diagnostics": []}', \
            b'{"contract": 1, "exit": 0, "objects": [], "diagnostics": [{}]}':
        case.run(3, "is not a report of the contract", report=report)
    for key, value in (
            ("archive", "../.."), ("object", "1"), ("path", 7),
            ("path", "7"), ("path", "zz"), ("kind", None), ("status", 1),
            ("target", []), ("streams", {}), ("streams", [7]), ("mode", "7"),
            ("modified", 7), ("modified", [7]), ("encoding", None)):
        case = Case(top)
        one = case.add(FILE, "f", (ID_DATA, b"text"), mode=0, modified=None)
        one[key] = value
        case.run(3, "is not a report of the contract")
        case.lacks("f")
        del one[key]
        case.run(0 if key in ("mode", "modified") else 3)
    for key, value in (
            ("ordinal", "../x"), ("id", None), ("name", None), ("sha256", 1),
            ("ranges", 7), ("ranges", [7]), ("ranges", [[1]]),
            ("ranges", [["0", "1"]]), ("ranges", [[2, 1]]),
            ("ranges", [[-1, 1]]), ("ranges", [[0, 2], [1, 4]])):
        case = Case(top)
        one = case.add(FILE, "f", (ID_DATA, b"text"))
        one["streams"][0][key] = value
        case.run(3, "is not a report of the contract")
        case.lacks("f")
    case = Case(top)
    report = case.top + "/report"
    case.run(3, "usage", words=[])
    case.run(3, "usage", words=[report, case.store])
    case.run(3, "No such file", words=[case.top + "/no"])
    case.run(3, "No such file", words=[report, case.top + "/no", case.out])
    case.run(3, "No such file", words=[report, case.store, case.top + "/no"])
    case.run(3, "is not empty", words=[report, case.store, case.top])


def main():
    with tempfile.TemporaryDirectory(prefix="reel-restore-") as top:
        for part in whole, not_whole, hostile, wrong:
            part(top + "/case")
        os.chmod(top + "/case", 0o700)
    print("restore_report: %d checks" % checks)


if __name__ == "__main__":
    main()
