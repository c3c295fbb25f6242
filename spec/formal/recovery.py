#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""The table of section 12.1 as a machine, driven by recovery.tsv alone.

The table says which event leads to which actions and to which state. This
program knows what the words in it mean: one function for each event, guard and
action. It is fed the blocks of volumes and hands out the segments that are
taken. It is slow and small, to be compared with readers.
"""
import pathlib
import struct

MAGIC = b"\x8aREEL\r\n\x1a"
VOLUME, DATA, CHECKPOINT, CATALOG, END = range(1, 6)
ALL_ONES = (1 << 32) - 1
MARK, UNREADABLE = "filemark", "unreadable"


def crc_table():
    table = []
    for c in range(256):
        for _ in range(8):
            c = (c >> 1) ^ (0x82F63B78 if c & 1 else 0)
        table.append(c)
    return table


CRC = crc_table()


def crc32c(octets):
    c = ALL_ONES
    for x in octets:
        c = (c >> 8) ^ CRC[(c ^ x) & 255]
    return c ^ ALL_ONES


class Block:
    """A good block (chapter 3); anything else is not a Block."""

    def __init__(self, octets):
        (self.magic, self.checksum, self.revision, self.kind, self.features,
         self.octets, self.payload_octets, self.first, self.volume,
         self.archive, self.run, self.zero, self.set_id, self.sequence,
         self.address, self.start) = struct.unpack_from(
             "<8sIHHIIIIIIII16sQQQ", octets)
        self.payload = octets[96:96 + self.payload_octets]


def good(octets):
    """B-1 to B-3, and unless it is to be refused B-5 to B-7 and B-9: the block,
    or None."""
    if len(octets) < 96 or octets[:8] != MAGIC:
        return None
    b = Block(octets)
    if b.octets > len(octets) or crc32c(octets[12:b.octets]) != b.checksum:
        return None
    if unsupported(b):
        return b        # and refused for it
    if b.octets not in (len(octets), len(octets) - 4):
        return None
    if not 1 <= b.payload_octets <= b.octets - 96:
        return None
    if b.first != ALL_ONES and b.first >= b.payload_octets:
        return None
    return b if b.volume and b.archive else None


def unsupported(b):
    return b.revision != 1 or b.features != 0 or b.kind in (0x8001, 0x8002)


class Segment:
    """A segment that was taken."""

    def __init__(self, machine, place, octets):
        self.archive, self.run, self.kind = machine.A, machine.R, machine.K
        self.place, self.octets = place, octets
        self.hole = False       # does not follow the one before it (12.2)

    def accepted(self):
        checksum, packing, encryption, key, stored, raw = struct.unpack_from(
            "<IBBHII", self.octets, 4)
        return (crc32c(self.octets[8:]) == checksum and packing == 0
                and encryption == 0 and stored == raw)


def load(path):
    """The rows of the table: (state, event) -> [(guard, actions, next)]."""
    table, order = {}, []
    for line in pathlib.Path(path).read_text("ascii").splitlines():
        if line.startswith("#") or line.startswith("state\t"):
            continue
        state, event, guard, actions, after, _ = line.split("\t")
        table.setdefault((state, event), []).append(
            (guard, actions.split(), after))
        if event not in order:
            order.append(event)
    return table, order


class Machine:
    """State and memory of a reader. `runs`: known (archive, run, start)."""

    def __init__(self, table, order, set_id, runs):
        self.table, self.order = table, order
        self.set_id, self.runs = set_id, runs
        self.state = "NONE"
        self.A = self.R = self.S = 0
        self.V = self.K = self.P = None
        self.E, self.D = 0, None
        self.data = b""
        self.segments, self.missing, self.told = [], [], []
        self.hole, self.given_up = False, None
        self.missed = False     # blocks, directly before the one at hand
        self.holes = {}         # the same at the end of each archive
        self.tears = []         # segments in front of which a run began that
                                # has nothing missing before its start; archive

    # ---- events ----------------------------------------------------------

    def superseded(self, b):
        return any(a == b.archive and r > b.run and b.sequence >= s
                   for a, r, s in self.runs)

    def is_unreadable(self, b):
        return b is UNREADABLE

    def is_bad(self, b):
        return b is None

    def is_unsupported(self, b):
        return unsupported(b)

    def is_foreign(self, b):
        return b.set_id != self.set_id

    def is_hollow(self, b):
        return (b.kind == VOLUME and b.archive == self.A
                and self.superseded(b))

    def is_old(self, b):
        return b.archive < self.A or (b.kind != VOLUME and self.superseded(b))

    def is_archive(self, b):
        return self.state == "NONE" or b.archive > self.A

    def is_run(self, b):
        return b.run > self.R

    def is_again(self, b):
        return b.kind == VOLUME and b.volume == self.V

    def is_volume(self, b):
        return b.kind == VOLUME

    def is_turn(self, b):
        return b.volume != self.V

    def is_repeat(self, b):
        return b.sequence < self.E

    def is_gap(self, b):
        return b.sequence > self.E

    def is_skip(self, b):
        return b.kind > END and b.kind & 0x8000

    def is_unknown(self, b):
        return b.kind > END or b.kind == 0

    def is_kind(self, b):
        return b.kind != self.K

    def is_next(self, b):
        return True

    def classify(self, item):
        """The first event of the list that applies."""
        if item in (MARK, "end", "finish"):
            return item
        for event in self.order:
            if item is UNREADABLE and event != "unreadable":
                continue
            if item is None and event not in ("unreadable", "bad"):
                continue
            if getattr(self, "is_" + event)(item):
                return event
        raise AssertionError("no event")

    # ---- guards ----------------------------------------------------------

    def joint(self, b):
        """F of the action turn."""
        return min(b.sequence, self.P[0]) if self.P else b.sequence

    def begin_at(self, b):
        """Where the payload is taken from; None if no segment begins."""
        if self.state == "READ":
            return 0
        at = b.first
        if self.D and b.sequence <= self.D[0]:
            at = self.D[1] if self.D[0] == b.sequence else ALL_ONES
        return at if at < b.payload_octets else None

    def guard_less(self, b):
        return self.joint(b) < self.E

    def guard_begins(self, b):
        return self.begin_at(b) is not None

    def guard_nonsense(self, b):
        return self.guard_begins(b) and self.go_through(b, False)

    GUARDS = {"-": lambda self, b: True, "F<E": guard_less,
              "begins": guard_begins, "nonsense": guard_nonsense}

    # ---- actions ---------------------------------------------------------

    def do_tell(self, b):
        self.told.append(b)
        if isinstance(b, Block) and self.is_unknown(b):
            self.hole = True

    def do_pass(self, b):
        pass

    def do_refuse(self, b):
        self.told.append(b)

    def do_stop(self, b):
        self.holes[self.A] = self.hole

    def do_cut(self, b):
        if not self.P:
            return
        self.D, self.P, self.data = self.P, None, b""
        if self.K == DATA:
            if self.event in ("hollow", "volume", "turn", "archive",
                              "finish"):
                self.given_up = self.D
            else:
                self.hole = True

    def do_V(self, b):
        self.V = b.volume

    def do_begin(self, b):
        self.holes[self.A] = self.hole
        self.A, self.R, self.S = b.archive, b.run, b.start
        self.V = self.K = None
        self.E, self.D = 0, None
        self.hole, self.given_up = False, None
        self.again = True

    def note_missing(self, upto):
        if self.E < upto:
            self.missing.append((self.A, self.E, upto))
            self.hole = self.missed = True

    def do_rerun(self, b):
        self.note_missing(b.start)
        if not self.hole and self.given_up is None:
            self.tears.append((len(self.segments), self.A))
        self.R, self.S, self.E, self.D = b.run, b.start, b.start, None
        self.again = True

    def do_volume(self, b):
        self.V = b.volume
        self.note_missing(b.sequence)
        self.E = b.sequence

    def do_turn(self, b):
        self.V = b.volume
        self.E = min(self.E, b.sequence if self.turn_at is None
                     else self.turn_at)
        self.again = True

    def do_miss(self, b):
        self.note_missing(b.sequence)
        self.E = b.sequence
        self.again = True

    def do_count(self, b):
        self.E = b.sequence + 1
        self.missed = self.event == "unknown"

    def do_K(self, b):
        """And a segment that stands before first segment is lost (12.2)."""
        self.K = b.kind
        self.again = True
        first = self.R > 0 and b.sequence == self.S
        if b.kind == DATA and b.first != 0 and not (self.missed or first):
            self.hole = True

    def do_take(self, b):
        self.go_through(b, True)

    def go_through(self, b, keep):
        """Take a payload; true if a header in it is nonsense. `keep` false:
        only look."""
        at = self.begin_at(b) if self.start_at is None else self.start_at
        data, place = (self.data, self.P) if self.P else (b"", None)
        while at < b.payload_octets:
            place = place or (b.sequence, at)
            want = 24 - len(data)
            if want <= 0:
                if nonsense(data):
                    break
                want = 24 + struct.unpack_from("<I", data, 12)[0] - len(data)
            part = b.payload[at:at + want]
            data, at = data + part, at + len(part)
            if len(data) >= 24:
                if nonsense(data):
                    break
                if len(data) == 24 + struct.unpack_from("<I", data, 12)[0]:
                    if keep:
                        self.hand_out(place, data, (b.sequence, at))
                    data, place = b"", None
        if keep:
            self.data, self.P = data, place
        return len(data) >= 24 and nonsense(data)

    def hand_out(self, place, data, behind):
        s = Segment(self, place, data)
        self.D, self.P = behind, None
        if self.K == DATA:
            if self.given_up and self.given_up != place:
                self.hole = True
            s.hole, self.hole, self.given_up = self.hole, False, None
            if not s.accepted():
                self.hole = True
        self.segments.append(s)

    # ---- one step --------------------------------------------------------

    def step(self, item):
        """One item: a Block, None (not good), UNREADABLE, MARK, end, finish.
        Gives the events it was judged as."""
        events = []
        self.again = True
        while self.again:
            self.again = False
            self.event = self.classify(item)
            events.append(self.event)
            assert len(events) < 9, "the same block is judged for ever"
            for guard, actions, after in self.table[self.state, self.event]:
                self.turn_at = self.start_at = None
                if self.GUARDS[guard](self, item):
                    break
            assert actions != ["impossible"], (self.state, self.event)
            if self.event == "turn":
                self.turn_at = self.joint(item)
            if self.event == "next" and self.guard_begins(item):
                self.start_at = self.begin_at(item)
            for action in actions:
                getattr(self, "do_" + action)(item)
            self.state = after
        return events


def nonsense(header):
    """G-2, G-5 to G-8, as far as a reader without ARCHIVE can tell."""
    magic, _, packing, encryption, _, stored, raw = struct.unpack_from(
        "<4sIBBHII", header)
    return (magic != b"SEGM" or packing > 1 or encryption != 0
            or not 16 <= raw <= 1 << 24
            or (packing == 0 and stored != raw)
            or (packing == 1 and stored >= raw))


def choose_set(items):
    """Section 12.1: the set that is read, from the first volume."""
    blocks = [x for x in items if isinstance(x, Block)]
    for a, b in zip(blocks, blocks[1:]):
        if a.set_id == b.set_id:
            return a.set_id
    return blocks[0].set_id if blocks else None


def read(volumes, table, order):
    """Read volumes (lists of items, in order); the machine at its end."""
    set_id = None
    for items in volumes:
        set_id = set_id or choose_set(items)
    runs = {(b.archive, b.run, b.start) for items in volumes for b in items
            if isinstance(b, Block) and b.set_id == set_id and b.run}
    m = Machine(table, order, set_id, runs)
    for items in volumes:
        for item in items:
            m.step(item)
            if m.state == "STOP":
                return m
        m.step("end")
    m.step("finish")
    return m
