#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Judges volumes of the Reel tape archive format, edition 1: names each
requirement with T behind its id that they break, and not what follows from
that or from damage.

    judge.py extract IMAGE... EMPTYDIR
    judge.py check   IMAGE...

It is called as reader.py is and goes on from that, which has to lie beside it:
what has a name there has it here, and more is asked of it.  It was written
from the text of the format alone and goes through it in its order.
"""

import contextlib
import hashlib
import itertools
import re
import struct
from types import SimpleNamespace

import reader
from reader import (
    BAD_RANGE, BLOCK, BLOCK_MAX, Broken, FILEMARK, HEADER, ID_DATA, ID_SPARSE,
    K_CATALOG, K_END, K_VOLUME, ONES32, RECORD, SEGMENT, TABLES, Table,
    UNREADABLE, expect, front_items, number, pick, records)


def agree(rule, r, **fields):
    expect(rule, pick(r, " ".join(fields)) == fields)


# ---- Chapter 1: conventions -----------------------------------------------
RULES = {}              # name of a record -> what has to hold of its fields


def rules(name, lines):
    """A line for each requirement: its id, and what has to hold of the fields
    and of "at", which the reader knows."""
    RULES[name] = [(rule, compile(holds, rule, "eval")) for rule, holds in (
        line.split(None, 1) for line in lines.split("\n")[1:])]


def judge_rules(name, r, at):
    for rule, holds in RULES.get(name, ()):
        expect(rule, eval(holds, {**globals(), **vars(r), "at": at}))


def notes(table, r):
    """What is broken in a structure but only to be told."""
    for name, value in zip(table.names, table.struct.unpack_from(r.raw)):
        if name == "zero" and value not in (0, bytes(7)):
            yield "C-1"
        if name.endswith("_ns") and value >= 1000000000:
            yield "C-4"
    for name, _ in table.tail:
        if name.endswith("*") and not is_text(getattr(r, name[:-1])):
            yield "C-5"


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


def judge_front(label, leader, length):
    """The rules that label and leader break, where B is "length", or 0."""
    text = b"".join(leader)
    return [rule for rule, holds in (
        ("L-4", all(length in (0, len(block)) for block in leader)),
        ("L-5", LABEL.match(label)),
        ("L-7", text.startswith(LEADER)
         and not text.translate(None, PRINTABLE))) if not holds]


# ---- Chapter 5: records ---------------------------------------------------
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
    "0x8002 ARCHIVE")
rules("ARCHIVE", """
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
    "0x0005 EARLIER_ARCHIVE")
rules("EARLIER_ARCHIVE", """
    R-22  state or not any(raw[8:])""")


# ---- Chapter 6: objects ---------------------------------------------------
FILE, DIRECTORY, SYMLINK, FIFO, SOCKET, CHARACTER, DEVICE, LINK = range(1, 9)
FACTS = (                               # bit, and octets of OBJECT it is for
    (0x0001, 28, 40), (0x0002, 4, 8), (0x0004, 48, 56), (0x0004, 80, 84),
    (0x0008, 56, 64), (0x0008, 84, 88), (0x0010, 64, 72), (0x0010, 88, 92),
    (0x0020, 72, 80), (0x0020, 92, 96), (0x0040, 96, 120), (0x0080, 40, 48))
PATH = """
    N-3   encoding == 1 or n % 2 == 0
    N-4   path or kind == DIRECTORY
    N-2   not {"", ".", ".."} & set(components(encoding, path))
    N-2   chr(0) not in "".join(components(encoding, path))"""  # chapter 8
rules("OBJECT", """
    O-9   0 not in user + group_name
    O-10  s % 2 == 0
    O-4   all(facts & bit or not any(raw[i:j]) for bit, i, j in FACTS)
    O-7   (target == 0) == (kind != LINK)
    O-8   not facts & reader.OUTSIDE or kind == LINK
    O-5   not size or kind in (FILE, LINK)""" + PATH)
rules("XATTR", """
    O-11  0 not in name""")
rules("CONTINUED", """
    O-21  group != ONES32 or stream == ONES32 and not g
    O-21  stream != ONES32 or not (s or offset)""" + PATH)


# ---- Chapter 7: streams ---------------------------------------------------
rules("STREAM", """
    S-7   id != ID_SPARSE or size >= 8""")
