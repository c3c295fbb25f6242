# SPDX-License-Identifier: CC0-1.0
"""What is left of a tape (12.1), told from what the maker knows of each block:
to which segments its octets belong, and what befell it. No octet is read here.
"""
from . import tables
from .octets import ONES32
from .tape import Block, Mark

KNOWN = set(tables.BLOCK_KINDS.values())
DATA = tables.BLOCK_KINDS["DATA"]
SEALS = ("magic", "checksum", "block_octets")
SPOILS = SEALS + ("payload_octets",)


class Met:
    """What stands at one place of a volume as a reader meets it.

    block: the block whose octets are there, or None; bad: why it is not good
    ("unreadable", "bad"), or None."""

    def __init__(self, block=None, bad=None, mark=False, octets=None):
        self.block = block
        self.bad = bad
        self.mark = mark
        self.octets = octets  # what stands there, where it is not the block

    def fields(self):
        return dict(self.block.fields, **self.block.changes)


def meet(item):
    """An item of a volume as it was written."""
    if isinstance(item, Mark):
        return Met(mark=True)
    if not isinstance(item, Block):
        return Met(octets=item.encode())
    met = Met(item)
    fields = met.fields()
    first = fields["first_segment"]
    spoils = SEALS if refused(fields) else SPOILS
    if any(name in item.changes for name in spoils) or not refused(fields) \
            and (not fields["volume"] or not fields["archive"]
                 or (first != ONES32 and first >= len(item.payload))):
        met.bad = "bad"
    return met


def refused(fields):
    """X-1, X-2, X-4: such a block is judged no further (12.1)."""
    return (fields.get("revision", 1) != 1 or fields.get("features", 0)
            or fields["kind"] in (0x8001, 0x8002))


def header_bad(segment):
    """A header that breaks G-2, G-4, G-5, G-6, G-8 or G-10."""
    changed = segment.changed
    if len(segment.octets) - 24 >= segment.size and "frame" in changed:
        return True
    return bool({"magic", "encryption", "compression", "raw_octets",
                 "stored_octets"} & set(changed)) or not 16 <= segment.size <= segment.limit


def accepted(segment):
    """Whether it breaks no rule of chapter 4."""
    changed = set(segment.changed) - {"zero", "key", "cut_raw", "append_raw"}
    return not changed or (changed == {"frame"} and not header_bad(segment)
                           and str(segment.changed["frame"]) == "plain")


class Refused(Exception):
    """The volume is refused as unsupported."""


class Taken:
    """A segment that was taken, or, without one, the begin of a run; broken:
    something was lost before it."""

    def __init__(self, segment, broken, archive):
        self.segment = segment
        self.broken = broken
        self.archive = archive


