#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""A slow and clear reader of the Reel tape archive format, edition 1.

    reader.py extract IMAGE... EMPTYDIR   put everything into EMPTYDIR; JSON
    reader.py check   IMAGE...            the same checks, nothing written; JSON
    reader.py list    IMAGE...            one line for each object

The images are SIMH .tap files (chapter 0), the volumes of one set, in any
order; volumes that are missing are named, and what stood on them alone. Exit:
0 complete, 1 damage or something missing, but everything salvageable was given
out, 2 refused as unsupported, 3 usage or input/output.

A torn object, which a writer that resumed has left behind, is no damage. Of
each object that is not complete the content stays in a file "object-NUMBER".

The program follows the chapters of the specification and names its sections
and requirements. It reads the images twice: once to judge every block and to
learn what has to be known beforehand (features, runs, blocks that contradict
each other), once to take the data out. It holds one segment and one block at
a time, and for each object its path and its places, to prove the catalog.

It needs Python 3.9 on a POSIX system and something that unpacks zstd: one of
the modules compression.zstd, zstandard, pyzstd; or libzstd; or the program
zstd. The modules google_crc32c or crc32c make it faster, if they are there.
"""
import ctypes
import ctypes.util
import errno
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import traceback
from array import array

# ---- 1. Conventions --------------------------------------------------------

MIB, GIB = 1 << 20, 1 << 30
ONES32, ONES64 = (1 << 32) - 1, (1 << 64) - 1
KINDS = ["?", "file", "directory", "symlink", "fifo", "socket", "chardev",
         "blockdev", "link"]


class Fault(Exception):
    """Something is wrong. 12.2: truncated, magic, corrupt, invalid, ..."""

    def __init__(self, rule, what, text):
        super().__init__(text)
        self.rule, self.what = rule, what


class Report:
    """Collects diagnostics. A fault is damage; a note is not."""

    def __init__(self):
        self.diagnostics, self.damage, self.unsupported = [], False, False
        self.volume = self.block = None

    def note(self, rule, text):
        self.diagnostics.append({"rule": rule, "block": self.block,
                                 "volume": self.volume, "text": text})

    def fault(self, rule, text):
        self.damage = True
        self.note(rule, text)

    def caught(self, fault):
        self.unsupported |= fault.what == "unsupported"
        self.fault(fault.rule, "%s: %s" % (fault.what, fault))


report = Report()


def need(rule, condition, text):
    """A requirement that what follows cannot do without."""
    if not condition:
        raise Fault(rule, "invalid", text)


def expect(rule, condition, text, what="invalid"):
    """A requirement whose breach is reported, and does not stop us."""
    if not condition:
        report.fault(rule, what + ": " + text)
    return bool(condition)


class Row:
    """The fields of one structure."""


class Table:
    """A table of the text: the fixed fields, then tails of stated length.

    The rows are "type name" in the notation of module struct, lowest octet
    first: B H I Q are u8 u16 u32 u64, i q are i32 i64, 16s is u8[16].
    """

    def __init__(self, size, rows, tails=""):
        pairs = [row.split() for row in rows.split(",")]
        self.struct = struct.Struct("<" + "".join(p[0] for p in pairs))
        self.names = [p[1] for p in pairs]
        self.tails = [tail.split("=") for tail in tails.split()]
        assert self.struct.size == size

    def fixed(self, data, again=False):
        row = Row()
        for name, value in zip(self.names, self.struct.unpack_from(data)):
            if name != "zero":
                setattr(row, name, value)
            elif value not in (0, b"\0\0\0\0\0\0\0") and not again:
                report.note("C-3", "a field named zero is not zero")
        return row

    def read(self, data):
        """[R-6] the octets are exactly as many as the fields say."""
        if len(data) < self.struct.size:
            raise Fault("R-6", "truncated", "the payload is too short")
        row, at = self.fixed(data), self.struct.size
        for name, length in self.tails:
            count = getattr(row, length)
            setattr(row, name, data[at:at + count])
            at += count
        if at > len(data):
            raise Fault("R-6", "truncated", "the payload is too short")
        need("R-6", at == len(data), "the payload is too long")
        return row


def check_time(*nanoseconds):
    expect("C-4", all(ns < 10 ** 9 for ns in nanoseconds), "nanoseconds")


def check_text(*texts):
    """1.5 Text"""
    for text in texts:
        try:
            text.decode("utf-8")
            good = all(x >= 0x20 and x != 0x7f for x in text)
        except UnicodeDecodeError:
            good = False
        expect("C-5", good, "a text is not clean UTF-8")


# ---- 0. The SIMH form of a tape --------------------------------------------

class Image:
    """One volume as a .tap file."""

    def __init__(self, path):
        self.path = path
        self.octets = os.path.getsize(path)
        self.front = []         # label and leader
        self.bad = {}           # position: Fault of a block that is no good
        self.set_ids = []       # in the order in which they were met
        self.number = 0         # of the volume

    def blocks(self):
        """Give (position, octets or None). Position is as in 3.4: blocks and
        filemarks count, the label is 0. None: the block is not readable."""
        position = 0
        with open(self.path, "rb") as f:
            while True:
                word = f.read(4)
                if not word or word == b"\xff\xff\xff\xff":     # end of medium
                    return
                if len(word) < 4:
                    yield position, None
                    return
                length = int.from_bytes(word, "little")
                if length == ONES32 - 1:        # SIMH: a gap
                    continue
                if length:
                    error, length = length >> 28, length & 0x0fffffff
                    usable = error == 0 and length <= MIB + 4
                    if usable:
                        data = f.read(length)
                    else:
                        data = None
                        f.seek(length, 1)
                    f.seek(length & 1, 1)
                    if f.read(4) != word:       # cut off, or no .tap at all
                        yield position, data and data[:length] or None
                        if f.tell() < self.octets:
                            yield position + 1, None
                        return
                    yield position, data
                position += 1


# ---- 2. The volume: label, leader, VOLUME ----------------------------------

LABEL = Table(80, "4s label_id, 6s volume_id, 1s accessibility, 13s reserved1,"
              "13s implementation, 14s owner, 28s reserved2, 1s version")
VOLUME = Table(96, "I volume, I block_octets, 16s set_id, q created_s,"
               "I created_ns, I label_octets, Q leader_octets, 32s digest,"
               "6s volume_id, H edition, H n, H m, I zero",
               "set_name=n software=m")


def check_label(label):
    """2.2"""
    if not expect("L-5", len(label) == 80, "the label is not 80 octets long"):
        return
    row = LABEL.fixed(label)
    name = row.volume_id.rstrip(b" ")
    expect("L-5", row.label_id == b"VOL1" and row.accessibility == b" "
           and row.reserved1.strip(b" ") == row.owner.strip(b" ") == b""
           and row.reserved2.strip(b" ") == b"" and row.version == b"4"
           and row.implementation == b"REEL" + b" " * 9
           and name and all(48 <= x <= 57 or 65 <= x <= 90 for x in name),
           "the label is not as it ought to be")


def read_volume(header, payload, image):
    """2.4: the VOLUME record, alone in the first block behind the leader.
    Gives the whole record, for the catalog."""
    segment = Segment(payload, 16 * MIB)
    records = list(cut_records(segment.unpack()))
    need("L-2", segment.compression == 0 and segment.end == len(payload)
         and len(records) == 1 and records[0].type == T_VOLUME,
         "the block of kind VOLUME does not hold one VOLUME record")
    v = VOLUME.read(records[0].payload)
    expect("R-7", records[0].object == 0, "VOLUME has an object number")
    need("R-14", v.edition == 1, "the edition is not 1")
    expect("L-10", v.volume == header.volume and v.set_id == header.set_id
           and v.block_octets == header.block_octets,
           "VOLUME and the header of its block disagree")
    expect("L-12", v.n <= 128 and v.m <= 64, "a text in VOLUME is too long")
    check_text(v.set_name, v.software)
    check_time(v.created_ns)
    front = [image.front[0][:80] if image.front else b""]
    front += [block[:v.block_octets] for block in image.front[1:]]
    octets = sum(len(block) for block in front[1:])
    good = expect("L-11", v.label_octets == len(front[0])
                  and v.leader_octets == octets
                  and v.digest == sha256(b"".join(front)),
                  "label or leader is not as VOLUME states", "corrupt")
    if good:
        check_label(front[0])
        expect("L-5", front[0][4:10] == v.volume_id, "volume id")
        text = b"".join(front[1:])
        expect("L-7", text.startswith(b"REEL TAPE ARCHIVE, EDITION 1") and
               not text.strip(bytes([10]) + bytes(range(0x20, 0x7f))),
               "the leader is not plain text")
        expect("L-4", all(len(b) == v.block_octets for b in front[1:]),
               "a leader block is not B octets long")
    return v, records[0].whole


# ---- 3. Blocks -------------------------------------------------------------

MAGIC = bytes([0x8a, 0x52, 0x45, 0x45, 0x4c, 0x0d, 0x0a, 0x1a])
HEADER = Table(96, "8s magic, I checksum, H revision, H kind, I features,"
               "I block_octets, I payload_octets, I first_segment, I volume,"
               "I archive, I run, I zero, 16s set_id, Q sequence, Q address,"
               "Q run_start, Q zero")
K_VOLUME, K_DATA, K_CHECKPOINT, K_CATALOG, K_END = 1, 2, 3, 4, 5
RESERVED = {0x8001: "PARITY", 0x8002: "LIBRARY INDEX"}
FEATURES = {1: "parity", 2: "encryption", 4: "library index"}


def judge_block(data):
    """Everything about a block that can be seen from it alone, in the order
    of 1.6. Gives its header."""
    if len(data) < 96:
        raise Fault("B-1", "truncated", "the block is shorter than its header")
    h = HEADER.fixed(data)
    if len(data) < h.block_octets:
        raise Fault("B-1", "truncated", "the block is shorter than it says")
    if h.magic != MAGIC:
        raise Fault("B-2", "magic", "not a block of this format")
    if h.checksum != crc32c(memoryview(data)[12:max(h.block_octets, 12)]):
        raise Fault("B-3", "corrupt", "the checksum of the block is wrong")
    if h.revision != 1:
        raise Fault("X-1", "unsupported", "block revision %d" % h.revision)
    size = h.block_octets
    need("L-3", size % 512 == 0 and 512 <= size <= MIB, "B is %d" % size)
    need("B-6", 1 <= h.payload_octets <= size - 96, "payload octets")
    need("B-7", h.first_segment < h.payload_octets
         or h.first_segment == ONES32, "first segment")
    need("B-9", h.volume and h.archive, "volume or archive is zero")
    # four octets more are a drive's Logical Block Protection
    need("B-5", len(data) in (size, size + 4), "the block is too long")
    expect("B-8", not any(data[96 + h.payload_octets:size]),
           "octets behind the payload are not zero")
    expect("B-17", (h.run == 0) <= (h.run_start == 0)
           and h.sequence >= h.run_start, "run start")
    return h


class Survey:
    """What the first reading learns about one set."""

    def __init__(self):
        self.unsupported = []   # texts
        self.runs = {}          # archive: {run: run start}
        self.payloads = {}      # (archive, run, sequence / 4096): digests
        self.differing = set()  # (archive, run, sequence), see B-16
        self.archives = set()
        self.block_octets = 0

    def take(self, h, data, fresh):
        """`fresh`: the block is the first one behind a filemark (B-23)."""
        known = set()
        if h.features:
            names = [FEATURES.get(1 << i, "unknown bit %d" % i)
                     for i in range(32) if h.features >> i & 1]
            known.add("feature " + ", ".join(names))
        if h.kind in RESERVED:
            known.add("blocks of kind " + RESERVED[h.kind])
        self.unsupported += known - set(self.unsupported)
        self.archives.add(h.archive)
        self.block_octets = self.block_octets or h.block_octets
        expect("L-4", self.block_octets == h.block_octets, "B changes")
        # 3.3: run start is the same in every block of a run
        starts = self.runs.setdefault(h.archive, {})
        expect("B-17", starts.setdefault(h.run, h.run_start) == h.run_start,
               "two blocks of one run state different run starts")
        # B-15, B-16. A block of kind VOLUME has the number of its neighbour.
        if h.kind == K_VOLUME:
            return
        expect("B-23", fresh or not h.run or h.sequence != h.run_start,
               "run %d does not begin behind a filemark" % h.run)
        place = (h.archive, h.run, h.sequence >> 12)
        sums = self.payloads.setdefault(place, array("Q", bytes(8 * 4096)))
        payload = bytes([h.kind & 255]) + data[96:96 + h.payload_octets]
        now = int.from_bytes(sha256(payload)[:8], "little") | 1
        before = sums[h.sequence & 4095]
        sums[h.sequence & 4095] = before or now
        if before not in (0, now):
            self.differing.add((h.archive, h.run, h.sequence))
            report.fault("B-15", "blocks of archive %d, sequence %d differ"
                         % (h.archive, h.sequence))

    def superseded(self, h):
        """3.3, B-18"""
        return h.kind != K_VOLUME and any(
            run > h.run and h.sequence >= start
            for run, start in self.runs[h.archive].items())


def survey(images):
    """The first reading: judge every block. Gives {set id: Survey}."""
    surveys = {}
    for index, image in enumerate(images):
        began, shift, last, fresh = False, 0, -2, False
        report.volume = None
        for report.block, data in image.blocks():
            # VOLUME, or what may have been VOLUME, does not count
            fresh, last = fresh or report.block > last + 1, report.block
            if not began and data is not None and data[:8] != MAGIC:
                image.front.append(data)
                continue
            try:
                if data is None:
                    raise Fault("12.1", "medium", "a block cannot be read")
                h = judge_block(data)
            except Fault as fault:
                image.bad[report.block] = fault
                began = began or bool(data)
                continue
            began = True
            report.volume = h.volume
            if h.set_id not in image.set_ids:
                image.set_ids.append(h.set_id)
            surveys.setdefault(h.set_id, Survey()).take(h, data, fresh)
            fresh = h.kind == K_VOLUME
            if h.set_id == image.set_ids[0]:
                image.number = image.number or h.volume
                expect("3.", h.volume == image.number,
                       "blocks of two volumes on one image")
            if h.address - report.block != shift:
                shift = h.address - report.block
                report.note("B-20", "from here on the address is %+d" % shift)
    report.volume = report.block = None
    return surveys


# ---- 4. Segments -----------------------------------------------------------

SEGMENT = Table(24, "4s magic, I checksum, B compression, B encryption, H key,"
                "I stored_octets, I raw_octets, I zero")


class Segment:
    """One segment out of octets that begin with it. The header is judged
    first, so that nothing is awaited or unpacked beyond the limits (G-13)."""

    def __init__(self, data, limit):
        h = SEGMENT.fixed(data)
        if h.magic != b"SEGM":
            raise Fault("G-2", "magic", "no segment where one should begin")
        self.compression, self.encryption = h.compression, h.encryption
        self.checksum, self.stored, self.raw = (h.checksum, h.stored_octets,
                                                h.raw_octets)
        self.limit, self.end, self.data = limit, 24 + h.stored_octets, data
        if self.stored > limit:
            raise Fault("G-13", "limit", "stored octets %d" % self.stored)

    def unpack(self):
        stored = bytes(self.data[24:self.end])
        if len(stored) < self.stored:
            raise Fault("G-1", "truncated", "the segment is cut short")
        if self.checksum != crc32c(memoryview(self.data)[8:self.end]):
            raise Fault("G-3", "corrupt", "checksum of a segment")
        if self.encryption:
            raise Fault("G-5", "unsupported", "encryption %d"
                        % self.encryption)
        need("G-4", self.compression in (0, 1), "compression %d"
             % self.compression)
        need("G-6", 16 <= self.raw <= self.limit, "raw octets %d" % self.raw)
        if self.compression == 0:
            need("G-8", self.stored == self.raw, "stored is not raw octets")
            return stored
        need("G-10", self.stored < self.raw, "packed, but not smaller")
        judge_frame(stored, self.raw, self.limit)
        try:
            raw = unzstd(stored, self.raw)
        except Exception as error:
            raise Fault("G-9", "corrupt", "zstd: %s" % error)
        need("G-11", len(raw) == self.raw, "raw octets")
        return raw


def judge_frame(frame, raw, limit):
    """G-9, by RFC 8878, section 3.1.1: one frame with its content size, no
    dictionary, no larger window."""
    need("G-9", frame[:4] == b"\x28\xb5\x2f\xfd" and len(frame) > 6,
         "no zstd frame")
    what, at = frame[4], 5
    single, dictionary = what >> 5 & 1, (0, 1, 2, 4)[what & 3]
    need("G-9", not what & 8, "a reserved bit of the frame is set")
    window = raw
    if not single:
        base = 1 << (10 + (frame[5] >> 3))
        window, at = base + base // 8 * (frame[5] & 7), 6
    need("G-9", not any(frame[at:at + dictionary]), "needs a dictionary")
    at += dictionary
    size = (single, 2, 4, 8)[what >> 6]
    need("G-9", size, "the frame does not state its content size")
    content = int.from_bytes(frame[at:at + size], "little")
    content += 256 if size == 2 else 0
    need("G-11", content == raw, "content size is not raw octets")
    need("G-9", window <= limit, "the window is larger than the limit")
    at, last = at + size, 0
    while not last:
        need("G-9", at + 3 <= len(frame), "the frame is cut short")
        word = int.from_bytes(frame[at:at + 3], "little")
        last, kind, size = word & 1, word >> 1 & 3, word >> 3
        at += 3 + (1 if kind == 1 else size)
    need("G-9", at + (what & 4) == len(frame), "not exactly one frame")


def find_unzstd():
    """Something that unpacks one frame: f(octets, unpacked length)."""
    try:
        from compression import zstd
        return lambda data, size: zstd.decompress(data)
    except ImportError:
        pass
    try:
        import zstandard
        unpacker = zstandard.ZstdDecompressor()
        return lambda data, size: unpacker.decompress(data, size)
    except ImportError:
        pass
    try:
        import pyzstd
        return lambda data, size: pyzstd.decompress(data)
    except ImportError:
        pass
    name = ctypes.util.find_library("zstd")
    if name and not os.environ.get("REEL_ZSTD_PROGRAM"):
        library = ctypes.CDLL(name)
        library.ZSTD_decompress.restype = ctypes.c_size_t
        library.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t,
                                            ctypes.c_char_p, ctypes.c_size_t]

        def by_library(data, size):
            room = ctypes.create_string_buffer(size)
            got = library.ZSTD_decompress(room, size, data, len(data))
            if got != size:
                raise ValueError("the frame is damaged")
            return room.raw
        return by_library

    def by_program(data, size):
        # one process for each segment: milliseconds, less than its checksums
        program = shutil.which("zstd")
        if not program:
            raise OSError("nothing here can unpack zstd")
        done = subprocess.run([program, "-dcq"], input=data,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        if done.returncode:
            raise ValueError(done.stderr.decode("ascii", "replace").strip())
        return done.stdout
    return by_program


unzstd = find_unzstd()


# ---- 5. Records ------------------------------------------------------------

RECORD = Table(16, "H type, H zero, I octets, Q object")
T_VOLUME, T_ARCHIVE, T_SOURCE = 0x8001, 0x8002, 0x0003
T_EARLIER_VOLUME, T_EARLIER_ARCHIVE = 0x0004, 0x0005
T_OBJECT, T_XATTR, T_STREAM, T_DATA = 0x8010, 0x8011, 0x8012, 0x8013
T_GROUP_END, T_OBJECT_END, T_CONTINUED = 0x8014, 0x8015, 0x8016
T_ENTRY, T_CHECKPOINT, T_END = 0x8020, 0x8021, 0x8022
KNOWN = {T_VOLUME, T_ARCHIVE, T_SOURCE, T_EARLIER_VOLUME, T_EARLIER_ARCHIVE,
         T_OBJECT, T_XATTR, T_STREAM, T_DATA, T_GROUP_END, T_OBJECT_END,
         T_CONTINUED, T_ENTRY, T_CHECKPOINT, T_END}
WITHOUT_OBJECT = {T_VOLUME, T_ARCHIVE, T_SOURCE, T_EARLIER_VOLUME,
                  T_EARLIER_ARCHIVE, T_CHECKPOINT, T_END}


def cut_records(raw):
    """The records of an unpacked segment: type, object, payload, whole (with
    its header) and at, its place in the segment."""
    at = 0
    while at < len(raw):
        if len(raw) - at < 16:
            raise Fault("R-1", "truncated", "a record is cut short")
        record = RECORD.fixed(raw[at:at + 16])
        if record.octets > len(raw) - at - 16:
            raise Fault("R-1", "truncated", "a record ends behind its segment")
        need("R-3", record.octets <= 131072 or record.type == T_DATA,
             "the payload of a record is too long")
        record.at = at
        record.whole = raw[at:at + 16 + record.octets]
        record.payload = record.whole[16:]
        at += len(record.whole)
        if record.type in KNOWN:
            expect("R-7", (record.object == 0)
                   == (record.type in WITHOUT_OBJECT), "object number")
        yield record


ARCHIVE = Table(80, "H edition, B source, B compression, I segment_limit,"
                "q created_s, I created_ns, I archive, i level,"
                "I previous_archive, I previous_volume, I zero,"
                "Q previous_sequence, Q previous_address, I zero, H a, H b,"
                "H c, H d, H e, H f, B base_encoding, 7s zero",
                "name=a host=b system=c software=d options=e base=f")
SOURCE = Table(4, "B role, B encoding, H n", "text=n")
EARLIER_VOLUME = Table(12, "I volume, 6s volume_id, H zero")
EARLIER_ARCHIVE = Table(96, "I archive, I state, I volume, I zero, Q sequence,"
                        "Q address, q created_s, I created_ns, H n, H zero,"
                        "Q objects, Q stream_octets, 32s fingerprint",
                        "name=n")


def check_archive(a, number):
    """5.2"""
    if a.edition != 1:
        raise Fault("R-14", "unsupported", "edition %d" % a.edition)
    need("G-7", 262144 <= a.segment_limit <= 16777216, "segment limit")
    expect("R-15", a.source in (1, 2, 3), "source")
    expect("R-16", a.archive == number, "archive")
    expect("R-17", a.previous_archive < a.archive and (a.previous_archive
           or not (a.previous_volume or a.previous_sequence
                   or a.previous_address)), "place of the previous END")
    expect("R-18", a.a <= 64 and a.b <= 64 and a.c <= 255 and a.d <= 64
           and a.e <= 4096, "a text in ARCHIVE is too long")
    expect("R-19", a.base_encoding in (1, 2), "base encoding")
    check_text(a.name, a.host, a.system, a.software, a.options)
    check_time(a.created_ns)


# ---- 6. Objects, 7. Streams: tables ----------------------------------------

OBJECT = Table(128, "B kind, B encoding, H facts, I attributes, Q size,"
               "Q target, I link_count, I mode, I uid, I gid, I major,"
               "I minor, q birth_s, q modified_s, q accessed_s, q changed_s,"
               "I birth_ns, I modified_ns, I accessed_ns, I changed_ns,"
               "Q file_system, 16s file_id, H n, H u, H g, H s",
               "path=n user=u group=g short_name=s")
XATTR = Table(8, "H n, H zero, I m", "name=n value=m")
OBJECT_END = Table(64, "I streams, I groups, I xattrs, I flags,"
                   "Q stream_octets, I r, I zero, 32s xattr_digest")
BAD_RANGE = struct.Struct("<IIQQ")      # ordinal, reason, offset, length
CONTINUED = Table(24, "B kind, B encoding, H n, I group_ordinal,"
                  "I stream_ordinal, H g, H s, Q stream_offset",
                  "path=n group_header=g stream_header=s")
STREAM_ID = Table(20, "I id, I attributes, Q size, I name_octets")
DATA = Table(24, "I ordinal, I zero, Q stream_offset, Q sparse_offset")
GROUP_END = Table(112, "I first_ordinal, I streams, I stream_id, I attributes,"
                  "I flags, I n, Q body_octets, Q content_octets, Q allocated,"
                  "32s stream_digest, 32s content_digest", "name=n")
S_DATA, S_ALTERNATE, S_LINK, S_REPARSE, S_SPARSE = 1, 4, 5, 8, 9
FACTS = {0x0001: "mode uid gid", 0x0002: "attributes",
         0x0004: "birth_s birth_ns", 0x0008: "modified_s modified_ns",
         0x0010: "accessed_s accessed_ns", 0x0020: "changed_s changed_ns",
         0x0040: "file_system", 0x0080: "major minor"}
REPARSE_TAGS = {3: 0xA000001D, 4: 0x80000024, 5: 0x80000023, 6: 0x80000025,
                7: 0x80000026}


def check_object(o):
    """6.1, 8.1"""
    need("O-1", 1 <= o.kind <= 8, "kind %d" % o.kind)
    need("O-2", o.encoding in (1, 2), "encoding %d" % o.encoding)
    expect("O-3", not o.facts & ~0x3ff, "unknown bits of facts")
    unset = " ".join(v for k, v in FACTS.items() if not o.facts & k).split()
    expect("O-4", not any(getattr(o, name) for name in unset)
           and (o.facts & 0x40 or not any(o.file_id)), "a fact not known "
           "is not zero")
    expect("O-5", o.size == 0 or o.kind in (1, 8), "size")
    need("O-6", o.size < 1 << 63, "size")
    expect("O-7", (o.target == 0) == (o.kind != 8), "target")
    expect("O-8", not o.facts & 0x100 or o.kind == 8, "outside")
    expect("O-9", b"\0" not in o.user + o.group and o.u <= 255
           and o.g <= 255, "user or group")
    expect("O-10", o.s % 2 == 0 and o.s <= 24, "short name")
    check_time(o.birth_ns, o.modified_ns, o.accessed_ns, o.changed_ns)
    broken = allowed(o.kind, o.encoding, o.path)
    expect(broken, not broken, "the path is not allowed")


def components(path, encoding):
    """The components of a path; a unit of encoding 2 is two octets."""
    if not path:
        return []
    if encoding == 1:
        return path.split(b"/")
    units = "".join(map(chr, struct.unpack("<%dH" % (len(path) // 2), path)))
    return [c.encode("utf-16-le", "surrogatepass") for c in units.split("/")]


def allowed(kind, encoding, path):
    """8.1: the requirement that a path breaks, or None."""
    if encoding == 2 and len(path) % 2:
        return "N-3"
    dot, zero = (b".", b"\0") if encoding == 1 else (b".\0", b"\0\0")
    size = len(dot)
    for c in components(path, encoding):
        units = [c[i:i + size] for i in range(0, len(c), size)]
        if c in (b"", dot, dot * 2) or zero in units:
            return "N-2"
    return None if path or kind == 2 else "N-4"


class Stream:
    """A stream while it is open. `at` octets of its body have stood."""

    def __init__(self, ordinal, header):
        need("S-5", len(header) >= 20, "the stream header is cut short")
        h = STREAM_ID.fixed(header)
        need("S-5", len(header) == 20 + h.name_octets, "stream name")
        need("S-1", h.size < 1 << 63, "Size of a stream")
        need("S-2", h.name_octets <= 32000, "name of a stream")
        self.ordinal, self.header, self.at = ordinal, header, 0
        self.id, self.attributes, self.size = h.id, h.attributes, h.size
        self.name, self.first8, self.sparse = header[20:], b"", None
        self.sha, self.ranges = hashlib.sha256(), []
        self.kept = bytearray()         # of a LINK or REPARSE_DATA

    def json(self):
        return {"id": self.id, "attributes": self.attributes,
                "name": self.name.hex(), "size": self.size,
                "sha256": self.sha.hexdigest(), "ranges": self.ranges}


class Group:
    """7.3: a group while it is open, and what its GROUP END must say."""

    def __init__(self, stream):
        self.first, self.streams, self.body = stream, 1, stream.size
        self.has_content = stream.id in (S_DATA, S_ALTERNATE)
        self.digest = hashlib.sha256()
        self.content = hashlib.sha256() if self.has_content else None
        self.whole = True               # all of it has been seen
        self.end = stream.size if self.has_content else 0
        self.allocated = self.reach = self.end
        self.hashed = self.holes = 0    # content that went into the digest
        self.closed = False             # by a block without octets

    def hole(self, to):
        """A hole up to the offset `to`. Where the holes are too large there
        is no content digest, and nobody has to hash terabytes of zeros."""
        count = to - self.hashed
        self.holes, self.hashed = self.holes + count, to
        if count and self.holes > max(GIB, self.allocated):
            self.content = None
        while self.content and count > 0:
            self.content.update(bytes(min(count, MIB)))
            count -= MIB


class Object:
    """An object while its records come. `whole`: nothing is missing yet."""

    def __init__(self, number, kind, encoding, path):
        self.number, self.kind, self.encoding = number, kind, encoding
        self.path, self.size, self.target = path, None, 0
        self.facts, self.outside = hashlib.sha256(), False
        self.streams, self.groups, self.bad, self.count = [], [], [], 0
        self.octets, self.xattrs, self.last_xattr = 0, 0, b""
        self.xattr_sha = hashlib.sha256()
        self.whole, self.status = True, "incomplete"
        self.group = self.stream = self.main = None
        self.begin = self.links_to = NOWHERE
        self.written, self.end_of_data = None, 0

    def state(self):
        """6.4: the CONTINUED that must stand at this point."""
        s, g = self.stream, self.group
        if s and s.at == s.size:
            s = None
        gh = g.first.header if g else b""
        sh = s.header if s and s is not g.first else b""
        return CONTINUED.struct.pack(
            self.kind, self.encoding, len(self.path),
            g.first.ordinal if g else ONES32, s.ordinal if s else ONES32,
            len(gh), len(sh), s.at if s else 0) + self.path + gh + sh

    def resume(self, c):
        """After a loss: what is open according to CONTINUED."""
        self.group = self.stream = None
        if c.group_ordinal == ONES32:
            return
        first = self.known(c.group_ordinal, c.group_header)
        self.group = Group(first)
        self.group.whole = False
        if c.stream_ordinal == c.group_ordinal:
            self.stream = first
        elif c.stream_ordinal != ONES32:
            self.stream = self.known(c.stream_ordinal, c.stream_header)
        if self.stream:
            need("O-20", c.stream_offset < self.stream.size, "stream offset")
            self.stream.at = c.stream_offset
        self.count = (c.group_ordinal if c.stream_ordinal == ONES32
                      else c.stream_ordinal) + 1

    def known(self, ordinal, header):
        for stream in reversed(self.streams):
            if stream.ordinal == ordinal:
                return stream
        self.streams.append(Stream(ordinal, header))
        return self.streams[-1]

    def open_stream(self, ordinal, header):
        """STREAM: 7.2, 7.3"""
        self.end_stream()
        s = Stream(ordinal, header)
        need("S-3", ordinal == self.count or not self.whole
             and ordinal > self.count, "ordinal of a stream")
        g = self.group
        if g:
            need("R-9", s.id == S_SPARSE, "a stream of a group is no block")
            expect("S-9", not g.closed, "a block behind the last one")
            g.streams, g.body = g.streams + 1, g.body + s.size
            g.digest.update(header)
        else:
            need("R-9", s.id != S_SPARSE or ordinal == 0 or not self.whole,
                 "a SPARSE_BLOCK outside the group it belongs to")
            self.group = Group(s)
        need("S-7", s.id != S_SPARSE or s.size >= 8, "SPARSE_BLOCK too small")
        expect("K-5", s.id != S_LINK or self.kind == 8, "LINK in no link")
        self.stream, self.count = s, ordinal + 1
        self.streams.append(s)

    def end_stream(self):
        s = self.stream
        self.stream = None
        if s and s.at != s.size:
            raise Fault("S-4", "invalid", "a stream ends before its Size")

    def data(self, row, octets, sink):
        """DATA: 7.2"""
        s, g = self.stream, self.group
        need("R-9", s and row.ordinal == s.ordinal, "DATA of no open stream")
        need("S-4", row.stream_offset == s.at and octets
             and s.at + len(octets) <= s.size, "DATA out of place")
        if s.id != S_SPARSE:
            need("S-6", row.sparse_offset == ONES64, "sparse offset")
            to, body = s.at, octets
        else:
            take = max(0, 8 - s.at)
            if s.at == len(s.first8):
                s.first8 += octets[:take]
            if len(s.first8) == 8:
                need("S-6", row.sparse_offset ==
                     int.from_bytes(s.first8, "little"), "sparse offset")
            if s.sparse is None and s.at + len(octets) >= 8:
                s.sparse = row.sparse_offset
                self.place_block(g, s)
            to = row.sparse_offset + s.at + take - 8
            body = octets[take:]
        s.sha.update(octets)
        g.digest.update(octets)
        if s.ranges and s.ranges[-1][1] == s.at:
            s.ranges[-1][1] += len(octets)
        else:
            s.ranges.append([s.at, s.at + len(octets)])
        if s.id in (S_LINK, S_REPARSE) and len(s.kept) < 131072:
            s.kept += octets
        s.at += len(octets)
        self.octets += len(octets)
        if g.has_content and body:
            if g.content:
                g.content.update(body)
            g.hashed = to + len(body)
            if self.is_main(g) and to + len(body) < 1 << 63:
                sink.write(to, body)

    def is_main(self, g):
        """7.3: is it the content of the file? The first unnamed DATA is."""
        if g.first.id == S_DATA and not g.first.name and self.main is None:
            self.main = g
        return g is self.main

    def place_block(self, g, s):
        """S-8, S-9: where a SPARSE_BLOCK lies."""
        end = s.sparse + s.size - 8
        need("S-8", (s.sparse >= g.reach or not g.whole) and end < 1 << 63,
             "a SPARSE_BLOCK lies before the one before it")
        g.reach, g.closed = end, s.size == 8
        if not g.has_content:
            return
        if g.whole:
            g.hole(s.sparse)
        g.end, g.allocated = end, g.allocated + s.size - 8

    def end_group(self, payload):
        """GROUP END: 7.3"""
        self.end_stream()
        e, g = GROUP_END.read(payload), self.group
        need("R-9", g, "GROUP END of no group")
        self.group = None
        self.groups.append({"stream_digest": e.stream_digest.hex(),
                            "content_digest": e.content_digest.hex(),
                            "content_octets": e.content_octets,
                            "proven": False})
        if not g.whole:
            return
        f, present = g.first, g.content is not None
        need("S-10", (e.first_ordinal, e.streams, e.stream_id, e.attributes,
             e.flags, e.body_octets, e.content_octets, e.allocated, e.name)
             == (f.ordinal, g.streams, f.id, f.attributes, int(present),
                 g.body, g.end, g.allocated, f.name),
             "GROUP END does not say what its group is")
        if e.stream_digest != g.digest.digest():
            raise Fault("S-11", "corrupt", "the stream digest is wrong")
        if e.content_digest != (g.content.digest() if present else bytes(32)):
            raise Fault("S-12", "corrupt", "the content digest is wrong")
        self.groups[-1]["proven"] = True
        if self.kind == 1 and self.is_main(g):
            self.end_of_data = g.end
            if self.size != g.end:
                report.note("6.1", "the size is not that of the DATA")

    def xattr(self, payload):
        """6.2"""
        x = XATTR.read(payload)
        need("R-9", not self.count, "XATTR behind a STREAM")
        expect("O-11", 1 <= x.n <= 255 and b"\0" not in x.name, "XATTR name")
        expect("O-12", x.name > self.last_xattr or not self.xattrs,
               "the names of XATTRs do not ascend")
        self.last_xattr, self.xattrs = x.name, self.xattrs + 1
        self.xattr_sha.update(payload)

    def end(self, payload):
        """OBJECT END: 6.3. Gives its row. The status is decided here."""
        self.end_stream()
        need("R-9", not self.group, "a group without GROUP END")
        r = int.from_bytes(payload[24:28], "little")
        need("R-6", len(payload) == 64 + 24 * r, "length of OBJECT END")
        e = OBJECT_END.fixed(payload)
        self.bad = [list(x) for x in BAD_RANGE.iter_unpack(payload[64:])]
        expect("O-15", not e.flags & ~3, "unknown flags")
        expect("O-17", all(b[1] in (1, 2) for b in self.bad), "reason")
        if not self.whole:
            return e
        need("O-13", (e.streams, e.groups, e.xattrs, e.stream_octets) ==
             (self.count, len(self.groups), self.xattrs, self.octets),
             "the counts of OBJECT END")
        need("O-14", e.xattr_digest == (self.xattr_sha.digest()
             if self.xattrs else bytes(32)), "the xattr digest")
        last = (0, 0)
        for ordinal, _, at, length in self.bad:
            need("O-16", (ordinal, at) >= last and length
                 and ordinal < self.count
                 and at + length <= self.streams[ordinal].size, "bad range")
            last = (ordinal, at + length)
        self.status = "flawed" if self.bad else "complete"
        return e

    def check_posix(self):
        """7.4"""
        ids = [s.id for s in self.streams if s.id != S_SPARSE]
        kept = bytes(self.streams[0].kept) if self.streams else b""
        if self.kind == 1:
            good = ids in ([], [S_DATA]) and len(ids) == bool(self.size)
        elif self.kind == 2:
            good = not self.streams
        elif self.kind == 8:
            good = ids == [S_LINK]
        else:
            rest = len(kept) - 8 if self.kind == 3 else 0
            good = ids == [S_REPARSE] and kept[:8] == struct.pack(
                "<IHH", REPARSE_TAGS[self.kind], max(rest, 0), 0)
            good = good and (kept[8:12] == b"\2\0\0\0" if self.kind == 3
                             else len(kept) == 8)
        expect("S-15", good, "not the streams of this kind of object")

    def json(self):
        return {"number": self.number, "path": self.path.hex(),
                "encoding": self.encoding, "kind": self.kind,
                "status": self.status, "target": self.target,
                "size": self.size, "written": self.written,
                "streams": [s.json() for s in self.streams],
                "groups": self.groups,
                "bad_ranges": [dict(zip(("ordinal", "reason", "offset",
                                         "length"), b)) for b in self.bad]}


# ---- 8. Names and links: writing files --------------------------------------

BAD_NAME = {errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST,
            errno.EILSEQ, errno.EINVAL, errno.ENOTEMPTY, errno.ELOOP,
            errno.ENOENT, errno.EPERM, errno.EMLINK}


class Sink:
    """Writes into a directory and never outside it (N-5): every directory on
    the way is opened without following links. Content goes to "object-N" and
    gets its name when it is proven; what is not proven stays there, and so
    does what has a name that this file system cannot hold."""

    def __init__(self, root=None):
        self.root = root and os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        self.file = self.temporary = None
        self.start(b"")

    def start(self, prefix):
        """A new archive, below `prefix`."""
        self.prefix, self.kept, self.replaced = prefix, {}, {}
        self.taken = set()              # the names in `kept`
        self.late = {}                  # path: what is made last

    def begin(self, number):
        """A file for the content of an object."""
        if self.root is None:
            return
        name, i = b"object-%d" % number, 0
        while True:
            at, leaf = self.parent(self.prefix + name)
            try:
                self.file = os.open(leaf, os.O_WRONLY | os.O_CREAT | os.O_EXCL
                                    | os.O_NOFOLLOW, 0o666, dir_fd=at)
                break
            except FileExistsError:
                i += 1
                name = b"object-%d-%d" % (number, i)
            finally:
                os.close(at)
        self.temporary = self.prefix + name

    def write(self, offset, octets):
        while self.file is not None and octets:
            done = os.pwrite(self.file, octets, offset)
            offset, octets = offset + done, octets[done:]

    def parent(self, path):
        """An open descriptor of the directory of `path`, and its last name;
        directories that are missing are made."""
        *way, leaf = path.split(b"/")
        at = os.dup(self.root)
        for name in way:
            try:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                try:
                    below = os.open(name, flags, dir_fd=at)
                except FileNotFoundError:
                    os.mkdir(name, dir_fd=at)
                    below = os.open(name, flags, dir_fd=at)
            finally:
                os.close(at)
            at = below
        return at, leaf

    def name_of(self, o):
        """The octets of its path here, or None if it cannot be used."""
        path = o.path
        if allowed(o.kind, o.encoding, path):
            return None
        if o.encoding == 2:
            try:
                path = path.decode("utf-16-le").encode("utf-8")
            except UnicodeDecodeError:
                return None
        return self.prefix + path if path else self.prefix[:-1]

    def clear(self, at, leaf, path, number):
        """Make room: the last complete object of a path counts (8.1)."""
        try:
            os.unlink(leaf, dir_fd=at)
            self.replaced[path] = number
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError):
            os.rmdir(leaf, dir_fd=at)

    def finish(self, o, target=None):
        """The object has ended: give it its place. `target` is the number
        and path of the object to which a link leads."""
        if self.root is None:
            return
        final = self.name_of(o) if o.status == "complete" else None
        if self.file is not None:
            if o.status in ("complete", "flawed"):
                os.ftruncate(self.file, o.end_of_data)
            os.close(self.file)
        self.file, temporary, self.temporary = None, self.temporary, None
        o.written = temporary
        if final is not None and final not in self.taken:
            try:
                self.late.pop(final, None)
                if o.kind == 1:
                    self.rename(o, temporary, final)
                elif o.kind == 2:
                    self.directory(o, final)
                elif o.kind == 3 and self.link_text(o):
                    self.late[final] = (o.number, self.link_text(o))
                    o.written = final
                elif o.kind == 8 and target:
                    self.link(o, target, final)
            except OSError as error:
                if error.errno not in BAD_NAME:
                    raise
                report.note("8.", "object %d: %s" % (o.number,
                                                     error.strerror))
                if o.kind == 8 or o.kind == 2:
                    report.fault("K-8", "object %d could not be made"
                                 % o.number)
        if o.written is not None:
            if o.written != final:
                self.kept[o.number] = o.written
                self.taken.add(o.written)
            o.written = os.fsdecode(o.written)

    def rename(self, o, temporary, final):
        if temporary == final:
            return
        at1, leaf1 = self.parent(temporary)
        try:
            at2, leaf2 = self.parent(final)
            try:
                self.clear(at2, leaf2, final, o.number)
                os.rename(leaf1, leaf2, src_dir_fd=at1, dst_dir_fd=at2)
            finally:
                os.close(at2)
        finally:
            os.close(at1)
        o.written = final

    def directory(self, o, final):
        if final:
            at, leaf = self.parent(final)
            try:
                try:
                    os.close(os.open(leaf, os.O_RDONLY | os.O_DIRECTORY
                                     | os.O_NOFOLLOW, dir_fd=at))
                except OSError:
                    self.clear(at, leaf, final, o.number)
                    os.mkdir(leaf, dir_fd=at)
            finally:
                os.close(at)
        o.written = final

    def link_text(self, o):
        """The target of a symbolic link, from its REPARSE_DATA (7.4)."""
        for s in o.streams:
            kept = bytes(s.kept)
            if s.id == S_REPARSE and kept[:4] == b"\x1d\0\0\xa0":
                return kept[12:] if b"\0" not in kept[12:] else None
        return None

    def link(self, o, target, final):
        """K-7: both names are the same object."""
        number, path = target
        source = self.kept.get(number, path)
        if source in self.late:
            self.late[final] = (o.number, None, source)
            o.written = final
            return
        if self.replaced.get(source, number) != number:
            report.fault("K-8", "object %d: its target was replaced by a later"
                         " object of the same path" % o.number)
            return
        at1, leaf1 = self.parent(source)
        try:
            at2, leaf2 = self.parent(final)
            try:
                self.clear(at2, leaf2, final, o.number)
                os.link(leaf1, leaf2, src_dir_fd=at1, dst_dir_fd=at2,
                        follow_symlinks=False)
            finally:
                os.close(at2)
        finally:
            os.close(at1)
        o.written = final

    def close(self):
        """The end of an archive: symbolic links, and links to them."""
        for path, (number, text, *source) in list(self.late.items()):
            try:
                at, leaf = self.parent(path)
                try:
                    self.clear(at, leaf, path, number)
                    if text is None:
                        at1, leaf1 = self.parent(source[0])
                        try:
                            os.link(leaf1, leaf, src_dir_fd=at1,
                                    dst_dir_fd=at, follow_symlinks=False)
                        finally:
                            os.close(at1)
                    else:
                        os.symlink(text, leaf, dir_fd=at)
                finally:
                    os.close(at)
            except OSError as error:
                if error.errno not in BAD_NAME:
                    raise
                report.fault("8.", "the link of object %d could not be made:"
                             " %s" % (number, error.strerror))


# ---- 9. Catalog, checkpoints, END ------------------------------------------

PLACE = struct.Struct("<IIQQII")        # 9.1
NOWHERE = bytes(32)
ENTRY = Table(104, "I flags, I zero, 32s begin, 32s end, 32s data")
CHECKPOINT = Table(136, "I number, I zero, Q next_object, Q objects, Q torn,"
                   "Q stream_octets, Q slice_records, Q slice_octets,"
                   "I slice_volume, I zero, Q slice_sequence,"
                   "Q slice_address, I previous_number, I previous_volume,"
                   "Q previous_sequence, Q previous_address,"
                   "32s slice_digest")
END = Table(216, "H edition, B source, B compression, I segment_limit,"
            "q created_s, I created_ns, I archive, Q objects, Q torn,"
            "Q flawed, Q stream_octets, Q catalog_octets, Q catalog_records,"
            "I catalog_volume, I zero, Q catalog_sequence, Q catalog_address,"
            "I previous_archive, I previous_volume, Q previous_sequence,"
            "Q previous_address, I checkpoint, I checkpoint_volume,"
            "Q checkpoint_sequence, Q checkpoint_address, 32s catalog_digest,"
            "32s fingerprint, H n, H m, I zero", "name=n host=m")


class Records:
    """Counts and hashes a row of records: a catalog or a slice of one. For
    each object it keeps eight octets of a digest, to say where two differ."""

    def __init__(self, block=None):
        self.first = block              # volume, sequence, address
        self.sha, self.count, self.octets = hashlib.sha256(), 0, 0
        self.sums, self.one = array("Q"), hashlib.sha256()
        self.differs = False
        self.lost = {}                  # number: OBJECT that nobody has read

    def add(self, record):
        self.sha.update(record)
        self.count, self.octets = self.count + 1, self.octets + len(record)
        self.one.update(record)
        if record[:2] == b"\x20\x80":   # ENTRY
            self.sums.append(int.from_bytes(self.one.digest()[:8], "little"))
            self.one = hashlib.sha256()

    def result(self):
        return self.count, self.octets, self.sha.digest()


class Archive:
    """One archive: takes accepted records, proves them, gives objects out."""

    def __init__(self, number, sink, emit, labels):
        self.number, self.sink, self.emit = number, sink, emit
        self.labels = labels            # number of a volume: volume id
        self.begun = []                 # VOLUMEs with no data behind them yet
        self.head = self.end = self.object = self.catalog = None
        self.ends = 0                   # blocks of kind END seen
        self.limit = 16 * MIB           # until ARCHIVE tells
        self.gap = self.ever_gap = False
        self.phase, self.last = 0, 0    # of the records before the objects
        self.next = 1                   # number of the next object
        self.index = {}                 # number: kind, begin, path, complete
        self.names = {}                 # number: names that may still come
        self.rebuilt, self.slice = Records(), Records()
        self.tape_slice = None
        self.fingerprint = hashlib.sha256()
        self.objects = self.torn = self.flawed = self.octets = 0
        self.checkpoint = (0, 0, 0, 0)  # number and place of the last one
        self.lost = {}                  # from checkpoints or the catalog
        self.complete = False
        self.run = 0

    # -- 9.2: make the catalog from the data

    def keep(self, record):
        self.rebuilt.add(record)
        self.slice.add(record)

    def entry(self, o, flags, end=NOWHERE):
        payload = struct.pack("<II", flags, 0) + o.begin + end + o.links_to
        return RECORD.struct.pack(T_ENTRY, 0, 104, o.number) + payload

    def loss(self):
        """A segment is missing. Whether something of the open object is, the
        next record will tell."""
        self.gap = self.ever_gap = True
        self.tape_slice = None

    # -- records of DATA segments, 5.1

    def data_segment(self, raw, place, run):
        for record in self.begun:       # 9.2
            self.keep(record)
        self.begun = []
        new_run, self.run = run != self.run, run
        if new_run and self.object:
            self.close_torn()
        first = True
        for r in cut_records(raw):
            r.place = PLACE.pack(*place, r.at, 0)
            try:
                if first and new_run and not self.gap:
                    expect("B-19", r.type != T_CONTINUED,
                           "run %d begins inside an object" % run)
                if first and self.object and not self.gap:
                    expect("R-10", r.type == T_CONTINUED, "no CONTINUED")
                self.data_record(r, first)
            except Fault as fault:
                report.caught(fault)
                if self.object:
                    self.object.whole = False
            first = False

    def data_record(self, r, first):
        o = self.object
        if r.type not in KNOWN:
            if r.type & 0x8000:
                raise Fault("R-5", "unsupported" if not o else "invalid",
                            "critical record of unknown type %#x" % r.type)
            return
        if r.type == T_CONTINUED:
            need("R-10", first, "CONTINUED inside a segment")
            return self.continued(r)
        if r.type in (T_ARCHIVE, T_SOURCE, T_EARLIER_VOLUME,
                      T_EARLIER_ARCHIVE):
            need("R-9", self.next == 1 or self.gap, "records out of order")
            return self.front(r)
        expect("R-8", self.phase or self.ever_gap, "ARCHIVE is not first")
        self.phase = T_OBJECT
        if r.type == T_OBJECT:
            return self.begin(r)
        need("R-9", r.type & 0xfff0 == 0x8010, "record type %#x in the data"
             % r.type)
        if not o and self.gap:
            return                      # its beginning was in a lost segment
        need("R-9", o, "record type %#x outside an object" % r.type)
        need("R-11", r.object == o.number, "a record of another object")
        if self.gap:                    # a segment without its CONTINUED
            o.whole = self.gap = False
        if r.type == T_XATTR:
            o.xattr(r.payload)
        elif r.type == T_STREAM:
            need("S-5", len(r.payload) >= 24, "STREAM is cut short")
            o.open_stream(int.from_bytes(r.payload[:4], "little"),
                          r.payload[4:])
        elif r.type == T_DATA:
            need("R-6", len(r.payload) >= 24, "DATA is cut short")
            o.data(DATA.fixed(r.payload), r.payload[24:], self.sink)
        elif r.type == T_GROUP_END:
            self.keep(r.whole)
            o.facts.update(r.payload)
            o.end_group(r.payload)
        else:
            self.finish(r)

    def front(self, r):
        """ARCHIVE, SOURCE, EARLIER VOLUME, EARLIER ARCHIVE: 5.2 to 5.4"""
        self.keep(r.whole)
        if r.type == T_ARCHIVE:
            need("R-8", not self.head, "a second ARCHIVE")
            expect("R-8", self.phase == 0, "ARCHIVE is not first")
            head = ARCHIVE.read(r.payload)
            check_archive(head, self.number)
            self.head, self.limit = head, head.segment_limit
            self.gap = False
        else:
            expect("R-9", self.phase <= r.type or self.phase == T_ARCHIVE,
                   "records out of order")
            self.last = self.last if self.phase == r.type else 0
        if r.type == T_SOURCE:
            s = SOURCE.read(r.payload)
            expect("R-20", s.role in (1, 2) and s.encoding in (1, 2) and s.n,
                   "SOURCE")
        elif r.type == T_EARLIER_VOLUME:
            e = EARLIER_VOLUME.read(r.payload)
            expect("R-21", e.volume > self.last, "volumes do not ascend")
            self.labels[e.volume] = e.volume_id
            self.last = e.volume
        elif r.type == T_EARLIER_ARCHIVE:
            e = EARLIER_ARCHIVE.read(r.payload)
            expect("R-21", e.archive > self.last, "archives do not ascend")
            expect("R-22", e.state == 1 or e.state == 0 and
                   not any(r.payload[8:]), "state")
            check_text(e.name)
            check_time(e.created_ns)
            self.last = e.archive
        self.phase = r.type

    def begin(self, r):
        """OBJECT: 6.1"""
        if self.object:
            expect("R-13", self.gap, "an object without OBJECT END")
            self.close_torn()
        self.keep(r.whole)
        if self.gap:
            need("R-12", r.object >= self.next, "number of an object")
        else:
            expect("R-12", r.object == self.next, "number of an object")
        row = OBJECT.read(r.payload)
        check_object(row)
        o = Object(r.object, row.kind, row.encoding, row.path)
        o.size, o.target, o.begin = row.size, row.target, r.place
        o.outside = bool(row.facts & 0x100)
        o.facts.update(r.payload[:16] + bytes(8) + r.payload[24:])
        self.gap, self.next = False, r.object + 1
        if row.kind == 8:
            kind, begin, _, _ = self.index.get(row.target, (0, NOWHERE, b"",
                                                            False))
            expect("K-1", 0 < row.target < o.number, "target of a link")
            expect("K-2", kind not in (8, 2), "target is no file")
            expect("O-5", row.size == 0 or kind in (0, 1), "size of a link")
            if row.target in self.names:
                expect("K-20", self.names[row.target] > 0, "a link too many")
                self.names[row.target] -= 1
            o.links_to = begin
        elif row.kind != 2:
            self.names[o.number] = max(row.link_count - 1, 0)
        self.object = o
        if o.kind == 1:
            self.sink.begin(o.number)

    def continued(self, r):
        """CONTINUED: 6.4. Without a loss it must say what we know; after one
        we believe it."""
        o = self.object
        c = CONTINUED.read(r.payload)
        if self.gap and o and o.number == r.object and \
                r.payload == o.state():
            self.gap = False            # what was lost was none of this
        if not self.gap:
            need("R-10", o and o.number == r.object, "CONTINUED of an object "
                 "that is not open")
            need("O-20", r.payload == o.state() or not o.whole,
                 "CONTINUED does not say what is open")
            return
        if o and o.number != r.object:
            self.close_torn()
            o = None
        if not o:
            need("R-12", r.object >= self.next, "number of an object")
            need("O-1", 1 <= c.kind <= 8, "kind")
            o = Object(r.object, c.kind, c.encoding, c.path)
            o.whole = False
            self.object, self.next = o, r.object + 1
            if o.kind == 1:
                self.sink.begin(o.number)
        self.gap = o.whole = False
        o.resume(c)

    def close_torn(self):
        """The object has no OBJECT END, or it was lost."""
        o, self.object = self.object, None
        if not self.gap:
            self.keep(self.entry(o, 2))
            self.torn += 1
        o.status = "torn" if o.whole and not self.gap else "incomplete"
        self.give(o)

    def finish(self, r):
        """OBJECT END"""
        o, self.object = self.object, None
        self.keep(r.whole)
        self.keep(self.entry(o, 0, r.place))
        o.facts.update(r.payload)
        self.fingerprint.update(o.facts.digest())
        self.objects += 1
        try:
            e = o.end(r.payload)
            self.flawed += bool(e.flags or e.r)
            self.octets += e.stream_octets
        except Fault as fault:
            o.whole, o.status = False, "incomplete"
            report.caught(fault)
        if o.whole and o.kind == 8:
            known = self.index.get(o.target)
            expect("K-3", len(o.streams) == 1 and o.streams[0].id == S_LINK
                   and not o.streams[0].attributes and not o.streams[0].name,
                   "streams of a link")
            expect("K-4", not known or bytes(o.streams[0].kept) == known[2],
                   "LINK is not the path of the target")
        if o.whole and self.head and self.head.source == 1:
            o.check_posix()
        if o.bad:
            report.fault("O-19", "object %d has bad ranges" % o.number)
        self.give(o)

    def give(self, o):
        """Give an object out, with what is known of it."""
        if o.status == "incomplete":
            report.fault("V-3", "object %d is incomplete" % o.number)
        target = None
        if o.kind == 8 and o.status == "complete" and not o.outside:
            known = self.index.get(o.target)
            if known and known[3]:
                # Of devices, pipes and sockets only the name is given out.
                if known[0] in (1, 3):
                    t = Object(o.target, known[0], o.encoding, known[2])
                    target = (o.target, self.sink.name_of(t))
            else:
                report.fault("K-8", "object %d: its content, object %d, is "
                             "not complete" % (o.number, o.target))
        self.index[o.number] = (o.kind, o.begin, o.path,
                                o.status == "complete")
        self.sink.finish(o, target)
        self.emit(o.json())

    # -- 9.3, 9.4

    def other_segment(self, kind, raw, block):
        for r in cut_records(raw):
            try:
                if kind == K_CHECKPOINT:
                    self.slice_record(r, block)
                elif kind == K_CATALOG:
                    self.catalog_record(r)
                else:
                    need("R-9", r.type == T_END and len(raw) == len(r.whole),
                         "END does not stand alone")
                    self.read_end(r, block)
            except Fault as fault:
                report.caught(fault)

    def slice_record(self, r, block):
        if self.tape_slice is None:
            self.tape_slice = Records(block)
        if r.type != T_CHECKPOINT:
            self.tape_slice.add(r.whole)
            return self.learn(r, self.tape_slice.lost)
        c, tape, made = CHECKPOINT.read(r.payload), self.tape_slice, self.slice
        self.tape_slice, self.slice = None, Records()
        place = (c.slice_volume, c.slice_sequence, c.slice_address)
        if expect("A-7", (c.slice_records, c.slice_octets, c.slice_digest)
                  == tape.result() and place == tape.first,
                  "CHECKPOINT does not say what its slice is"):
            self.lost.update(tape.lost)
        if self.object:
            made.add(self.entry(self.object, 1))
        if not self.ever_gap:
            before = self.checkpoint
            expect("A-8", made.result() == tape.result(),
                   "a slice is not what the data say")
            expect("A-7", (c.number, c.next_object, c.objects, c.torn,
                           c.stream_octets, c.previous_number,
                           c.previous_volume, c.previous_sequence,
                           c.previous_address)
                   == (before[0] + 1, self.next, self.objects, self.torn,
                       self.octets) + before, "the totals of CHECKPOINT")
        self.checkpoint = (c.number,) + place

    def catalog_record(self, r):
        c, known = self.catalog, len(self.catalog.sums)
        c.add(r.whole)
        self.learn(r, c.lost)
        if len(c.sums) > known and not self.ever_gap:
            if c.sums[known:] != self.rebuilt.sums[known:known + 1]:
                expect("A-4", c.differs, "the catalog differs from the data "
                       "at object %d" % r.object)
                c.differs = True

    def learn(self, r, lost):
        """From a slice or the catalog: objects that were not read, and the
        volumes of the set."""
        if r.type == T_OBJECT and r.object not in self.index:
            lost[r.object] = OBJECT.read(r.payload)
            lost[r.object].volume = 0
        elif r.type == T_ENTRY and r.object in lost:
            lost[r.object].volume = int.from_bytes(r.payload[8:12], "little")
        elif r.type in (T_VOLUME, T_EARLIER_VOLUME):
            table = VOLUME if r.type == T_VOLUME else EARLIER_VOLUME
            v = table.read(r.payload)
            self.labels[v.volume] = v.volume_id

    def read_end(self, r, block):
        """9.4"""
        e = END.read(r.payload)
        need("A-9", e.archive == self.number, "archive in END")
        expect("A-5", not self.catalog or self.catalog.first[0] == block[0],
               "the catalog and its END stand on two volumes")
        self.end = e
        if self.head:
            same = ("edition source compression segment_limit created_s "
                    "created_ns archive previous_archive previous_volume "
                    "previous_sequence previous_address name host")
            expect("A-9", all(getattr(e, n) == getattr(self.head, n)
                              for n in same.split()), "END is not as ARCHIVE")
        check_text(e.name, e.host)

    def finish_archive(self):
        """Everything of the archive has been read: compare."""
        report.block = None
        if self.object:
            self.close_torn()
        e, c = self.end, self.catalog
        good = not self.ever_gap
        if not e:
            report.fault("A-14", "archive %d has no valid END: it was not"
                         " finished, or its last volume is missing"
                         % self.number)
            self.give_lost()
            return self.sink.close()
        good &= expect("A-13", self.ends >= 2, "END does not stand twice")
        trusted = c and expect(
            "A-11", (e.catalog_records, e.catalog_octets, e.catalog_digest)
            == c.result(), "the catalog is not as END states", "corrupt")
        if trusted:
            good &= expect("A-10", (e.catalog_volume, e.catalog_sequence,
                           e.catalog_address) == c.first, "place of catalog")
            self.lost = c.lost
        else:
            good &= expect("A-15", False, "the catalog cannot be used")
        self.give_lost()
        if not self.ever_gap:
            good &= expect("A-10", (e.objects, e.torn, e.flawed,
                           e.stream_octets) == (self.objects, self.torn,
                           self.flawed, self.octets), "the totals of END")
            good &= expect("A-10", (e.checkpoint, e.checkpoint_volume,
                           e.checkpoint_sequence, e.checkpoint_address)
                           == self.checkpoint, "the last checkpoint in END")
            good &= expect("A-6", (e.catalog_records, e.catalog_octets,
                           e.catalog_digest) == self.rebuilt.result(),
                           "the catalog is not the one made from the data")
            good &= expect("A-12", e.fingerprint == self.fingerprint.digest(),
                           "the fingerprint is wrong")
        self.complete = bool(good)
        self.sink.close()

    def give_lost(self):
        """Objects that only a checkpoint or the catalog knows."""
        for number, row in self.lost.items():
            if number in self.index:
                continue
            o = Object(number, row.kind, row.encoding, row.path)
            o.size, o.target, o.status = row.size, row.target, "lost"
            report.fault("V-3", "object %d is lost, it stood on volume %d"
                         % (number, row.volume))
            self.emit(o.json())


# ---- 10. Checksum and digest -----------------------------------------------

def sha256(octets):
    return hashlib.sha256(octets).digest()


def crc_tables():
    """Four tables that take the octets two by two. one[x] is what two octets
    x leave behind; the others put two, four and six octets of zero behind."""
    small = []
    for c in range(256):
        for _ in range(8):
            c = c >> 1 ^ (0x82f63b78 if c & 1 else 0)
        small.append(c)
    one = [small[small[x & 255] & 255 ^ x >> 8] ^ small[x & 255] >> 8
           for x in range(65536)]
    two = [one[c & 65535] ^ c >> 16 for c in one]
    three = [one[c & 65535] ^ c >> 16 for c in two]
    four = [one[c & 65535] ^ c >> 16 for c in three]
    return small, one, two, three, four


def slow_crc32c(octets):
    small, one, two, three, four = TABLES
    c, whole = ONES32, len(octets) & ~7
    for p, q, r, s in struct.iter_unpack("<4H", octets[:whole]):
        c = four[p ^ c & 65535] ^ three[q ^ c >> 16] ^ two[r] ^ one[s]
    for x in octets[whole:]:
        c = small[(c ^ x) & 255] ^ c >> 8
    return c ^ ONES32


try:
    from google_crc32c import value as fast_crc
except ImportError:
    try:
        from crc32c import crc32c as fast_crc
    except ImportError:
        fast_crc, TABLES = None, crc_tables()


def crc32c(octets):
    return fast_crc(bytes(octets)) if fast_crc else slow_crc32c(octets)


assert crc32c(b"123456789") == 0xE3069283
assert crc32c(bytes(32)) == 0x8A9136AA


# ---- 12. Reading on --------------------------------------------------------

class Deblocker:
    """Puts the payloads of the blocks of one archive end to end and cuts
    segments out of them."""

    def __init__(self, archive):
        self.archive = archive
        self.expected = 0       # the next sequence number
        self.kind = self.volume = None          # of the stretch
        self.run = 0
        self.buffer = None      # from the start of a segment on; None: lost
        self.place = None       # volume, offset, sequence, address of that
        self.first = None       # the first block of the stretch
        # all segments before this point have been dealt with
        self.done = (0, 0)      # sequence, offset in its payload

    def cut_short(self, rule=None, text=None):
        """12.1: no octet of the segment being put together is used."""
        if rule:
            report.fault(rule, text)
        self.buffer = None
        if self.kind not in (K_CATALOG, K_END):
            self.archive.loss()

    def block(self, h, payload):
        """A block that is whole, of this set, and not superseded."""
        a, skip = self.archive, None
        a.ends += h.kind == K_END
        if h.sequence < self.done[0]:
            return                              # all dealt with already
        new, self.volume = h.volume != self.volume, h.volume
        unfinished = self.buffer or a.tape_slice
        if new and unfinished and self.kind == K_CHECKPOINT:
            self.buffer = a.tape_slice = None   # 9.3: it is void
        elif new and h.sequence == self.done[0]:
            # 9.7: goes on where we are, with the block in which that lies
            self.expected, self.buffer, skip = h.sequence, None, self.done[1]
        elif new and h.sequence <= self.expected:
            if self.buffer:                     # equal blocks are one block
                report.fault("9.7", "a segment is put together from blocks of"
                             " two volumes")
                a.ever_gap = True
            else:                               # what was lost stands here
                self.expected = h.sequence
        if h.sequence < self.expected:
            return                              # seen before
        if h.run > self.run and h.sequence == self.expected == h.run_start:
            expect("B-22", not h.sequence or h.kind == K_CATALOG
                   or self.kind == K_CHECKPOINT and not unfinished,
                   "run %d does not begin at a checkpoint" % h.run)
            expect("B-19", h.first_segment == 0,
                   "run %d does not begin with a segment" % h.run)
        self.run = h.run
        if h.sequence > self.expected:
            self.cut_short("B-14", "blocks %d to %d of archive %d are missing"
                           % (self.expected, h.sequence - 1, a.number))
        elif h.kind != self.kind and self.buffer:
            self.cut_short("B-11", "a segment does not end in its stretch")
        self.expected = h.sequence + 1
        if new or h.kind != self.kind:
            self.stretch(h, new)
        if self.buffer is not None and len(self.buffer) >= 24:
            # B-12: the next segment begins where this one ends
            left = (24 + int.from_bytes(self.buffer[12:16], "little")
                    - len(self.buffer))
            ends = left if left < len(payload) else ONES32
            if h.first_segment != ends:
                self.cut_short("B-12", "first segment is %d and not %d"
                               % (h.first_segment, ends))
        if self.buffer is None:                 # begin anew
            at = h.first_segment if skip is None else skip
            if at >= len(payload):
                return
            self.buffer = bytearray(payload[at:])
        else:
            at = -len(self.buffer)
            self.buffer += payload
        if at >= 0:
            self.place = (h.volume, at, h.sequence, h.address)
        self.cut_segments(h, len(payload), at, skip)

    def stretch(self, h, new_volume):
        """A new stretch begins with this block."""
        self.kind, self.first = h.kind, (h.volume, h.sequence, h.address)
        if new_volume and h.kind != K_END:
            expect("A-16", h.first_segment != ONES32, "no segment begins")
        if h.kind == K_CATALOG:
            self.archive.catalog = Records(self.first)

    def cut_segments(self, h, size, at, skip):
        """`at` is where in the payload the buffer begins, maybe below 0."""
        begun = None
        while self.buffer:
            if at >= 0 and begun is None:
                begun = at
            if len(self.buffer) < 24:
                break
            try:
                segment = Segment(self.buffer, self.archive.limit)
            except Fault as fault:
                report.caught(fault)
                self.cut_short()
                break
            if len(self.buffer) < segment.end:
                break
            try:
                self.segment(segment, h)
            except Fault as fault:
                report.caught(fault)
                buffer = self.buffer
                self.cut_short()
                self.buffer = buffer
            at += segment.end
            del self.buffer[:segment.end]
            self.place = (h.volume, at, h.sequence, h.address)
            self.done = (h.sequence, at) if at < size else (h.sequence + 1, 0)
        if skip is None or h.first_segment >= skip:
            expect("B-12", h.first_segment == (ONES32 if begun is None
                                               else begun), "first segment")

    def segment(self, segment, h):
        raw = segment.unpack()
        if self.kind == K_DATA:
            self.archive.data_segment(raw, self.place, h.run)
        else:
            if self.kind == K_END:
                need("9.4", segment.compression == 0, "END is compressed")
            self.archive.other_segment(self.kind, raw, self.first)


def read_set(images, the_set, plan, sink, out, labels):
    """The second reading: take everything out, volume by volume. An unreadable
    block loses nothing by itself: it may be one that stands elsewhere too, or
    one that does not count. The next one tells (12.1)."""
    archive = deblocker = None
    volumes, number = [], 0
    for image in images:
        missing, number = image.number > number + 1, image.number
        report.volume = number
        began = headed = False
        for report.block, data in image.blocks():
            fault = image.bad.get(report.block)
            if fault:                           # 12.1, first line
                report.caught(fault)
                began = True
                if archive and not headed:      # it may be VOLUME
                    archive.ever_gap = True
                continue
            if data[:8] != MAGIC:
                continue                        # label and leader
            h = HEADER.fixed(data, again=True)
            if h.set_id != the_set:
                report.note("12.1", "a block of a foreign set")
                continue
            payload = data[96:96 + h.payload_octets]
            if plan.superseded(h):              # B-18
                began = True
                continue
            if (h.archive, h.run, h.sequence) in plan.differing and \
                    h.kind != K_VOLUME:
                report.fault("B-16", "one of several blocks that differ")
                continue
            if archive is None or h.archive > archive.number:
                if archive:
                    archive.finish_archive()
                    out.archive_ends(archive)
                archive = Archive(h.archive, sink, out.object, labels)
                deblocker = Deblocker(archive)
                out.archive_begins(h.archive)
                if len(plan.archives) > 1:
                    sink.start(b"archive-%d/" % h.archive)
            elif h.archive < archive.number:
                report.note("12.1", "a block of an earlier archive")
                continue
            if missing and (h.run or h.sequence):
                archive.ever_gap = True
            if h.kind == K_VOLUME:
                expect("L-2", not began, "VOLUME is not the first block")
                try:
                    v, whole = read_volume(h, payload, image)
                    headed = True
                    if v.volume not in [other.volume for other in volumes]:
                        volumes.append(v)
                        archive.begun.append(whole)
                except Fault as fault:
                    report.caught(fault)
            elif h.kind & 0x8000:               # B-13
                if h.sequence == deblocker.expected:
                    deblocker.expected += 1
                    if not deblocker.buffer:
                        deblocker.done = (deblocker.expected, 0)
            elif h.kind not in (K_DATA, K_CHECKPOINT, K_CATALOG, K_END):
                report.fault("11.3", "block of unknown kind %d" % h.kind)
            else:
                expect("L-2", began, "the first block is no VOLUME")
                archive.ever_gap |= not headed
                headed = True
                deblocker.block(h, payload)
            began = True
    if archive:
        archive.finish_archive()
        out.archive_ends(archive)
    return volumes


# ---- The program -----------------------------------------------------------

class Json:
    """Writes the one JSON object piece by piece."""

    def __init__(self):
        self.comma = self.comma2 = ""
        sys.stdout.write('{"archives":[')

    def archive_begins(self, number):
        sys.stdout.write('%s{"archive":%d,"objects":[' % (self.comma, number))
        self.comma, self.comma2 = ",", ""

    def object(self, what):
        sys.stdout.write(self.comma2 + "\n" + json.dumps(what))
        self.comma2 = ","

    def archive_ends(self, a):
        sys.stdout.write('],"complete":%s,"fingerprint":"%s"}' % (
            json.dumps(a.complete), a.fingerprint.hexdigest()))

    def close(self, volumes):
        sys.stdout.write('],\n"volumes":%s,\n"diagnostics":%s}\n' % (
            json.dumps([{"volume": v.volume, "set_id": v.set_id.hex(),
                         "volume_id": v.volume_id.decode("latin-1"),
                         "block_octets": v.block_octets,
                         "set_name": v.set_name.decode("utf-8", "replace")}
                        for v in volumes]),
            json.dumps(report.diagnostics)))


class Lines:
    """Writes one line for each object."""

    def archive_begins(self, number):
        print("archive %d" % number)

    def object(self, o):
        path = bytes.fromhex(o["path"])
        text = path.decode("utf-16-le" if o["encoding"] == 2 else "utf-8",
                           "backslashreplace")
        print("%8d %-10s %-9s %12s %s" % (
            o["number"], o["status"], KINDS[o["kind"]],
            "?" if o["size"] is None else o["size"],
            ascii(text or ".")[1:-1]))

    def archive_ends(self, a):
        print("archive %d: %scomplete, fingerprint %s" % (
            a.number, "" if a.complete else "in", a.fingerprint.hexdigest()))

    def close(self, volumes):
        for d in report.diagnostics:
            print("volume %(volume)s, block %(block)s: [%(rule)s] %(text)s"
                  % d, file=sys.stderr)


def run(command, names):
    sink = Sink()
    if command == "extract":
        root = names.pop()
        if not os.path.isdir(root) or os.listdir(root):
            print("reader.py: %s is not an empty directory" % root,
                  file=sys.stderr)
            return 3
        sink = Sink(root)
    images = [Image(name) for name in names]
    out = Lines() if command == "list" else Json()
    surveys = survey(images)
    sets = [image.set_ids[0] for image in images if image.set_ids]
    volumes = []
    report.volume = report.block = None
    if not sets:
        for image in images:
            for report.block, fault in image.bad.items():
                report.caught(fault)
        report.fault("B-2", "there is no block of this format")
    elif len(set(sets)) > 1:
        report.note("12.1", "the images belong to several sets")
        out.close(volumes)
        return 3
    elif surveys[sets[0]].unsupported:
        for text in surveys[sets[0]].unsupported:
            report.fault("X-2" if text.startswith("feature") else "X-4",
                         "unsupported: " + text)
        out.close(volumes)
        return 2
    else:
        images.sort(key=lambda image: image.number)
        labels = {}
        volumes = read_set(images, sets[0], surveys[sets[0]], sink, out,
                           labels)
        report.volume = report.block = None
        have = {image.number for image in images}
        for number in sorted({*labels, *range(1, max(have))} - have):
            report.fault("2.1", "volume %d is missing; its label is %s" % (
                number, labels.get(number, b"not known").decode("latin-1")))
    out.close(volumes)
    return 2 if report.unsupported else 1 if report.damage else 0


def main(arguments):
    usage = {"extract": 2, "list": 1, "check": 1}
    if not arguments or arguments[0] not in usage or \
            len(arguments) - 1 < usage[arguments[0]]:
        print(__doc__, file=sys.stderr)
        return 3
    try:
        code = run(arguments[0], arguments[1:])
        sys.stdout.flush()
        return code
    except OSError as error:
        print("reader.py: %s" % error, file=sys.stderr)
        return 3
    except Exception:
        traceback.print_exc()           # a mistake in this program
        return 70


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