ID_LINK = 5
TAGS = {SYMLINK: 0xA000001D, FIFO: 0x80000024, SOCKET: 0x80000023,
        CHARACTER: 0x80000025, DEVICE: 0x80000026}              # 7.4
POSIX_SHAPES = {        # 7.4: ids, attributes, names and sizes of streams
    FILE: "1,0,,[1-9][0-9]*;|1,8,,0;(9,8,,[0-9]+;)*9,8,,8;", DIRECTORY: "",
    SYMLINK: "8,0,,[0-9]+;"}
NTFS_SHAPE = ("(3;)?(2;)?(7;)?(8;)?(1;(9;)*)?(4;(9;)*)*"        # 7.5: ids
              "((?![1-4789];)[0-9]+;)*")


def new_stream(r):
    """A stream; its first 20 octets, and where it is zero, for O-18."""
    stream = reader.new_stream(r)
    stream.front, stream.zeros = b"", []
    return stream


NO_STREAM = SimpleNamespace(ordinal=ONES32, at=0, header=b"")


def judge_shape(mine, source):
    """The rule of section 7.4 or 7.5 that the streams of an object break."""
    streams = list(mine.streams.values())
    if source == 2:
        return "S-16" if not re.fullmatch(NTFS_SHAPE, "".join(
            "%d;" % one.id for one in streams)) else None
    shape = "".join("%d,%d,%s,%d;" % (
        one.id, one.attributes, one.name.hex(), one.size) for one in streams)
    right = re.fullmatch(POSIX_SHAPES.get(mine.kind, "8,0,,8;"), shape) \
        or not streams and mine.kind == FILE and not mine.size
    if right and mine.kind in TAGS:
        front, size = streams[0].front, streams[0].size - 8
        right = (number(front, 0, 4) == TAGS[mine.kind]
                 and number(front, 4, 4) == size <= 0xFFFF
                 and (size == 0 or front[8:12] == b"\2\0\0\0"))
    return None if right else "S-15"


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
rules("END", """
    R-14  edition == 1
    R-15  source in (1, 2, 3)
    G-4   compression in (0, 1)
    G-7   262144 <= limit <= 16777216
    R-18  n <= 64 and m <= 64
    R-17  previous_archive < archive
    R-17  previous_archive or not any(raw[100:120])""")
SAME = ("source compression limit created_s created_ns archive name host "
        "previous_archive previous_volume previous_sequence "
        "previous_address")
PLACES = ("volume sequence address checkpoint checkpoint_volume "
          "checkpoint_sequence checkpoint_address")


def facts(theirs):
    """Number, length and digest of records."""
    octets = b"".join(theirs)
    return len(theirs), len(octets), hashlib.sha256(octets).digest()