class Reading:
    """12.1, from front to end over the volumes that are there."""

    def __init__(self, volumes):
        self.volumes = volumes  # lists of Met, ascending by number
        self.set_id = self._choose()
        self.state = "NONE"
        self.A = self.R = self.S = self.V = self.E = 0
        self.K = self.P = None
        self.D = self.given_up = None
        self.expect = None  # (stretch, offset) of the next octet in READ
        self.parts = 0
        self.broken = True
        self.lacking = False  # blocks, directly before the one at hand
        self.taken = []
        self.ends = {}  # archive -> something was lost before its end
        self.notes = 0
        self.runs = {}  # archive -> {run: run start}, of all good blocks
        for volume in volumes:
            for met in volume:
                if self._good(met) and self._ours(met):
                    fields = met.fields()
                    runs = self.runs.setdefault(fields["archive"], {})
                    runs[fields["run"]] = fields["run_start"]
        for volume in volumes:
            for met in volume:
                self._step(met)
        self._leave()

    def _choose(self):
        """The set that is read (12.1)."""
        return min(filter(None, map(self._set_of, self.volumes)),
                   default=(0, None))[1]

    def _set_of(self, volume):
        """Number and set of a volume."""
        good = [met.fields() for met in volume if self._good(met)]
        ids = [fields["set_id"] for fields in good]
        if not ids:
            return None
        pairs = [one for one, other in zip(ids, ids[1:]) if one == other]
        mine = (pairs + ids)[0]
        return good[ids.index(mine)]["volume"], mine

    def _good(self, met):
        return met.block is not None and not met.bad

    def _ours(self, met):
        return met.fields()["set_id"] == self.set_id

    def _superseded(self, fields):
        return any(run > fields["run"] and fields["sequence"] >= start
                   for run, start in
                   self.runs.get(fields["archive"], {}).items())

    def _leave(self):
        if self.A:
            self.ends[self.A] = self.broken

    def _tell(self):
        self.notes += 1

    def _lose(self):
        self.notes += 1
        self.broken = True

    def _cut(self):
        if self.P is not None:
            self.D, self.P = self.P, None
            self.broken = self.broken or self.K == DATA
        self.expect = None

    def _turn(self):
        """Give up a segment that may stand whole on the next volume."""
        if self.P is not None:
            self.D, self.P = self.P, None
            if self.K == DATA:
                self.given_up = self.D
        self.expect = None

    def _step(self, met):
        if met.mark or (met.block is None and not met.bad):
            return
        if met.bad:
            self._tell()
            return
        fields = met.fields()
        if refused(fields):
            raise Refused
        if not self._ours(met):
            self._tell()
            return
        self._judge(met, fields)

    def _judge(self, met, fields):
        volume = fields["kind"] == 1
        if volume and fields["archive"] == self.A \
                and self._superseded(fields):
            self._turn()
            self.V, self.state = fields["volume"], "SEEK"
        elif fields["archive"] < self.A or (
                not volume and self._superseded(fields)):
            return
        elif fields["archive"] > self.A:
            self._turn()
            self._leave()
            self.A, self.R = fields["archive"], fields["run"]
            self.S = fields["run_start"]
            self.V = self.K = self.D = self.given_up = None
            self.E = 0
            self.broken = False
            self.state = "SEEK"
            self._judge(met, fields)
        elif fields["run"] > self.R:
            self._cut()
            self.broken = self.broken or self.given_up is not None
            self.given_up = None
            if self.E < fields["run_start"]:
                self._lose()
                self.lacking = True
            self.taken.append(Taken(None, self.broken, self.A))
            self.broken = False
            self.R, self.S = fields["run"], fields["run_start"]
            self.E, self.D = self.S, None
            self.state = "SEEK"
            self._judge(met, fields)
        elif volume and fields["volume"] == self.V:
            self._tell()
        elif volume:
            self._turn()
            self.V = fields["volume"]
            if fields["sequence"] > self.E:
                self._lose()
                self.lacking = True
            self.E, self.state = fields["sequence"], "SEEK"
        elif fields["volume"] != self.V:
            self.V = fields["volume"]
            begin = fields["sequence"]
            if self.P is not None:
                begin = min(begin, self.P[0])
            if begin < self.E:
                self._turn()
                self.E, self.state = begin, "SEEK"
            self._judge(met, fields)
        else:
            self._in_sequence(met, fields)

    def _in_sequence(self, met, fields):
        sequence, kind = fields["sequence"], fields["kind"]
        if sequence < self.E:
            return
        missing = sequence > self.E or self.lacking
        self.lacking = False
        if sequence > self.E:
            self._cut()
            self._lose()
            self.E, self.state = sequence, "SEEK"
        if kind not in KNOWN:
            if not kind & 0x8000:
                self._cut()
                self._lose()
                self.state, self.lacking = "SEEK", True
            self.E = sequence + 1
            return
        if kind != self.K:
            self._cut()
            self.K, self.state = kind, "SEEK"
            if fields["first_segment"] and not missing and not (
                    self.R and sequence == self.S) and kind == DATA:
                self._lose()  # a segment stands before it
        if self.state == "SEEK":
            self._find(met, fields)
        else:
            self._take(met, 0, fields)

    def _find(self, met, fields):
        self.E = fields["sequence"] + 1
        start = fields["first_segment"]
        if self.D and self.D[0] > fields["sequence"]:
            return
        if self.D and self.D[0] == fields["sequence"]:
            start = self.D[1]
        if start < len(met.block.payload):
            self.state = "READ"
            self.expect = None
            self._take(met, start, fields)

    def _take(self, met, start, fields):
        """Go through the payload from start on."""
        block = met.block
        self.E = fields["sequence"] + 1
        begin = block.at + start
        end = block.at + len(block.payload)
        if self.expect not in (None, (id(block.stretch), begin)) \
                and (self.P is not None or begin):
            raise ValueError("the recipe's tape goes on where it must not")
        starts = [segment.at for segment in block.stretch]
        if self.P is None and begin < end and begin not in starts:
            # No header stands where first segment says one does.
            self.P = (fields["sequence"], start)
            self._tell()
            self._cut()
            self.state = "SEEK"
            return
        for segment in block.stretch:
            until = segment.at + len(segment.octets)
            if until <= begin or segment.at >= end:
                continue
            if segment.at >= begin:
                self.P = (fields["sequence"], segment.at - block.at)
                if header_bad(segment):
                    self._tell()
                    self._cut()
                    self.state = "SEEK"
                    return
            if until <= end:
                begun = self.P
                self.D, self.P = (fields["sequence"], until - block.at), None
                self._taken(segment, begun)
        self.expect = (id(block.stretch), end)

    def _taken(self, segment, begun):
        if not accepted(segment):
            self._tell()
            self.broken = self.broken or self.K == DATA
            return
        if segment.kind == "DATA" and self.given_up not in (None, begun):
            self.broken = True
        self.taken.append(Taken(segment, self.broken, self.A))
        if segment.kind == "DATA":
            self.broken, self.given_up = False, None
        if "cut_raw" in segment.changed:
            self._lose()  # its last record: R-1
