#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What reel-ntfs reads on an image is what wimlib reads there.

wimlib shares no code with us, but libntfs-3g; it knows of no EAs.
usage: wim_agrees.py NTFS_FILL REEL_NTFS
Ends with 77 if wimlib is not there.
"""
import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

DATA, SECURITY, ALTERNATE, OBJECT_ID, REPARSE, SPARSE = 1, 3, 4, 7, 8, 9
DIRECTORY, LINK = 2, 8
EPOCH = 11644473600


def text(units):
    """Names may have surrogates that stand alone; wimlib writes them so."""
    return units.decode("utf-16-le", "surrogatepass")


class File:
    """One file of the relay."""

    def __init__(self, payload):
        (self.kind, _, self.facts, self.attributes, self.size, self.target,
         self.links) = struct.unpack_from("<BBHIQQI", payload)
        self.times = struct.unpack_from("<3q", payload, 48)
        path, user, group, short = struct.unpack_from("<4H", payload, 120)
        self.path = "/" + text(payload[128:128 + path])
        at = 128 + path + user + group
        self.short = text(payload[at:at + short])
        self.id = payload[104:120]
        self.streams = []  # [id, name, body, blocks]

    def stream(self, ident, name, size):
        if ident != SPARSE:
            self.streams.append([ident, name, bytearray(), [], size])

    def data(self, sparse, octets):
        stream = self.streams[-1]
        if sparse == 2**64 - 1:
            stream[2] += octets
        elif stream[3] and stream[3][-1][0] == sparse:
            stream[3][-1][1] += octets
        else:
            stream[3].append([sparse, bytearray(octets[8:])])

    def content(self, ident, name=""):
        """Digest of the content of a stream as wimlib gives it."""
        for found, called, body, blocks, _ in self.streams:
            if found != ident or called != name:
                continue
            whole = bytearray(blocks[-1][0]) if blocks else body
            for off, octets in blocks[:-1]:
                whole[off:off + len(octets)] = octets
            if not whole:
                break
            return hashlib.sha1(whole).hexdigest()
        return "0" * 40

    def octets(self, ident):
        found = [s[2] for s in self.streams if s[0] == ident]
        return bytes(found[0]) if found else b""


def read_relay(octets):
    """All objects by their number."""
    files, at = {}, 0
    while at < len(octets):
        kind, _, size, number = struct.unpack_from("<HHIQ", octets, at)
        payload = octets[at + 16:at + 16 + size]
        at += 16 + size
        if kind == 0x8010:
            files[number] = File(payload)
        elif kind == 0x8012:
            _, ident, _, length, _ = struct.unpack_from("<IIIQI", payload)
            name = text(payload[24:])
            files[number].stream(ident, name[1:-6], length)
        elif kind == 0x8013:
            sparse, = struct.unpack_from("<Q", payload, 16)
            files[number].data(sparse, payload[24:])
        elif kind == 0x4003:
            assert struct.unpack_from("<H", payload)[0] == 0, payload
    return files


def read_wim(listing):
    """The entries of `wimdir --detailed`, fields as they stand there."""
    entries = {}
    for part in listing.split("-" * 76 + "\n")[1:]:
        fields, streams, name = {}, {}, ""
        for line in part.splitlines():
            named = re.match(r'\s*Named data stream "(.*)":$', line)
            if named:
                name = named.group(1)
            elif "Unnamed data stream" in line:
                name = ""
            elif "Reparse point stream" in line:
                name = None
            elif line.startswith("Hash"):
                streams[name] = line.split("0x")[1].strip()
            elif " = " in line:
                key, value = line.split(" = ", 1)
                fields.setdefault(key.strip(), value.strip().strip('"'))
        fields["streams"] = streams
        entries[part_path(part)] = fields
    return entries


def part_path(part):
    """Paths may hold anything, so not by lines."""
    return re.search(r'Full Path += "(.*?)"\nShort Name', part, re.S).group(1)


def expected(target, name):
    """What wimlib should say of `name`, whose file is `target`."""
    streams = {}
    for ident, called, *_ in target.streams:
        if ident == ALTERNATE:
            streams[called] = target.content(ALTERNATE, called)
    reparse = target.octets(REPARSE)
    # wimdir shows no unnamed stream beside a reparse point.
    if not reparse:
        streams[""] = target.content(DATA)
    else:
        streams[None] = hashlib.sha1(reparse[8:]).hexdigest()
        if len(reparse) == 8:
            streams[None] = "0" * 40
    return {
        "Attributes": "0x%08x" % (target.attributes & ~0x80 or 0x80),
        "Short Name": name.short,
        "Security Descriptor": target.octets(SECURITY).hex(),
        "Link Count": str(target.links),
        "Object ID": target.octets(OBJECT_ID)[:16].hex() or None,
        "streams": streams,
    }


def compare(files, entries):
    """Sentences about what differs."""
    ours = {f.path: f for f in files.values()}
    for path in sorted(set(ours) ^ set(entries)):
        yield "%a stands on one side only" % path
    groups = {}
    for path in set(ours) & set(entries):
        name, seen = ours[path], entries[path]
        target = files[name.target] if name.kind == LINK else name
        want = expected(target, name)
        for key in want:
            said = seen.get(key)
            if key == "Object ID" and said:
                said = said.replace("0x", "").replace(" ", "")
            if said != want[key]:
                yield "%a: %s is %a, we say %a" % (path, key, said, want[key])
        if name.links > 1:
            group = seen["Link Group ID"]
            if groups.setdefault(name.id, group) != group:
                yield "%a: another file than its other names" % path


def main():
    fill, reel_ntfs = sys.argv[1:3]
    if not shutil.which("wimcapture"):
        print("wim_agrees: there is no wimlib")
        return 77
    with tempfile.TemporaryDirectory() as work:
        image, wim = os.path.join(work, "image"), os.path.join(work, "wim")
        subprocess.run([fill, image, "64"], check=True)
        relay = subprocess.run([reel_ntfs, "read", image], check=True,
                               stdout=subprocess.PIPE).stdout
        subprocess.run(["wimcapture", "--compress=none", image, wim],
                       check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        listing = subprocess.run(["wimdir", "--detailed", wim, "1"],
                                 check=True, stdout=subprocess.PIPE).stdout
    entries = read_wim(listing.decode("utf-8", "surrogatepass"))
    files = read_relay(relay)
    differences = list(compare(files, entries))
    for line in differences[:20]:
        print("wim_agrees:", line)
    print("wim_agrees: %u names, %u differences" %
          (len(entries), len(differences)))
    return 1 if differences or len(entries) < 3000 else 0


if __name__ == "__main__":
    sys.exit(main())