# ---- Chapter 12.1: blocks in order ----------------------------------------
class Reader(reader.Reader):
    """The machine, and what blocks have to do with each other."""

    virgin = True               # no block of the volume yet, but VOLUME
    fresh = None                # VOLUME, directly behind it
    loss = False                # blocks may be missing before this
    mark, lone = True, None     # behind a filemark; where END stands there
    fore = spanned = False      # at the front of a stretch; B-11 broken there
    begins = behind = None      # a segment, in the payload; K, before this K
    astray = False              # first segment is wrong (B-12)

    def __init__(self, paths, store):
        super().__init__(paths, store)
        self.seen, self.over = {}, {}   # payloads (B-15), superseded (B-22)

    @contextlib.contextmanager
    def judging(self):
        """What is found to be broken ends the block and is told."""
        try:
            yield
        except Broken as broken:
            self.tell(*broken.args)

    def note(self, table, r):
        for rule in sorted(set(notes(table, r))):
            self.tell(rule)

    def front(self, image):
        self.told, self.virgin, self.fresh = len(self.diagnostics), True, None
        self.loss, self.mark, self.lone = False, True, None
        count, broken = super().front(image), []
        items = list(front_items(image))
        shape = "".join(what for what, _ in items)
        label, *leader = [octets for what, octets in items
                          if what != FILEMARK] or [b""]
        self.label = label[4:10], len(label), sum(map(len, leader))
        if UNREADABLE not in shape:
            broken = (judge_front(label, leader, image.length)
                      if re.fullmatch("BMB+M", shape) else ["L-1"])
        for rule in broken:
            self.tell(rule)
        if broken or UNREADABLE in shape:
            self.proof = self.shift = None
        self.check("L-3", image.length in range(0, BLOCK_MAX + 1, 512))
        return count

    def item(self, image, what, start, length, rule):
        self.loss = self.loss or what == UNREADABLE or bool(rule)
        if what == UNREADABLE and not length:
            self.shift = None           # a part of the copy is missing
        if what == FILEMARK and self.lone == self.where - 1:
            self.archive.ends.add("alone")
        super().item(image, what, start, length, rule)
        if what != BLOCK or rule:
            self.mark = what == FILEMARK

    def block(self, octets):
        super().block(octets)
        h = HEADER.read(octets[:96])
        if h.set == self.set:
            is_volume = h.kind == K_VOLUME
            self.virgin, self.fresh = False, h if is_volume else None
            self.loss, self.mark = (self.loss and is_volume,
                                    self.mark and is_volume)

    def judge(self, h, octets):
        """What is only to be told of a good block, whatever its event."""
        mine = (h.archive, h.run) == (self.A, self.R)
        fresh, other = self.fresh, h.kind != K_VOLUME
        gap = other and h.sequence > self.E and mine
        shift, content = h.address - self.where, hash((h.kind, self.payload))
        if self.virgin and other and not self.loss:
            self.tell("L-2")
            self.shift = None
        self.check("L-4", h.length == self.images[0].length)
        self.check("B-8", not octets[96 + h.payload:h.length].strip(b"\0"))
        self.check("C-1", "C-1" not in notes(HEADER, h))
        self.check("B-20", self.shift in (None, shift) or gap)
        self.check("B-17", h.start == (self.S if mine and h.run else 0)
                   or h.run and not mine)
        self.check("B-12", other or not h.first)
        self.check("B-24", not (fresh and other)
                   or (fresh.archive, fresh.run) != (h.archive, h.run)
                   or fresh.sequence == h.sequence
                   or fresh.sequence < h.sequence and self.loss)
        self.check("B-15", not other or content == self.seen.setdefault(
            (h.archive, h.run, h.sequence), content))
        if self.shift is None or not gap:
            self.shift = shift

    # -- the actions
    def do_tell(self, h):
        super().do_tell(h)
        self.loss = self.loss or self.event != "again"

    def do_pass(self, h):
        if self.event == "old" and h.archive == self.A:         # B-22
            self.over.setdefault(h.sequence, set()).add(h.kind)
        self.note_end(h)

    def note_end(self, h):
        if h.kind == K_END and (h.archive, h.run) == (self.A, self.R):
            self.lone = self.where if self.mark else None
            self.archive.ends |= set() if self.mark else {"behind"}

    def do_cut(self, h):
        spoilt = self.archive and self.archive.spoilt
        self.spanned = self.spanned or self.P and self.event == "kind"
        super().do_cut(h)
        if self.event == "run":         # for B-22
            self.archive.spoilt = spoilt

    def do_begin(self, h):
        super().do_begin(h)
        self.over = {}

    def new_archive(self):
        self.archive = self.archives[self.A] = Archive(self.A, self)

    def do_rerun(self, h):
        old = self.archive
        super().do_rerun(h)
        if h.sequence == h.start and h.kind != K_VOLUME:
            self.check("B-19", h.first == 0)
            self.check("B-23", self.mark or self.loss)
            self.check("B-22", h.start == 0 or h.start in old.resumable
                       or old.spoilt or h.kind == K_CATALOG and self.over.get(
                           h.start, set()) <= {K_CATALOG, K_END})
        if self.archive is not old:     # VOLUMEs of the runs before count
            self.archive.volumes, self.archive.told = old.volumes, old.told

    def do_V(self, h):
        self.check("L-2", self.event != "volume" or self.virgin)
        if h.kind == K_VOLUME:
            self.check("L-2", not any(self.payload[8:9]))       # not packed
        super().do_V(h)

    def do_turn(self, h):
        if self.V is not None and not self.virgin:
            self.tell("L-10", "a block states volume %d" % h.volume)
        super().do_turn(h)

    def do_miss(self, h, to=None):
        shift = h.address - self.where
        if self.event == "gap" and shift == self.shift and not (
                self.loss or self.virgin or self.fresh):
            self.tell("B-14", "a sequence is left out")
            self.loss, self.E = True, h.sequence
            self.archive.lost()
        self.loss = self.loss or self.E < (h.sequence if to is None else to)
        super().do_miss(h, to)
        if self.event == "gap":
            self.shift = shift

    def do_K(self, h):
        self.check("A-7", not self.archive.slice.records
                   or not self.archive.clean())
        self.missed = self.missed or self.loss or self.spanned or (
            self.fresh and h.first == ONES32)       # it breaks A-16
        self.behind, self.fore = self.K, not self.missed
        super().do_K(h)

    # -- the payload
    def find(self, h):
        fresh, start = self.fresh and not self.loss, super().find(h)
        if fresh and h.first == ONES32:
            self.tell("A-16")
        if h.first == ONES32 and (self.fore or fresh) and not (
                self.D and h.sequence <= self.D[0]):
            self.archive.lost()
        self.astray = self.fore and start
        return start

    def do_take(self, h):
        self.note_end(h)
        reading, self.astray = self.reading, False
        self.begins = None if self.P else 0
        super().do_take(h)
        self.fore = False
        if reading and self.reading:
            self.check("B-12", h.first == (
                ONES32 if self.begins in (None, h.payload) else self.begins))

    def unpack(self, data, limit):
        if self.begins is None and self.D:      # behind this segment
            self.begins = self.D[1]
        raw = super().unpack(data, limit)
        self.note(SEGMENT, SEGMENT.read(data[:24]))
        return raw

    def reject(self, rule, text=None):
        if self.P and self.astray:      # it is no segment header (B-12)
            self.archive.lost(self.K == reader.K_DATA)
        else:
            super().reject(rule, text)

    def only_record(self, table, h, raw):
        if table.name == "VOLUME":
            self.archive.volumes.append(raw)
        r = super().only_record(TABLES[table.type], h, raw)
        for x in records(raw):
            self.check("C-1", not x.zero)
            self.check("R-7", not x.owner)
        self.note(TABLES[table.type], r)
        if table.name == "VOLUME":
            agree("L-10", r, volume=h.volume, block_octets=h.length,
                  set=h.set)
            expect("L-9", self.proof is None or self.label == (
                r.volume_id, r.label_octets, r.leader_octets))
        return r


