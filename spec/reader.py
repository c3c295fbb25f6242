#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Reads volumes of the Reel tape archive format, edition 1.

    reader.py extract IMAGE... EMPTYDIR   streams as files, facts as JSON
    reader.py check   IMAGE...            the same judgement, nothing written

IMAGE are copies of tapes in the SIMH "tap" form, volumes of one set.  This
program was written from the text of the format alone and goes through it in
its order: each part is headed by its chapter, and comments name sections and
ids of requirements.  restore.py puts back under its name what it extracts.
It needs Python 3.9 and, for packed segments, Python 3.14 or the program
"zstd".
"""

import contextlib
import hashlib
import itertools
import json
import mmap
import os
import re
import shutil
import struct
import subprocess
import sys
from types import SimpleNamespace

MAGIC = bytes.fromhex("8a5245454c0d0a1a")
ONES32, ONES64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
BLOCK_MAX, LIMIT_MAX = 1 << 20, 1 << 24                         # L-3, G-7


class Wrong(Exception):
    """The program was called wrongly."""


class Refused(Exception):
    """The volume is unsupported: nothing may be given out."""


class Broken(Exception):
    """The requirement whose id is its argument is broken."""


def expect(rule, holds):
    if not holds:
        raise Broken(rule)


def pick(r, names):
    """Those fields of a structure, as a dict."""
    return {name: getattr(r, name) for name in names.split()}


def agree(rule, r, **fields):
    expect(rule, pick(r, " ".join(fields)) == fields)


# ---- Chapter 0: copies of tapes as SIMH "tap" files -----------------------

BLOCK, FILEMARK, UNREADABLE = "B", "M", "?"


def number(octets, at, length):
    return int.from_bytes(octets[at:at + length], "little")


def tap_items(path, tap):
    """Yield (what, offset, length) for each block, filemark or bad block."""
    at = 0
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
                raise Wrong(path + " is not a SIMH tap file")
            start = tap.find(MAGIC, at)
            if start != at:
                yield UNREADABLE, at, 0
            if start < 0:
                return
            length = min(number(tap, start + 20, 4), BLOCK_MAX)
            yield BLOCK, start, length
            at = start + length + 4


# ---- Chapter 1: conventions -----------------------------------------------

TYPES = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i",
         "i64": "q"}
TABLES = {}                             # type of a record -> its table


class Table:
    """A structure as in section 1.2.  "fields" is such as "u8 kind 1..8 O-1":
    type, name, and where there is one its range and the requirement that sets
    it.  "tail" names the octets behind them, each with the field that holds
    its length ("path:n", or none for all that is left), text with a star.
    "rules" has a line for each other requirement: its id, and what has to
    hold of the fields and of "at", which the reader knows."""

    def __init__(self, fields, tail="", record="", rules="", length="R-6"):
        rows = [field.split() for field in fields.split(",")]
        self.names = [row[1] for row in rows]
        self.struct = struct.Struct("<" + "".join(
            row[0][3:-1] + "s" if "[" in row[0] else TYPES[row[0]]
            for row in rows))
        self.ranges = [(row[1], *map(int, row[2].split("..")), row[3])
                       for row in rows if row[2:]]
        self.tail = [part.split(":") for part in tail.split()]
        self.length, self.rules = length, []
        for line in rules.split("\n")[1:]:
            rule, holds = line.split(None, 1)
            self.rules.append((rule, compile(holds, rule, "eval")))
        if record:
            self.type, self.name = int(record[:6], 16), record[7:]
            TABLES[self.type] = self

    def read(self, octets, at=None):
        """The fields.  "notes" has what is broken but only to be told."""
        end, notes = self.struct.size, set()
        expect(self.length, len(octets) >= end)
        fields = list(zip(self.names, self.struct.unpack_from(octets)))
        r = SimpleNamespace(raw=octets, notes=notes, **dict(fields))
        for name, length in self.tail:
            begin, end = end, end + getattr(r, length) if length else None
            setattr(r, name.strip("*"), octets[begin:end])
            if name.endswith("*") and not is_text(octets[begin:end]):
                notes.add("C-5")
        expect(self.length, end in (None, len(octets)))
        for name, low, high, rule in self.ranges:
            expect(rule, low <= getattr(r, name) <= high)
        for rule, holds in self.rules:
            expect(rule, eval(holds, {**globals(), **vars(r), "at": at}))
        for name, value in fields:
            if name == "zero" and value not in (0, bytes(7)):
                notes.add("C-1")
            if name.endswith("_ns") and value >= 1000000000:
                notes.add("C-4")
        return r


def is_text(octets):                                            # C-5
    return not re.search("[\0-\x1f\x7f\udc80-\udcff]",
                         octets.decode("utf-8", "surrogateescape"))


# ---- Chapter 2: the volume ------------------------------------------------

VOLUME = Table(
    "u32 volume,u32 block_octets,u8[16] set,i64 created_s,u32 created_ns,"
    "u32 label_octets,u64 leader_octets,u8[32] digest,u8[6] volume_id,"
    "u16 edition 1..1 R-14,u16 n 0..128 L-12,u16 m 0..64 L-12,u32 zero",
    "set_name*:n software*:m", "0x8001 VOLUME")
LABEL = re.compile(rb"VOL1[A-Z0-9](?=[A-Z0-9]{0,5} *REEL)[A-Z0-9 ]{5}"
                   rb" {14}REEL {9} {14} {28}4\Z")              # L-5
LEADER = b"REEL TAPE ARCHIVE, EDITION 1"
PRINTABLE = bytes([10]) + bytes(range(0x20, 0x7F))


def read_front(image):
    """Label and leader: how many items, what they break, and if they are
    whole what VOLUME has to say of them (L-9)."""
    shape, marks, sha, leader, rules = "", 0, hashlib.sha256(), 0, set()
    volume_id = b""
    for what, start, length, _ in image.items:
        octets = image.tap[start:start + length]
        if marks == 2 or what == BLOCK and octets[:8] == MAGIC:
            break
        shape, marks = shape + what, marks + (what == FILEMARK)
        sha.update(octets)
        if shape == BLOCK:
            volume_id = octets[4:10]
            rules |= set() if LABEL.match(octets) else {"L-5"}
        elif what == BLOCK and shape != BLOCK:
            if image.length not in (0, length):
                rules.add("L-4")
            if octets.translate(None, PRINTABLE) or not (
                    leader or octets.startswith(LEADER)):
                rules.add("L-7")
            leader += length
    if UNREADABLE in shape:
        return len(shape), (), None
    if not re.fullmatch("BMB+M", shape):
        rules = {"L-1"}
    return (len(shape), rules,
            None if rules else (volume_id, 80, leader, sha.digest()))


# ---- Chapter 3: blocks, and what of them is unknown (11) ------------------

HEADER = Table(
    "u8[8] magic,u32 checksum,u16 revision,u16 kind,u32 features,u32 length,"
    "u32 payload,u32 first,u32 volume,u32 archive,u32 run,u32 zero,"
    "u8[16] set,u64 sequence,u64 address,u64 start,u64 zero")
K_VOLUME, K_DATA, K_CHECKPOINT, K_CATALOG, K_END = KINDS = 1, 2, 3, 4, 5
RESERVED = 0x8001, 0x8002               # PARITY, LIBRARY INDEX (3.1)
UNSUPPORTED = "B-4", "X-3", "X-4"


def judge_block(block):
    """The first requirement that a block breaks, or None; and its header."""
    size = len(block)
    if size < 96:
        return "B-1", None
    h = HEADER.read(block[:96])
    whole = crc32c(block[12:]) == h.checksum
    part = (not whole and 96 <= h.length < size     # or four octets behind it
            and crc32c(block[12:h.length]) == h.checksum)
    for rule, holds in (
            ("B-1", h.length <= size), ("B-2", h.magic == MAGIC),
            ("B-3", whole or part), ("B-4", h.revision == 1),
            ("X-3", not h.features), ("X-4", h.kind not in RESERVED),
            ("B-5", h.length == size or part and h.length == size - 4),
            ("B-6", 1 <= h.payload <= h.length - 96),
            ("B-7", h.first < h.payload or h.first == ONES32),
            ("B-9", h.volume and h.archive)):
        if not holds:
            return rule, h
    return None, h


# ---- Chapter 4: segments --------------------------------------------------

SEGMENT = Table("u8[4] magic,u32 checksum,u8 compression,u8 encryption,"
                "u16 zero,u32 stored,u32 raw_octets,u32 zero", length="G-1",
                rules="""
    G-2   magic == b"SEGM"
    G-4   compression in (0, 1)
    G-5   encryption == 0
    G-6   16 <= raw_octets <= at
    G-8   compression or stored == raw_octets
    G-10  not compression or stored < raw_octets""")


def unpack_segment(data, s, limit):
    """The records in a segment of which all octets are at hand."""
    expect("G-3", crc32c(data[8:]) == s.checksum)
    if s.compression == 0:
        return data[24:]
    expect("G-11", frame_size(data[24:], limit) == s.raw_octets)
    raw = unzstd(data[24:])
    expect("G-11", len(raw) == s.raw_octets)
    return raw


def frame_size(frame, limit):
    """G-9: content size of exactly one zstd frame (RFC 8878, 3.1.1)."""
    expect("G-9", frame[:4] == b"\x28\xb5\x2f\xfd" and len(frame) > 5)
    flags, at, window = frame[4], 5, 0
    single, checksum, reserved = flags & 0x20, flags & 4, flags & 8
    if not single:
        window = (1 << 10 + (frame[5] >> 3)) * (8 + (frame[5] & 7)) // 8
        at = 6
    length = (0, 1, 2, 4)[flags & 3]                    # of a dictionary id
    expect("G-9", not reserved and not any(frame[at:at + length]))
    at += length
    length = (1 if single else 0, 2, 4, 8)[flags >> 6]
    size = number(frame, at, length) + (256 if length == 2 else 0)
    expect("G-9", length and (size if single else window) <= limit)
    at, last = at + length, 0
    while not last:
        expect("G-9", at + 3 <= len(frame))
        word = number(frame, at, 3)
        last, kind, length = word & 1, word >> 1 & 3, word >> 3
        expect("G-9", kind != 3)
        at += 3 + (1 if kind == 1 else length)
    expect("G-9", at + (4 if checksum else 0) == len(frame))
    return size


def unzstd(frame):
    """By the module of Python 3.14 or the program."""
    try:
        from compression import zstd
        return zstd.decompress(frame)
    except ImportError:
        if not shutil.which("zstd"):
            raise Refused(None, "nothing here unpacks zstd") from None
        done = subprocess.run(["zstd", "-dcq"], input=frame, check=False,
                              capture_output=True)
        expect("G-9", done.returncode == 0)
        return done.stdout
    except zstd.ZstdError:
        raise Broken("G-9") from None


# ---- Chapter 5: records ---------------------------------------------------

RECORD = struct.Struct("<HHIQ")
CRITICAL = 0x8000
HEAD = ("ARCHIVE", "SOURCE", "EARLIER_VOLUME", "EARLIER_ARCHIVE")
WITHOUT_OBJECT = HEAD + ("VOLUME", "CHECKPOINT", "END")
ORDER = {                               # 5.1: what may stand behind what
    "": "ARCHIVE",
    "ARCHIVE": "SOURCE EARLIER_VOLUME EARLIER_ARCHIVE OBJECT",
    "SOURCE": "SOURCE EARLIER_VOLUME EARLIER_ARCHIVE OBJECT",
    "EARLIER_VOLUME": "EARLIER_VOLUME EARLIER_ARCHIVE OBJECT",
    "EARLIER_ARCHIVE": "EARLIER_ARCHIVE OBJECT",
    "OBJECT": "XATTR STREAM OBJECT_END",
    "XATTR": "XATTR STREAM OBJECT_END",
    "STREAM": "DATA STREAM GROUP_END",
    "DATA": "DATA STREAM GROUP_END",
    "GROUP_END": "STREAM OBJECT_END",
    "OBJECT_END": "OBJECT"}
ARCHIVE = Table(
    "u16 edition 1..1 R-14,u8 source 1..3 R-15,u8 compression 0..1 G-4,"
    "u32 limit 262144..16777216 G-7,i64 created_s,u32 created_ns,"
    "u32 archive,i32 level,u32 previous_archive,u32 previous_volume,"
    "u32 zero,u64 previous_sequence,u64 previous_address,u32 zero,"
    "u16 a 0..64 R-18,u16 b 0..64 R-18,u16 c 0..255 R-18,u16 d 0..64 R-18,"
    "u16 e 0..4096 R-18,u16 f,u8 base_encoding 1..2 R-19,u8[7] zero",
    "name*:a host*:b system*:c software*:d options*:e base:f",
    "0x8002 ARCHIVE", """
    R-16  archive == at
    R-17  previous_archive < at
    R-17  previous_archive or not any(raw[32:36] + raw[40:56])""")
SOURCE = Table("u8 role 1..2 R-20,u8 encoding 1..2 R-20,u16 n 1..65535 R-20",
               "text:n", "0x0003 SOURCE")
EARLIER_VOLUME = Table(
    "u32 number,u8[6] volume_id,u16 zero", "", "0x0004 EARLIER_VOLUME")
EARLIER_ARCHIVE = Table(
    "u32 number,u32 state 0..1 R-22,u32 volume,u32 zero,u64 sequence,"
    "u64 address,i64 created_s,u32 created_ns,u16 n 0..64 R-18,u16 zero,"
    "u64 objects,u64 stream_octets,u8[32] fingerprint", "name*:n",
    "0x0005 EARLIER_ARCHIVE", """
    R-22  state or not any(raw[8:])""")


def records(raw):
    """Yield each record: place, type and so on; "octets" are all of it."""
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


def only_record(raw, table):
    """The one record of the segment of VOLUME or END."""
    found = list(records(raw))
    expect("R-9", len(found) == 1 and found[0].name == table.name)
    r = table.read(found[0].payload)
    r.notes |= {rule for rule, wrong in (
        ("C-1", found[0].zero), ("R-7", found[0].owner)) if wrong}
    return r


# ---- Chapter 6: objects ---------------------------------------------------

FILE, DIRECTORY, SYMLINK, FIFO, SOCKET, CHARACTER, DEVICE, LINK = range(1, 9)
MODE, MODIFIED, OUTSIDE = 0x0001, 0x0008, 0x0100
FACTS = (                               # bit, and octets of OBJECT it is for
    (0x0001, 28, 40), (0x0002, 4, 8), (0x0004, 48, 56), (0x0004, 80, 84),
    (0x0008, 56, 64), (0x0008, 84, 88), (0x0010, 64, 72), (0x0010, 88, 92),
    (0x0020, 72, 80), (0x0020, 92, 96), (0x0040, 96, 120), (0x0080, 40, 48))
PATH = """
    N-3   encoding == 1 or n % 2 == 0
    N-4   path or kind == DIRECTORY
    N-2   not {"", ".", ".."} & set(components(encoding, path))
    N-2   chr(0) not in "".join(components(encoding, path))"""  # chapter 8
OBJECT = Table(
    "u8 kind 1..8 O-1,u8 encoding 1..2 O-2,u16 facts 0..1023 O-3,"
    "u32 attributes,u64 size 0..9223372036854775807 O-6,u64 target,"
    "u32 link_count,u32 mode,u32 uid,u32 gid,u32 major,u32 minor,"
    "i64 birth_s,i64 modified_s,i64 accessed_s,i64 changed_s,u32 birth_ns,"
    "u32 modified_ns,u32 accessed_ns,u32 changed_ns,u64 file_system,"
    "u8[16] file_id,u16 n,u16 u 0..255 O-9,u16 g 0..255 O-9,"
    "u16 s 0..24 O-10", "path:n user:u group_name:g short_name:s",
    "0x8010 OBJECT", """
    O-9   0 not in user + group_name
    O-10  s % 2 == 0
    O-4   all(facts & bit or not any(raw[i:j]) for bit, i, j in FACTS)
    O-7   (target == 0) == (kind != LINK)
    O-8   not facts & OUTSIDE or kind == LINK
    O-5   not size or kind in (FILE, LINK)
    K-1   kind != LINK or target < at""" + PATH)
XATTR = Table("u16 n 1..255 O-11,u16 zero,u32 m", "name:n value:m",
              "0x8011 XATTR", """
    O-11  0 not in name""")
OBJECT_END = Table(
    "u32 streams,u32 groups,u32 xattrs,u32 flags 0..3 O-15,u64 octets,"
    "u32 ranges,u32 zero,u8[32] digest", "bad:", "0x8015 OBJECT_END", """
    R-6   len(bad) == 24 * ranges""")
BAD_RANGE = struct.Struct("<IIQQ")
CONTINUED = Table(
    "u8 kind 1..8 O-1,u8 encoding 1..2 O-2,u16 n,u32 group,u32 stream,u16 g,"
    "u16 s,u64 offset", "path:n group_header:g stream_header:s",
    "0x8016 CONTINUED", """
    O-21  group != ONES32 or stream == ONES32 and not g
    O-21  stream != ONES32 or not (s or offset)""" + PATH)


# ---- Chapter 7: streams ---------------------------------------------------

STREAM = Table("u32 ordinal,u32 id,u32 attributes,"
               "u64 size 0..9223372036854775807 S-1,u32 n 0..32000 S-2",
               "name:n", "0x8012 STREAM", length="S-5", rules="""
    S-7   id != ID_SPARSE or size >= 8""")
DATA = Table("u32 ordinal,u32 zero,u64 offset,u64 sparse", "octets:",
             "0x8013 DATA")
GROUP_END = Table(
    "u32 first,u32 streams,u32 id,u32 attributes,u32 flags 0..1 S-10,u32 n,"
    "u64 body,u64 content,u64 allocated,u8[32] digest,u8[32] content_digest",
    "name:n", "0x8014 GROUP_END")
ID_DATA, ID_ALTERNATE, ID_LINK, ID_SPARSE = 1, 4, 5, 9
TAGS = {SYMLINK: 0xA000001D, FIFO: 0x80000024, SOCKET: 0x80000023,
        CHARACTER: 0x80000025, DEVICE: 0x80000026}              # 7.4
POSIX_SHAPES = {        # 7.4: ids, attributes, names and sizes of streams
    FILE: "1,0,,[1-9][0-9]*;|1,8,,0;(9,8,,[0-9]+;)*9,8,,8;", DIRECTORY: "",
    SYMLINK: "8,0,,[0-9]+;"}
NTFS_SHAPE = ("(3;)?(2;)?(7;)?(8;)?(1;(9;)*)?(4;(9;)*)*"        # 7.5: ids
              "((?![1-4789];)[0-9]+;)*")
HOLES, ZEROS = 1 << 30, memoryview(bytes(1 << 24))


class Stream(SimpleNamespace):
    """The fields of STREAM, and what of its body was given out."""

    def __init__(self, r):
        super().__init__(**vars(r), header=r.raw[4:], sha=hashlib.sha256(),
                         ranges=[], front=b"")
        self.at = 0                     # where the next DATA has to begin
        self.given = 0                  # behind the last octet given out
        self.zeros = []                 # where it is zero, for O-18

    def give(self, offset, octets):
        """Octets that are given out, and that stand behind all before."""
        self.sha.update(octets)
        self.at = self.given = offset + len(octets)
        extend(self.ranges, offset, self.given)
        for run in re.finditer(rb"\A\0+|\0{4,}|\0+\Z", octets):
            extend(self.zeros, offset + run.start(), offset + run.end())

    def is_zero(self, begin, end):
        """O-18; of less than four octets this cannot be told."""
        return end - begin < 4 or any(
            one <= begin and end <= two for one, two in self.zeros)

    def facts(self):
        return {**pick(self, "ordinal id attributes size name ranges"),
                "sha256": self.sha.hexdigest()}


NO_STREAM = SimpleNamespace(ordinal=ONES32, at=0, header=b"")


def extend(ranges, begin, end):
    """Add a range to a list that it does not precede."""
    if ranges and ranges[-1][1] == begin:
        ranges[-1][1] = end
    else:
        ranges.append([begin, end])


class Group:
    """A group that is read from its front: its counts and digests (7.3)."""

    def __init__(self, first):
        self.first, self.streams, self.body = first, 1, first.size
        self.has_content = first.id in (ID_DATA, ID_ALTERNATE)
        self.sha, self.content = hashlib.sha256(), hashlib.sha256()
        self.present = self.has_content         # the content digest
        self.end = self.holes = self.allocated = 0
        self.closed = False             # the last SPARSE_BLOCK has no octets

    def add(self, block):
        expect("S-9", not self.closed)
        self.streams, self.body = self.streams + 1, self.body + block.size
        self.sha.update(block.header)
        self.closed = self.has_content and block.size == 8

    def feed(self, stream, octets, before):
        """Octets of a body, of which "before" octets were here."""
        self.sha.update(octets)
        if not self.has_content:
            return
        if stream.id == ID_SPARSE and before < 8:
            if before + len(octets) >= 8:
                self.hole(number(stream.front, 0, 8), stream.size - 8)
            octets = octets[8 - before:]
        if self.present:
            self.content.update(octets)
        self.end, self.allocated = (self.end + len(octets),
                                    self.allocated + len(octets))

    def hole(self, offset, length):
        """Up to where a SPARSE_BLOCK begins."""
        expect("S-8", offset >= self.end and offset + length < 1 << 63)
        hole, self.end = offset - self.end, offset
        self.holes += hole
        if hole and self.holes > max(HOLES, self.allocated):
            self.present = False        # and nothing is hashed any more
        for at in range(0, hole if self.present else 0, len(ZEROS)):
            self.content.update(ZEROS[:hole - at])

    def judge(self, r):
        """GROUP END against what stood before it."""
        first, size = self.first, self.end if self.has_content else 0
        agree("S-10", r, first=first.ordinal, streams=self.streams,
              id=first.id, attributes=first.attributes, name=first.name,
              body=self.body, content=size, allocated=self.allocated)
        agree("S-11", r, digest=self.sha.digest())
        agree("S-12", r, flags=self.present, content_digest=self.content
              .digest() if self.present else bytes(32))


def judge_streams(mine, source):
    """Are the streams of a whole object as in section 7.4, or 7.5?"""
    streams = list(mine.streams.values())
    if source == 2:
        expect("S-16", re.fullmatch(
            NTFS_SHAPE, "".join("%d;" % one.id for one in streams)))
    elif streams or mine.kind != FILE or mine.size:
        expect("S-15", re.fullmatch(
            POSIX_SHAPES.get(mine.kind, "8,0,,8;"), "".join(
                "%d,%d,%s,%d;" % (one.id, one.attributes, one.name.hex(),
                                  one.size) for one in streams)))
    if source == 1 and mine.kind in TAGS:
        front, size = streams[0].front, streams[0].size - 8
        expect("S-15", number(front, 0, 4) == TAGS[mine.kind]
               and number(front, 4, 4) == size <= 0xFFFF
               and (size == 0 or front[8:12] == b"\2\0\0\0"))


# ---- Chapter 8: names and links -------------------------------------------

def components(encoding, path):
    """Those of a path of octets, or of units."""
    text = path.decode("latin-1") if encoding == 1 else "".join(
        map(chr, struct.unpack("<%dH" % (len(path) // 2), path)))
    return text.split("/") if text else []


# ---- Chapter 9: catalog, checkpoints, END ---------------------------------

PLACE = struct.Struct("<IIQQII")
NOWHERE = bytes(32)
OPEN, TORN = 1, 2
ENTRY = Table("u32 flags 0..2 A-3,u32 zero,u8[28] begin,u32 zero,u8[28] end,"
              "u32 zero,u8[28] data,u32 zero", "", "0x8020 ENTRY")
CHECKPOINT = Table(
    "u32 number,u32 zero,u64 next,u64 objects,u64 torn,u64 octets,"
    "u64 slice_records,u64 slice_octets,u32 volume,u32 zero,u64 sequence,"
    "u64 address,u32 checkpoint,u32 checkpoint_volume,"
    "u64 checkpoint_sequence,u64 checkpoint_address,u8[32] digest", "",
    "0x8021 CHECKPOINT")
END = Table(
    "u16 edition,u8 source,u8 compression,u32 limit,i64 created_s,"
    "u32 created_ns,u32 archive,u64 objects,u64 torn,u64 flawed,u64 octets,"
    "u64 catalog_octets,u64 catalog_records,u32 volume,u32 zero,"
    "u64 sequence,u64 address,u32 previous_archive,u32 previous_volume,"
    "u64 previous_sequence,u64 previous_address,u32 checkpoint,"
    "u32 checkpoint_volume,u64 checkpoint_sequence,u64 checkpoint_address,"
    "u8[32] digest,u8[32] fingerprint,u16 n,u16 m,"
    "u32 zero", "name*:n host*:m", "0x8022 END")
SAME = ("source compression limit created_s created_ns archive name host "
        "previous_archive previous_volume previous_sequence "
        "previous_address")
PLACES = ("volume sequence address checkpoint checkpoint_volume "
          "checkpoint_sequence checkpoint_address")


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

def open_tap(path):
    """One volume, as a tap file."""
    with open(path, "rb") as file:
        tap = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) \
            if os.path.getsize(path) else b""
    return SimpleNamespace(path=path, tap=tap, items=[], sets={})


EVENTS = (      # of good blocks, the first that holds, and what is done then
    ("foreign", lambda m, h: h.set != m.set, "tell"),
    ("hollow", lambda m, h: h.kind == K_VOLUME and h.archive == m.A
     and m.superseded(h), "cut V"),
    ("old", lambda m, h: h.archive < m.A
     or h.kind != K_VOLUME and m.superseded(h), "note"),
    ("archive", lambda m, h: h.archive > m.A, "cut begin"),
    ("run", lambda m, h: h.run > m.R, "cut rerun"),
    ("again", lambda m, h: h.kind == K_VOLUME and h.volume == m.V, "tell"),
    ("volume", lambda m, h: h.kind == K_VOLUME, "cut volume"),
    ("turn", lambda m, h: h.volume != m.V, "turn"),
    ("repeat", lambda m, h: h.sequence < m.E, "note"),
    ("gap", lambda m, h: h.sequence > m.E, "cut miss"),
    ("skip", lambda m, h: h.kind not in KINDS and h.kind >> 15, "count"),
    ("unknown", lambda m, h: h.kind not in KINDS, "tell cut count"),
    ("kind", lambda m, h: h.kind != m.K, "cut K"),
    ("next", lambda m, h: True, "count note take"))
JUDGE_AGAIN = ("archive", "run", "turn", "gap", "kind")
SEGMENTS = {K_DATA: "data_segment", K_CHECKPOINT: "checkpoint_segment",
            K_CATALOG: "catalog_segment", K_END: "end_segment"}


class Reader:
    """The machine of section 12.1, with the names it has there.  In state
    READ "reading" holds, in NONE A is 0.  To cut leads to SEEK, where there is
    nothing to cut; so one row of actions serves all states."""

    def __init__(self, images, store):
        self.images, self.store = images, store
        self.diagnostics, self.archives, self.runs = [], [], {}
        self.number, self.where, self.event = 0, None, None
        self.A = self.R = self.S = self.E = 0
        self.V = self.K = self.P = self.D = self.archive = None
        self.given_up = None            # D, if the volume turned there
        self.reading = self.front = self.spanned = False
        self.seen, self.over = {}, {}   # payloads (B-15), superseded (B-22)

    def tell(self, rule, text=None, owner=None):
        self.diagnostics.append({
            "rule": rule, "volume": self.number, "block": self.where,
            "object": owner or None, "text": text or rule + " is broken"})

    def check(self, rule, holds):
        if not holds:
            self.tell(rule)

    @contextlib.contextmanager
    def judging(self):
        """What is found to be broken ends the block and is told."""
        try:
            yield
        except Broken as broken:
            self.tell(*broken.args)

    def note(self, r):
        for rule in r.notes:
            self.tell(rule)
        return r

    # -- first: which set, which runs, in what order

    def survey(self):
        """Judge each block alone."""
        for image in self.images:
            last = image.first = None
            for what, start, length in tap_items(image.path, image.tap):
                rule, h = (judge_block(image.tap[start:start + length])
                           if what == BLOCK else (None, None))
                image.items.append((what, start, length, rule))
                if rule in UNSUPPORTED:
                    self.number, self.where = h.volume, h.address
                    raise Refused(rule, "revision %d, features 0x%X or kind "
                                  "0x%X is not known (11.2)"
                                  % (h.revision, h.features, h.kind))
                if h and not rule:
                    image.sets.setdefault(h.set, h)
                    if h.set == last and not image.first:
                        image.first = h         # of two (12.1)
                    last = h.set
                    runs = self.runs.setdefault((h.set, h.archive), {})
                    runs[h.run] = min(runs.get(h.run, ONES64), h.start)
            image.first = image.first or next(iter(image.sets.values()), None)
        _, self.set = min([(image.first.volume, image.first.set)
                           for image in self.images if image.first],
                          default=(0, None))                    # V-6
        for image in self.images:
            h = image.sets.get(self.set)
            image.number, image.length = (h.volume, h.length) if h else (0, 0)
        self.images.sort(key=lambda image: image.number or ONES32 + 1)

    def superseded(self, h):                                    # 3.3
        return any(run > h.run and start <= h.sequence for run, start
                   in self.runs[h.set, h.archive].items())

    # -- the volumes, each from front to end

    def read(self):
        last = 0
        for image in self.images:
            self.where, self.number = None, image.number
            if image.number > last + 1:
                self.tell(None, "volumes %d ... %d are not there"
                          % (last + 1, image.number - 1))
            if not image.number:
                self.tell(None, "no good block of the set in " + image.path)
            last = image.number
            self.volume(image)
        self.where = None
        if self.archive:
            self.archive.finish()
        else:
            self.tell(None, "there is no good block")

    def volume(self, image):
        self.image, self.told, self.place = image, len(self.diagnostics), -1
        self.virgin = True              # no block yet, but VOLUME
        self.fresh = None               # VOLUME, directly behind it
        self.loss = False               # blocks may be missing before this
        self.mark, self.lone = True, None       # behind a filemark; END there
        count, rules, self.proof = read_front(image)
        self.shift = 0 if self.proof else None  # address, less place
        for rule in rules:
            self.tell(rule)
        self.check("L-3", image.length in range(0, BLOCK_MAX + 1, 512))
        for what, start, length, rule in image.items:
            self.place = self.where = self.place + 1
            if what == UNREADABLE:
                self.lost(None, "a block that cannot be read")
                self.shift = self.shift if length else None
            elif self.place < count:
                continue
            elif what == FILEMARK:
                if self.lone == self.place - 1:
                    self.archive.ends.add("alone")
            elif rule:
                self.lost(rule, "a bad block: " + rule)
            else:
                self.block(image.tap[start:start + length])
            if what != BLOCK or rule:
                self.mark = what == FILEMARK

    def lost(self, rule, text):
        self.tell(rule, text)
        self.loss = True

    def block(self, octets):
        """A good block: its event, and the actions of that (V-4, V-5)."""
        h, again = HEADER.read(octets[:96]), True
        self.payload, is_volume = octets[96:96 + h.payload], h.kind == K_VOLUME
        if h.set == self.set:
            self.judge(h, octets)
        while again:
            self.event, _, actions = next(
                row for row in EVENTS if row[1](self, h))
            for action in actions.split():
                getattr(self, "do_" + action)(h)
            again = self.event in JUDGE_AGAIN
        if h.set == self.set:
            self.virgin, self.fresh = False, h if is_volume else None
            self.loss, self.mark = (self.loss and is_volume,
                                    self.mark and is_volume)

    def judge(self, h, octets):
        """What is only to be told of a good block, whatever its event."""
        mine = (h.archive, h.run) == (self.A, self.R)
        fresh, other = self.fresh, h.kind != K_VOLUME
        gap = other and h.sequence > self.E and mine
        shift, content = h.address - self.place, hash((h.kind, self.payload))
        if self.virgin and other and not self.loss:
            self.tell("L-2")
            self.shift = None
        self.check("L-4", h.length == self.images[0].length)
        self.check("B-8", not octets[96 + h.payload:h.length].strip(b"\0"))
        self.check("C-1", not h.notes)
        self.check("B-20", self.shift in (None, shift) or gap)
        self.check("B-17", h.start == (self.S if mine and h.run else 0)
                   or h.run and not mine)
        self.check("B-12", other or not h.first)
        self.check("B-24", not (fresh and other) or self.loss
                   or (fresh.archive, fresh.run) != (h.archive, h.run)
                   or fresh.sequence == h.sequence)
        self.check("B-15", not other or content == self.seen.setdefault(
            (h.archive, h.run, h.sequence), content))
        if self.shift is None or not gap:
            self.shift = shift

    # -- the actions

    def do_tell(self, h):
        self.tell("L-2" if self.event == "again" else None,
                  "event %s of section 12.1" % self.event)
        self.loss = self.loss or self.event != "again"
        if self.event == "unknown":
            self.archive.lost()

    def do_note(self, h):
        if self.event == "old":
            if h.archive == self.A:                             # B-22
                self.over.setdefault(h.sequence, set()).add(h.kind)
        elif h.kind == K_END and (h.archive, h.run) == (self.A, self.R):
            self.lone = self.place if self.mark else None
            self.archive.ends |= set() if self.mark else {"behind"}

    def do_cut(self, h):
        self.reading = False
        if self.P:
            self.D, self.P = self.P[1::2], None         # sequence and offset
            if self.event == "kind" and not self.loss:
                self.tell("B-11")
                self.spanned = True
            if self.K == K_DATA:
                if self.event in ("volume", "turn", "hollow"):
                    self.given_up = self.D      # it has to come again (9.7)
                elif self.event == "kind":
                    self.archive.lost()
                elif self.event == "run":
                    self.archive.hole = True

    def do_begin(self, h):
        if self.archive:
            self.archive.finish()
        self.A, self.R, self.S, self.E = h.archive, h.run, h.start, 0
        self.V = self.K = self.D = self.given_up = None
        self.over = {}
        self.archive = Archive(self.A, self)
        self.archives.append(self.archive)

    def do_rerun(self, h):
        old = self.archive
        self.note_missing(h.start)
        old.hole |= self.given_up is not None
        old.tear()
        old.catalog = old.slice = None
        if h.sequence == h.start and h.kind != K_VOLUME:
            self.check("B-19", h.first == 0)
            self.check("B-23", self.mark or self.loss)
            self.check("B-22", h.start == 0 or h.start in old.resumable
                       or old.spoilt or h.kind == K_CATALOG and self.over.get(
                           h.start, set()) <= {K_CATALOG, K_END})
        self.R, self.S, self.E = h.run, h.start, h.start
        self.D = self.given_up = None
        if h.start == 0:                # of the runs before VOLUMEs count
            self.archive = self.archives[-1] = Archive(self.A, self)
            self.archive.volumes = old.volumes
            self.archive.told = old.told

    def do_V(self, h):
        self.V, self.archive.slice = h.volume, None     # void (9.3)
        if h.kind == K_VOLUME:
            self.read_volume(h)

    def do_volume(self, h):
        self.check("L-2", self.virgin)
        self.note_missing(h.sequence)
        self.E = h.sequence
        self.do_V(h)

    def do_turn(self, h):
        if self.V is not None and not self.virgin:
            self.tell(None, "a block states volume %d" % h.volume)
        self.do_V(h)
        first = min(h.sequence, self.P[1]) if self.P else h.sequence
        if first < self.E:
            self.do_cut(h)
            self.E = first

    def do_miss(self, h):
        shift = h.address - self.place
        if self.loss or self.virgin or self.fresh or shift != self.shift:
            self.note_missing(h.sequence)
        else:
            self.lost("B-14", "a sequence is left out")
            self.archive.lost()
        self.E, self.shift = h.sequence, shift

    def note_missing(self, to):
        if self.E < to:
            self.lost(None, "blocks %d ... %d of archive %d are missing"
                      % (self.E, to - 1, self.A))
            self.archive.lost()

    def do_count(self, h):
        self.E = h.sequence + 1

    def do_K(self, h):
        self.check("A-7", not (self.archive.slice and self.archive.clean()))
        self.archive.slice = None
        self.behind, self.K = self.K, h.kind
        self.front = not (self.loss or self.spanned)

    # -- the payload

    def do_take(self, h):
        begins, start = ONES32, 0
        front, self.front = self.front, False
        if not self.reading:            # find
            start, fresh = h.first, self.fresh and not self.loss
            if fresh and start == ONES32:
                self.tell("A-16")
            elif front and start and not (self.R and h.sequence == self.S):
                self.tell("B-12")       # B-19, of the first block of a run
            if self.D and h.sequence <= self.D[0]:
                start = self.D[1] if h.sequence == self.D[0] else ONES32
            elif start >= h.payload and (front or fresh):
                self.archive.lost()
        at, was, self.reading = start, self.reading, start < h.payload
        while at < h.payload:
            if not self.P:
                begins = min(begins, at)
                self.P = (h.volume, h.sequence, h.address, at)
                self.segment, self.s, self.size = bytearray(), None, 24
            part = self.payload[at:at + self.size - len(self.segment)]
            self.segment += part
            at += len(part)
            if len(self.segment) < self.size:
                break
            try:
                if not self.s:
                    self.s = SEGMENT.read(bytes(self.segment),
                                          self.archive.limit)
                    self.size += self.s.stored
                if len(self.segment) == self.size:
                    self.D, place, self.P = (h.sequence, at), self.P, None
                    raw = unpack_segment(bytes(self.segment),
                                         self.note(self.s), self.archive.limit)
                    getattr(self.archive, SEGMENTS[self.K])(raw, place, h)
            except Broken as broken:
                self.check(broken.args[0], self.P and front and start)  # B-12
                self.archive.lost(self.K == K_DATA)
                if self.P:
                    self.do_cut(None)
                    return
        self.check("B-12", not was or begins == h.first)

    def read_volume(self, h):                                   # 2.4
        with self.judging():
            s = self.note(SEGMENT.read(self.payload[:24], LIMIT_MAX))
            expect("G-1", 24 + s.stored <= len(self.payload))
            raw = unpack_segment(self.payload[:24 + s.stored], s, LIMIT_MAX)
            self.archive.volumes.append(raw)
            r = self.note(only_record(raw, VOLUME))
            agree("L-10", r, volume=h.volume, block_octets=h.length,
                  set=h.set)
            expect("L-9", self.proof in (None, (
                r.volume_id, r.label_octets, r.leader_octets, r.digest)))


# ---- Chapter 12.2: from segments to objects -------------------------------

class Object:
    """An object, and what of it was found."""

    kind = encoding = target = size = link_count = facts = mode = 0
    path = None                         # not known
    partial = told = False              # told: what follows from it is not
    next = group = open = None          # ordinal, of streams
    content = None                      # size of that of the file
    octets, last_name = 0, b""

    def __init__(self, owner, begin=NOWHERE, status=None):
        self.number, self.begin, self.status = owner, begin, status
        self.streams, self.bad = {}, []
        self.counts = [0, 0, 0]         # streams, groups, xattrs
        self.string, self.xattrs = hashlib.sha256(), hashlib.sha256()

    def damage(self, told=False):
        self.partial, self.group, self.told = True, None, self.told or told

    def ends(self, status):
        self.status = "partial" if self.partial else status
        self.group = self.open = self.string = None
        for stream in self.streams.values():
            stream.zeros = None

    def json(self, archive):
        return {
            "archive": archive, "object": self.number,
            "outside": self.facts & OUTSIDE > 0,
            "mode": self.mode & 0o777 if self.facts & MODE else None,
            "modified": [self.modified_s, self.modified_ns]
            if self.facts & MODIFIED else None,
            "streams": [self.streams[n].facts() for n in sorted(self.streams)],
            **pick(self, "kind encoding path status target size bad")}


class Archive:
    """An archive at hand, and what is made of its records."""

    def __init__(self, archive, reader):
        self.number, self.reader, self.tell = archive, reader, reader.tell
        self.limit, self.info = LIMIT_MAX, None
        self.objects, self.now, self.next = {}, None, 1
        self.last = self.before = ""    # records (5.1); None: not known
        self.earlier = 0
        self.skip = False               # records of a number met before
        self.hole = False               # the next segment does not follow
        self.spoilt = False             # and something was lost for good
        self.volumes, self.torn = [], []        # not yet in the catalog
        self.made, self.base = [], 0    # the catalog we make; of checkpoints
        self.complete = self.torn_count = self.flawed = self.octets = 0
        self.prints = hashlib.sha256()
        self.catalog = self.slice = self.end = None
        self.checkpoint = (0, 0, 0, 0)  # the last: number and place
        self.resumable, self.ends, self.known = [], set(), {}
        self.told = (reader.told if reader.virgin
                     else len(reader.diagnostics))

    def clean(self):
        """Nothing is missing or told: the whole can be judged."""
        return (not self.spoilt
                and len(self.reader.diagnostics) == self.told)

    def lost(self, data=True):
        self.spoilt, self.hole = True, self.hole or data

    def put_aside(self):
        """What comes does not follow: the object at hand is partial."""
        if not self.hole:
            return
        if self.now:
            self.now.damage()
            self.now.open = self.now.next = None
        self.now = self.next = self.last = None
        self.skip = self.hole = False

    def read(self, table, payload, at=None):
        return self.reader.note(table.read(payload, at))

    # -- 5.1: the order of records

    def data_segment(self, raw, place, h):
        volume, sequence, address, at = place
        begins_run = h.run and (sequence, at) == (h.start, 0)
        if self.reader.given_up not in (None, (sequence, at)):
            self.reader.check("G-1", self.hole)
            self.lost()
        self.reader.given_up = None
        follows = not self.hole
        self.put_aside()
        self.made += self.volumes + self.torn
        self.volumes, self.torn = [], []
        try:
            for x in records(raw):
                if x.at == 0:
                    self.enter(x, follows, begins_run)
                self.here = PLACE.pack(volume, at, sequence, address, x.at, 0)
                self.record(x)
        except Broken as broken:
            self.breach(self.now, *broken.args)
            self.lost()

    def enter(self, x, follows, begins_run):
        """The first record of a segment."""
        continued = x.name == "CONTINUED"
        if continued and begins_run:
            self.tell("B-19", owner=x.owner)
        if (not follows or continued and begins_run) and x.owner \
                and x.name not in (None, "OBJECT", "ENTRY"):
            mine = self.objects.setdefault(x.owner, Object(x.owner))
            self.skip = mine.status is not None
            if not self.skip:                   # it is at hand, partial
                mine.damage()
                self.now, self.next, self.last = mine, x.owner + 1, None
        if self.now and x.name != "OBJECT" and not continued:
            self.breach(self.now, "R-10")

    def breach(self, mine, rule, owner=0, damaged=True):
        """What is wrong in an object behind one follows from that."""
        if not (mine and mine.told):
            self.tell(rule, owner=owner or mine and mine.number)
        if mine and damaged:
            mine.damage(told=True)

    def record(self, x):
        """One record.  What it breaks is told, and its object is partial."""
        mine, alone = self.now, x.name in WITHOUT_OBJECT
        try:
            if x.name == "OBJECT":
                self.data_over()
            if x.name in HEAD + ("OBJECT", "GROUP_END", "OBJECT_END"):
                self.made.append(x.octets)
            if self.last == "" and x.name not in (None, "ARCHIVE"):
                self.tell("R-8")
                self.last = None
            expect("R-3", x.name == "DATA" or len(x.payload) <= 131072)
            expect("R-7", not x.name or (x.owner == 0) == alone)
            if x.zero:
                self.tell("C-1", owner=x.owner)
            if x.name == "OBJECT":
                self.object(x)
            elif alone:
                expect("R-9", x.name in HEAD and not self.now)
                self.in_order(x)
                self.head(x)
            elif x.name:
                expect("R-9", x.name != "ENTRY")
                expect("R-10", x.at == 0 or x.name != "CONTINUED")
                if not self.skip:
                    continued = x.name == "CONTINUED"
                    expect("R-10" if continued else "R-9", self.now)
                    expect("R-11", x.owner == self.now.number)
                    if not continued:
                        self.in_order(x)
                    r = self.read(TABLES[x.type], x.payload)
                    getattr(self, x.name.lower())(self.now, r)
            elif x.type & CRITICAL:
                self.tell(None, "a critical record of the unknown type 0x%04X"
                          % x.type, x.owner)
                if self.now and self.now.number == x.owner:
                    self.now.damage(told=True)
        except Broken as broken:
            self.breach(self.now or mine, *broken.args, x.owner,
                        x.owner or x.name and not alone)

    def in_order(self, x):
        before = self.before = self.last
        right = before is None or x.name in ORDER[before].split()
        self.last = x.name if right else None if self.now else before
        expect("R-8" if x.name == "ARCHIVE" else "R-9", right)

    def head(self, x):
        """ARCHIVE, SOURCE, EARLIER VOLUME, EARLIER ARCHIVE."""
        r = self.read(TABLES[x.type], x.payload, self.number)
        if x.name == "ARCHIVE":
            self.info, self.limit = r, r.limit
        elif x.name != "SOURCE":
            expect("R-21", r.number > (
                self.earlier if self.before == x.name else 0))
            self.earlier = r.number

    # -- Chapter 6

    def tear(self):
        """The object at hand will get no OBJECT END; its ENTRY stands where
        that shows (9.2)."""
        self.put_aside()
        if self.now:
            self.now.ends("torn")
            self.torn.append(self.entry(self.now, TORN, NOWHERE))
            self.torn_count += 1
            self.now, self.last = None, "OBJECT_END"

    def data_over(self, whole=True):
        if whole and self.now and not self.hole:
            self.breach(self.now, "R-13", damaged=False)
        self.tear()
        self.made += self.torn
        self.torn = []

    def entry(self, mine, flags, end):
        target = self.objects.get(mine.target) if mine.target else None
        return (RECORD.pack(ENTRY.type, 0, 104, mine.number)
                + struct.pack("<II", flags, 0) + mine.begin + end
                + (target.begin if target else NOWHERE))

    def object(self, x):                                        # 6.1
        expected, self.next, self.last = self.next, x.owner + 1, "OBJECT"
        self.skip = x.owner in self.objects
        expect("R-12", not self.skip)
        mine = self.now = self.objects[x.owner] = Object(x.owner, self.here)
        mine.next = 0
        r = self.read(OBJECT, x.payload, x.owner)
        target = self.objects.get(r.target)
        if target and target.kind:
            expect("K-2", target.kind not in (LINK, DIRECTORY))
            expect("O-5", not r.size or target.kind == FILE)
            target.names.add(r.path)
            if 0 < target.link_count < len(target.names):
                self.tell("K-20", owner=target.number)
        vars(mine).update(vars(r), names={r.path})
        mine.string.update(r.raw[:16] + bytes(8) + r.raw[24:])  # 9.5
        expect("R-12", expected in (None, x.owner))

    def xattr(self, mine, r):                                   # 6.2
        expect("O-12", r.name > mine.last_name)
        mine.last_name = r.name
        mine.counts[2] += 1
        mine.xattrs.update(r.raw)

    def object_end(self, mine, r):                              # 6.3
        bad = self.bad_ranges(mine, r)
        if not mine.partial:
            self.judge_object_end(mine, r)
            self.complete += 1
            self.flawed += 1 if bad or r.flags else 0
            self.octets += mine.octets
            mine.string.update(r.raw)
            self.prints.update(mine.string.digest())
        mine.bad = bad
        mine.ends("flawed" if bad or r.flags else "complete")
        self.made.append(self.entry(mine, 0, self.here))
        self.now = None

    def bad_ranges(self, mine, r):
        out, last = [], (0, 0)
        for ordinal, reason, begin, length in BAD_RANGE.iter_unpack(r.bad):
            expect("O-17", reason in (1, 2))
            stream, end = mine.streams.get(ordinal), begin + length
            expect("O-16", (ordinal, begin) >= last and length
                   and (end <= stream.size if stream else mine.partial))
            expect("O-18", mine.partial or stream.is_zero(begin, end))
            out.append([ordinal, begin, end])
            last = (ordinal, end)
        return out

    def judge_object_end(self, mine, r):
        expect("O-13", [r.streams, r.groups, r.xattrs] == mine.counts
               and r.octets == mine.octets)
        agree("O-14", r, digest=mine.xattrs.digest() if r.xattrs
              else bytes(32))
        expect("O-22", mine.kind != FILE or mine.size == (mine.content or 0))
        if mine.kind == LINK:
            expect("K-3", r.streams == 1)
        elif self.info and self.info.source < 3:
            judge_streams(mine, self.info.source)

    def continued(self, mine, r):                               # 6.4
        if mine.path is None:
            mine.kind, mine.encoding, mine.path = r.kind, r.encoding, r.path
        agree("O-20", r, **pick(mine, "kind encoding path"))
        if not mine.partial:
            one = mine.group.first if mine.group else NO_STREAM
            two = mine.open or NO_STREAM
            agree("O-20", r, group=one.ordinal, stream=two.ordinal,
                  offset=two.at, group_header=one.header,
                  stream_header=b"" if two is one else two.header)
        elif r.group != ONES32:         # go on with the streams that it names
            one = self.named(mine, r.group, r.group_header)
            if r.stream != ONES32:
                if r.stream != r.group:
                    one = self.named(mine, r.stream, r.stream_header)
                expect("O-20", r.offset < one.size)
                one.at, mine.open, mine.next = r.offset, one, one.ordinal + 1
            self.last = "DATA"

    def named(self, mine, ordinal, header):
        new = Stream(STREAM.read(struct.pack("<I", ordinal) + header))
        old = mine.streams.setdefault(ordinal, new)
        expect("O-20", old.header == header)
        return old

    # -- Chapter 7

    def stream(self, mine, r):                                  # 7.2
        unfinished, group = mine.open, mine.group
        mine.open = mine.group = None
        new = Stream(r)
        expect("S-3", mine.next in (None, new.ordinal)
               and new.ordinal not in mine.streams)
        expect("S-4", not unfinished)
        if self.before in ("STREAM", "DATA"):
            expect("R-9", new.id == ID_SPARSE)
        elif self.before:
            expect("S-13", new.id != ID_SPARSE or new.ordinal == 0)
        if mine.kind == LINK:
            expect("K-3", (new.ordinal, new.id, new.attributes, new.name)
                   == (0, ID_LINK, 0, b""))
        elif mine.kind:
            expect("K-5", new.id != ID_LINK)
        mine.streams[new.ordinal] = new
        mine.next, mine.open = new.ordinal + 1, new if new.size else None
        mine.counts[0] += 1
        if group:
            mine.group = group
            group.add(new)
        elif self.before not in ("STREAM", "DATA"):
            mine.group = Group(new)

    def data(self, mine, r):
        octets, stream = r.octets, mine.streams.get(r.ordinal)
        end = r.offset + len(octets)
        mine.octets += len(octets)
        if not mine.told and (stream or not mine.partial):
            expect("S-4", octets and stream and stream is mine.open
                   and r.offset == stream.at and end <= stream.size)
        if not stream or r.offset < stream.given or not octets \
                or end > stream.size:
            return
        if r.offset == len(stream.front) < 20:
            stream.front += octets[:20 - r.offset]
        sparse = stream.front[:8] if stream.id == ID_SPARSE else b"\xff" * 8
        expect("S-6", r.sparse == number(sparse, 0, 8) or len(sparse) < 8
               or mine.told)
        if mine.group and not mine.partial:
            mine.group.feed(stream, octets, r.offset)
        stream.give(r.offset, octets)                           # V-7
        mine.open = stream if end < stream.size else None
        if self.reader.store:
            with open(os.path.join(self.reader.store, "%d.%d.%d" % (
                    self.number, mine.number, r.ordinal)), "ab") as file:
                file.write(octets)

    def group_end(self, mine, r):                               # 7.3
        unfinished, group = mine.open, mine.group
        mine.open = mine.group = None
        expect("S-4", not unfinished)
        mine.counts[1] += 1
        if mine.partial:
            return
        group.judge(r)
        if r.id == ID_DATA and not r.name and mine.content is None:
            mine.content = r.content
        mine.string.update(r.raw)
        target = self.objects.get(mine.target)
        expect("K-4", mine.kind != LINK or not target or target.path is None
               or r.digest == hashlib.sha256(target.path).digest())

    # -- Chapter 9

    def listed(self, raw, theirs):
        """Take the records of a segment of a catalog or checkpoint; gives
        CHECKPOINT if it stands there."""
        with self.reader.judging():
            for x in records(raw):
                with self.reader.judging():
                    expect("R-3", len(x.payload) <= 131072)
                    expect("R-7", x.owner or x.name != "ENTRY")
                    if x.zero:
                        self.tell("C-1", owner=x.owner)
                    if x.name == "ENTRY":
                        self.read(ENTRY, x.payload)
                if x.name == "CHECKPOINT":
                    return x
                theirs.append(x.octets)

    def compare(self, theirs, mine, rule):
        """Records of a catalog or slice with those that the data make."""
        for one, two in itertools.zip_longest(theirs, mine, fillvalue=b""):
            if one != two:      # all but the places of an ENTRY may agree
                entry = number(one, 0, 2) == ENTRY.type
                self.tell("A-2" if entry and one[:24] == two[:24] else rule)
                break

    def learn(self, theirs):
        """OBJECTs that the data may not have given."""
        for octets in theirs:
            kind, _, _, owner = RECORD.unpack_from(octets)
            with contextlib.suppress(Broken):
                if kind == OBJECT.type and owner not in self.known:
                    self.known[owner] = OBJECT.read(octets[16:], owner)

    def catalog_segment(self, raw, place, h):                   # 9.2
        if self.now:
            self.now.damage()
        self.data_over()
        self.catalog = self.catalog or (place[:3], [])
        self.listed(raw, self.catalog[1])

    def checkpoint_segment(self, raw, place, h):                # 9.3
        place, theirs = self.slice = self.slice or (place[:3], [])
        last = self.listed(raw, theirs)
        if not last:
            return
        self.slice = None
        with self.reader.judging():
            r = self.read(CHECKPOINT, last.payload)
            count, octets, digest = facts(theirs)
            made = self.made[self.base:]
            if self.now:
                made.append(self.entry(self.now, OPEN, NOWHERE))
            if self.clean():
                self.compare(theirs, made, "A-8")
            if self.clean():
                agree("A-7", r, number=self.checkpoint[0] + 1,
                      next=self.next, objects=self.complete,
                      torn=self.torn_count, octets=self.octets,
                      slice_records=count, slice_octets=octets, digest=digest,
                      **dict(zip(PLACES.split(), place + self.checkpoint)))
            if r.digest == digest:
                self.learn(theirs)
            self.checkpoint = (r.number,) + place
            self.base = len(self.made)
            self.resumable.append(h.sequence + 1)

    def end_segment(self, raw, place, h):                       # 9.4
        if self.end:
            return
        self.data_over()
        with self.reader.judging():
            r = self.end = only_record(raw, END)
            self.reader.note(r)
            agree("R-14", r, edition=1)
            if self.clean():
                self.judge_totals(r, h)

    def judge_totals(self, r, h):
        expect("A-13", self.catalog and self.reader.behind == K_CATALOG)
        place, theirs = self.catalog
        expect("A-5", place[0] == h.volume)
        count, octets, digest = facts(theirs)
        if self.info:
            agree("A-9", r, **pick(self.info, SAME))
        agree("A-10", r, objects=self.complete, torn=self.torn_count,
              flawed=self.flawed, octets=self.octets, catalog_octets=octets,
              catalog_records=count,
              **dict(zip(PLACES.split(), place + self.checkpoint)))
        agree("A-11", r, digest=digest)
        agree("A-12", r, fingerprint=self.prints.digest())

    # -- the end of an archive

    def finish(self):
        self.data_over(whole=False)
        if self.catalog and self.clean():
            theirs = self.catalog[1]
            self.compare(theirs, self.made if self.end
                         else self.made[:len(theirs)], "A-1")
        if not self.end:
            self.tell(None, "archive %d has no valid END" % self.number)
        elif self.clean():
            self.reader.check("A-13", self.ends == {"behind", "alone"})
        if self.end and self.catalog \
                and facts(self.catalog[1])[2] == self.end.digest:
            self.learn(self.catalog[1])
        for owner, r in self.known.items():                     # 12.2
            mine = self.objects.setdefault(owner, Object(owner, status="lost"))
            if mine.path is None:
                vars(mine).update(vars(r))
        for mine in self.objects.values():
            mine.status = mine.status or "partial"

    def fingerprint(self):                                      # 9.5
        """If all objects and END are at hand."""
        whole = self.end and (self.complete == self.end.objects
                              or not self.spoilt)
        return self.prints.hexdigest() if whole and all(
            mine.status in ("complete", "flawed", "torn")
            for mine in self.objects.values()) else None


def facts(theirs):
    """Number, length and digest of records."""
    octets = b"".join(theirs)
    return len(theirs), len(octets), hashlib.sha256(octets).digest()


# ---- The contract: what is printed ----------------------------------------

def extract(paths, store=None):
    """Read volumes; gives what is printed, as a dict.  The octets of streams
    go into files in the directory "store", if there is one."""
    reader = Reader([open_tap(path) for path in paths], store)
    report = {"contract": 1, "exit": 2, "archives": [], "objects": [],
              "diagnostics": reader.diagnostics}
    try:
        reader.survey()
        reader.read()
    except Refused as refused:
        reader.tell(*refused.args)
        return report
    for archive in reader.archives:
        report["archives"].append({
            "archive": archive.number, "complete": archive.end is not None,
            "fingerprint": archive.fingerprint()})
        report["objects"] += [archive.objects[owner].json(archive.number)
                              for owner in sorted(archive.objects)]
    damaged = any(one["status"] in ("partial", "lost")
                  for one in report["objects"])
    report["exit"] = 1 if reader.diagnostics or damaged else 0
    return report


def main(arguments):
    verb, *paths = arguments or [""]
    writes = verb == "extract"
    if verb not in ("extract", "check") or len(paths) <= writes:
        raise Wrong("usage: reader.py extract IMAGE... EMPTYDIR, "
                    "reader.py check IMAGE...")
    store = paths.pop() if writes else None
    if store and os.listdir(store):
        raise Wrong(store + " is not empty")
    report = extract(paths, store)
    print(json.dumps(report, default=bytes.hex))
    return report["exit"]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Wrong, OSError, MemoryError) as error:
        print("reader.py:", error, file=sys.stderr)
        sys.exit(3)
