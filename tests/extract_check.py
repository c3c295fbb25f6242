#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what `reel extract` says agree with what it gave out, and with a tree?

    extract_check.py JSON DIRECTORY [TREE]

The shape is that of spec/suite/CONTRACT.txt. With TREE, which was archived
under its own name, each file that is whole has the content it has there.
"""

import hashlib
import json
import os
import sys

SHAPE = {
    "": {"contract", "exit", "archives", "objects", "diagnostics"},
    "archives": {"archive", "complete", "fingerprint"},
    "objects": {"archive", "object", "kind", "encoding", "path", "status",
                "target", "outside", "streams", "bad"},
    "streams": {"ordinal", "id", "attributes", "size", "name", "ranges",
                "sha256"},
    "diagnostics": {"rule", "volume", "block", "object", "text"},
}


def require(what, why):
    if not what:
        sys.exit("extract_check: " + why)


def check_stream(name, stream, directory):
    """The octets of one stream; its ranges ascend and do not touch."""
    require(SHAPE["streams"] <= stream.keys(), f"{name}: keys")
    total, last = 0, -1
    for start, end in stream["ranges"]:
        require(last < start < end <= stream["size"], f"{name}: ranges")
        total, last = total + end - start, end
    octets = b""
    if total:
        with open(os.path.join(directory, name), "rb") as file:
            octets = file.read()
    require(len(octets) == total, f"{name}: length")
    require(hashlib.sha256(octets).hexdigest() == stream["sha256"],
            f"{name}: digest")
    return octets


def check_content(item, bodies, tree):
    """A whole plain file is what it is in the tree."""
    path = os.path.join(os.path.dirname(os.path.abspath(tree)).encode(),
                        bytes.fromhex(item["path"]))
    if item["kind"] != 1 or any(s["id"] != 1 for s in item["streams"]):
        return 0
    with open(path, "rb") as file:
        require(file.read() == b"".join(bodies), f"{path!r}: content")
    return 1


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        said = json.load(file)
    directory = sys.argv[2]
    tree = sys.argv[3] if len(sys.argv) > 3 else None
    require(SHAPE[""] <= said.keys() and said["contract"] == 1, "keys")
    numbers = [(o["archive"], o["object"]) for o in said["objects"]]
    require(numbers == sorted(set(numbers)), "objects do not ascend")
    files, contents = set(), 0
    for item in said["objects"]:
        require(SHAPE["objects"] <= item.keys(), "keys of an object")
        ordinals = [s["ordinal"] for s in item["streams"]]
        require(ordinals == sorted(set(ordinals)), "streams do not ascend")
        bodies = []
        for stream in item["streams"]:
            name = f"{item['archive']}.{item['object']}.{stream['ordinal']}"
            bodies.append(check_stream(name, stream, directory))
            if stream["ranges"]:
                files.add(name)
        if tree and item["status"] == "complete":
            contents += check_content(item, bodies, tree)
    require(files == set(os.listdir(directory)), "files that nobody told of")
    for note in said["diagnostics"]:
        require(SHAPE["diagnostics"] <= note.keys(), "keys of a diagnostic")
    counts = {}
    for item in said["objects"]:
        counts[item["status"]] = counts.get(item["status"], 0) + 1
    print(contents, *(f"{k}={v}" for k, v in sorted(counts.items())))


if __name__ == "__main__":
    main()
