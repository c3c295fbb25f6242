# SPDX-License-Identifier: Apache-2.0
"""Raw streams for the tests: files in the form of reel/raw.h, made by the
description there alone, random and yet the same for the same seed."""
import json
import os
import random
import struct

KINDS = ["file", "directory", "symlink", "fifo", "socket", "character device",
         "block device"]


def header(stream_id, size, name=b"", attributes=0):
    return struct.pack("<IIQI", stream_id, attributes, size, len(name)) + name


def stream(stream_id, body=b"", name=b"", attributes=0):
    return header(stream_id, len(body), name, attributes) + body


def block(offset, octets=b"", attributes=8):
    return stream(9, struct.pack("<Q", offset) + octets, b"", attributes)


def wide(text):
    return text.encode("utf-16-le", "surrogatepass")


class Maker:
    """One directory of objects, out of one seed."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def octets(self, least, most):
        return self.r.randbytes(self.r.randint(least, most))

    def body(self):
        r = self.r.random()
        if r < 0.2:
            return b""
        if r < 0.9:
            return self.octets(1, 300)
        if r < 0.97:
            return self.octets(1, 9000)
        return self.octets(70000, 700000)

    def name(self):
        r = self.r.random()
        if r < 0.7:
            return wide(":stream %d:$DATA" % self.r.randint(0, 99))
        if r < 0.95:
            return self.octets(0, 60)  # odd lengths, lone surrogates, anything
        return self.octets(31000, 32000)

    def blocks(self, at, last):
        """SPARSE_BLOCKs behind octet `at`; the last one only if asked for."""
        out = b""
        for _ in range(self.r.randint(0, 5)):
            at += self.r.choice([0, 0, 1, 4096, 65536, 1 << 31, 1 << 40])
            octets = self.octets(1, 500)
            out += block(at, octets, self.r.choice([8, 8, 0]))
            at += len(octets)
        if last:
            at += self.r.choice([0, 0, 7, 1 << 33, 1 << 50])
            out += block(at)
        return out, at

    def group(self, first):
        """One group of 7.3; its octets and, if first is unnamed DATA, the size
        of its content."""
        kind = self.r.choice(["plain", "empty", "hole", "sparse", "sparse",
                              "open", "inline", "terminated"])
        name = b""
        stream_id = self.r.choice([1, 4, 4])
        if first:
            stream_id = 1
        if stream_id == 4 or (not first and self.r.random() < 0.2):
            name = self.name()
        data = self.body() if kind in ("plain", "inline") else b""
        tail, size = b"", len(data)
        if kind in ("sparse", "inline"):
            tail, size = self.blocks(size, True)
        elif kind == "open":
            tail, size = self.blocks(size, False)
        elif kind == "hole":
            size = self.r.choice([1, 4096, 1 << 20, (1 << 30) + 1, 1 << 62])
            tail = block(size)
        elif kind == "terminated":
            tail = block(0)
        attributes = 8 if tail else self.r.choice([0, 0, 8])
        return stream(stream_id, data, name, attributes) + tail, size

    def other(self):
        """A stream without content, sometimes with blocks that go astray."""
        stream_id = self.r.choice([2, 3, 6, 7, 8, 10, 11, 0, 12, 0x7FFFFFFF,
                                   0xFFFFFFFF])
        body = self.octets(64, 64) if stream_id == 7 else self.body()
        name = self.name() if self.r.random() < 0.1 else b""
        out = stream(stream_id, body, name,
                     self.r.choice([0, 0, 1, 2, 4, 16, 0xFFFFFFFF]))
        if self.r.random() < 0.1:
            out += self.blocks(0, self.r.random() < 0.5)[0]
        return out

    def streams(self):
        """All of an object; the size of its unnamed content."""
        groups = [self.other() for _ in range(self.r.randint(0, 4))]
        size = 0
        if self.r.random() < 0.8:
            octets, size = self.group(True)
            groups.insert(self.r.randint(0, len(groups)), octets)
            for _ in range(self.r.randint(0, 3)):
                groups.append(self.group(False)[0])
        if self.r.random() < 0.1:
            groups.insert(0, self.blocks(self.r.randint(0, 9), True)[0])
        return b"".join(groups), size

    # ---- facts

    def component(self, units):
        n = self.r.choice([1, 2, 5, 12, 60])
        if not units:
            c = bytes(self.r.choice([0x61, 0x7A, 0x20, 0x5C, 0x22, 1, 0x7F,
                                     0x80, 0xC3, 0xA4, 0xFF])
                      for _ in range(n))
            return c if c not in (b".", b"..") else b"x"
        c = "".join(self.r.choice(["a", "z", " ", "\\", '"', "\x01", "\x7f",
                                   "\u00e4", "\u20ac", "\ufffd", "\U0001F600",
                                   "\ud800", "\udfff", ":"])
                    for _ in range(n))
        return wide(c)

    def path(self, units):
        parts = [self.component(units) for _ in range(self.r.randint(1, 5))]
        if self.r.random() < 0.01:
            parts *= 500
        path = (b"/\0" if units else b"/").join(parts)[:65000]
        # Do not end in a separator where it was cut.
        return path + (b"e\0" if units else b"e")

    def number(self, n):
        return str(n) if n > 1 << 53 or self.r.random() < 0.5 else n

    def time(self):
        s = self.r.choice([0, -1, 1, 1700000000, -11644473600, -(1 << 63),
                           (1 << 63) - 1])
        text = abs(s) > 1 << 53 or self.r.random() < 0.5
        return {"s": str(s) if text else s,
                "ns": self.number(self.r.choice([0, 1, 100, 999999999]))}

    def put_name(self, facts, key, octets, units):
        if units:
            text = octets.decode("utf-16-le", "surrogatepass")
            exact = not any(0xD800 <= ord(c) < 0xE000 for c in text)
        else:
            text = octets.decode("utf-8", "replace")
            exact = text.encode() == octets
        if not exact or self.r.random() < 0.1:
            facts[key + "_hex"] = octets.hex()
            text = "".join("?" if 0xD800 <= ord(c) < 0xE000 else c
                           for c in text)
        if exact or self.r.random() < 0.9:
            facts[key] = text

    def facts(self, kind):
        r = self.r
        units = r.random() < 0.5
        f = {"raw": 1, "kind": kind,
             "encoding": "utf-16" if units else "octets"}
        self.put_name(f, "path", self.path(units), units)
        if r.random() < 0.7:
            f["links"] = self.number(r.choice([0, 1, 2, 3, 0xFFFFFFFF]))
        if r.random() < 0.5:
            f["attributes"] = r.choice([0, 32, 0x10, 0xFFFFFFFF])
        if r.random() < 0.3:
            self.put_name(f, "short_name", wide(r.choice(
                ["A~1", "LONGNA~1.TXT", "\ud800", "ABCDEFGH.XYZ"])), True)
        if r.random() < 0.3:
            f["case_sensitive"] = r.random() < 0.7
        for key in ("birth", "modified", "accessed", "changed"):
            if r.random() < 0.6:
                f[key] = self.time()
        if r.random() < 0.6:
            f["file_system"] = self.number(r.choice([0, 1, (1 << 64) - 1]))
            f["file_id"] = r.choice([self.octets(16, 16).hex(), "01" * 16])
        if r.random() < 0.4:
            f["mode"], f["uid"], f["gid"] = 0o100644, 0, 0xFFFFFFFF
            self.put_name(f, "user", r.choice([b"root", b"\xff", b""]), False)
        if r.random() < 0.2:
            f["major"], f["minor"] = 8, self.number(1)
        if r.random() < 0.2:
            names = sorted({self.component(False) for _ in range(3)})
            f["xattrs"] = []
            for name in names:
                x = {}
                self.put_name(x, "name", name, False)
                x.setdefault("name", "?")
                x["value_hex"] = self.octets(0, 40).hex()
                f["xattrs"].append(x)
        return f

    def write(self, folder, number, facts, octets):
        base = os.path.join(folder, "%08d" % number)
        if octets or self.r.random() < 0.5:
            with open(base + ".bkr", "wb") as out:
                out.write(octets)
        with open(base + ".json", "w", encoding="utf-8") as out:
            json.dump(facts, out, ensure_ascii=self.r.random() < 0.5,
                      indent=self.r.choice([None, 1]))

    def directory(self, folder, count):
        """`count` objects; what they are, by number."""
        made = {}
        targets = []
        for number in range(1, count + 1):
            if targets and self.r.random() < 0.2:
                target = targets.pop(self.r.randrange(len(targets)))
                facts = self.facts("link")
                facts["target"] = self.number(target)
                if self.r.random() < 0.3:
                    facts["outside"] = True
                octets = stream(5, name_of(made[target][0], "path"))
            else:
                facts = self.facts(self.r.choice(KINDS[:2] * 8 + KINDS))
                octets, size = self.streams()
                if facts["kind"] == "file":
                    facts["size"] = self.number(size)
                if facts["kind"] != "directory":
                    # As often as its link count allows (K-20).
                    names = min(int(facts.get("links", 0)), 5)
                    targets += [number] * (names - 1)
            made[number] = (facts, octets)
            self.write(folder, number, facts, octets)
        return made


def name_of(facts, key):
    """The octets of a name in facts."""
    if key + "_hex" in facts:
        return bytes.fromhex(facts[key + "_hex"])
    units = key == "short_name" or (key == "path" and
                                    facts["encoding"] == "utf-16")
    return wide(facts.get(key, "")) if units else facts.get(key, "").encode()


def essence(facts):
    """What facts say, whichever way they say it."""
    out = {"kind": facts["kind"], "encoding": facts["encoding"]}
    for key in ("path", "short_name", "user", "group"):
        out[key] = name_of(facts, key)
    for key in ("size", "links", "target"):
        out[key] = int(facts.get(key, 0))
    for key in ("attributes", "file_system", "mode", "uid", "gid", "major",
                "minor"):
        if key in facts:
            out[key] = int(facts[key])
    for key in ("outside", "case_sensitive", "changed_while_read", "grew"):
        out[key] = facts.get(key, False)
    for key in ("birth", "modified", "accessed", "changed"):
        if key in facts:
            out[key] = int(facts[key]["s"]), int(facts[key]["ns"])
    out["file_id"] = facts.get("file_id", "").lower()
    out["xattrs"] = [(name_of(x, "name"), x["value_hex"].lower())
                     for x in facts.get("xattrs", [])]
    return out


def load(folder, number):
    base = os.path.join(folder, "%08d" % number)
    with open(base + ".json", encoding="utf-8") as text:
        facts = json.load(text)
    octets = b""
    if os.path.exists(base + ".bkr"):
        with open(base + ".bkr", "rb") as file:
            octets = file.read()
    return facts, octets
