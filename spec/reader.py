#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Reads volumes of the Reel tape archive format, edition 1.

    reader.py extract IMAGE... EMPTYDIR   streams as files, facts as JSON
    reader.py check   IMAGE...            the same judgement, nothing written
    reader.py list    IMAGE...            a line for each object
    reader.py restore IMAGE... EMPTYDIR   files, directories, links by name

IMAGE are copies of tapes in the SIMH "tap" form, volumes of one set.  This
program was written from the text of the format alone and goes through it in
its order: each part is headed by its chapter, and comments name sections and
ids of requirements.  It needs Python 3.9 and something that unpacks zstd: a
module, the library libzstd, or the program "zstd".
"""

import bisect
import ctypes
import ctypes.util
import hashlib
import importlib
import json
import mmap
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from types import SimpleNamespace

MAGIC = bytes.fromhex("8a5245454c0d0a1a")
ONES32, ONES64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
BLOCK_MAX, LIMIT_MAX = 1 << 20, 1 << 24                             # L-3, G-7


class Wrong(Exception):
    """The program was called wrongly, or input or output failed."""


class Refused(Exception):
    """The volume is unsupported: nothing may be given out."""


class Broken(Exception):
    """The requirement whose id is its argument is broken."""


def expect(rule, holds):
    if not holds:
        raise Broken(rule)


# ---- Chapter 0: copies of tapes as SIMH "tap" files -----------------------

BLOCK, FILEMARK, UNREADABLE = 1, 2, 3


def number(octets, at, length):
    return int.from_bytes(octets[at:at + length], "little")


def tap_items(tap):
    """Yield (what, offset, length) for each block, filemark or bad block.

    Where the lengths before and behind a block differ the file itself is
    damaged; then we look for the next magic of a block and go on there.
    """
    at, size = 0, len(tap)
    while at + 4 <= size:
        word, start = number(tap, at, 4), at + 4
        if word == ONES32:
            return
        if word in (0, 0xFFFFFFFE):
            if word == 0:
                yield FILEMARK, at, 0
            at = start
            continue
        length = word & 0x7FFFFFFF
        end, own = start + length + length % 2, number(tap, start + 20, 4)
        found = tap.find(MAGIC, start + 1) if end + 4 > size else None
        if end + 4 <= size and number(tap, end, 4) == word:
            yield (UNREADABLE if word >> 31 else BLOCK), start, length
            at = end + 4
        elif tap[start:start + 8] == MAGIC and 512 <= own <= BLOCK_MAX:
            yield BLOCK, start, min(own, size - start)
            at = start + own + 4
        elif found == -1 and not word >> 31:        # the file is cut off
            yield BLOCK, start, size - start
            return
        else:
            yield UNREADABLE, start, 0
            found = tap.find(MAGIC, start + 1)
            at = found - 4 if found >= 0 else size


def is_tap(tap):
    """Does this look like a tap file?  An empty one is a blank tape."""
    if len(tap) < 4:
        return len(tap) == 0
    word = number(tap, 0, 4)
    length = word & 0x7FFFFFFF
    end = 4 + length + length % 2
    return (word in (0, 0xFFFFFFFE, ONES32) or number(tap, end, 4) == word
            or tap[4:8] == b"VOL1" or tap[4:12] == MAGIC)


# ---- Chapter 1: conventions -----------------------------------------------

TYPES = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i",
         "i64": "q"}


class Table:
    """A structure as in section 1.2: fields of fixed place, then others.

    "fields" is such as "u8 kind 1..8 O-1,u16 n": type, name, and where there
    is one its range and the requirement that sets it.  "tail" names the
    octets behind them with the fields that hold their lengths: "path:n"; a
    star behind a name says that it is text (1.5).
    """

    def __init__(self, fields, tail="", unit=1):
        self.names, self.ranges, form = [], [], "<"
        for field in fields.split(","):
            kind, name, *rest = field.split()
            form += kind[3:-1] + "s" if "[" in kind else TYPES[kind]
            self.names.append(name)
            if rest:
                low, high = rest[0].split("..")
                self.ranges.append((name, int(low), int(high), rest[1]))
        self.struct, self.unit = struct.Struct(form), unit
        self.tail = [part.split(":") for part in tail.split()]
        self.named_zero = [i for i, n in enumerate(self.names) if n == "zero"]
        self.ns = [name for name in self.names if name.endswith("_ns")]

    def read(self, octets):
        """The fields.  "notes" has what is broken but only to be told."""
        expect("R-6", len(octets) >= self.struct.size)
        values, at = self.struct.unpack_from(octets), self.struct.size
        out = dict(zip(self.names, values))
        notes = ["C-1"] if any(values[i] not in (0, bytes(7))
                               for i in self.named_zero) else []
        for name, length in self.tail:
            end = at + out[length] * self.unit
            expect("R-6", end <= len(octets))
            out[name.strip("*")], at = octets[at:end], end
            if name.endswith("*") and not is_text(octets[at - out[length]:at]):
                notes.append("C-5")
        for name, low, high, rule in self.ranges:
            expect(rule, low <= out[name] <= high)
        if any(out[name] >= 1000000000 for name in self.ns):
            notes.append("C-4")
        return SimpleNamespace(raw=octets, more=len(octets) - at, notes=notes,
                               **out)


def is_text(octets):                                                # C-5
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not re.search(rb"[\x00-\x1f\x7f]", octets)


# ---- Chapter 2: the volume ------------------------------------------------

VOLUME = Table(
    "u32 volume,u32 block_octets,u8[16] set,i64 created_s,u32 created_ns,"
    "u32 label_octets,u64 leader_octets,u8[32] digest,u8[6] volume_id,"
    "u16 edition 1..1 R-14,u16 n 0..128 L-12,u16 m 0..64 L-12,u32 zero",
    "set_name*:n software*:m")
LABEL = re.compile(rb"VOL1[A-Z0-9](?=[A-Z0-9]{0,5} *REEL)[A-Z0-9 ]{5}"
                   rb" {14}REEL {9} {14} {28}4\Z")                  # L-5
LEADER = b"REEL TAPE ARCHIVE, EDITION 1"
PRINTABLE = bytes([10]) + bytes(range(0x20, 0x7F))


def read_front(image):
    """Label and leader: all before the second filemark or a block's magic.

    Gives the number of items, what is broken ("?": cannot be judged), and
    what VOLUME has to say of them.
    """
    shape, sha, leader, count, rules = "", hashlib.sha256(), 0, 0, set()
    for what, start, length, _ in image.items:
        octets = image.tap[start:start + length]
        if shape.count("M") == 2 or what == BLOCK and octets[:8] == MAGIC:
            break
        count += 1
        letter = {FILEMARK: "M", UNREADABLE: "?"}.get(
            what, "B" if shape else "L")
        if letter == "L" and not LABEL.match(octets):
            rules.add("L-5")
        elif letter == "B":
            if image.length and length != image.length:
                rules.add("L-4")
            if octets.translate(None, PRINTABLE) or not (
                    leader or octets.startswith(LEADER)):
                rules.add("L-7")
            leader += length
        if letter in "LB":
            sha.update(octets)
        if letter != "B" or shape[-1] != "B":
            shape += letter
    if "?" in shape:
        rules = {"?"}
    elif shape != "LMBM":
        rules = {"L-1"}
    return count, rules, (80, leader, sha.digest())


# ---- Chapter 3: blocks ----------------------------------------------------

HEADER = Table(
    "u8[8] magic,u32 checksum,u16 revision,u16 kind,u32 features,u32 length,"
    "u32 payload,u32 first,u32 volume,u32 archive,u32 run,u32 zero,"
    "u8[16] set,u64 sequence,u64 address,u64 start,u64 zero")
K_VOLUME, K_DATA, K_CHECKPOINT, K_CATALOG, K_END = KINDS = 1, 2, 3, 4, 5
RESERVED = {0x8001: "PARITY", 0x8002: "LIBRARY INDEX"}              # 3.1


def judge_block(block):
    """The first requirement that a block breaks, or None; and its header."""
    size = len(block)
    if size < 96:
        return "B-1", None
    h = HEADER.read(block)
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
                "u16 key,u32 stored,u32 raw_octets,u32 zero")


def judge_segment_header(s, limit):
    """What makes it impossible to go on behind it (12.1)."""
    expect("G-2", s.magic == b"SEGM")
    expect("G-4", s.compression in (0, 1))
    expect("G-5", s.encryption == 0)
    expect("G-6", 16 <= s.raw_octets <= limit)
    expect("G-8", s.compression or s.stored == s.raw_octets)
    expect("G-10", not s.compression or s.stored < s.raw_octets)


def unpack_segment(data, s, limit):
    """The records in a segment of which all octets are at hand."""
    expect("G-3", crc32c(data[8:]) == s.checksum)
    if s.compression == 0:
        return data[24:]
    expect("G-11", frame_size(data[24:], limit) == s.raw_octets)
    raw = unzstd(data[24:], s.raw_octets)
    expect("G-9", raw is not None)
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
    length = (0, 1, 2, 4)[flags & 3]
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


def find_zstd():
    """A function (frame, size) that unpacks; it may raise anything."""
    for name in ("compression.zstd", "zstandard", "pyzstd"):
        try:
            function = importlib.import_module(name).decompress
            return lambda frame, size: function(frame)
        except (ImportError, AttributeError):
            pass
    for name in (ctypes.util.find_library("zstd"), "libzstd.so.1"):
        try:
            return library_zstd(ctypes.CDLL(name or "libzstd.dylib"))
        except (OSError, AttributeError):
            pass
    if not shutil.which("zstd"):
        raise Refused("nothing here unpacks zstd")
    return lambda frame, size: subprocess.run(
        ["zstd", "-dcq"], input=frame, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=True).stdout


def library_zstd(library):
    function = library.ZSTD_decompress
    function.restype = ctypes.c_size_t
    function.argtypes = (ctypes.c_char_p, ctypes.c_size_t) * 2

    def unpack(frame, size):
        room = ctypes.create_string_buffer(size)
        length = function(room, size, frame, len(frame))
        return room.raw[:length] if length <= size else None
    return unpack


TOOLS = {}                              # what was found: "zstd", "crc"


def unzstd(frame, size):
    if "zstd" not in TOOLS:
        TOOLS["zstd"] = find_zstd()
    try:
        return TOOLS["zstd"](bytes(frame), size)
    except Exception:                   # each module has errors of its own
        return None


# ---- Chapter 5: records ---------------------------------------------------

RECORD = struct.Struct("<HHIQ")
T_VOLUME, T_ARCHIVE = 0x8001, 0x8002
T_SOURCE, T_EARLIER_VOLUME, T_EARLIER_ARCHIVE = 0x0003, 0x0004, 0x0005
T_OBJECT, T_XATTR, T_STREAM, T_DATA = 0x8010, 0x8011, 0x8012, 0x8013
T_GROUP_END, T_OBJECT_END, T_CONTINUED = 0x8014, 0x8015, 0x8016
T_ENTRY, T_CHECKPOINT, T_END = 0x8020, 0x8021, 0x8022
CRITICAL = 0x8000
HEAD = (T_ARCHIVE, T_SOURCE, T_EARLIER_VOLUME, T_EARLIER_ARCHIVE)   # 5.1
WITHOUT_OBJECT = HEAD + (T_VOLUME, T_CHECKPOINT, T_END)
KNOWN = WITHOUT_OBJECT + (T_OBJECT, T_XATTR, T_STREAM, T_DATA, T_GROUP_END,
                          T_OBJECT_END, T_CONTINUED, T_ENTRY)

ARCHIVE = Table(
    "u16 edition 1..1 R-14,u8 source 1..3 R-15,u8 compression,"
    "u32 limit 262144..16777216 G-7,i64 created_s,u32 created_ns,"
    "u32 archive,i32 level,u32 previous_archive,u32 previous_volume,"
    "u32 zero,u64 previous_sequence,u64 previous_address,u32 zero,"
    "u16 a 0..64 R-18,u16 b 0..64 R-18,u16 c 0..255 R-18,u16 d 0..64 R-18,"
    "u16 e 0..4096 R-18,u16 f,u8 base_encoding 1..2 R-19,u8[7] zero",
    "name*:a host*:b system*:c software*:d options*:e base:f")
SOURCE = Table("u8 role 1..2 R-20,u8 encoding 1..2 R-20,u16 n 1..65535 R-20",
               "text:n")
EARLIER_VOLUME = Table("u32 number,u8[6] volume_id,u16 zero")
EARLIER_ARCHIVE = Table(
    "u32 number,u32 state 0..1 R-22,u32 volume,u32 zero,u64 sequence,"
    "u64 address,i64 created_s,u32 created_ns,u16 n,u16 zero,u64 objects,"
    "u64 stream_octets,u8[32] fingerprint", "name*:n")


def records(raw):
    """Yield (offset, type, zero, object, payload) for each record."""
    at = 0
    while at < len(raw):
        expect("R-1", len(raw) - at >= 16)
        kind, zero, length, owner = RECORD.unpack_from(raw, at)
        expect("R-1", length <= len(raw) - at - 16)
        yield at, kind, zero, owner, raw[at + 16:at + 16 + length]
        at += 16 + length


def judge_archive(r, archive):                                      # 5.2
    expect("R-16", r.archive == archive)
    expect("R-17", r.previous_archive < archive and (
        r.previous_archive or not (r.previous_volume or r.previous_sequence
                                   or r.previous_address)))


def judge_earlier_archive(r):                                       # 5.4
    expect("R-22", r.state or not any(r.raw[8:]))


# ---- Chapter 6: objects ---------------------------------------------------

FILE, DIRECTORY, SYMLINK, FIFO, SOCKET, CHARACTER, DEVICE, LINK = range(1, 9)
KIND_NAMES = ("unknown", "file", "directory", "symlink", "fifo", "socket",
              "character", "block", "link")
OBJECT = Table(
    "u8 kind 1..8 O-1,u8 encoding 1..2 O-2,u16 facts 0..1023 O-3,"
    "u32 attributes,u64 size 0..9223372036854775807 O-6,u64 target,"
    "u32 link_count,u32 mode,u32 uid,u32 gid,u32 major,u32 minor,"
    "i64 birth_s,i64 modified_s,i64 accessed_s,i64 changed_s,u32 birth_ns,"
    "u32 modified_ns,u32 accessed_ns,u32 changed_ns,u64 file_system,"
    "u8[16] file_id,u16 n,u16 u 0..255 O-9,u16 g 0..255 O-9,"
    "u16 s 0..24 O-10", "path:n user:u group:g short_name:s")
MODE, MODIFIED, OUTSIDE = 0x0001, 0x0008, 0x0100
FACTS = (                               # bit, and octets of OBJECT it is for
    (0x0001, 28, 40), (0x0002, 4, 8), (0x0004, 48, 56), (0x0004, 80, 84),
    (0x0008, 56, 64), (0x0008, 84, 88), (0x0010, 64, 72), (0x0010, 88, 92),
    (0x0020, 72, 80), (0x0020, 92, 96), (0x0040, 96, 120), (0x0080, 40, 48))
XATTR = Table("u16 n 1..255 O-11,u16 zero,u32 m", "name:n value:m")
OBJECT_END = Table(
    "u32 streams,u32 groups,u32 xattrs,u32 flags 0..3 O-15,u64 octets,"
    "u32 ranges,u32 zero,u8[32] digest", "bad:ranges", 24)
BAD_RANGE = struct.Struct("<IIQQ")
CONTINUED = Table(
    "u8 kind,u8 encoding,u16 n,u32 group,u32 stream,u16 g,u16 s,u64 offset",
    "path:n group_header:g stream_header:s")


def judge_object(r, owner):
    """What can be said of an OBJECT by itself."""
    for rule, holds in (
            ("O-9", 0 not in r.user + r.group), ("O-10", r.s % 2 == 0),
            ("O-4", all(r.facts & bit or not any(r.raw[begin:end])
                        for bit, begin, end in FACTS)),
            ("O-7", (r.target == 0) == (r.kind != LINK)),
            ("O-8", not r.facts & OUTSIDE or r.kind == LINK),
            ("O-5", not r.size or r.kind in (FILE, LINK)),
            ("K-1", r.kind != LINK or r.target < owner)):
        expect(rule, holds)
    judge_path(r)


# ---- Chapter 7: streams ---------------------------------------------------

STREAM = Table("u32 ordinal,u32 id,u32 attributes,"
               "u64 size 0..9223372036854775807 S-1,u32 n 0..32000 S-2",
               "name:n")
DATA = struct.Struct("<IIQQ")
GROUP_END = Table(
    "u32 first,u32 streams,u32 id,u32 attributes,u32 flags 0..1 S-10,u32 n,"
    "u64 body,u64 content,u64 allocated,u8[32] digest,u8[32] content_digest",
    "name:n")
ID_DATA, ID_ALTERNATE, ID_LINK, ID_REPARSE, ID_SPARSE = 1, 4, 5, 8, 9
TAGS = {SYMLINK: 0xA000001D, FIFO: 0x80000024, SOCKET: 0x80000023,
        CHARACTER: 0x80000025, DEVICE: 0x80000026}                  # 7.4
NTFS_ORDER = {3: 1, 2: 2, 7: 3, 8: 4, 1: 5, 4: 6}                   # 7.5
HOLES, ZEROS = 1 << 30, memoryview(bytes(1 << 24))


class Stream:
    """A stream, and what of it was given out."""

    def __init__(self, payload):
        expect("S-5", len(payload) >= 24
               and len(payload) >= 24 + number(payload, 20, 4))
        r = STREAM.read(payload)
        expect("S-5", not r.more)
        expect("S-7", r.id != ID_SPARSE or r.size >= 8)
        self.ordinal, self.id, self.attributes = r.ordinal, r.id, r.attributes
        self.size, self.name, self.header = r.size, r.name, payload[4:]
        self.at = 0                     # where the next DATA has to begin
        self.given = 0                  # behind the last octet given out
        self.front = b""                # its first octets
        self.ranges, self.sha = [], hashlib.sha256()
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

    def json(self):
        return {"ordinal": self.ordinal, "id": self.id,
                "attributes": self.attributes, "size": self.size,
                "name": self.name.hex(), "ranges": self.ranges,
                "sha256": self.sha.hexdigest()}


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
        self.sparse = True              # attributes 8 wherever they must be
        self.closed = False             # the last SPARSE_BLOCK has no octets

    def add(self, block):
        expect("S-9", not self.closed)
        self.streams, self.body = self.streams + 1, self.body + block.size
        self.sha.update(block.header)
        self.closed = self.has_content and block.size == 8
        self.sparse = self.sparse and block.attributes == 8 \
            and not block.name

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
        self.end += len(octets)
        self.allocated += len(octets)

    def hole(self, offset, length):
        expect("S-8", offset >= self.end and offset + length < 1 << 63)
        hole, self.end = offset - self.end, offset
        self.holes += hole
        if hole and self.holes > max(HOLES, self.allocated):
            self.present = False        # and nothing is hashed any more
        while hole and self.present:
            self.content.update(ZEROS[:hole])
            hole -= min(hole, len(ZEROS))

    def judge(self, r):
        """GROUP END against what stood before it."""
        first, size = self.first, self.end if self.has_content else 0
        expect("S-13", self.has_content or first.id != ID_SPARSE
               and self.streams == 1
               or not (r.content or r.allocated or r.flags & 1))
        expect("S-10", (r.first, r.streams, r.id, r.attributes, r.name,
                        r.body, r.content, r.allocated) ==
               (first.ordinal, self.streams, first.id, first.attributes,
                first.name, self.body, size, self.allocated))
        expect("S-11", r.digest == self.sha.digest())
        expect("S-12", r.flags == self.present and r.content_digest == (
            self.content.digest() if self.present else bytes(32)))


def posix_streams(mine):                                            # S-15
    """Are the streams of a whole object as in section 7.4?"""
    group = mine.first
    if mine.kind == DIRECTORY or not group:
        return not group and (mine.kind == DIRECTORY
                              or mine.kind == FILE and not mine.size)
    first = group.first
    if mine.counts[1] != 1 or first.name:
        return False
    if mine.kind == FILE:
        if first.size:
            return (first.id, first.attributes, group.streams) \
                == (ID_DATA, 0, 1)
        return (first.id, first.attributes, group.sparse, group.closed) \
            == (ID_DATA, 8, True, True)
    rest = first.size - 8
    body = struct.pack("<IHH", TAGS[mine.kind], rest & 0xFFFF, 0)
    if mine.kind == SYMLINK:
        body += b"\2\0\0\0"
    return ((first.id, first.attributes, group.streams) == (ID_REPARSE, 0, 1)
            and (4 <= rest <= 0xFFFF if mine.kind == SYMLINK else rest == 0)
            and first.front[:len(body)] == body)


# ---- Chapter 8: names and links -------------------------------------------

def judge_path(r):
    expect("N-3", r.encoding == 1 or r.n % 2 == 0)
    expect("N-4", r.path or r.kind == DIRECTORY)
    if r.encoding == 1:
        text = r.path.decode("latin-1")
    else:
        text = "".join(map(chr, struct.unpack("<%dH" % (r.n // 2), r.path)))
    expect("N-2", not text or not any(part in ("", ".", "..") or "\0" in part
                                      for part in text.split("/")))


def local_name(path, encoding):
    """A path as octets; WTF-8 for encoding 2 (8.5)."""
    if encoding == 1 or len(path) % 2:
        return path
    return path.decode("utf-16-le", "surrogatepass").encode(
        "utf-8", "surrogatepass")


# ---- Chapter 9: catalog, checkpoints, END ---------------------------------

PLACE = struct.Struct("<IIQQII")
NOWHERE = bytes(32)
OPEN, TORN = 1, 2
ENTRY = Table("u32 flags 0..2 A-3,u32 zero,u8[28] begin,u32 zero,u8[28] end,"
              "u32 zero,u8[28] data,u32 zero")
CHECKPOINT = Table(
    "u32 number,u32 zero,u64 next,u64 objects,u64 torn,u64 octets,"
    "u64 slice_records,u64 slice_octets,u32 volume,u32 zero,u64 sequence,"
    "u64 address,u32 previous,u32 previous_volume,u64 previous_sequence,"
    "u64 previous_address,u8[32] digest")
END = Table(
    "u16 edition 1..1 R-14,u8 source,u8 compression,u32 limit,i64 created_s,"
    "u32 created_ns,u32 archive,u64 objects,u64 torn,u64 flawed,u64 octets,"
    "u64 catalog_octets,u64 catalog_records,u32 volume,u32 zero,"
    "u64 sequence,u64 address,u32 previous_archive,u32 previous_volume,"
    "u64 previous_sequence,u64 previous_address,u32 checkpoint,"
    "u32 checkpoint_volume,u64 checkpoint_sequence,u64 checkpoint_address,"
    "u8[32] digest,u8[32] fingerprint,u16 n 0..64 A-9,u16 m 0..64 A-9,"
    "u32 zero", "name*:n host*:m")
SAME = ("source", "compression", "limit", "created_s", "created_ns",
        "archive", "previous_archive", "previous_volume",
        "previous_sequence", "previous_address", "name", "host")


def entry(owner, flags, begin, end, data):
    """An ENTRY with the header of its record."""
    return (RECORD.pack(T_ENTRY, 0, 104, owner)
            + struct.pack("<II", flags, 0) + begin + end + data)


def mark(record):
    """Sixteen octets that stand for a record of the catalog.  Of an ENTRY
    the first eight cover all but its places, to tell A-1 from A-2."""
    if number(record, 0, 2) == T_ENTRY and len(record) == 120:
        return mark(record[:24])[:8] + mark(record[24:] + b"E")[:8]
    return hashlib.sha256(record).digest()[:16]


# ---- Chapter 10: CRC-32C --------------------------------------------------

def plain_crc():
    """In Python: tables of 65,536 take two octets each, eight in a step."""
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    first = [table[(table[n & 255] ^ n >> 8) & 255] ^ table[n & 255] >> 8
             for n in range(65536)]
    steps = [first]
    for _ in range(3):
        steps.append([first[c & 65535] ^ c >> 16 for c in steps[-1]])
    t0, t1, t2, t3 = steps

    def crc(octets):
        c, end = ONES32, len(octets) & ~7
        for a, b, d, e in struct.iter_unpack("<HHHH", octets[:end]):
            c = t3[a ^ c & 65535] ^ t2[b ^ c >> 16] ^ t1[d] ^ t0[e]
        for x in octets[end:]:
            c = table[c & 255 ^ x] ^ c >> 8
        return c ^ ONES32
    return crc


def isal_crc():
    function = ctypes.CDLL(ctypes.util.find_library("isal")
                           or "libisal.so.2").crc32_iscsi
    function.restype = ctypes.c_uint
    function.argtypes = (ctypes.c_char_p, ctypes.c_int, ctypes.c_uint)
    return lambda octets: function(octets, len(octets), ONES32) ^ ONES32


def crc32c(octets):
    """By the fastest there is that gives the check values of the text."""
    for make in (lambda: importlib.import_module("google_crc32c").value,
                 lambda: importlib.import_module("crc32c").crc32c,
                 isal_crc, plain_crc):
        if "crc" in TOOLS:
            break
        try:
            crc = make()
            if (crc(b"123456789") == 0xE3069283
                    and crc(bytes(32)) == 0x8A9136AA):
                TOOLS["crc"] = crc
        except (ImportError, OSError, AttributeError, TypeError):
            pass
    return TOOLS["crc"](bytes(octets))


# ---- Chapter 11: versions -------------------------------------------------

def why_refused(rule, h):
    """X-1, X-2, X-4; what the volume breaks are B-4 and X-3."""
    return {"B-4": "revision %d is not known (X-1)" % h.revision,
            "X-3": "features 0x%08X are not known (X-2)" % h.features,
            "X-4": "blocks of kind " + RESERVED.get(h.kind, "")}.get(rule)


# ---- Chapter 12.1: blocks in order ----------------------------------------

NO_ARCHIVE, SEEK, READ = 0, 1, 2        # the states; the first is "NONE"
TABLE = {
    # event        NONE           SEEK          READ
    "unreadable": ("tell", "tell", "tell"),
    "bad":        ("tell", "tell", "tell"),
    "foreign":    ("tell", "tell", "tell"),
    "hollow":     ("", "V", "cut V SEEK"),
    "old":        ("", "", ""),
    "archive":    ("begin SEEK", "begin", "cut begin SEEK"),
    "run":        ("", "rerun", "cut rerun SEEK"),
    "again":      ("", "tell", "tell"),
    "volume":     ("", "volume", "cut volume SEEK"),
    "turn":       ("", "turn", "turn"),
    "repeat":     ("", "", ""),
    "gap":        ("", "miss", "cut miss SEEK"),
    "skip":       ("", "count", "count"),
    "unknown":    ("", "tell count", "tell cut count SEEK"),
    "kind":       ("", "K", "cut K SEEK"),
    "next":       ("", "find", "take"),
    "filemark":   ("", "", ""),
    "end":        ("", "", ""),
    "finish":     ("", "", "cut"),
}
JUDGE_AGAIN = ("begin", "rerun", "turn", "miss", "K")


class Image:
    """One volume, as a tap file."""

    def __init__(self, path):
        self.path, self.tap = path, b""
        try:
            with open(path, "rb") as file:
                if os.fstat(file.fileno()).st_size:
                    self.tap = mmap.mmap(file.fileno(), 0,
                                         access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise Wrong("%s: %s" % (path, error)) from None
        if not is_tap(self.tap):
            raise Wrong(path + ": is not a SIMH tap file")
        self.items = []                 # what, where, length, what is broken
        self.pair = self.last = None    # for V-6
        self.facts = {}                 # set: volume, B of first good block
        self.number = self.length = 0

    def good(self, h):
        self.facts.setdefault(h.set, (h.volume, h.length))
        if self.last == h.set:
            self.pair = self.pair or h.set
        self.last = h.set

    def believed(self):
        """The set of two good blocks one behind the other, else of one."""
        return self.pair or next(iter(self.facts), None)


class Reader:
    """The machine of section 12.1, with the names it has there."""

    def __init__(self, images, sink):
        self.images, self.sink = images, sink
        self.diagnostics, self.archives, self.damaged = [], [], False
        self.number, self.where, self.set, self.runs = 0, None, None, {}
        self.state = NO_ARCHIVE
        self.A = self.V = self.K = -1
        self.R = self.S = self.E = 0
        self.P = self.D = self.archive = None
        self.given_up = None            # D, if the volume turned there
        self.at_front = self.spanned = self.quiet = False
        self.seen, self.superseders = {}, {}

    def tell(self, rule, text=None, owner=None):
        self.diagnostics.append({
            "rule": rule, "volume": self.number, "block": self.where,
            "object": owner, "text": text or "%s is broken" % rule})

    def told_before(self):
        """What was told before an archive; of the front of its volume it
        counts as told of the archive."""
        return self.told if self.virgin else len(self.diagnostics)

    # -- first: which set, which runs, in what order

    def survey(self):
        starts = {}
        for image in self.images:
            for what, start, length in tap_items(image.tap):
                rule, h = None, None
                if what == BLOCK:
                    rule, h = judge_block(image.tap[start:start + length])
                image.items.append((what, start, length, rule))
                if rule in ("B-4", "X-3", "X-4"):
                    self.number, self.where = h.volume, h.address
                    self.tell(rule, why_refused(rule, h))
                    raise Refused
                if h and not rule:
                    image.good(h)
                    runs = starts.setdefault((h.set, h.archive), {})
                    runs[h.run] = min(runs.get(h.run, ONES64), h.start)
        self.choose()
        for (own, archive), runs in starts.items():
            if own == self.set:
                order = sorted(runs)
                lowest = [runs[run] for run in order]
                for i in reversed(range(len(order) - 1)):
                    lowest[i] = min(lowest[i], lowest[i + 1])
                self.runs[archive] = order, lowest

    def choose(self):                                               # V-6
        def volume(image):
            return image.facts.get(image.believed(), (1 << 32,))[0]
        self.images.sort(key=volume)
        self.set = self.images[0].believed()
        for image in self.images:
            image.number, image.length = image.facts.get(self.set, (0, 0))
        self.images.sort(key=lambda image: image.number or 1 << 32)

    def superseded(self, h):                                        # 3.3
        order, lowest = self.runs[h.archive]
        at = bisect.bisect_right(order, h.run)
        return at < len(order) and lowest[at] <= h.sequence

    # -- the volumes, each from front to end

    def read(self):
        last = 0
        for image in self.images:
            self.where = None
            if image.number > last + 1:
                self.number = last + 1
                self.tell(None, "volumes %d ... %d are not there"
                          % (last + 1, image.number - 1))
            self.number = image.number
            if not image.number:
                self.tell(None, "no good block of the set in " + image.path)
            last = max(last, image.number)
            self.one_volume(image)
        self.happens("finish")
        self.end_archive()
        if not self.archives:
            self.tell(None, "there is no good block")

    def end_archive(self):
        where, self.where = self.where, None
        if self.archive:
            self.archive.finish()
        self.where = where

    def one_volume(self, image):
        self.image, self.told = image, len(self.diagnostics)
        self.place, self.shift = -1, 0  # address of the block, less place
        self.virgin = True              # no block yet, but VOLUME
        self.fresh = None               # VOLUME, directly behind it
        self.loss = self.other = False  # blocks may be missing before this
        self.mark, self.lone = True, None       # behind a filemark
        self.front = read_front(image)
        if self.front[1]:
            self.shift = None
            for rule in self.front[1] - {"?"}:
                self.tell(rule)
        if image.length % 512 or image.length > BLOCK_MAX:
            self.tell("L-3")
        elif image.length != self.images[0].length and image.number:
            self.tell("L-4")
        for what, start, length, rule in image.items:
            self.place = self.where = self.place + 1
            if what != UNREADABLE and self.place < self.front[0]:
                continue
            if what == FILEMARK:
                self.end_of_tape_file()
                self.happens("filemark")
            elif what == UNREADABLE:
                self.happens("unreadable", length)
            elif rule:
                self.happens("bad", rule)
            else:
                octets = image.tap[start:start + length]
                self.good(HEADER.read(octets), octets)
            if what != BLOCK or rule:
                self.mark = what == FILEMARK
        self.where, self.place, self.lone = None, self.place + 1, None
        self.happens("end")

    def good(self, h, octets):
        self.h, self.payload = h, octets[96:96 + h.payload]
        if h.set != self.set:
            self.happens("foreign")
            return
        self.judge_good(h, octets)
        while self.happens(self.event(h)):      # "judge again" (12.3)
            pass
        self.virgin = False
        self.fresh = h if h.kind == K_VOLUME else None
        self.loss, self.mark = (self.loss and bool(self.fresh),
                                self.mark and bool(self.fresh))

    def judge_good(self, h, octets):
        """What is only to be told of a good block."""
        if h.length != self.image.length:
            self.tell("L-4")
        if octets[96 + h.payload:h.length].strip(b"\0"):
            self.tell("B-8")
        for rule in h.notes:
            self.tell(rule)
        if self.virgin and h.kind != K_VOLUME and not self.loss:
            self.tell("L-2", "the first block is not VOLUME")
            self.shift = None
        shift = h.address - self.place
        gap = h.kind != K_VOLUME and h.sequence > self.E \
            and (h.archive, h.run) == (self.A, self.R)
        if self.shift is None:
            self.shift = shift
        if shift != self.shift and not gap:
            self.tell("B-20")
            self.shift = shift
        if h.run == 0 and h.start:
            self.tell("B-17")
        if h.kind == K_VOLUME:
            if h.first:
                self.tell("B-12")
            return
        before = self.fresh
        if before and not self.loss and before.sequence != h.sequence \
                and (before.archive, before.run) == (h.archive, h.run):
            self.tell("B-24")
        mine = hash((h.kind, self.payload))
        if self.seen.setdefault((h.archive, h.run, h.sequence), mine) != mine:
            self.tell("B-15")

    def event(self, h):
        """The first in the list of section 12.1 that holds (V-4)."""
        is_volume, over = h.kind == K_VOLUME, self.superseded(h)
        for event, holds in (
                ("hollow", is_volume and h.archive == self.A and over),
                ("old", h.archive < self.A or over and not is_volume),
                ("archive", h.archive > self.A), ("run", h.run > self.R),
                ("again", is_volume and h.volume == self.V),
                ("volume", is_volume), ("turn", h.volume != self.V),
                ("repeat", h.sequence < self.E), ("gap", h.sequence > self.E),
                ("skip", h.kind not in KINDS and h.kind & 0x8000),
                ("unknown", h.kind not in KINDS), ("kind", h.kind != self.K)):
            if holds:
                return event
        return "next"

    def happens(self, event, fact=None):
        """Do what the table says; True: judge the block again (V-5)."""
        self.now, self.fact, again = event, fact, False
        for word in TABLE[event][self.state].split():
            if word == "SEEK":
                self.state = SEEK
            else:
                getattr(self, "do_" + word)(getattr(self, "h", None))
                again = again or word in JUDGE_AGAIN
        if event == "old" and self.h.archive == self.A:             # B-22
            self.superseders.setdefault(self.h.sequence, set()).add(
                self.h.kind)
        if event == "repeat" and self.h.kind == K_END:
            self.note_end(self.h)
        return again

    # -- the actions

    def do_tell(self, h):
        rule, text = {
            "unreadable": (None, "a block that cannot be read"),
            "bad": (self.fact, "a bad block: " + str(self.fact)),
            "foreign": (None, "a block of another set"),
            "again": ("L-2", "a second VOLUME"),
            "unknown": (None, "a block of unknown kind is lost")}[self.now]
        if self.now != "foreign" or not self.other:     # once in a volume
            self.tell(rule, text)
        self.other = self.other or self.now == "foreign"
        if self.now == "unreadable" and not self.fact:
            self.shift = None           # the tap file itself is damaged
        if self.now == "unknown":
            self.missing()
        self.loss = self.loss or self.now != "again"

    def missing(self):
        if self.archive:
            self.archive.lost()

    def do_cut(self, h):
        if not self.P:
            return
        self.D, self.P = self.P[2:0:-1], None   # sequence and offset
        if self.now == "kind" and not self.loss:
            self.tell("B-11")
            self.spanned = True
        if self.K == K_DATA and self.now in ("volume", "turn", "hollow"):
            self.given_up = self.D      # it has to come again (9.7)
        elif self.K == K_DATA and self.now not in ("finish", "archive", "run"):
            self.missing()

    def do_begin(self, h):
        self.end_archive()
        self.A, self.R, self.S, self.E = h.archive, h.run, h.start, 0
        self.V = self.K = -1
        self.D, self.given_up, self.superseders = None, None, {}
        self.seen = {key: mine for key, mine in self.seen.items()
                     if key[0] == self.A}
        self.archive = Archive(self.A, self)
        self.archives.append(self.archive)

    def do_rerun(self, h):
        if self.E < h.start:
            self.note_missing(h.start)
        self.archive.data_over()
        self.archive.catalog = self.archive.slice = None
        if h.sequence == h.start and h.kind != K_VOLUME:
            self.judge_run(h)
        self.R, self.S, self.E = h.run, h.start, h.start
        self.D, self.given_up = None, None
        if h.start == 0:                # of the runs before VOLUMEs count
            old, new = self.archive, Archive(self.A, self)
            new.volumes, new.before = old.volumes, old.before
            self.archives[-1] = self.archive = new

    def judge_run(self, h):
        if h.first:
            self.tell("B-19")
        if not self.mark and not self.loss:
            self.tell("B-23")
        holds = h.start == 0 or h.start in self.archive.resumable \
            or h.kind == K_CATALOG and self.superseders.get(
                h.start, set()) <= {K_CATALOG, K_END}
        if not holds and not self.archive.spoilt:
            self.tell("B-22")

    def do_V(self, h):
        self.V = h.volume
        self.archive.leave(self.K, True)
        self.read_volume(h)

    def do_volume(self, h):
        if not self.virgin:
            self.tell("L-2", "VOLUME in the middle of a volume")
        if h.sequence > self.E:
            self.note_missing(h.sequence)
        self.E = h.sequence
        self.do_V(h)

    def do_turn(self, h):
        if self.V != -1 and not self.virgin:
            self.tell(None, "a block states volume %d" % h.volume)
        self.V = h.volume
        self.archive.leave(self.K, True)
        first = min(h.sequence, self.P[2]) if self.P else h.sequence
        if first < self.E:
            self.do_cut(h)
            self.E, self.state = first, SEEK

    def do_miss(self, h):
        shift = h.address - self.place
        if self.loss or self.virgin or self.fresh or shift != self.shift:
            self.note_missing(h.sequence)
        else:
            self.tell("B-14")
            self.missing()
        self.E, self.shift, self.loss = h.sequence, shift, True

    def note_missing(self, to):
        self.tell(None, "blocks %d ... %d of archive %d are missing"
                  % (self.E, to - 1, self.A))
        self.loss = True
        self.missing()

    def do_count(self, h):
        self.E = h.sequence + 1
        if self.R and h.start != self.S:
            self.tell("B-17")
        if h.kind == K_END:
            self.note_end(h)

    def do_K(self, h):
        self.archive.leave(self.K, False)
        self.behind, self.K = self.K, h.kind
        self.at_front = not (self.loss or self.spanned)

    def do_find(self, h):
        front, self.at_front = self.at_front, False
        self.do_count(h)
        at, begin = h.first, self.fresh and not self.loss
        if begin and at == ONES32:
            self.tell("A-16")
        elif front and at and not (self.R and h.sequence == self.S):
            self.tell("B-12")
        if self.D and h.sequence < self.D[0]:
            return
        if self.D and h.sequence == self.D[0]:
            at = self.D[1]
        if at < h.payload:
            self.state, self.quiet = READ, front and h.first != 0
            self.take(h, at)
            self.quiet = False
        elif front or begin:
            self.missing()

    def do_take(self, h):
        self.do_count(h)
        begins = self.take(h, 0)
        if self.state == READ and begins != h.first:
            self.tell("B-12")

    # -- the payload

    def take(self, h, at):
        """Gives the place where the first segment begins in it."""
        begins, payload = ONES32, self.payload
        while at < len(payload):
            if not self.P:
                begins = min(begins, at)
                self.P = (h.volume, at, h.sequence, h.address)
                self.segment, self.s = bytearray(), None
            size = 24 + (self.s.stored if self.s else 0)
            part = payload[at:at + size - len(self.segment)]
            self.segment += part
            at += len(part)
            if len(self.segment) == 24 and not self.s:
                self.s = SEGMENT.read(bytes(self.segment))
                try:
                    judge_segment_header(self.s, self.archive.limit)
                except Broken as broken:
                    self.nonsense(str(broken))
                    break
            if self.s and len(self.segment) == 24 + self.s.stored:
                self.D, place, self.P = (h.sequence, at), self.P, None
                self.taken(bytes(self.segment), place, h)
        return begins

    def nonsense(self, rule):
        """A header with which there is no going on."""
        if not self.quiet:
            self.tell(rule)
        self.now, self.state = "nonsense", SEEK
        self.do_cut(None)
        self.lost_segment()

    def lost_segment(self):
        self.archive.spoilt = True
        if self.K == K_DATA:
            self.archive.lost()

    def taken(self, data, place, h):
        archive = self.archive
        try:
            raw = unpack_segment(data, self.s, archive.limit)
        except Broken as broken:
            self.tell(str(broken))
            self.lost_segment()
            return
        for rule in self.s.notes:
            self.tell(rule)
        if self.K == K_DATA:
            begin = place[2:0:-1]
            if self.given_up and self.given_up != begin:
                if not archive.hole:
                    self.tell("G-1", "a segment cut by the end of a volume "
                              "does not come again")
                archive.lost()
            self.given_up = None
            archive.data(raw, place, self.R > 0 and begin == (self.S, 0))
        elif self.K == K_CATALOG:
            archive.catalog_segment(raw, place)
        elif self.K == K_CHECKPOINT:
            archive.checkpoint_segment(raw, place, h)
        elif self.K == K_END:
            if self.behind != K_CATALOG and archive.clean():
                self.tell("A-13", "END does not stand behind the catalog")
            archive.end_segment(raw, h)

    # -- VOLUME (2.4), and where END stands

    def read_volume(self, h):
        try:
            expect("G-1", len(self.payload) >= 24)
            s = SEGMENT.read(self.payload)
            judge_segment_header(s, LIMIT_MAX)
            expect("G-1", 24 + s.stored <= len(self.payload))
            raw = unpack_segment(self.payload[:24 + s.stored], s, LIMIT_MAX)
            self.archive.volumes.append(raw)
            zero, payload = only_record(raw, T_VOLUME)
            r = VOLUME.read(payload)
            expect("R-6", not r.more)
            expect("L-10", (r.volume, r.block_octets, r.set)
                   == (h.volume, h.length, h.set))
            expect("L-9", self.front[1] or self.front[2]
                   == (r.label_octets, r.leader_octets, r.digest))
            for rule in set(s.notes + r.notes + (["C-1"] if zero else [])):
                self.tell(rule)
        except Broken as broken:
            self.tell(str(broken))

    def note_end(self, h):
        if (h.archive, h.run) == (self.A, self.R):
            self.archive.ends |= 1
            self.lone = self.place if self.mark else None

    def end_of_tape_file(self):
        if self.lone is not None and self.place == self.lone + 1:
            self.archive.ends |= 2
        self.lone = None


def only_record(raw, kind):
    """The one record of VOLUME or END: its field zero and its payload."""
    found = list(records(raw))
    expect("R-9", len(found) == 1 and found[0][1] == kind)
    expect("R-7", found[0][3] == 0)
    return found[0][2], found[0][4]


# ---- Chapter 12.2: from segments to objects -------------------------------

FRONT, GROUP, BETWEEN = 0, 1, 2         # phases: XATTRs, in a group, behind


class Object:
    """An object, and what of it was found."""

    def __init__(self, owner, begin=NOWHERE):
        self.number, self.begin = owner, begin
        self.kind = self.encoding = self.target = self.size = 0
        self.path, self.outside, self.link_count = None, False, 0
        self.mode = self.modified = None
        self.status = None              # None as long as it is open
        self.partial = self.told = False
        self.streams, self.bad = {}, []
        self.phase = self.next = None   # None: not known
        self.group = self.open = self.first = None
        self.counts, self.octets = [0, 0, 0], 0     # streams, groups, xattrs
        self.facts, self.xattrs = hashlib.sha256(), hashlib.sha256()
        self.last_name, self.rank = b"", 0

    def know(self, r):
        """OBJECT or CONTINUED says what it is."""
        self.kind, self.encoding, self.path = r.kind, r.encoding, r.path
        if hasattr(r, "facts"):
            self.target, self.size = r.target, r.size
            self.link_count = r.link_count
            self.outside = bool(r.facts & OUTSIDE)
            self.mode = r.mode & 0o777 if r.facts & MODE else None  # Z-2
            self.modified = [r.modified_s, r.modified_ns] \
                if r.facts & MODIFIED else None

    def damage(self):
        self.partial, self.group = True, None

    def ends(self, status):
        self.status = "partial" if self.partial else status
        self.group = self.open = self.first = self.facts = None
        for stream in self.streams.values():
            stream.zeros = None

    def json(self, archive):
        return {"archive": archive, "object": self.number, "kind": self.kind,
                "encoding": self.encoding, "status": self.status,
                "path": None if self.path is None else self.path.hex(),
                "target": self.target, "outside": self.outside,
                "size": self.size, "mode": self.mode,
                "modified": self.modified, "bad": self.bad,
                "streams": [self.streams[n].json()
                            for n in sorted(self.streams)]}


class Archive:
    """An archive at hand, and what is made of its records."""

    def __init__(self, archive, reader):
        self.number, self.reader = archive, reader
        self.limit, self.info = LIMIT_MAX, None
        self.objects, self.now, self.next = {}, None, 1
        self.rank = self.earlier = 0    # order in the head (5.1)
        self.blank = True               # no record was there yet
        self.skip = False               # records of a number met before
        self.hole = False               # the next segment does not follow
        self.spoilt = False             # and something was lost for good
        self.volumes, self.torn = [], None      # not yet in the catalog
        self.marks, self.length = bytearray(), 0    # the catalog we make
        self.complete = self.torn_count = self.flawed = self.octets = 0
        self.prints = hashlib.sha256()
        self.slice = self.catalog = self.end = None
        self.base, self.last = 0, (0, 0, 0, 0)      # of checkpoints
        self.resumable, self.ends, self.known = [], 0, {}
        self.before = reader.told_before()

    def clean(self):
        """Nothing is missing or told: the whole can be judged."""
        return not (self.spoilt or self.hole
                    or len(self.reader.diagnostics) > self.before)

    def tell(self, rule, owner=None, text=None):
        self.reader.tell(rule, text, owner)

    def lost(self):
        self.hole = self.spoilt = True

    def put_aside(self):
        """What comes does not follow: the object at hand is partial."""
        if self.now:
            self.now.damage()
            self.now.open = self.now.next = self.now.phase = None
        self.now, self.next, self.blank, self.skip = None, None, False, False
        self.hole = False

    def read(self, table, payload, judge=None, *more):
        r = table.read(payload)
        if judge:
            judge(r, *more)
        expect("R-6", not r.more)
        self.notes.update(r.notes)
        return r

    def note(self, owner):
        for rule in sorted(self.notes):
            self.tell(rule, owner)

    def keep(self, record):
        """A record of the catalog that is made from the data (9.2)."""
        self.marks += mark(record)
        self.length += len(record)

    # -- 5.1: the order of records

    def data(self, raw, place, begins_run):
        """An accepted segment of a DATA stretch."""
        follows, first = not self.hole, True
        if self.hole:
            self.put_aside()
        for volume in self.volumes:
            self.keep(volume)
        self.volumes = []
        try:
            for at, kind, zero, owner, payload in records(raw):
                if first and begins_run and kind == T_CONTINUED:
                    self.tell("B-19", owner)
                    follows = False
                self.here = PLACE.pack(*place, at, 0)
                self.notes = {"C-1"} if zero else set()
                self.record(kind, owner, payload,
                            raw[at:at + 16 + len(payload)], first, follows)
                first = False
        except Broken:
            if not (self.now and self.now.told):
                self.tell("R-1", self.now and self.now.number)
            if self.now:
                self.now.told = True
                self.now.damage()
            self.lost()

    def record(self, kind, owner, payload, record, first, follows):
        """One record.  What it breaks is told, and its object is partial;
        what is wrong in an object behind that follows from it."""
        mine, known = self.now, kind in KNOWN
        try:
            if kind in HEAD + (T_OBJECT, T_GROUP_END, T_OBJECT_END):
                if kind == T_OBJECT:
                    self.object_begins()
                self.keep(record)
            if self.blank and known:
                self.blank = False
                if kind != T_ARCHIVE:
                    self.tell("R-8")
            expect("R-3", kind == T_DATA or len(payload) <= 131072)
            expect("R-7", not known or (owner == 0) == (kind in
                                                        WITHOUT_OBJECT))
            if not known:
                self.unknown(kind, owner, first and follows)
            elif owner == 0:
                self.head(kind, payload)
            else:
                self.of_object(kind, owner, payload, first, follows)
            self.note(owner or None)
        except Broken as broken:
            target = self.now or mine
            if not (target and target.told):
                self.tell(str(broken), owner or (target and target.number))
            if target and (owner or known and kind not in WITHOUT_OBJECT):
                target.told = True
                target.damage()

    def unknown(self, kind, owner, first):
        expect("R-10", not (first and self.now))
        if kind & CRITICAL:
            self.tell(None, owner or None, "a critical record of the unknown "
                      "type 0x%04X" % kind)
            if self.now and self.now.number == owner:
                self.now.told = True
                self.now.damage()

    def head(self, kind, payload):
        """ARCHIVE, SOURCE, EARLIER VOLUME, EARLIER ARCHIVE."""
        expect("R-9", kind in HEAD and not self.now)
        expect("R-8", kind != T_ARCHIVE or self.rank == 0)
        rank, before = HEAD.index(kind) + 1, self.rank
        expect("R-9", rank >= before)
        self.rank = rank
        if kind == T_ARCHIVE:
            self.info = self.read(ARCHIVE, payload, judge_archive, self.number)
            self.limit = self.info.limit
        elif kind == T_SOURCE:
            self.read(SOURCE, payload)
        else:
            r = (self.read(EARLIER_VOLUME, payload)
                 if kind == T_EARLIER_VOLUME else
                 self.read(EARLIER_ARCHIVE, payload, judge_earlier_archive))
            expect("R-21", r.number > (self.earlier if rank == before else 0))
            self.earlier = r.number

    def of_object(self, kind, owner, payload, first, follows):
        if kind == T_OBJECT:
            return self.object(owner, payload)
        if kind == T_CONTINUED:
            return self.continued(owner, payload, first, follows)
        expect("R-9", kind != T_ENTRY)
        if first and not self.now and not follows:
            self.find(owner)
            if self.now and not self.now.told:
                self.now.told = True
                self.tell("R-10", owner)
        if self.skip:
            return None
        expect("R-9", self.now)
        expect("R-11", owner == self.now.number)
        if first and follows and not self.now.told:
            self.tell("R-10", owner)
            self.now.told = True
            self.now.damage()
        return {T_XATTR: self.xattr, T_STREAM: self.stream,
                T_DATA: self.data_octets, T_GROUP_END: self.group_end,
                T_OBJECT_END: self.object_end}[kind](self.now, payload)

    def find(self, owner):
        """Behind a hole: the object with this number is at hand, partial."""
        mine = self.objects.get(owner)
        self.skip = bool(mine and mine.status)
        if not self.skip:
            self.now = self.objects.setdefault(owner, Object(owner))
            self.now.damage()
            self.next, self.rank = owner + 1, 5

    # -- Chapter 6

    def object_begins(self):
        if self.now and not self.now.told:
            self.tell("R-13", self.now.number)
        self.tear()
        self.flush_torn()

    def tear(self):
        """The object at hand will get no OBJECT END."""
        if self.now:
            self.now.ends("torn")
            self.torn, self.now = self.now, None

    def flush_torn(self):
        """What comes shows that an object is torn: its ENTRY (9.2)."""
        if self.torn:
            self.torn_count += 1
            self.keep(self.entry(self.torn, TORN, NOWHERE))
            self.torn = None

    def data_over(self):
        """No more data come, or a run begins (12.2)."""
        if self.hole:
            self.put_aside()
        self.tear()

    def entry(self, mine, flags, end):
        target = self.objects.get(mine.target) if mine.target else None
        return entry(mine.number, flags, mine.begin, end,
                     target.begin if target else NOWHERE)

    def object(self, owner, payload):                               # 6.1
        expected, self.next, self.rank = self.next, owner + 1, 5
        self.skip = owner in self.objects
        expect("R-12", not self.skip)
        mine = self.now = self.objects[owner] = Object(owner, self.here)
        mine.phase, mine.next = FRONT, 0
        r = self.read(OBJECT, payload, judge_object, owner)
        target = self.objects.get(r.target)
        if target and target.kind:
            expect("K-2", target.kind not in (LINK, DIRECTORY))
            expect("O-5", not r.size or target.kind == FILE)
        mine.know(r)
        mine.facts.update(payload[:16] + bytes(8) + payload[24:])   # 9.5
        expect("R-12", expected in (None, owner))

    def xattr(self, mine, payload):                                 # 6.2
        expect("R-9", mine.phase in (FRONT, None))
        r = self.read(XATTR, payload)
        expect("O-11", 0 not in r.name)
        expect("O-12", r.name > mine.last_name)
        mine.last_name = r.name
        mine.counts[2] += 1
        mine.xattrs.update(payload)

    def object_end(self, mine, payload):                            # 6.3
        try:
            r = self.read(OBJECT_END, payload)
            expect("R-9", mine.phase != GROUP)
            bad = self.bad_ranges(mine, r)
            if not mine.partial:
                self.judge_object_end(mine, r)
                self.complete += 1
                self.flawed += 1 if bad or r.flags else 0
                self.octets += mine.octets
                mine.facts.update(payload)
                self.prints.update(mine.facts.digest())
            mine.bad = bad
            mine.ends("flawed" if bad or r.flags else "complete")
        except Broken:
            mine.damage()
            mine.ends("partial")
            raise
        finally:
            self.keep(self.entry(mine, 0, self.here))
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
        expect("O-14", r.digest == (mine.xattrs.digest() if r.xattrs
                                    else bytes(32)))
        if mine.kind == LINK:
            expect("K-3", r.streams == 1)
        elif self.info and self.info.source == 1:
            expect("S-15", posix_streams(mine))

    def continued(self, owner, payload, first, follows):            # 6.4
        expect("R-10", first)
        if follows:
            expect("R-10", self.now)
            expect("R-11", owner == self.now.number)
        else:
            self.find(owner)
            if self.skip:
                return
        mine = self.now
        r = self.read(CONTINUED, payload)
        group, stream = r.group != ONES32, r.stream != ONES32
        expect("O-21", (group or not (r.g or stream))
               and (stream or not (r.s or r.offset)))
        if not mine.partial:
            one, two = mine.group and mine.group.first, mine.open
            expect("O-20", (r.kind, r.encoding, r.path, r.group, r.stream,
                            r.offset, r.group_header, r.stream_header) ==
                   (mine.kind, mine.encoding, mine.path,
                    one.ordinal if one else ONES32,
                    two.ordinal if two else ONES32, two.at if two else 0,
                    one.header if one else b"",
                    two.header if two and two is not one else b""))
        elif not follows:
            expect("O-1", 1 <= r.kind <= 8)
            expect("O-2", r.encoding in (1, 2))
            judge_path(r)
            if mine.path is None:
                mine.know(r)
            expect("O-20", (r.kind, r.encoding, r.path)
                   == (mine.kind, mine.encoding, mine.path))
            if group:
                self.resume(mine, r)

    def resume(self, mine, r):
        """Go on, behind a hole, with the streams that CONTINUED names."""
        mine.phase = GROUP
        one = self.named(mine, r.group, r.group_header)
        if r.stream == ONES32:
            return
        if r.stream != r.group:
            one = self.named(mine, r.stream, r.stream_header)
        expect("O-20", r.offset < one.size)
        one.at, mine.open, mine.next = r.offset, one, one.ordinal + 1

    def named(self, mine, ordinal, header):
        try:
            new = Stream(struct.pack("<I", ordinal) + header)
        except Broken:
            raise Broken("O-20") from None
        old = mine.streams.setdefault(ordinal, new)
        expect("O-20", old.header == header)
        return old

    # -- Chapter 7

    def stream(self, mine, payload):                                # 7.2
        before, phase, group = mine.open, mine.phase, mine.group
        mine.open, mine.phase, mine.group = None, GROUP, None
        new = Stream(payload)
        expect("S-3", mine.next in (None, new.ordinal)
               and new.ordinal not in mine.streams)
        expect("S-4", not before)
        if phase == GROUP:
            expect("R-9", new.id == ID_SPARSE)
        elif phase is not None:
            expect("S-13", new.id != ID_SPARSE or new.ordinal == 0)
        if mine.kind == LINK:
            expect("K-3", (new.ordinal, new.id, new.attributes, new.name)
                   == (0, ID_LINK, 0, b""))
        elif mine.kind:
            expect("K-5", new.id != ID_LINK)
            self.judge_order(mine, new.id)
        mine.streams[new.ordinal] = new
        mine.next, mine.open = new.ordinal + 1, new if new.size else None
        mine.counts[0] += 1
        if group:
            mine.group = group
            group.add(new)
        elif phase != GROUP:
            mine.group = Group(new)
            mine.first = mine.first or mine.group

    def judge_order(self, mine, ident):                             # 7.5
        if self.info and self.info.source == 2 and not mine.partial:
            rank = NTFS_ORDER.get(ident, 7)
            expect("S-16", mine.rank in (5, 6) if ident == ID_SPARSE else
                   rank > mine.rank or rank == mine.rank > 5)
            mine.rank = mine.rank if ident == ID_SPARSE else rank

    def data_octets(self, mine, payload):                           # DATA
        expect("R-6", len(payload) >= 24)
        ordinal, zero, offset, stated = DATA.unpack_from(payload)
        if zero:
            self.notes.add("C-1")
        octets, stream = payload[24:], mine.streams.get(ordinal)
        end = offset + len(octets)
        mine.octets += len(octets)
        if not mine.told and (stream or not mine.partial):
            expect("R-9", mine.phase in (GROUP, None))
            expect("S-4", octets and stream and stream is mine.open
                   and offset == stream.at and end <= stream.size)
        if not stream or offset < stream.given or not octets \
                or end > stream.size:
            return
        if offset == len(stream.front) < 20:
            stream.front += octets[:20 - offset]
        sparse = ONES64
        if stream.id == ID_SPARSE:
            sparse = (number(stream.front, 0, 8) if len(stream.front) >= 8
                      else stated)
        expect("S-6", stated == sparse or mine.told)
        if mine.group and not mine.partial:
            mine.group.feed(stream, octets, offset)
        stream.give(offset, octets)                                 # V-7
        self.reader.sink((self.number, mine.number, ordinal), offset, octets)
        mine.open = stream if end < stream.size else None

    def group_end(self, mine, payload):                             # 7.3
        before, phase, group = mine.open, mine.phase, mine.group
        mine.open, mine.phase, mine.group = None, BETWEEN, None
        expect("S-4", not before)
        expect("R-9", phase in (GROUP, None))
        r = self.read(GROUP_END, payload)
        mine.counts[1] += 1
        if mine.partial:
            return
        group.judge(r)
        mine.facts.update(payload)
        target = self.objects.get(mine.target)
        expect("K-4", mine.kind != LINK or not target or target.path is None
               or r.digest == hashlib.sha256(target.path).digest())

    # -- Chapter 9

    def listed(self, raw, into):
        """The records of a segment of catalog or checkpoint."""
        try:
            for at, kind, zero, owner, payload in records(raw):
                self.notes = {"C-1"} if zero else set()
                try:
                    expect("R-3", len(payload) <= 131072)
                    if kind == T_ENTRY:
                        expect("R-7", owner)
                        self.read(ENTRY, payload)
                    self.note(owner or None)
                except Broken as broken:
                    self.tell(str(broken), owner or None)
                record = raw[at:at + 16 + len(payload)]
                if kind != T_CHECKPOINT:
                    into.count, into.octets = (into.count + 1,
                                               into.octets + len(record))
                    into.sha.update(record)
                    self.remember(into.known, kind, owner, payload)
                yield kind, payload, record
        except Broken as broken:
            self.tell(str(broken))

    def remember(self, known, kind, owner, payload):
        """OBJECTs that the data did not give; they may be lost."""
        mine = self.objects.get(owner)
        if kind == T_OBJECT and not (mine and mine.path is not None):
            try:
                known[owner] = OBJECT.read(payload)
                judge_object(known[owner], owner)
            except Broken:
                known.pop(owner, None)

    def compare(self, at, record, rule):
        """A record of catalog or checkpoint against the one we made."""
        if self.clean():
            self.judge_record(bytes(self.marks[16 * at:16 * at + 16]),
                              record, rule)

    def judge_record(self, mine, record, rule):
        other, is_entry = mark(record), number(record, 0, 2) == T_ENTRY
        if mine != other:
            self.tell("A-2" if is_entry and mine[:8] == other[:8] else rule)

    def catalog_segment(self, raw, place):                          # 9.2
        if self.now and self.clean():
            self.object_begins()
        self.data_over()
        self.flush_torn()
        mine = self.catalog = self.catalog or new_listing(place)
        for kind, payload, record in self.listed(raw, mine):
            self.compare(mine.count - 1, record, "A-1")

    def checkpoint_segment(self, raw, place, h):                    # 9.3
        mine = self.slice = self.slice or new_listing(place)
        for kind, payload, record in self.listed(raw, mine):
            if kind == T_CHECKPOINT:
                self.checkpoint(mine, payload, h)
                return
            if kind != T_ENTRY or payload[:4] != b"\1\0\0\0":
                self.compare(self.base + mine.closed, record, "A-8")
                mine.closed += 1
            elif self.clean():
                self.judge_record(mark(self.entry(self.now, OPEN, NOWHERE))
                                  if self.now else b"", record, "A-8")

    def checkpoint(self, mine, payload, h):
        try:
            r = self.read(CHECKPOINT, payload)
            if r.notes:
                self.tell("C-1")
            if self.clean():
                expect("A-8", mine.closed == len(self.marks) // 16 - self.base)
                expect("A-7", (
                    r.number, r.next, r.objects, r.torn, r.octets,
                    r.slice_records, r.slice_octets, r.volume, r.sequence,
                    r.address, r.previous, r.previous_volume,
                    r.previous_sequence, r.previous_address, r.digest) ==
                    (self.last[0] + 1, self.next, self.complete,
                     self.torn_count, self.octets, mine.count, mine.octets)
                    + mine.place + self.last + (mine.sha.digest(),))
            if r.digest == mine.sha.digest():
                self.known.update(mine.known)
            self.last = (r.number,) + mine.place
            self.base = len(self.marks) // 16
            self.resumable.append(h.sequence + 1)
        except Broken as broken:
            self.tell(str(broken))
        self.slice = None

    def leave(self, kind, turned):
        """A stretch is over: was a checkpoint whole?"""
        if kind == K_CHECKPOINT and self.slice:
            if not turned and self.clean():
                self.tell("A-7")
            self.slice = None

    def end_segment(self, raw, h):                                  # 9.4
        if self.end:
            return
        self.data_over()
        self.flush_torn()
        try:
            zero, payload = only_record(raw, T_END)
            self.notes = {"C-1"} if zero else set()
            self.end = SimpleNamespace(digest=b"", objects=None)
            self.end = self.read(END, payload)
            self.note(None)
            if self.clean():
                self.judge_totals(self.end, self.catalog, h)
        except Broken as broken:
            if str(broken) == "R-6":
                self.end = None                 # it is not valid
            self.tell(str(broken))

    def judge_totals(self, r, mine, h):
        expect("A-13", mine)
        expect("A-5", mine.place[0] == h.volume)
        expect("A-1", mine.count == len(self.marks) // 16)
        expect("A-9", all(getattr(r, name) == getattr(self.info or r, name)
                          for name in SAME))
        expect("A-10", (r.objects, r.torn, r.flawed, r.octets,
                        r.catalog_octets, r.catalog_records, r.volume,
                        r.sequence, r.address, r.checkpoint,
                        r.checkpoint_volume, r.checkpoint_sequence,
                        r.checkpoint_address) ==
               (self.complete, self.torn_count, self.flawed, self.octets,
                mine.octets, mine.count) + mine.place + self.last)
        expect("A-11", r.digest == mine.sha.digest())
        expect("A-12", r.fingerprint == self.prints.digest())

    # -- the end of an archive

    def finish(self):
        self.data_over()
        self.flush_torn()
        if not self.end:
            self.tell(None, None, "archive %d has no valid END" % self.number)
        elif self.clean() and self.ends != 3:
            self.tell("A-13")
        if self.clean():
            self.judge_names()
        if self.end and self.catalog \
                and self.catalog.sha.digest() == self.end.digest:
            self.known.update(self.catalog.known)
        for owner, r in self.known.items():                         # 12.2
            if owner not in self.objects:
                self.objects[owner] = Object(owner)
                self.objects[owner].status = "lost"
            if self.objects[owner].path is None:
                self.objects[owner].know(r)
        for mine in self.objects.values():
            mine.status = mine.status or "partial"
            if mine.status in ("partial", "lost"):
                self.reader.damaged = True

    def judge_names(self):                                          # K-20
        names = {}
        for mine in self.objects.values():
            target = self.objects.get(mine.target) if mine.target else None
            if target:
                names.setdefault(target, {target.path}).add(mine.path)
        for target, paths in names.items():
            if 0 < target.link_count < len(paths) > 1:
                self.tell("K-20", target.number)

    def fingerprint(self):                                          # 9.5
        """If all objects and END are at hand."""
        whole = self.end and (self.complete == self.end.objects
                              or not self.spoilt)
        return self.prints.hexdigest() if whole and all(
            mine.status in ("complete", "flawed", "torn")
            for mine in self.objects.values()) else None


def new_listing(place):
    """Counts of a catalog or of the slice of a checkpoint."""
    return SimpleNamespace(
        place=(place[0], place[2], place[3]), count=0, octets=0, closed=0,
        sha=hashlib.sha256(), known={})


# ---- The contract: what is printed ----------------------------------------

class Files:
    """Puts the octets of streams into files ARCHIVE.OBJECT.ORDINAL."""

    def __init__(self, directory):
        self.directory, self.key, self.file = directory, None, None

    def __call__(self, key, at, octets):
        if key != self.key:
            self.close()
            self.file = open(os.path.join(self.directory, "%d.%d.%d" % key),
                             "ab")
            self.key = key
        self.file.write(octets)

    def close(self):
        if self.file:
            self.file.close()
        self.key = self.file = None


def nowhere(key, at, octets):
    """For check and list: nothing is written."""


def read_all(paths, sink):
    """Read volumes; gives what is printed, as a dict."""
    reader = Reader([Image(path) for path in paths], sink)
    report = {"contract": 1, "exit": 2, "archives": [], "objects": [],
              "diagnostics": reader.diagnostics}
    try:
        reader.survey()
        reader.read()
    except Refused as refused:
        if str(refused):
            reader.tell(None, str(refused))
        return report
    report["exit"] = 1 if reader.diagnostics or reader.damaged else 0
    for archive in reader.archives:
        report["archives"].append({
            "archive": archive.number, "complete": archive.end is not None,
            "fingerprint": archive.fingerprint()})
        for owner in sorted(archive.objects):
            report["objects"].append(
                archive.objects[owner].json(archive.number))
    return report


# ---- Chapter 13: list, restore --------------------------------------------

def shown(one):                                                     # Z-1
    """A path, with all that could command a terminal as numbers."""
    if one["path"] is None:
        return "?"
    octets = local_name(bytes.fromhex(one["path"]), one["encoding"])
    return "".join(
        c if c.isprintable() and c != "\\" else "\\u{%x}" % ord(c)
        for c in octets.decode("utf-8", "backslashreplace")) or "."


def say(file, text):
    file.buffer.write((text + "\n").encode("utf-8", "backslashreplace"))
    file.flush()


def complain(text):
    say(sys.stderr, "reader.py: %s" % text)


def list_objects(report):
    for one in report["objects"]:
        say(sys.stdout, "%d %d %s %s %d %s" % (
            one["archive"], one["object"], KIND_NAMES[one["kind"]],
            one["status"], one["size"], shown(one)))


class Restore:
    """Puts objects under their names, into a directory that was empty.  Each
    directory on the way is opened from the one above, no link is followed
    (N-5), and nothing that is there is replaced (N-8)."""

    def __init__(self, top, store, report):
        self.top, self.store, self.failed = top, store, False
        self.made, self.directories = {}, []
        last = {(one["archive"], one["path"]): one["object"]
                for one in report["objects"] if one["status"] == "complete"}
        for one in report["objects"]:
            try:
                if one["path"] is None or one["status"] == "lost":
                    raise ValueError("is " + one["status"])
                if one["status"] == "complete" and one["object"] != last[
                        one["archive"], one["path"]]:
                    raise ValueError("a later object has its name (8.1)")
                self.one(one, one["status"] == "complete")
            except ValueError as error:
                self.name(one, error)
            except OSError as error:
                self.failed = True
                self.name(one, error)
        for parts, one in reversed(self.directories):
            handle = self.open(parts)
            self.facts(handle, one)
            os.close(handle)

    def name(self, one, text):
        """V-8, S-14, N-7: name what could not be put back."""
        complain("%d.%d %s: %s" % (one["archive"], one["object"], shown(one),
                                   text))

    def one(self, one, whole):
        path = local_name(bytes.fromhex(one["path"]), one["encoding"])
        parts, kind = path.split(b"/") if path else [], one["kind"]
        if any(part in (b"", b".", b"..") or 0 in part for part in parts):
            raise ValueError("has a name that cannot be made (N-7)")
        if kind == DIRECTORY:
            os.close(self.open(parts))
            self.directories.append((parts, one))
            used = ()
        elif kind == FILE or whole and kind in (SYMLINK, LINK):
            above = self.open(parts[:-1])
            try:
                used = {FILE: self.file, SYMLINK: self.symlink,
                        LINK: self.link}[kind](one, parts, above)
            finally:
                os.close(above)
        else:
            raise ValueError("%s %s is not put back" % (
                one["status"], KIND_NAMES[kind]))
        if one["status"] != "complete":
            self.name(one, "is %s" % one["status"])
        left = [str(stream["ordinal"]) for stream in one["streams"]
                if stream["ordinal"] not in used]
        if left:
            self.name(one, "streams not put back: " + " ".join(left))

    def open(self, parts):
        """A directory, made where it is not there."""
        at = os.open(self.top, os.O_RDONLY | os.O_DIRECTORY)
        for part in parts:
            above = at
            try:
                try:
                    os.mkdir(part, dir_fd=above)
                except FileExistsError:
                    pass
                at = os.open(part, os.O_RDONLY | os.O_DIRECTORY
                             | os.O_NOFOLLOW, dir_fd=above)
            finally:
                os.close(above)
        return at

    def facts(self, target, one):
        """Mode and time of what is open."""
        if one["mode"] is not None:
            os.chmod(target, one["mode"])
        if one["modified"]:
            when = one["modified"][0] * 1000000000 + one["modified"][1]
            os.utime(target, ns=(when, when))

    def body(self, one, stream):
        return open(os.path.join(self.store, "%d.%d.%d" % (
            one["archive"], one["object"], stream["ordinal"])), "rb")

    def file(self, one, parts, above):
        """The content of the first group with a DATA without a name (7.3);
        of what is not complete what there is, as NAME.partial (V-9)."""
        whole = one["status"] == "complete"
        handle = os.open(parts[-1] + (b"" if whole else b".partial"),
                         os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666,
                         dir_fd=above)
        used, size = [], 0
        with open(handle, "wb") as out:
            for stream in one["streams"]:
                sparse = stream["id"] == ID_SPARSE
                if not used and (stream["id"] != ID_DATA or stream["name"]):
                    continue
                if used and not sparse:
                    break
                used.append(stream["ordinal"])
                if stream["ranges"]:
                    size = max(size, self.copy(one, stream, out, sparse))
            out.truncate(size)
            out.flush()
            self.facts(out.fileno(), one)
        if whole:
            self.made[one["archive"], one["object"]] = parts
        return used

    def copy(self, one, stream, out, sparse):
        """The octets of a stream to their place; gives where they end."""
        base, end = 0, 0
        with self.body(one, stream) as body:
            for begin, end in stream["ranges"]:
                if sparse and begin == 0:
                    base = number(body.read(8), 0, 8) - 8
                    begin = min(8, end)
                if sparse and (stream["ranges"][0][0] or not
                               0 <= base + 8 < (1 << 63) - end):
                    raise ValueError("a SPARSE_BLOCK without its place")
                out.seek(base + begin)
                while begin < end:
                    part = body.read(min(end - begin, 1 << 20))
                    out.write(part)
                    begin += len(part) or end
        return base + end

    def symlink(self, one, parts, above):
        for stream in one["streams"]:
            if stream["id"] == ID_REPARSE and stream["ranges"]:
                with self.body(one, stream) as file:
                    body = file.read(65548)
                if number(body, 0, 4) == TAGS[SYMLINK]:
                    os.symlink(body[12:], parts[-1], dir_fd=above)
                    self.made[one["archive"], one["object"]] = parts
                    return [stream["ordinal"]]
        raise ValueError("its reparse point is not put back")

    def link(self, one, parts, above):                      # K-6 ... K-9
        target = self.made.get((one["archive"], one["target"]))
        if one["outside"]:
            raise ValueError("is outside of the archive (K-9)")
        if not target:
            raise ValueError("object %d, its target, is not there (V-10)"
                             % one["target"])
        if target != parts:
            old = self.open(target[:-1])
            try:
                os.link(target[-1], parts[-1], src_dir_fd=old,
                        dst_dir_fd=above, follow_symlinks=False)
            finally:
                os.close(old)
        return [stream["ordinal"] for stream in one["streams"]]


def restore(paths, top):
    store = tempfile.mkdtemp(prefix=".reel-", dir=top)
    try:
        sink = Files(store)
        report = read_all(paths, sink)
        sink.close()
        if Restore(top, store, report).failed:
            report["exit"] = report["exit"] or 1
    finally:
        shutil.rmtree(store, ignore_errors=True)
    return report


def main(arguments):
    verb, rest = (arguments or [""])[0], arguments[1:]
    writes = verb in ("extract", "restore")
    if not (writes or verb in ("check", "list")) or len(rest) <= writes:
        raise Wrong("usage: reader.py extract|restore IMAGE... EMPTYDIR, "
                    "reader.py check|list IMAGE...")
    if writes:
        directory = rest.pop()
        if os.listdir(directory):
            raise Wrong(directory + " is not empty")
    if verb == "restore":
        report = restore(rest, directory)
    else:
        sink = Files(directory) if writes else nowhere
        report = read_all(rest, sink)
        if writes:
            sink.close()
    if verb == "list":
        list_objects(report)
    if verb in ("list", "restore"):
        for one in report["diagnostics"]:
            complain("volume %d, block %s: %s" % (
                one["volume"], one["block"], one["text"]))
    else:
        say(sys.stdout, json.dumps(report))
    return report["exit"]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Wrong, OSError, MemoryError) as error:
        complain(error)
        sys.exit(3)
