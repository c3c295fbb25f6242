# SPDX-License-Identifier: Apache-2.0
"""Volumes to try things on, and `reel dump --json`."""

import json
import os
import pathlib
import subprocess
import sys

REEL = os.environ["REEL_PROGRAM"]


def make_tree(top):
    """Something of each kind of record that a POSIX tree can lead to."""
    (top / "d" / "e").mkdir(parents=True)
    (top / "empty").touch()
    (top / "a").write_bytes(b"hello\n")
    os.link(top / "a", top / "b")
    os.symlink("../nowhere", top / "d" / "link")
    os.mkfifo(top / "d" / "fifo")
    (top / "zeros").write_bytes(bytes(300000))
    (top / "big").write_bytes(bytes(i * i // 7 % 251 for i in range(1500000)))
    (top / b"\xff\xfe".decode("utf-8", "surrogateescape")).write_bytes(b"x")
    with open(top / "sparse", "wb") as file:
        file.seek(1 << 20)
        file.write(b"end")
        file.truncate(3 << 20)
    for i in range(40):
        (top / "d" / f"{i:03}{'n' * 100}").write_bytes(b"%d" % i)
    try:
        os.setxattr(top / "a", "user.k", b"value")
    except OSError:
        pass  # this file system has none


def write(tape, tree, *options):
    done = subprocess.run(
        [REEL, "write", "-q", "-f", tape, "-C", tree, *options, "."],
        check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"reel write {tape}: {done.stderr}")


def make_images(work):
    """Volumes of `reel write`: block sizes, archives, sets, checkpoints."""
    tree = work / "tree"
    make_tree(tree)
    for name, options in {
            "small": ["--block-size", "512", "--checkpoint-every", "64K"],
            "plain": ["--compress", "none", "--segment-size", "256K"],
            "odd": ["--block-size", "1536", "--set-name", "a set"]}.items():
        write(work / f"{name}.tap", tree, *options)
    write(work / "small.tap", tree, "--compress", "none", "--name", "again")
    write(work / "set%d.tap", tree, "--block-size", "4096", "--compress",
          "none", "--volume-size", "1M", "--segment-size", "256K",
          "--checkpoint-every", "300K")
    return sorted(work.glob("*.tap"))


def reel_dump(image):
    """Its lines of fields and filemarks."""
    out = subprocess.run([REEL, "dump", "--json", "--octets", "-f", image],
                         check=False, capture_output=True, text=True).stdout
    lines = out.splitlines()
    return [line for line in lines
            if line.startswith(('{"type":"fields"', '{"type":"filemark"'))]


def vectors(suite):
    """(family, name, rule or None, images) of each vector that is built."""
    suite = pathlib.Path(suite)
    manifest = json.loads((suite / "manifest.json").read_text("ascii"))
    for vector in manifest["vectors"]:
        rule = vector["rules"][0] if vector["rules"] else None
        yield (vector["family"], vector["name"], rule,
               [suite / image for image in vector["images"]])
