#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Puts back under their names what a reader took from volumes of the Reel
tape archive format, edition 1.

    reader.py extract IMAGE... STORE >REPORT
    restore.py REPORT                   a line for each object
    restore.py REPORT STORE EMPTYDIR    files, directories, links by name

REPORT and STORE may come from any reader that obeys the contract: its JSON,
and its files with the octets of streams.  Of several archives each goes into a
directory of its own, named by its number.  Modes and times are put back if the
report has them ("mode" and "modified"); owners, xattrs, devices, FIFOs,
sockets and other streams are not.

The exit code is 0 if all is put back, 1 if something is not (it is named) or
the report tells of damage, 3 if a file cannot be read or is no such report.
Neither the report nor the streams are trusted: nothing outside of EMPTYDIR is
made or changed.  It needs Python 3.9 and a POSIX system.
"""

import contextlib
import hashlib
import itertools
import json
import os
import sys

FILE, DIRECTORY, SYMLINK, LINK = 1, 2, 3, 8
KIND_NAMES = ("unknown", "file", "directory", "symlink", "fifo", "socket",
              "character", "block", "link")
ID_DATA, ID_REPARSE, ID_SPARSE = 1, 8, 9
TAG_SYMLINK, REPARSE_MAX = bytes.fromhex("1d0000a0"), 12 + 65535    # 7.4
PIECE = 1 << 20

REPORT = {"exit": int, "objects": list, "diagnostics": list}
OBJECT = {"archive": int, "object": int, "kind": int, "encoding": int,
          "path": (str, type(None)), "status": str, "target": int,
          "outside": bool, "streams": list}
STREAM = {"ordinal": int, "id": int, "size": int, "name": str,
          "ranges": list, "sha256": str}


class Wrong(Exception):
    """The program was called wrongly, or with something else than a report."""


class Left(Exception):
    """An object is not put back, or not whole."""


# ---- The report -----------------------------------------------------------

def expect(item, fields):
    if not isinstance(item, dict):
        raise Wrong("there is something else where an object should be")
    for name, kind in fields.items():
        if name not in item or not isinstance(item[name], kind):
            raise Wrong('"%s" is missing or wrong' % name)


def is_pair(item):
    return (isinstance(item, list) and len(item) == 2
            and all(isinstance(one, int) for one in item))


def judge_report(report):
    """Is it as the contract has it?  Paths become octets."""
    expect(report, {"contract": int})
    if report["contract"] != 1:
        raise Wrong("it is not of contract 1")
    expect(report, REPORT)
    for one in report["diagnostics"]:
        expect(one, {"text": str})
    for one in report["objects"]:
        expect(one, OBJECT)
        if one["path"] is not None:
            one["path"] = bytes.fromhex(one["path"])
        if one.get("mode") is not None:
            expect(one, {"mode": int})
        if one.get("modified") is not None and not is_pair(one["modified"]):
            raise Wrong('"modified" is wrong')
        for stream in one["streams"]:
            expect(stream, STREAM)
            last = 0
            for pair in stream["ranges"]:
                if not is_pair(pair) or not last <= pair[0] < pair[1]:
                    raise Wrong('"ranges" are wrong')
                last = pair[1]


def read_report(path):
    with open(path, "rb") as file:
        octets = file.read()
    try:
        report = json.loads(octets)
        judge_report(report)
    except (Wrong, ValueError, RecursionError) as error:
        raise Wrong("%s is not a report of the contract: %s"
                    % (path, error)) from None
    return report


# ---- Names (chapter 8) ----------------------------------------------------

def local_name(one):
    """The path of an object as octets; WTF-8 for encoding 2 (8.5)."""
    if one["encoding"] != 2:
        return one["path"]
    return one["path"].decode("utf-16-le", "surrogatepass").encode(
        "utf-8", "surrogatepass")


def components(one):
    try:
        name = local_name(one)
    except ValueError:
        name = b"\0"
    parts = name.split(b"/") if name else []
    if {b"", b".", b".."} & set(parts) or b"\0" in name:
        raise Left("has a name that cannot be made (N-7)")
    if not parts and one["kind"] != DIRECTORY:
        raise Left("has no name, and is no directory (N-4)")
    return parts


def printable(text):                                            # Z-1
    """All that could command a terminal as numbers."""
    return "".join(c if c.isprintable() and c != "\\" else
                   "\\u{%x}" % ord(c) for c in text)


def shown(one):
    if one["path"] is None:
        return "?"
    try:
        name = local_name(one)
    except ValueError:
        name = one["path"]
    return printable(name.decode("utf-8", "surrogateescape")) or "."


def kind_name(one):
    kind = one["kind"]
    return KIND_NAMES[kind if kind in range(len(KIND_NAMES)) else 0]


def complain(text):
    print("restore.py:", text, file=sys.stderr)


def name_object(one, text):
    """V-8, S-14, N-7: name what could not be put back."""
    complain("%d.%d %s: %s" % (one["archive"], one["object"], shown(one),
                               printable(text)))


# ---- Putting back ---------------------------------------------------------

def is_whole(one):
    """Nothing of it is missing; it may have changed while it was read (8.1)."""
    return one["status"] in ("complete", "flawed") and not one["bad"]


class Restore:
    """Puts objects under their names, into a directory that was empty.  Each
    directory on the way is opened from the one above, no link is followed
    (N-5), and nothing that is there is replaced (N-8)."""

    def __init__(self, top, store, objects):
        self.top, self.store, self.whole = top, store, True
        self.several = len({one["archive"] for one in objects}) > 1
        self.made, directories = {}, []         # made: (archive, object)
        last = {(one["archive"], one["path"]): at       # 8.1
                for at, one in enumerate(objects)
                if is_whole(one)}
        for at, one in enumerate(objects):
            if at < last.get((one["archive"], one["path"]), 0):
                name_object(one, "left out: a later object has its name")
                continue
            with self.naming(one):
                parts = self.place(one)
                self.put(one, parts)
                if one["kind"] == DIRECTORY:
                    directories.append((parts, one))
        for parts, one in reversed(directories):
            with self.naming(one), self.directory(parts) as handle:
                put_facts(handle, one)

    def left(self, one, text):
        self.whole = False
        name_object(one, text)

    @contextlib.contextmanager
    def naming(self, one):
        """What is not put back is named, and the rest goes on."""
        try:
            yield
        except (Left, ValueError, OverflowError) as error:
            self.left(one, str(error))
        except OSError as error:
            self.left(one, error.strerror or "cannot be made")

    def place(self, one):
        """The names on the way to an object that can be put back."""
        if one["path"] is None or one["status"] == "lost":
            raise Left("is " + one["status"])
        if one["kind"] not in (FILE, DIRECTORY) and (
                one["kind"] not in (SYMLINK, LINK)
                or not is_whole(one)):
            raise Left("a %s that is %s is not put back"
                       % (kind_name(one), one["status"]))
        return [b"%d" % one["archive"]] * self.several + components(one)

    def put(self, one, parts):
        put = {FILE: self.file, SYMLINK: self.symlink, LINK: self.link,
               DIRECTORY: self.nothing_more}[one["kind"]]
        with self.directory(
                parts if one["kind"] == DIRECTORY else parts[:-1]) as above:
            used = put(one, parts, above)
        if is_whole(one):
            self.made[one["archive"], one["object"]] = parts
        if one["status"] != "complete":
            self.left(one, "is " + one["status"])
        streams = [str(stream["ordinal"]) for stream in one["streams"]
                   if stream not in used]
        if streams:
            self.left(one, "streams not put back: " + " ".join(streams))

    @contextlib.contextmanager
    def directory(self, parts):
        """A directory, open; it is made where it is not there."""
        flags = os.O_RDONLY | os.O_DIRECTORY
        at = os.open(self.top, flags)
        try:
            for part in parts:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=at)
                above, at = at, os.open(part, flags | os.O_NOFOLLOW,
                                        dir_fd=at)
                os.close(above)
            yield at
        finally:
            os.close(at)

    def nothing_more(self, one, parts, above):
        return []

    def file(self, one, parts, above):
        """The content of the first group with a DATA without a name (7.3);
        of what is not complete what there is, as NAME.partial (V-9)."""
        name = parts[-1] + (b"" if is_whole(one) else b".partial")
        group = list(itertools.dropwhile(
            lambda stream: stream["id"] != ID_DATA or stream["name"],
            one["streams"]))
        group[1:] = itertools.takewhile(
            lambda stream: stream["id"] == ID_SPARSE, group[1:])
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666,
                         dir_fd=above)
        try:
            with open(handle, "wb") as out:
                used = [stream for stream in group
                        if self.copy(one, stream, out)]
                out.flush()
                put_facts(handle, one)
        except BaseException:
            os.unlink(name, dir_fd=above)
            raise
        return used

    def copy(self, one, stream, out):
        """The octets of a stream to their place in the content, if known."""
        base, ranges = 0, stream["ranges"]
        if stream["id"] == ID_SPARSE and (
                not ranges or ranges[0][0] or ranges[0][1] < 8):
            return False
        for begin, octets in self.octets(one, stream):
            if stream["id"] == ID_SPARSE and begin == 0:
                base = int.from_bytes(octets[:8], "little") - 8
                begin, octets = 8, octets[8:]
            out.seek(base + begin)
            out.write(octets)
        out.truncate()
        return True

    def octets(self, one, stream):
        """What was given out of a stream, and where in it that stands."""
        wrong = Left("stream %d is not what the report says"
                     % stream["ordinal"])
        ranges, sha = stream["ranges"], hashlib.sha256()
        if is_whole(one) and stream["size"] and ranges != [[0, stream["size"]]]:
            raise wrong
        path = "%d.%d.%d" % (one["archive"], one["object"], stream["ordinal"])
        with open(os.path.join(self.store, path) if ranges else os.devnull,
                  "rb") as body:
            for begin, end in ranges:
                while begin < end:
                    part = body.read(min(end - begin, PIECE))
                    if not part:
                        raise wrong
                    sha.update(part)
                    yield begin, part
                    begin += len(part)
            if body.read(1) or sha.hexdigest() != stream["sha256"]:
                raise wrong

    def symlink(self, one, parts, above):
        for stream in one["streams"]:
            if stream["id"] == ID_REPARSE and stream["size"] <= REPARSE_MAX:
                body = b"".join(octets for _, octets
                                in self.octets(one, stream))
                if body[:4] == TAG_SYMLINK:
                    os.symlink(body[12:], parts[-1], dir_fd=above)
                    return [stream]
        raise Left("its reparse point is not put back")

    def link(self, one, parts, above):                      # K-6 ... K-9
        target = self.made.get((one["archive"], one["target"]))
        if one["outside"]:
            raise Left("is outside of the archive (K-9)")
        if not target:
            raise Left("object %d, its target, is not there (V-10)"
                       % one["target"])
        if target != parts:
            with self.directory(target[:-1]) as old:
                os.link(target[-1], parts[-1], src_dir_fd=old,
                        dst_dir_fd=above, follow_symlinks=False)
        return one["streams"]


def put_facts(target, one):
    """Mode, but no set-id bits (Z-2), and time of what is open."""
    if one.get("mode") is not None:
        os.chmod(target, one["mode"] & 0o777)
    if one.get("modified") is not None:
        when = one["modified"][0] * 1000000000 + one["modified"][1]
        os.utime(target, ns=(when, when))


def main(arguments):
    if len(arguments) not in (1, 3):
        raise Wrong("usage: restore.py REPORT [STORE EMPTYDIR]")
    report = read_report(arguments[0])
    if len(arguments) == 1:
        for one in report["objects"]:
            print(one["archive"], one["object"], kind_name(one),
                  printable("%s %s" % (one["status"], one.get("size", "-"))),
                  shown(one))
        return 0
    store, top = arguments[1:]
    if os.listdir(top):
        raise Wrong(top + " is not empty")
    os.listdir(store)
    for one in report["diagnostics"]:
        complain(printable(one["text"]))
    whole = Restore(top, store, report["objects"]).whole
    return 0 if whole and report["exit"] == 0 else 1


if __name__ == "__main__":
    for out in sys.stdout, sys.stderr:
        out.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.exit(main(sys.argv[1:]))
    except (Wrong, OSError, MemoryError) as wrong:
        complain(wrong)
        sys.exit(3)
