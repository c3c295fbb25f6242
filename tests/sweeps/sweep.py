#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole verbs while the n-th call of the file system fails.

usage: sweep.py FAILING [VERB...]

FAILING is the library of failing.c. Each verb runs with each of KINDS, errors
and half-done reads and writes, at its n-th call, for all n with REEL_SOAK, else
for a sample. No run may crash; success must be what it says; whatever stands
under a name must be right, with its facts where no note tells of them.
"""

import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ["REEL_SOURCE_DIR"])
sys.path += [str(SOURCE / "tests"), str(SOURCE / "spec")]
sys.dont_write_bytecode = True

from reader import crc32c  # noqa: E402
import salvage_check  # noqa: E402

REEL = os.environ["REEL_PROGRAM"]
SOAK = bool(os.environ.get("REEL_SOAK"))
SAMPLE = 5  # points for each kind of failure
KINDS = ("EIO", "ENOSPC", "EINTR", "short", "EACCES", "EMFILE")
# Codes of what goes well, where that is not 0: something is lost.
WELL = {"salvage": 2, "extract damaged": 1, "extract refused": 2,
        "extract full": 3}
CODES = {0, 1, 2, 3, 4, 5, 6, 130}
failures = []


def fail(what):
    failures.append(what)
    print(f"FAILED: {what}", flush=True)


def reel(*words, **options):
    command = [REEL, *map(str, words)]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=100, check=False, **options)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, b"", b"it hangs")


def content(root):
    """Regular files below `root` by name."""
    return {str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not path.is_symlink()}


def shape(root):
    """All names below `root`, with kind and target."""
    return {str(path.relative_to(root)):
            (path.lstat().st_mode, path.is_symlink() and os.readlink(path))
            for path in sorted(root.rglob("*"))}


def facts(path):
    """Owner, mode, time and attributes."""
    st = path.lstat()
    return (st.st_uid, st.st_gid, st.st_mode, st.st_mtime_ns,
            {name: os.getxattr(path, name, follow_symlinks=False)
             for name in os.listxattr(path, follow_symlinks=False)
             if name.startswith("user.")})


def with_feature(octets, at):
    """An image in which the block around `at` asks for what no edition has."""
    start = octets.rindex(b"\x8aREEL\r\n\x1a", 0, at)
    size, = struct.unpack_from("<I", octets, start - 4)
    block = bytearray(octets[start:start + size])
    struct.pack_into("<I", block, 16, 1 << 31)
    struct.pack_into("<I", block, 8, crc32c(block[12:]))
    return octets[:start] + block + octets[start + size:]


class Sweep:
    def __init__(self, base):
        self.base = base
        self.tree = base / "tree"
        (self.tree / "d").mkdir(parents=True)
        (self.tree / "file").write_bytes(os.urandom(700000))
        os.link(self.tree / "file", self.tree / "d" / "link")
        (self.tree / "symlink").symlink_to("file")
        os.mkfifo(self.tree / "fifo")
        (self.tree / "d" / "small").write_text("small\n")
        (self.tree / "empty").touch()
        (self.tree / "file").chmod(0o640)
        (self.tree / "d" / "small").chmod(0o604)
        (self.tree / "d").chmod(0o711)
        try:
            os.setxattr(self.tree / "file", "user.note", b"kept")
        except OSError:
            print("no attributes here: SKIPPED")
        for second, path in enumerate(sorted(self.tree.rglob("*"))):
            os.utime(path, ns=(0, 10**18 + second * 10**9 + 7),
                     follow_symlinks=False)
        self.image = base / "image.tap"
        self.new = base / "new.tap"
        self.out = base / "out"
        self.kept = base / "kept"
        self.broken = base / "broken.tap"
        self.parts = base / "parts.tap"
        self.refused = base / "refused.tap"
        for words in (["write", "-f", "image.tap", "tree"],
                      ["restore", "-f", "image.tap", "--raw", "raw.right"],
                      ["catalog", "rebuild", "-f", "image.tap", "--catalog",
                       "kept.right"]):
            if "--raw" in words:
                (base / "raw.right").mkdir()
            done = reel(*words, cwd=base)
            assert done.returncode == 0, done.stderr
        # Small segments; one cut behind a checkpoint, one damaged in the file.
        done = reel("write", "--block-size", "16K", "--segment-size", "256K",
                    "--checkpoint-every", "256K", "-f", self.parts, "tree",
                    cwd=base)
        assert done.returncode == 0, done.stderr
        octets = bytearray(self.parts.read_bytes())
        at = octets.find((self.tree / "file").read_bytes()[400000:400032])
        assert at > 0
        self.broken.write_bytes(octets[:at])
        self.refused.write_bytes(with_feature(octets, at))
        octets[at] ^= 1
        self.parts.write_bytes(octets)
        self.right_list = reel("list", "-l", "-f", self.image).stdout
        self.right_raw = content(base / "raw.right")
        self.right_tree = content(self.tree)
        self.right_shape = shape(self.tree)
        self.right_facts = {str(path.relative_to(self.tree)): facts(path)
                            for path in self.tree.rglob("*")}

    # What exit code 0 promises, by verb: None, or what is wrong.

    def restored(self, done):
        if shape(self.out / "tree") != self.right_shape:
            return "the tree has another shape"
        return self.nothing_wrong(done)

    def written(self, _):
        other = self.base / "other"
        other.mkdir()
        done = reel("restore", "-f", self.new, "-C", other)
        same = shape(other / "tree") == self.right_shape and \
            content(other / "tree") == self.right_tree
        shutil.rmtree(other)
        return None if done.returncode == 0 and same else \
            f"what was written is not restored: {done.stderr[-300:]}"

    def listed(self, done):
        return None if done.stdout == self.right_list else "another list"

    def proven(self, done):
        return None if done.stdout.startswith(b"PROVEN") else "not proven"

    def printed(self, done):
        return None if done.stdout == self.right_tree["file"] else "cut"

    def agreed(self, done):
        return None if b": 0 differences" in done.stdout else "differs"

    def raw(self, _):
        return None if content(self.out) == self.right_raw else "differs"

    def damage_told(self, done):
        """All that is left, and that something is lost."""
        partial = self.out / "tree" / "d" / "link.reel-partial"
        if not partial.exists():
            return "there is no partial file"
        left = salvage_check.check(self.base / "lost.json", self.out,
                                   self.base)
        if left < 300000:
            return "the partial file is not what is left"
        return self.salvage_not_wrong(done)

    def given_out(self, done):
        if done.returncode not in (0, 1) or json.loads(
                done.stdout)["exit"] != done.returncode:
            return "the JSON tells another exit code"
        return self.streams_not_wrong(done)

    def kept_right(self, _):
        return None if self.kept.read_bytes() == \
            (self.base / "kept.right").read_bytes() else "another catalog"

    # What must hold whatever happened.

    def facts_wrong(self, done):
        """Whatever has its name has its facts, or a word about it; directories
        get theirs in the end, and are newer with a partial file in them."""
        ended = done.returncode in (0, 2, 3)
        told = {(self.tree / name).lstat().st_ino for name in
                re.findall(r"^reel: tree/(.*?): ", done.stderr.decode(), re.M)}
        for path in (self.out / "tree").rglob("*"):
            name = str(path.relative_to(self.out / "tree"))
            if ".reel-" in name or path.is_dir() and (
                    not ended or any(path.glob("*.reel-*"))) or \
                    (self.tree / name).lstat().st_ino in told:
                continue
            if facts(path) != self.right_facts[name]:
                return f"{name}: {facts(path)}, not {self.right_facts[name]}"
        return None

    def nothing_wrong(self, done):
        for name, octets in content(self.out).items():
            if ".reel-" in name:
                continue  # told, where it cannot be removed
            wanted = self.right_tree.get(name.removeprefix("tree/"))
            if octets != wanted:
                return f"{name} is wrong under its name"
        return self.facts_wrong(done)

    def salvage_not_wrong(self, done):
        """And a partial file has what is said of it."""
        report = self.base / "lost.json"
        try:
            left = salvage_check.check(report, self.out, self.base) \
                if report.exists() else 0
        except salvage_check.Wrong as wrong:
            return str(wrong)
        said = re.findall(rb": (\d+) octets are good, in ", done.stdout)
        if said and sum(map(int, said)) != left:
            return f"{left} octets are good, not {said}"
        return self.nothing_wrong(done)

    def streams_not_wrong(self, done):
        """What is told of a stream is what was given out of it."""
        if done.returncode not in (0, 1):
            return None
        for item in json.loads(done.stdout)["objects"]:
            for stream in item["streams"]:
                path = self.out / (f"{item['archive']}.{item['object']}."
                                   f"{stream['ordinal']}")
                octets = path.read_bytes() if path.exists() else b""
                if hashlib.sha256(octets).hexdigest() != stream["sha256"]:
                    return f"{path.name} is not what is told of it"
        return None

    def nothing_given_out(self, done):
        """Of what is refused; where some of it stays, that is told."""
        return None if done.returncode != 2 or not content(self.out) else \
            "something of it stays"

    def refused_to(self, done):
        return None if b"is not empty" in done.stderr else "another reason"

    def nothing_added(self, _):
        return None if content(self.out) == {"mine": b"mine"} else \
            "something was put beside what is there"

    def goes_on(self, done):
        """It is whole, or can be resumed again and is then; or it finished
        without what it named."""
        reel("write", "--resume", "--last-volume", "-f", self.new,
             cwd=self.base)
        if done.returncode != 3:
            return self.written(None)
        back = reel("restore", "-f", self.new, "-C", self.out)
        back.stderr += done.stderr  # what was not archived was told there
        return self.nothing_wrong(back)

    def raw_not_wrong(self, _):
        for name, octets in content(self.out).items():
            if ".reel-" not in name and octets != self.right_raw.get(name):
                return f"{name} is wrong under its name"
        return None

    def kept_not_wrong(self, done):
        if any(self.base.glob("kept.tmp-*")) and not done.stderr:
            return "what was begun stays without a word"
        return self.kept_right(None) if self.kept.exists() else None

    def first_stays(self, _):
        """The archive that was there before another was appended."""
        other = self.base / "other"
        other.mkdir()
        reel("restore", "-f", self.new, "--archive", "1", "-C", other)
        same = content(other / "tree") == self.right_tree
        shutil.rmtree(other)
        return None if same else "the archive before it is lost"

    def anything(self, _):
        return None

    def scenarios(self):
        image, new, out, kept = self.image, self.new, self.out, self.kept
        return {
            "write": (["write", "-f", new, "tree"], self.written,
                      self.anything),
            "append": (["write", "-f", new, "tree"], self.written,
                       self.first_stays),
            "resume": (["write", "--resume", "-f", new], self.written,
                       self.goes_on),
            "list": (["list", "-l", "-f", image], self.listed, self.anything),
            "verify": (["verify", "-f", image], self.proven, self.anything),
            "cat": (["cat", "-f", image, "tree/file"], self.printed,
                    self.anything),
            "restore": (["restore", "-f", image, "-C", out], self.restored,
                        self.nothing_wrong),
            "replace": (["restore", "-f", image, "-C", out, "--existing",
                         "replace"], self.restored, self.nothing_wrong),
            "salvage": (["restore", "--salvage", "--report", "lost.json", "-f",
                         self.parts, "-C", out], self.damage_told,
                        self.salvage_not_wrong),
            "extract": (["extract", image, out], self.given_out,
                        self.streams_not_wrong),
            "extract damaged": (["extract", self.parts, out], self.given_out,
                                self.streams_not_wrong),
            "extract refused": (["extract", self.refused, out],
                                self.nothing_given_out,
                                self.nothing_given_out),
            "extract full": (["extract", self.image, out], self.refused_to,
                             self.nothing_added),
            "raw": (["restore", "-f", image, "--raw", out], self.raw,
                    self.raw_not_wrong),
            "compare": (["compare", "-f", image, "-C", "."], self.agreed,
                        self.anything),
            "catalog": (["catalog", "rebuild", "-f", image, "--catalog", kept],
                        self.kept_right, self.kept_not_wrong),
        }

    def reset(self, name):
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        for path in (self.new, self.kept, self.base / "lost.json",
                     *self.base.glob("kept.tmp-*")):
            path.unlink(missing_ok=True)
        if name == "resume":
            shutil.copyfile(self.broken, self.new)
        if name == "append":
            shutil.copyfile(self.image, self.new)
        if name == "extract full":
            (self.out / "mine").write_text("mine")
        if name == "replace":
            shutil.copytree(self.tree, self.out / "tree", symlinks=True,
                            ignore=shutil.ignore_patterns("fifo"))

    def run(self, name, library, **with_what):
        words, *_ = self.scenarios()[name]
        self.reset(name)
        return reel(*words, cwd=self.base,
                    env={**os.environ, "LD_PRELOAD": library, **with_what})

    def sweep(self, name, library):
        _, success, always = self.scenarios()[name]
        well = WELL.get(name, 0)
        count = self.base / "count"
        done = self.run(name, library, FAILING_COUNT=str(count))
        assert done.returncode == well, (name, done.stderr)
        assert success(done) is None, (name, success(done))
        said = done.stderr
        calls = int(count.read_text())
        runs = 0
        for kind in KINDS:
            step = 1 if SOAK else max(1, calls // SAMPLE)
            first = 1 + KINDS.index(kind) * step // len(KINDS)
            for point in range(first, calls + 1, step):
                done = self.run(name, library, FAILING_AT=str(point),
                                FAILING_WITH=kind)
                about = f"{name}, {kind} at call {point} of {calls}"
                runs += 1
                if done.returncode not in CODES:
                    fail(f"{about}: exit {done.returncode}: "
                         f"{done.stderr[-300:]}")
                wrong = always(done)
                if done.returncode == 0 and well != 0:
                    wrong = "success that cannot be"
                elif wrong is None and done.returncode == well and \
                        (well == 0 or done.stderr == said):
                    wrong = success(done)
                if wrong:
                    fail(f"{about}: exit {done.returncode}: {wrong}: "
                         f"{done.stderr[-300:]}")
                if done.returncode not in (0, well) and not done.stderr:
                    fail(f"{about}: exit {done.returncode} without a word")
        print(f"{name}: {calls} calls, {runs} runs", flush=True)


def main():
    library, *wanted = sys.argv[1:]
    library = os.path.abspath(library)
    with tempfile.TemporaryDirectory(prefix="reel-sweep-") as base:
        os.environ["TMPDIR"] = base
        sweep = Sweep(Path(base))
        for name in sweep.scenarios():
            if not wanted or name in wanted:
                sweep.sweep(name, library)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
