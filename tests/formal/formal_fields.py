#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare what the generated code of spec/formal reads with `reel dump`, field
by field; and see that it refuses what breaks a rule of layout_rules.txt.

usage: formal_fields.py [SUITE]    a folder with the built vectors of the suite
"""

import pathlib
import re
import sys
import tempfile

import images as volumes
import node

def first_difference(ours, theirs):
    for i, (one, other) in enumerate(zip(ours + ["end"], theirs + ["end"])):
        if one == other:
            continue
        field = next((f"{a} / {b}" for a, b in zip(
            re.findall(r'\["[^]]*\]', one), re.findall(r'\["[^]]*\]', other))
            if a != b), "")
        return f"line {i}:\n  {one[:200]}\n  {other[:200]}\n  {field[:200]}"
    return None


def layout_rules():
    text = (node.FORMAL / "layout_rules.txt").read_text("ascii")
    return {line.split("\t")[0] for line in text.splitlines()
            if re.match(r"[A-Z]-\d+\t", line)}


def main():
    node.need()
    faults, compared, refused = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        good = volumes.make_images(work)
        bad = {}
        if len(sys.argv) > 1:
            rules = layout_rules()
            for family, name, rule, paths in volumes.vectors(sys.argv[1]):
                if family == "valid":
                    good += paths
                elif family in ("invalid", "unsupported") and rule in rules:
                    bad[name] = paths
            if len(good) < 70 or len(bad) < 70:
                faults.append(f"{sys.argv[1]}: where are the vectors?")
        dumps = node.dumps(good + sum(bad.values(), []), work)
        for image in good:
            different = first_difference(volumes.reel_dump(image), dumps[image])
            compared += 1
            if different:
                faults.append(f"{image.parent.name}/{image.name}: {different}")
        for name, images in bad.items():
            refused += 1
            if not any(dumps[image][-1].startswith('{"type":"refused"')
                       for image in images):
                faults.append(f"{name}: not refused")
    print("\n".join(faults) or
          f"{compared} images agree, {refused} wrong ones are refused")
    return 1 if faults or compared < 5 else 0


if __name__ == "__main__":
    sys.exit(main())
