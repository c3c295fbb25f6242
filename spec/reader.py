#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Reads volumes of the Reel tape archive format, edition 1.

    reader.py extract IMAGE... EMPTYDIR   streams as files, facts as JSON
    reader.py check   IMAGE...            the same, nothing written

IMAGE are copies of tapes in the SIMH "tap" form, volumes of one set.  This was
written from the text of the format alone and goes through it in its order:
parts are headed by chapters, comments name sections and ids of requirements.
It saves what can be saved, gives out nothing that is not proven, and tells
what it trips over; judge.py, if it lies beside this, judges every requirement.
restore.py puts back by name what is extracted.  It needs Python 3.9 and, for
packed segments, Python 3.14 or the program "zstd".
"""

import contextlib
import hashlib
import json
import mmap
import os
import struct
import subprocess
import sys
import tempfile
from types import SimpleNamespace

MAGIC = bytes.fromhex("8a5245454c0d0a1a")
ONES32 = 0xFFFFFFFF
BLOCK_MAX, LIMIT_MAX = 1 << 20, 1 << 24                         # L-3, G-7


class Broken(Exception):
    """The requirement whose id is its argument is broken."""


def expect(rule, holds):
    if not holds:
        raise Broken(rule)


def pick(r, names):
    """Those fields of a structure, as a dict."""
    return {name: getattr(r, name) for name in names.split()}


# ---- Chapter 0: copies of tapes as SIMH "tap" files -----------------------
BLOCK, FILEMARK, UNREADABLE = "B", "M", "?"


def number(octets, at, length):
    return int.from_bytes(octets[at:at + length], "little")


def tap_items(image):
    """Yield (what, offset, length) for each block, filemark or bad block."""
    tap, at = image.tap, 0
    while at <= len(tap) - 4:
        word, at = number(tap, at, 4), at + 4
        length = word & 0x7FFFFFFF
        end = at + length + length % 2
        if word == 0:
            yield FILEMARK, at, 0
        elif word == ONES32:
            return
        elif word != 0xFFFFFFFE and tap[end:end + 4] == tap[at - 4:at]:
            yield (UNREADABLE if word >> 31 else BLOCK), at, length
            at = end + 4
        elif word != 0xFFFFFFFE:        # the copy is damaged: to a block
            if at == 4 and tap[4:8] not in (b"VOL1", MAGIC[:4]):
                raise OSError(image.path + " is not a SIMH tap file")
            start, at = at, tap.find(MAGIC, at)
            if start != at:
                yield UNREADABLE, start, 0
            if at < 0:
                return
            length = min(number(tap, at + 20, 4), BLOCK_MAX)
            yield BLOCK, at, length
            at += length + 4


# ---- Chapter 1: conventions -----------------------------------------------
TYPES = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i",
         "i64": "q"}
TABLES = {}                             # type of a record -> its table


class Table:
    """A structure as in section 1.2.  "fields" is such as "u8 kind 1..8 O-1":
    type, name, and perhaps its range and the requirement that sets it; what
    only judge.py needs is left as octets.  "tail" names the octets behind
    them, each with the field that is its length, or none; text with a star."""

    def __init__(self, fields, tail="", record="", length="R-6"):
        rows = [field.split() for field in fields.split(",")]
        self.names = [row[1] for row in rows]
        self.struct = struct.Struct("<" + "".join(
            row[0][3:-1] + "s" if "[" in row[0] else TYPES[row[0]]
            for row in rows))
        self.ranges = [(row[1], *map(int, row[2].split("..")), row[3])
                       for row in rows if row[2:]]
        self.tail = [part.split(":") for part in tail.split()]
        self.length = length            # the requirement that sets it
        if record:
            self.type, self.name = int(record[:6], 16), record[7:]
            TABLES[self.type] = self

    def read(self, octets):
        """The fields, judged in the order of section 1.6."""
        end = self.struct.size
        expect(self.length, len(octets) >= end)
        r = SimpleNamespace(raw=octets, **dict(
            zip(self.names, self.struct.unpack_from(octets))))
        for name, length in self.tail:
            begin, end = end, end + getattr(r, length) if length else None
            setattr(r, name.strip("*"), octets[begin:end])
        expect(self.length, end in (None, len(octets)))
        for name, low, high, rule in self.ranges:
            expect(rule, low <= getattr(r, name) <= high)
        return r


# ---- Chapter 2: the volume ------------------------------------------------
VOLUME = Table(
    "u8[48] facts,u8[32] digest,u8[6] volume_id,u16 edition 1..1 R-14,"
    "u16 n 0..128 L-12,u16 m 0..64 L-12,u32 zero",
    "set_name*:n software*:m", "0x8001 VOLUME")


def front_items(image):
    """Label and leader: up to the second filemark or a block that shows that
    it is lost (12.1)."""
    marks = 0
    for what, start, length in tap_items(image):
        octets = image.tap[start:start + length]
        if marks == 2 or what == BLOCK and octets[:8] == MAGIC:
            break
        marks += what == FILEMARK
        yield what, octets


# ---- Chapter 3: blocks, and what of them is unknown (11) ------------------
HEADER = Table(
    "u8[8] magic,u32 checksum,u16 revision,u16 kind,u32 features,u32 length,"
    "u32 payload,u32 first,u32 volume,u32 archive,u32 run,u32 zero,"
    "u8[16] set,u64 sequence,u64 address,u64 start,u64 zero")
K_VOLUME, K_DATA, K_CHECKPOINT, K_CATALOG, K_END = range(1, 6)
RESERVED = 0x8001, 0x8002               # PARITY, LIBRARY INDEX (3.1)
UNSUPPORTED = "B-4", "X-3", "X-4"


def judge_block(block):
    """The first requirement that a block breaks, or None; and its header."""
    size = len(block)
    if size < 96:
        return "B-1", None
    h = HEADER.read(block[:96])
    for rule, holds in (
            ("B-1", h.magic != MAGIC or h.length <= size
             or h.length not in range(0, BLOCK_MAX + 1, 512)),   # L-3
            ("B-2", h.magic == MAGIC),
            ("B-3", crc32c(block[12:h.length]) == h.checksum),
            ("B-4", h.revision == 1), ("X-3", not h.features),
            ("X-4", h.kind not in RESERVED),
            ("B-5", h.length in (size, size - 4)),  # four octets behind it
            ("B-6", 1 <= h.payload <= h.length - 96),
            ("B-7", h.first < h.payload or h.first == ONES32),
            ("B-9", h.volume and h.archive)):
        if not holds:
            return rule, h
    return None, h


# ---- Chapter 4: segments --------------------------------------------------
SEGMENT = Table("u8[4] magic,u32 checksum,u8 compression,u8 encryption,"
                "u16 zero,u32 stored,u32 raw_octets,u32 zero", length="G-1")


def segment_header(octets, limit):
    """It bounds what may stand behind it, before that is read (G-13)."""
    s = SEGMENT.read(octets)
    expect("G-2", s.magic == b"SEGM")
    expect("G-4", s.compression in (0, 1))
    expect("G-5", s.encryption == 0)
    expect("G-6", 16 <= s.raw_octets <= limit)
    expect("G-8", s.compression or s.stored == s.raw_octets)
    expect("G-10", not s.compression or s.stored < s.raw_octets)
    return s


def frame_size(frame, limit):
    """G-9: content size of exactly one zstd frame (RFC 8878, 3.1.1)."""
    expect("G-9", frame[:4] == b"\x28\xb5\x2f\xfd" and len(frame) > 5)
    flags, at, window, kind = frame[4], 5, 0, 0
    single = flags >> 5 & 1
    if not single:
        window, at = (8 + (frame[5] & 7)) << 7 + (frame[5] >> 3), 6
    length = (0, 1, 2, 4)[flags & 3]                    # of a dictionary id
    expect("G-9", not flags & 8 and not any(frame[at:at + length]))
    at, length = at + length, (single, 2, 4, 8)[flags >> 6]
    size = number(frame, at, length) + (256 if length == 2 else 0)
    expect("G-9", length and (size if single else window) <= limit)
    at += length
    while not kind & 1:                                 # the last block
        expect("G-9", at + 3 <= len(frame))
        kind = number(frame, at, 3)
        at += 3 + (1 if kind & 6 == 2 else kind >> 3)
    expect("G-9", at + (flags & 4) == len(frame))
    return size


def unzstd(frame, most):
    """The octets in a frame, but never more than "most" (G-13)."""
    try:
        from compression import zstd
        return zstd.ZstdDecompressor().decompress(frame, most)
    except ImportError:                 # before Python 3.14: by the program
        pass
    except zstd.ZstdError:
        raise Broken("G-9") from None
    with tempfile.TemporaryFile() as packed:
        packed.write(frame)
        packed.seek(0)
        try:
            with subprocess.Popen(
                    ["zstd", "-dcq"], stdin=packed, stderr=subprocess.DEVNULL,
                    stdout=subprocess.PIPE) as program:
                raw = program.stdout.read(most)
        except FileNotFoundError:
            raise Broken(None, "nothing here unpacks zstd") from None
    expect("G-9", program.returncode == 0 or len(raw) == most)
    return raw


# ---- Chapter 5: records ---------------------------------------------------
RECORD = struct.Struct("<HHIQ")
CRITICAL = 0x8000
ARCHIVE = Table(
    "u32 facts,u32 limit 262144..16777216 G-7,u8[52] more,u16 a,u16 b,u16 c,"
    "u16 d,u16 e,u16 f,u64 last", "name*:a host*:b system*:c software*:d "
    "options*:e base:f", "0x8002 ARCHIVE")


def records(raw):
    """Yield each record: place, type and so on; "octets" are all of it.  The
    name is None if the type is not known."""
    at = 0
    while at < len(raw):
        expect("R-1", len(raw) - at >= 16)
        kind, zero, length, owner = RECORD.unpack_from(raw, at)
        end = at + 16 + length
        expect("R-1", end <= len(raw))
        yield SimpleNamespace(
            at=at, type=kind, zero=zero, owner=owner, octets=raw[at:end],
            payload=raw[at + 16:end],
            name=TABLES[kind].name if kind in TABLES else None)
        at = end


# ---- Chapter 6: objects ---------------------------------------------------
MODE, MODIFIED, OUTSIDE = 0x0001, 0x0008, 0x0100
OBJECT = Table(
    "u8 kind 1..8 O-1,u8 encoding 1..2 O-2,u16 facts 0..1023 O-3,"
    "u32 attributes,u64 size 0..9223372036854775807 O-6,u64 target,"
    "u32 link_count,u32 mode,u32 uid,u32 gid,u32 major,u32 minor,"
    "i64 birth_s,i64 modified_s,i64 accessed_s,i64 changed_s,u32 birth_ns,"
    "u32 modified_ns,u32 accessed_ns,u32 changed_ns,u64 file_system,"
    "u8[16] file_id,u16 n,u16 u 0..255 O-9,u16 g 0..255 O-9,"
    "u16 s 0..24 O-10", "path:n user:u group_name:g short_name:s",
    "0x8010 OBJECT")
XATTR = Table("u16 n 1..255 O-11,u16 zero,u32 m", "name:n value:m",
              "0x8011 XATTR")
OBJECT_END = Table(
    "u32 streams,u32 groups,u32 xattrs,u32 flags 0..3 O-15,u64 octets,"
    "u32 ranges,u32 zero,u8[32] digest", "bad:", "0x8015 OBJECT_END")
BAD_RANGE = struct.Struct("<IIQQ")
CONTINUED = Table(
    "u8 kind 1..8 O-1,u8 encoding 1..2 O-2,u16 n,u32 group,u32 stream,u16 g,"
    "u16 s,u64 offset", "path:n group_header:g stream_header:s",
    "0x8016 CONTINUED")


# ---- Chapter 7: streams ---------------------------------------------------
STREAM = Table("u32 ordinal,u32 id,u32 attributes,"
               "u64 size 0..9223372036854775807 S-1,u32 n 0..32000 S-2",
               "name:n", "0x8012 STREAM", length="S-5")
DATA = Table("u32 ordinal,u32 zero,u64 offset,u64 sparse", "octets:",
             "0x8013 DATA")
GROUP_END = Table(
    "u32 first,u32 streams,u32 id,u32 attributes,u32 flags 0..1 S-10,u32 n,"
    "u64 body,u64 content,u64 allocated,u8[32] digest,u8[32] content_digest",
    "name:n", "0x8014 GROUP_END")
ID_DATA, ID_ALTERNATE, ID_SPARSE = 1, 4, 9
HOLES, ZEROS = 1 << 16, memoryview(bytes(1 << 16))


def new_stream(r):
    """The fields of STREAM, and what of its body was given out; "at": where
    the next DATA has to begin."""
    return SimpleNamespace(**vars(r), header=r.raw[4:], at=0, ranges=[],
                           sha=hashlib.sha256())


class Content:
    """What the streams of a group say together (7.3)."""

    def __init__(self, first):
        self.exists = self.present = first.id in (ID_DATA, ID_ALTERNATE)
        self.sha, self.end = hashlib.sha256(), 0
        self.holes = self.allocated = 0

    def feed(self, stream, r):
        """The octets of a DATA, and the hole before them."""
        octets, begin = r.octets, r.offset
        if stream.id == ID_SPARSE:
            octets = octets[max(0, 8 - begin):]
            begin = r.sparse + max(0, begin - 8)
        hole, self.end = begin - self.end, begin + len(octets)
        expect("S-8", hole >= 0 and self.end < 1 << 63)
        self.holes += hole
        self.allocated += len(octets)
        if hole and self.holes > max(HOLES, self.allocated - len(octets)):
            self.present = False        # and nothing is hashed any more
        for at in range(0, hole if self.present else 0, len(ZEROS)):
            self.sha.update(ZEROS[:hole - at])
        self.sha.update(octets if self.present else b"")


# ---- Chapter 9: catalog, checkpoints, END ---------------------------------
CHECKPOINT = Table("u8[104] facts,u8[32] digest", "", "0x8021 CHECKPOINT")
END = Table("u8[24] facts,u64 objects,u8[112] places,u8[32] digest,"
            "u8[32] fingerprint,u16 n,u16 m,u32 zero", "name*:n host*:m",
            "0x8022 END")


def new_listing():
    """A catalog or slice: the digest of its records, the OBJECTs of it that
    the data have not given; judge.py keeps all records."""
    return SimpleNamespace(sha=hashlib.sha256(), found={}, records=[])


# ---- Chapter 10: CRC-32C --------------------------------------------------
CRC_TABLE = range(256)
for _ in range(8):
    CRC_TABLE = [c >> 1 ^ (0x82F63B78 if c & 1 else 0) for c in CRC_TABLE]


def crc32c(octets):
    c = ONES32
    for x in octets:
        c = CRC_TABLE[c & 255 ^ x] ^ c >> 8
    return c ^ ONES32


# ---- Chapter 12.1: blocks in order ----------------------------------------
EVENTS = (      # of good blocks, the first that holds, and what is done then
    ("foreign", lambda m, h: h.set != m.set, "tell"),
    ("hollow", lambda m, h: h.kind == K_VOLUME and h.archive == m.A
     and m.superseded(h), "cut V"),
    ("old", lambda m, h: h.archive < m.A
     or h.kind != K_VOLUME and m.superseded(h), "pass"),
    ("archive", lambda m, h: h.archive > m.A, "cut begin again"),
    ("run", lambda m, h: h.run > m.R, "cut rerun again"),
    ("again", lambda m, h: h.kind == K_VOLUME and h.volume == m.V, "tell"),
    ("volume", lambda m, h: h.kind == K_VOLUME, "cut miss V"),
    ("turn", lambda m, h: h.volume != m.V, "turn again"),
    ("repeat", lambda m, h: h.sequence < m.E, "pass"),
    ("gap", lambda m, h: h.sequence > m.E, "cut miss again"),
    ("skip", lambda m, h: h.kind not in KINDS and h.kind >> 15, "count"),
    ("unknown", lambda m, h: h.kind not in KINDS, "tell cut count"),
    ("kind", lambda m, h: h.kind != m.K, "cut K again"),
    ("next", lambda m, h: True, "count take"))
KINDS = {K_VOLUME: "volume", K_DATA: "data", K_CHECKPOINT: "checkpoint",
         K_CATALOG: "catalog", K_END: "end"}    # who takes their segments


class Reader:
    """The machine of section 12.1, with the names it has there.  In state
    READ "reading" holds, in NONE A is 0.  To cut leads to SEEK, where there is
    nothing to cut; so one row of actions serves all states."""

    A = R = S = E = number = 0          # number, where: of volume and block
    V = K = P = D = archive = where = event = None
    given_up = None                     # D, if the volume turned there
    reading = missed = False            # missed: blocks, directly before this

    def __init__(self, paths, store):
        self.images, self.store, self.runs = [], store, {}
        self.archives, self.diagnostics = {}, []
        for path in paths:
            with open(path, "rb") as file:
                tap = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) \
                    if os.path.getsize(path) else b""
            self.images.append(SimpleNamespace(path=path, tap=tap))

    def tell(self, rule, text=None, owner=None):
        self.diagnostics.append({
            "rule": rule, "volume": self.number, "block": self.where,
            "object": owner or None, "text": text or rule + " is broken"})

    def check(self, rule, holds):
        if not holds:
            self.tell(rule)

    def survey(self):
        """Judge each block alone; find the set (V-6), its volumes and runs."""
        for image in self.images:
            image.bad, image.heads, image.set, last = {}, {}, None, None
            front = sum(1 for _ in front_items(image))
            for at, (what, start, length) in enumerate(tap_items(image)):
                if what != BLOCK or at < front:
                    continue
                rule, h = judge_block(image.tap[start:start + length])
                if rule:
                    image.bad[at] = rule
                if rule in UNSUPPORTED:
                    self.number, self.where = h.volume, h.address
                    raise Broken(rule, "revision %d, features 0x%X, kind 0x%X"
                                 % (h.revision, h.features, h.kind))
                if not rule:
                    image.heads.setdefault(h.set, h)
                    image.set = image.set or h.set == last and last   # of two
                    last = h.set
                    self.runs.setdefault((h.set, h.archive), set()).add(
                        (h.run, h.start))
            image.set = image.set or next(iter(image.heads), None)
        self.set = min(((image.heads[image.set].volume, image.set) for image
                        in self.images if image.set), default=(0, None))[1]
        for image in self.images:
            h = image.heads.get(self.set)
            image.number, image.length = (h.volume, h.length) if h else (0, 0)
        self.images.sort(key=lambda image: image.number or ONES32 + 1)

    def superseded(self, h):                                    # 3.3
        return any(run > h.run and start <= h.sequence
                   for run, start in self.runs[h.set, h.archive])

    def read(self):
        """The volumes, each from front to end."""
        numbers = {image.number for image in self.images}
        if 0 in numbers or len(numbers) < max(numbers):
            self.tell(None, "volumes (0: no good block): %s"
                      % sorted(numbers))
        for image in self.images:
            self.number, self.where, self.shift = image.number, None, 0
            front = self.front(image)
            for self.where, (what, *rest) in enumerate(tap_items(image)):
                if self.where >= front or what == UNREADABLE:
                    self.item(image, what, *rest, image.bad.get(self.where))
        self.where = None
        if self.archive:
            self.archive.finish()

    def front(self, image):
        """How many items label and leader are; takes their digest (L-9)."""
        sha, count = hashlib.sha256(), 0
        for count, (_, octets) in enumerate(front_items(image), 1):
            sha.update(octets)
        self.proof = sha.digest()
        return count

    def item(self, image, what, start, length, rule):
        if what == UNREADABLE:
            self.tell(None, "a block that cannot be read")
        elif rule:
            self.tell(rule, "a bad block: " + rule)
        elif what == BLOCK:
            self.block(image.tap[start:start + length])

    def block(self, octets):
        """A good block: its event, and the actions of that (V-4, V-5)."""
        h = HEADER.read(octets[:96])
        self.payload = octets[96:96 + h.payload]
        if h.set == self.set:
            self.judge(h, octets)
        self.do_again(h)

    def judge(self, h, octets):
        """Is a block too many or too few on the volume before this one?"""
        self.check("B-20", h.address - self.where == self.shift)
        self.shift = h.address - self.where

    def do_again(self, h):
        self.event, _, actions = next(row for row in EVENTS if row[1](self, h))
        for action in actions.split():
            getattr(self, "do_" + action)(h)

    # -- the actions
    def do_tell(self, h):
        self.tell("L-2" if self.event == "again" else None, self.event)
        if self.event == "unknown":
            self.archive.lost()

    def do_pass(self, h):
        if self.event == "repeat" and h.kind == K_END:
            self.archive.twice = True

    def do_cut(self, h):
        self.reading = False
        if self.P:
            self.check("B-11", self.event != "kind")
            self.D, self.P = self.P[1::2], None         # sequence and offset
            if self.K == K_DATA and self.event in ("volume", "turn", "hollow"):
                self.given_up = self.D          # it has to come again (9.7)
            elif self.K == K_DATA and self.event != "archive":
                self.archive.lost()

    def do_begin(self, h):
        if self.archive:
            self.archive.finish()
        self.A, self.R, self.S, self.E = h.archive, h.run, h.start, 0
        self.V = self.K = self.D = self.given_up = None
        self.new_archive()

    def new_archive(self):
        self.archive = self.archives[self.A] = Archive(self.A, self)

    def do_rerun(self, h):
        self.do_miss(h, h.start)
        self.archive.hole |= self.given_up is not None
        self.archive.tear()
        self.archive.catalog, self.archive.slice = new_listing(), new_listing()
        self.R, self.S, self.E = h.run, h.start, h.start
        self.D = self.given_up = None
        if h.start == 0:                # nothing before counts
            self.new_archive()

    def do_V(self, h):
        self.V, self.archive.slice = h.volume, new_listing()    # void (9.3)
        if h.kind == K_VOLUME:
            self.read_volume(h)

    def do_turn(self, h):
        self.do_V(h)
        first = min(h.sequence, self.P[1]) if self.P else h.sequence
        if first < self.E:
            self.do_cut(h)
            self.E = first

    def do_miss(self, h, to=None):
        to = h.sequence if to is None else to
        if self.E < to:
            self.missed = True
            self.tell(None, "blocks %d ... %d are missing" % (self.E, to - 1))
            self.archive.lost()
        self.E = to

    def do_count(self, h):
        self.E, self.missed = h.sequence + 1, self.event == "unknown"

    def do_K(self, h):
        self.K, self.archive.slice = h.kind, new_listing()
        if h.first and not (self.missed or self.R and h.sequence == self.S):
            self.reject("B-12")         # 12.2: a segment stands before it

    def find(self, h):
        """Where the payload can be gone on with."""
        if self.D and h.sequence <= self.D[0]:
            return self.D[1] if h.sequence == self.D[0] else ONES32
        return h.first

    def do_take(self, h):
        at = 0 if self.reading else self.find(h)
        self.reading = at < h.payload
        while at < h.payload:
            if not self.P:
                self.P = (h.volume, h.sequence, h.address, at)
                self.segment, self.size = bytearray(), 24   # the header
            part = self.payload[at:at + self.size - len(self.segment)]
            self.segment += part
            at += len(part)
            if len(self.segment) < self.size:
                break
            try:
                if self.size == 24:
                    self.size += segment_header(
                        self.segment, self.archive.limit).stored
                if len(self.segment) == self.size:
                    self.D, place, self.P = (h.sequence, at), self.P, None
                    raw = self.unpack(bytes(self.segment),
                                      self.archive.limit)
                    getattr(self.archive, KINDS[self.K] + "_segment")(
                        raw, place, h)
            except Broken as broken:
                self.reject(*broken.args)
                if self.P:              # and nothing bounds the segment
                    self.do_cut(None)
                    return

    def unpack(self, data, limit):
        """The records in a segment."""
        s = segment_header(data[:24], limit)
        expect("G-1", len(data) == 24 + s.stored)
        expect("G-3", crc32c(data[8:]) == s.checksum)
        raw = data[24:]
        if s.compression:
            expect("G-11", frame_size(raw, limit) == s.raw_octets)
            raw = unzstd(raw, s.raw_octets + 1)
        expect("G-11", len(raw) == s.raw_octets)
        return raw

    def reject(self, rule, text=None):
        """A segment that is not accepted."""
        self.tell(rule, text)
        self.archive.lost(self.K == K_DATA)

    def read_volume(self, h):                                   # 2.4
        try:
            stored = segment_header(self.payload[:24], LIMIT_MAX).stored
            raw = self.unpack(self.payload[:24 + stored], LIMIT_MAX)
            r = self.only_record(VOLUME, h, raw)
            expect("L-9", self.proof in (None, r.digest))
        except Broken as broken:
            self.tell(*broken.args)

    def only_record(self, table, h, raw):
        """The one record of the segment of VOLUME or END."""
        found = list(records(raw))
        expect("R-9", found[0].name == table.name)
        self.check("R-9", len(found) == 1)
        return table.read(found[0].payload)


# ---- Chapter 12.2: from segments to objects -------------------------------
ONLY_TOLD = "R-10", "R-12", "O-20"      # of a record that is not needed


class Object:
    """An object, and what of it was found."""

    kind = encoding = target = facts = mode = octets = 0
    path = status = None                # not known
    next = open = None                  # ordinal, of streams; the open one
    group = digest = content = None     # the streams of a group; of these
    partial = False

    def __init__(self, owner):
        self.number, self.streams, self.bad = owner, {}, []
        self.counts = [0, 0, 0]         # streams, groups, xattrs
        self.string, self.xattrs = hashlib.sha256(), hashlib.sha256()

    def damage(self):
        self.partial, self.group, self.open, self.next = True, None, None, None

    def ends(self, status):
        self.status = "partial" if self.partial else status
        self.group = self.digest = self.content = self.string = None

    def json(self, archive):
        return {
            "archive": archive, "object": self.number,
            "outside": self.facts & OUTSIDE > 0,
            "mode": self.mode & 0o777 if self.facts & MODE else None,
            "modified": [self.modified_s, self.modified_ns]
            if self.facts & MODIFIED else None, "streams": [
                {**pick(one, "ordinal id attributes size name ranges"),
                 "sha256": one.sha.hexdigest()}
                for _, one in sorted(self.streams.items())],
            **pick(self, "kind encoding path status target bad")}


class Archive:
    """An archive at hand, and what is made of its records."""

    make_object, make_stream = Object, staticmethod(new_stream)
    limit, end, twice = LIMIT_MAX, None, False  # twice: END stands so
    now, next, complete = None, 1, 0    # object at hand, next one, how many
    skip = False                        # records of 0 or a number met before
    hole = False                        # the next segment does not follow
    spoilt = False                      # and something was lost for good

    def __init__(self, archive, reader):
        self.number, self.reader, self.tell = archive, reader, reader.tell
        self.objects, self.known, self.prints = {}, {}, hashlib.sha256()
        self.catalog, self.slice = new_listing(), new_listing()

    def lost(self, data=True):
        self.spoilt, self.hole = True, self.hole or data

    def put_aside(self):
        """What comes does not follow: the object at hand is partial."""
        if self.hole:
            if self.now:
                self.now.damage()
            self.now = self.next = None
            self.skip = self.hole = False

    def tear(self):
        """The object at hand will get no OBJECT END."""
        self.put_aside()
        if self.now:
            self.now.ends("torn")
            self.now = None

    # -- Chapter 5
    def data_segment(self, raw, place, h):
        if self.reader.given_up not in (None, place[1::2]):
            self.reader.check("G-1", self.hole)
            self.lost()
        self.reader.given_up, follows = None, not self.hole
        self.put_aside()
        try:
            for x in records(raw):
                if x.at == 0 and not follows and x.name != "OBJECT":
                    self.enter(x)
                self.record(x)
        except Broken as broken:
            self.breach(self.now, *broken.args)
            self.lost()

    def enter(self, x):
        """Behind a loss: what the first record goes on with is partial."""
        mine = self.objects.get(x.owner)
        self.skip = mine and mine.status
        if x.owner and x.name and not self.skip:
            mine = self.objects[x.owner] = mine or self.make_object(x.owner)
            mine.damage()
            self.now, self.next = mine, x.owner + 1

    def record(self, x):
        """One record.  What it breaks is told, and its object is partial."""
        mine = self.now
        try:
            self.take(x)
        except Broken as broken:
            self.breach(self.now or mine, *broken.args, x.owner,
                        x.owner or hasattr(self, "take_%s" % x.name))

    def breach(self, mine, rule, owner=0, damaged=True):
        self.tell(rule, owner=owner or mine and mine.number)
        if mine and damaged and rule not in ONLY_TOLD:
            mine.damage()

    def take(self, x):
        take = getattr(self, "take_%s" % x.name, None)
        if x.name == "OBJECT":
            self.object(x)
        elif x.name == "ARCHIVE":
            self.limit = self.fields(x).limit
        elif take:
            if not self.skip:
                expect("R-11", self.now and x.owner == self.now.number)
                take(self.now, self.fields(x))
        elif x.type & CRITICAL:
            self.tell("R-5", "critical record 0x%X" % x.type, x.owner)
            if self.now:
                self.now.damage()

    def fields(self, x):
        return TABLES[x.type].read(x.payload)

    # -- Chapter 6
    def object(self, x):                                        # 6.1
        if self.now and not self.hole:
            self.breach(self.now, "R-13", damaged=False)
        self.tear()
        expected, self.next = self.next, x.owner + 1 if x.owner else None
        self.skip = not x.owner or x.owner in self.objects
        self.spoilt = self.spoilt or self.skip
        expect("R-12" if x.owner else "R-7", not self.skip)
        mine = self.now = self.objects[x.owner] = self.make_object(x.owner)
        mine.next = 0
        r = self.fields(x)
        vars(mine).update(vars(r))
        mine.string.update(r.raw[:16] + bytes(8) + r.raw[24:])  # 9.5
        expect("R-12", expected in (None, x.owner))

    def take_XATTR(self, mine, r):                              # 6.2
        mine.counts[2] += 1
        mine.xattrs.update(r.raw)

    def take_OBJECT_END(self, mine, r):                         # 6.3
        expect("R-6", len(r.bad) == 24 * r.ranges)
        if not mine.partial:                                    # V-3
            expect("R-9", not mine.group)
            expect("O-13", [r.streams, r.groups, r.xattrs, r.octets]
                   == [*mine.counts, mine.octets])
            expect("O-14", r.digest == (mine.xattrs.digest() if r.xattrs
                                        else bytes(32)))
            mine.string.update(r.raw)
            self.prints.update(mine.string.digest())
            self.complete += 1
        mine.bad = [[ordinal, begin, begin + length] for ordinal, _, begin,
                    length in BAD_RANGE.iter_unpack(r.bad)]
        mine.ends("flawed" if r.ranges or r.flags else "complete")
        self.now = None

    def take_CONTINUED(self, mine, r):                          # 6.4
        if mine.path is None:
            mine.kind, mine.encoding, mine.path = r.kind, r.encoding, r.path
        named = {r.stream: r.stream_header, r.group: r.group_header}
        for ordinal, header in named.items() if mine.partial else ():
            if ordinal != ONES32:
                one = mine.streams.setdefault(ordinal, self.make_stream(
                    STREAM.read(struct.pack("<I", ordinal) + header)))
                expect("O-20", one.header == header)
                if ordinal == r.stream:
                    expect("O-20", r.offset < one.size)
                    mine.open, mine.next = one, ordinal + 1
                    one.at = r.offset

    # -- Chapter 7
    def take_STREAM(self, mine, r):                             # 7.2
        new = self.make_stream(r)
        expect("S-3", mine.next in (None, new.ordinal)
               and new.ordinal not in mine.streams)
        expect("S-4", not mine.open)
        expect("R-9", not mine.group or new.id == ID_SPARSE)
        mine.streams[new.ordinal] = new
        mine.next, mine.open = new.ordinal + 1, new if new.size else None
        mine.counts[0] += 1
        if mine.group:
            mine.group.append(new)
            mine.digest.update(new.header)
        elif not mine.partial:
            mine.group, mine.digest = [new], hashlib.sha256()
            mine.content = Content(new)

    def take_DATA(self, mine, r):
        stream, end = mine.streams.get(r.ordinal), r.offset + len(r.octets)
        mine.octets += len(r.octets)
        if mine.open or not mine.partial:
            expect("S-4", r.octets and stream and stream is mine.open
                   and r.offset == stream.at and end <= stream.size)
        if stream and r.octets and end <= stream.size and (
                not stream.ranges or stream.ranges[-1][1] <= r.offset):
            self.give(mine, stream, r)
            stream.at, mine.open = end, stream if end < stream.size else None

    def give(self, mine, stream, r):                            # V-7
        if mine.group:
            mine.digest.update(r.octets)
            if mine.content.exists:
                mine.content.feed(stream, r)
        stream.sha.update(r.octets)
        end = r.offset + len(r.octets)
        if stream.ranges and stream.ranges[-1][1] == r.offset:
            stream.ranges[-1][1] = end
        else:
            stream.ranges.append([r.offset, end])
        if self.reader.store:
            with open(os.path.join(self.reader.store, "%d.%d.%d" % (
                    self.number, mine.number, r.ordinal)), "ab") as file:
                file.write(r.octets)

    def take_GROUP_END(self, mine, r):                          # 7.3
        group, mine.group = mine.group, None
        expect("S-4", not mine.open)
        mine.counts[1] += 1
        if not mine.partial:
            expect("R-9", group)
            one, content = group[0], mine.content
            expect("S-10", (r.first, r.id, r.attributes, r.name, r.streams,
                            r.body, r.content, r.allocated) == (
                one.ordinal, one.id, one.attributes, one.name, len(group),
                sum(stream.size for stream in group), content.end,
                content.allocated))
            expect("S-11", r.digest == mine.digest.digest())
            expect("S-12", (r.flags, r.content_digest) == (
                (1, content.sha.digest()) if content.present
                else (0, bytes(32))))
            mine.string.update(r.raw)

    # -- Chapter 9
    def list(self, listing, x):
        """A record of a catalog or slice."""
        listing.sha.update(x.octets)
        mine = self.objects.get(x.owner)
        if x.name == "OBJECT" and x.owner and not (mine and mine.path):
            with contextlib.suppress(Broken):
                listing.found.setdefault(x.owner, OBJECT.read(x.payload))

    def learn(self, listing, digest):
        """Take what its digest proves (A-15); else gives False."""
        proven = listing.sha.digest() == digest
        self.known = {**listing.found, **self.known} if proven else self.known
        return proven

    def catalog_segment(self, raw, place, h):                   # 9.2
        for x in records(raw):
            self.list(self.catalog, x)

    def checkpoint_segment(self, raw, place, h):                # 9.3
        for x in records(raw):
            if x.name == "CHECKPOINT":
                theirs, self.slice = self.slice, new_listing()
                r = self.fields(x)
                expect("A-7", self.learn(theirs, r.digest) or self.spoilt)
            else:
                self.list(self.slice, x)

    def end_segment(self, raw, place, h):                       # 9.4
        self.end = self.end or self.reader.only_record(END, h, raw)

    def judge_end(self):
        check, end = self.reader.check, self.end
        check("A-11", self.learn(self.catalog, end.digest) or self.spoilt)
        check("A-12", self.fingerprint() in (None, end.fingerprint.hex()))
        check("A-13", self.twice)

    def finish(self):
        if self.now and self.end and not self.hole:
            self.breach(self.now, "R-13")
        self.tear()
        if self.end:
            self.judge_end()
        else:
            self.tell(None, "archive %d has no valid END" % self.number)
        for owner, r in self.known.items():                     # 12.2
            mine = self.objects.get(owner)
            if not mine:
                mine = self.objects[owner] = self.make_object(owner)
                mine.status = "lost"
            if mine.path is None:
                vars(mine).update(vars(r))
        for mine in self.objects.values():
            mine.status = mine.status or "partial"

    def fingerprint(self):                                      # 9.5
        """If all objects and END are at hand."""
        statuses = {mine.status for mine in self.objects.values()}
        if self.end and statuses <= {"complete", "flawed", "torn"} and (
                self.complete == self.end.objects or not self.spoilt):
            return self.prints.hexdigest()
        return None


# ---- The contract: what is printed ----------------------------------------
def extract(reader):
    """Read volumes; gives what is printed, as a dict."""
    report = {"contract": 1, "exit": 2, "archives": [], "objects": [],
              "diagnostics": reader.diagnostics}
    try:
        reader.survey()
    except Broken as refused:
        reader.tell(*refused.args)
        return report
    reader.read()
    for one in reader.archives.values():
        report["archives"].append({
            "archive": one.number, "complete": one.end is not None,
            "fingerprint": one.fingerprint()})
        report["objects"] += [mine.json(one.number) for _, mine
                              in sorted(one.objects.items())]
    report["exit"] = 1 if reader.diagnostics or any(
        mine["status"] in ("partial", "lost") for mine in report["objects"]
        ) else 0
    return report


def main(kind=Reader):
    """The program; "kind" is Reader, or what judge.py makes of it."""
    verb, *paths = sys.argv[1:] or [""]
    writes = verb == "extract"
    try:
        if verb not in ("extract", "check") or len(paths) <= writes:
            raise OSError("usage: extract IMAGE... EMPTYDIR or check IMAGE...")
        store = paths.pop() if writes else None
        if store and os.listdir(store):
            raise OSError(store + " is not empty")
        report = extract(kind(paths, store))
        print(json.dumps(report, default=bytes.hex))
        sys.exit(report["exit"])
    except (OSError, MemoryError) as error:
        print(os.path.basename(sys.argv[0]) + ":", error, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    try:
        import judge
    except ModuleNotFoundError as missing:
        if missing.name != "judge":
            raise
        main()
    judge.main()
