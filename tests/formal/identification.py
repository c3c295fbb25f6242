#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Try what identifies the format, on volumes and parts of them, in and out of
the tap form, and on what is something else: reel.magic by file(1), the byte
sequences of reel.signature.xml by a program of its own."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import images

SPEC = pathlib.Path(os.environ["REEL_SOURCE_DIR"]) / "spec"
FOLDER = SPEC / "identification"
MIME = "application/vnd.reel-archive"
NS = "{http://www.nationalarchives.gov.uk/pronom/SignatureFile}"


def sequence(text):
    """A regular expression for a byte sequence of PRONOM."""
    out = b"\\A"
    part = re.compile(r"\{(\d+)(?:-(\d+))?\}|\[(..):(..)\]|(\?\?)|(..)")
    at = 0
    while at < len(text):
        match = part.match(text, at)
        low, high, first, last, wild, octet = match.groups()
        if low:
            out += b".{%s,%s}" % (low.encode(), (high or low).encode())
        elif first:
            out += b"[\\x%s-\\x%s]" % (first.encode(), last.encode())
        elif wild:
            out += b"."
        else:
            out += b"\\x" + bytes.fromhex(octet).hex().encode()
        at = match.end()
    return re.compile(out, re.DOTALL)


def signatures():
    """Number of a signature -> its expression; number -> format."""
    root = ET.parse(FOLDER / "reel.signature.xml").getroot()
    found = {}
    for one in root.iter(NS + "InternalSignature"):
        where = one.find(NS + "ByteSequence")
        assert where.get("Reference") == "BOFoffset", where.attrib
        assert where.get("Offset") == "0", where.attrib
        found[int(one.get("ID"))] = sequence(where.get("Sequence"))
    used = {int(e.text) for e in root.iter(NS + "InternalSignatureID")}
    assert used == set(found), "signatures of no format"
    for element in root.iter(NS + "FileFormat"):
        assert element.get("MIMEType") == MIME, element.attrib
    return found


def frame(block):
    length = len(block).to_bytes(4, "little")
    return length + block + b"\0" * (len(block) % 2) + length


def blocks_of(image):
    at = 0
    while at < len(image):
        length = int.from_bytes(image[at:at + 4], "little")
        at += 4
        if length:
            yield image[at:at + length]
            at += length + length % 2 + 4


def samples(volumes):
    """(name, octets, signature or None, words of file(1))."""
    for path in volumes:
        image = path.read_bytes()
        blocks = list(blocks_of(image))
        yield path.stem, image, 1, "image of a volume, volume id"
        leader = blocks[1]
        first = next(b for b in blocks if b[:4] == b"\x8aREE")
        kind = {}
        for block in blocks:
            if block[:8] == first[:8]:
                kind.setdefault(block[14], block)
        yield "tap, leader", image[image.index(frame(leader)):], 2, \
            "without label"
        yield "tap, VOLUME", image[image.index(frame(first)):], 3, \
            "part of a volume, volume "
        yield "label", blocks[0], 4, "label, volume id"
        yield "leader", leader, 5, "leader"
        yield "blocks", first, 6, f"blocks of {len(first)} octets, from VOLUME"
        yield "data", kind[2] * 2, 6, "from DATA on"
        if 5 in kind:
            yield "END", kind[5], 6, "from END on, volume "
    label = blocks[0]
    other = label.replace(b"REEL ", b"MINE ")
    yield "a tape of others", frame(other) + bytes(4), None, None
    yield "a label of others", other, None, None
    later = kind[2][:12] + b"\2\0" + kind[2][14:]
    yield "later revision", later, None, "blocks"
    yield "text", (SPEC / "00-first.txt").read_bytes(), None, None
    yield "zeros", bytes(4096), None, None
    yield "nothing", b"", None, None


def file_says(name):
    done = subprocess.run(
        ["file", "-b", "-m", FOLDER / "reel.magic", name], check=True,
        capture_output=True, text=True)
    kind = subprocess.run(
        ["file", "-b", "--mime-type", "-m", FOLDER / "reel.magic", name],
        check=True, capture_output=True, text=True)
    return done.stdout.strip(), kind.stdout.strip()


def check_annex():
    """The annex has the sequences of the signature file, and the names."""
    text = (SPEC / "A3-identification.txt").read_text("ascii")
    xml = (FOLDER / "reel.signature.xml").read_text("ascii")
    shown = re.findall(r"(?m)^    ([0-9A-F]{8}[0-9A-F{}]+)$", text)
    wrong = [f"A3: {s}: not in reel.signature.xml" for s in shown
             if f'"{s}"' not in xml]
    if MIME.split("/")[1] not in text:
        wrong.append(f"A3: {MIME} is not there")
    return wrong + ([] if len(shown) >= 3 else ["A3: no sequences"])


def main():
    have_file = shutil.which("file") is not None
    faults, tried = check_annex(), 0
    found = signatures()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for name, octets, wanted, words in samples(images.make_images(work)):
            tried += 1
            seen = [n for n, rule in found.items() if rule.match(octets)]
            if seen != ([] if wanted is None else [wanted]):
                faults.append(f"{name}: signatures {seen}, not {wanted}")
            if not have_file:
                continue
            (work / "sample").write_bytes(octets)
            says, mime = file_says(work / "sample")
            ours = says.startswith("Reel tape archive")
            if ours != (words is not None) or (words or "") not in says:
                faults.append(f"{name}: file says {says}")
            if ours != (mime == MIME):
                faults.append(f"{name}: file says {mime}")
    print("\n".join(faults) or f"{tried} samples told apart")
    if faults or tried < 20:
        return 1
    if not have_file:
        print("SKIPPED: reel.magic was NOT TRIED: there is no file(1)")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