# ---- Chapter 12.2: from segments to objects -------------------------------
class Object(reader.Object):
    """An object, and what has to be remembered of it."""

    size = link_count = 0
    told = False                        # what follows from that is not
    file_octets = None                  # size of the content
    last_name = b""                     # of the XATTRs

    def ends(self, status):
        super().ends(status)
        for stream in self.streams.values():
            stream.zeros = None


class Archive(reader.Archive):
    """An archive, and the catalog that is made of its records."""

    make_object, make_stream = Object, staticmethod(new_stream)
    info = None                         # ARCHIVE
    last = before = ""                  # records (5.1); None: not known
    earlier = 0
    base = torn_count = flawed = octets = 0     # base: of the next slice
    checkpoint = (0, 0, 0, 0)           # the last: number and place
    place = here = catalog_at = slice_at = None

    def __init__(self, archive, machine):
        super().__init__(archive, machine)
        self.made, self.volumes, self.torn = [], [], []     # these two not yet
        self.begins, self.names = {}, {}        # places of OBJECTs; K-20
        self.resumable, self.ends = [], set()
        self.told = (machine.told if machine.virgin
                     else len(machine.diagnostics))

    def clean(self):
        """Nothing is missing or told: the whole can be judged."""
        return (not self.spoilt
                and len(self.reader.diagnostics) == self.told)

    def put_aside(self):
        if self.hole:
            self.last = None
        super().put_aside()

    def tear(self):
        """Its ENTRY stands where it shows that it is torn (9.2)."""
        self.put_aside()
        mine = self.now
        super().tear()
        if mine:
            self.torn.append(self.entry(mine, TORN, NOWHERE))
            self.torn_count += 1
            self.last = "OBJECT_END"

    def data_over(self):
        """No object may be at hand."""
        if self.now and not self.hole:
            self.breach(self.now, "R-13", damaged=False)
            self.now.told = True
        self.made += self.torn
        self.torn = []

    def entry(self, mine, flags, end):
        return (RECORD.pack(ENTRY.type, 0, 104, mine.number)
                + struct.pack("<II", flags, 0)
                + self.begins.get(mine.number, NOWHERE) + end
                + self.begins.get(mine.target, NOWHERE))

    # -- Chapter 5
    def data_segment(self, raw, place, h):
        self.place = place
        self.made += self.volumes + self.torn
        self.volumes, self.torn = [], []
        with contextlib.suppress(Broken, StopIteration):
            x = next(records(raw))
            if x.name == "CONTINUED" and h.run and place[1::2] == (h.start, 0):
                self.tell("B-19", owner=x.owner)
                self.hole = True
        super().data_segment(raw, place, h)

    def breach(self, mine, rule, owner=0, damaged=True):
        """What is wrong in an object behind one follows from that."""
        if not (mine and mine.told):
            super().breach(mine, rule, owner, damaged)
        elif damaged:
            mine.damage()
        if mine and damaged:
            mine.told = True

    def take(self, x):
        volume, sequence, address, at = self.place
        self.here = PLACE.pack(volume, at, sequence, address, x.at, 0)
        alone, continued = x.name in WITHOUT_OBJECT, x.name == "CONTINUED"
        if x.at == 0 and self.now and x.name != "OBJECT" and not continued:
            self.breach(self.now, "R-10")
        if x.name == "OBJECT":
            self.data_over()
            self.tear()
            self.made += self.torn
            self.torn = []
            self.begins.setdefault(x.owner, self.here)
        if x.name in HEAD + ("OBJECT", "GROUP_END", "OBJECT_END"):
            self.made.append(x.octets)
        if self.last == "" and x.name not in (None, "ARCHIVE"):
            self.tell("R-8")
            self.last = None
        expect("R-3", x.name == "DATA" or len(x.payload) <= 131072)
        if x.name not in (None, "OBJECT") and (x.owner == 0) != alone:
            self.last = self.last if self.last != "" else x.name
            raise Broken("R-7")
        if x.zero:
            self.tell("C-1", owner=x.owner)
        if alone:
            expect("R-9", x.name in HEAD and not self.now)
            self.in_order(x)
        elif x.name and x.name != "OBJECT":
            expect("R-9", x.name != "ENTRY")
            expect("R-10", x.at == 0 or not continued)
            if not self.skip:
                expect("R-10" if continued else "R-9", self.now)
                expect("R-11", x.owner == self.now.number)
                if not continued:
                    self.in_order(x)
        if x.name in HEAD[1:]:
            self.earlier_of(x, self.fields(x))
        else:
            super().take(x)
        if not x.name and x.type & reader.CRITICAL and self.now:
            self.now.told = True

    def in_order(self, x):
        before = self.before = self.last
        right = before is None or x.name in ORDER[before].split()
        self.last = x.name if right else None if self.now else before
        if x.name == "XATTR":
            return self.only_tell(self.now, "R-9", right)
        expect("R-8" if x.name == "ARCHIVE" else "R-9", right)

    def earlier_of(self, x, r):
        if x.name != "SOURCE":
            expect("R-21", r.number > (
                self.earlier if self.before == x.name else 0))
            self.earlier = r.number

    def read(self, x):
        r = super().fields(x) if x.name else None
        judge_rules(x.name, r, self.number if x.name == "ARCHIVE" else x.owner)
        return r

    def fields(self, x):
        r = self.read(x)
        if x.name == "OBJECT":
            self.judge_link(x.owner, r)
        elif x.name == "ARCHIVE":
            self.info = r
        self.reader.note(TABLES[x.type], r)
        return r

    # -- Chapter 6
    def object(self, x):
        self.last = "OBJECT"
        super().object(x)

    def only_tell(self, mine, rule, holds):
        """What changes nothing else (12.2)."""
        if not holds:
            self.breach(mine, rule, damaged=False)

    def judge_link(self, owner, r):                             # 8.3
        mine, target = self.now, self.objects.get(r.target)
        self.only_tell(mine, "K-1", r.kind != LINK or r.target < owner)
        if target and target.kind in (LINK, DIRECTORY):
            self.only_tell(mine, "K-2", False)
        elif target and target.kind:
            self.only_tell(mine, "O-5", not r.size or target.kind == FILE)
            names = self.names.setdefault(r.target, set())
            names.add(r.path)
            if 0 < target.link_count < len(names):
                self.tell("K-20", owner=r.target)
        self.names[owner] = {r.path}

    def take_XATTR(self, mine, r):
        self.only_tell(mine, "O-12", r.name > mine.last_name)
        mine.last_name = r.name
        super().take_XATTR(mine, r)

    def take_OBJECT_END(self, mine, r):
        self.judge_bad_ranges(mine, r)
        whole = not mine.partial
        if whole:
            expect("O-22", mine.kind != FILE
                   or mine.size == (mine.file_octets or 0))
            shape = judge_shape(mine, self.info.source) if (
                self.info and self.info.source < 3
                and mine.kind != LINK) else None
            self.only_tell(mine, shape, not shape)
            self.only_tell(mine, "K-3", mine.kind != LINK or r.streams == 1)
        super().take_OBJECT_END(mine, r)
        if whole:
            self.flawed += 1 if mine.status == "flawed" else 0
            self.octets += mine.octets
        self.made.append(self.entry(mine, 0, self.here))

    def judge_bad_ranges(self, mine, r):
        expect("R-6", len(r.bad) == 24 * r.ranges)
        last = (0, 0)
        for ordinal, reason, begin, length in BAD_RANGE.iter_unpack(r.bad):
            expect("O-17", reason in (1, 2))
            stream, end = mine.streams.get(ordinal), begin + length
            expect("O-16", (ordinal, begin) >= last and length)
            last = (ordinal, end)
            if not stream or end > stream.size:
                self.only_tell(mine, "O-16", not stream and mine.partial)
            elif not mine.partial and length >= 4:      # else unknown
                self.only_tell(mine, "O-18", any(
                    one <= begin and end <= two for one, two in stream.zeros))

    def take_CONTINUED(self, mine, r):
        if mine.path is not None:
            agree("O-20", r, **pick(mine, "kind encoding path"))
        if not mine.partial:
            one = mine.group[0] if mine.group else NO_STREAM
            two = mine.open or NO_STREAM
            agree("O-20", r, group=one.ordinal, stream=two.ordinal,
                  offset=two.at, group_header=one.header,
                  stream_header=b"" if two is one else two.header)
        super().take_CONTINUED(mine, r)
        if mine.partial and r.group != ONES32:
            self.last = "DATA"

    # -- Chapter 7
    def take_STREAM(self, mine, r):
        goes_on = self.before in ("STREAM", "DATA")
        if goes_on:
            expect("R-9", r.id == ID_SPARSE)
        elif self.before:
            expect("S-13", r.id != ID_SPARSE or r.ordinal == 0)
        if mine.kind == LINK:
            self.only_tell(mine, "K-3", pick(
                r, "ordinal id attributes name") == dict(
                    ordinal=0, id=ID_LINK, attributes=0, name=b""))
        elif mine.kind:
            self.only_tell(mine, "K-5", r.id != ID_LINK)
        if mine.group and mine.content.exists:
            expect("S-9", (mine.group[-1].id, mine.group[-1].size)
                   != (ID_SPARSE, 8))
        super().take_STREAM(mine, r)

    def give(self, mine, stream, r):
        begin, end = r.offset, r.offset + len(r.octets)
        if begin == len(stream.front) < 20:
            stream.front += r.octets[:20 - begin]
        sparse = stream.front[:8] if stream.id == ID_SPARSE else b"\xff" * 8
        expect("S-6", r.sparse == number(sparse, 0, 8) or len(sparse) < 8
               or mine.told)
        super().give(mine, stream, r)
        for run in re.finditer(rb"\A\0+|\0{4,}|\0+\Z", r.octets):
            one, two = begin + run.start(), begin + run.end()
            if stream.zeros and stream.zeros[-1][1] == one:
                stream.zeros[-1][1] = two
            else:
                stream.zeros.append([one, two])

    def take_GROUP_END(self, mine, r):
        whole = not mine.partial
        super().take_GROUP_END(mine, r)
        if whole:
            if r.id == ID_DATA and not r.name and mine.file_octets is None:
                mine.file_octets = r.content
            target = self.objects.get(mine.target)
            self.only_tell(mine, "K-4", mine.kind != LINK or r.first
                           or not target or target.path is None or r.digest
                           == hashlib.sha256(target.path).digest())

    # -- Chapter 9
    def judge_listed(self, raw):
        """The records of a segment of a catalog or checkpoint."""
        for x in records(raw):
            with self.reader.judging():
                expect("R-3", len(x.payload) <= 131072)
                expect("R-7", not x.name
                       or (x.owner == 0) == (x.name in WITHOUT_OBJECT))
                if x.zero:
                    self.tell("C-1", owner=x.owner)
                if x.name == "ENTRY":
                    self.fields(x)

    def list(self, listing, x):
        listing.records.append(x.octets)
        super().list(listing, x)

    def learn(self, theirs, digest):
        proven = super().learn(theirs, digest)
        for owner, r in list(self.known.items()):
            try:
                judge_rules("OBJECT", r, owner)
            except Broken:
                del self.known[owner]
        return proven

    def compare(self, theirs, mine, rule):
        """Records of a catalog or slice with those that the data make.  What
        one breaks by itself comes first (1.6)."""
        for one, two in itertools.zip_longest(theirs, mine, fillvalue=b""):
            if one != two:      # all but the places of an ENTRY may agree
                entry = number(one, 0, 2) == ENTRY.type
                with self.reader.judging():
                    for x in records(one):
                        self.read(x)
                    expect("A-2" if entry and one[:24] == two[:24] else rule,
                           False)
                break

    def catalog_segment(self, raw, place, h):
        self.data_over()
        if not self.catalog.records:
            self.catalog_at = place[:3]
        self.judge_listed(raw)
        super().catalog_segment(raw, place, h)

    def checkpoint_segment(self, raw, place, h):
        if not self.slice.records:
            self.slice_at = place[:3]
        self.judge_listed(raw)
        for x in records(raw):
            if x.name != "CHECKPOINT":
                self.list(self.slice, x)
                continue
            theirs, self.slice = self.slice, reader.new_listing()
            self.judge_checkpoint(self.fields(x), theirs)
            self.resumable.append(h.sequence + 1)

    def judge_checkpoint(self, r, theirs):
        count, octets, digest = facts(theirs.records)
        made = self.made[self.base:]
        if self.now:
            made.append(self.entry(self.now, OPEN, NOWHERE))
        if self.clean():
            self.compare(theirs.records, made, "A-8")
        if self.clean():
            agree("A-7", r, number=self.checkpoint[0] + 1, next=self.next,
                  objects=self.complete, torn=self.torn_count,
                  octets=self.octets, slice_records=count,
                  slice_octets=octets, digest=digest, **dict(zip(
                      PLACES.split(), self.slice_at + self.checkpoint)))
        self.learn(theirs, r.digest)
        self.checkpoint = (r.number,) + self.slice_at
        self.base = len(self.made)

    def end_segment(self, raw, place, h):
        if self.end:
            return
        self.data_over()
        super().end_segment(raw, place, h)
        with self.reader.judging():
            judge_rules("END", self.end, self.number)
            if self.clean():
                self.judge_totals(self.end, h)
            expect("A-13", not self.reader.segment[8])          # not packed

    def judge_totals(self, r, h):
        expect("A-13", self.catalog.records
               and self.reader.behind == K_CATALOG)
        expect("A-5", self.catalog_at[0] == h.volume)
        count, octets, digest = facts(self.catalog.records)
        if self.info:
            agree("A-9", r, **pick(self.info, SAME))
        agree("A-10", r, objects=self.complete, torn=self.torn_count,
              flawed=self.flawed, octets=self.octets, catalog_octets=octets,
              catalog_records=count, **dict(zip(
                  PLACES.split(), self.catalog_at + self.checkpoint)))
        agree("A-11", r, digest=digest)
        agree("A-12", r, fingerprint=self.prints.digest())

    def judge_end(self):
        self.reader.check("A-13", not self.clean()
                          or self.ends == {"behind", "alone"})
        self.learn(self.catalog, self.end.digest)

    def finish(self):
        theirs = self.catalog.records
        if theirs and self.clean():
            self.compare(theirs, self.made if self.end
                         else self.made[:len(theirs)], "A-1")
        super().finish()


def main():
    reader.main(Reader)


if __name__ == "__main__":
    main()
