# SPDX-License-Identifier: CC0-1.0
"""What befalls a tape after it was written.

    damage WHERE ACTION [options]

WHERE: "label", "leader N", "mark N", "block KIND N", "last N" (from behind),
"record KIND OBJECT [N]" (the block in which that record begins). With
volume=N: of that volume, else of all in a row.
"""
import copy
import struct

from . import tables
from .left import Met, meet
from .octets import crc32c, noise
from .recipe import RecipeError
from .tape import Block, Label, Leader, Mark

OTHER_SET = bytes(range(0x50, 0x60))
STALE_SET = bytes(range(0x70, 0x80))
RIVAL_SET = bytes(range(0xB0, 0xC0))


class Medium:
    """The volumes as a reader meets them: lists of (item, Met, octets,
    unreadable)."""

    def __init__(self, volumes):
        self.volumes = {}
        for volume in volumes:
            self.volumes[volume.number] = [Place(item)
                                           for item in volume.items]

    def find(self, line):
        """The list and the place in it that WHERE names, and what is left of
        the words."""
        words = list(line.values)
        what = str(words.pop(0))
        number = line.named.get("volume")
        rows = [(row, place) for n, row in sorted(self.volumes.items())
                if number in (None, n) for place in row]
        if what in ("label", "leader", "mark"):
            kind = {"label": Label, "leader": Leader, "mark": Mark}[what]
            rows = [pair for pair in rows if isinstance(pair[1].item, kind)]
            which = words.pop(0) if isinstance(words[0], int) else 0
        elif what == "block":
            kind = tables.BLOCK_KINDS[str(words.pop(0))]
            rows = [pair for pair in rows if isinstance(pair[1].item, Block)
                    and pair[1].item.kind() == kind]
            which = words.pop(0)
        elif what == "last":
            which = len(rows) - 1 - words.pop(0)
        elif what == "record":
            return self.holding(line, rows, words)
        else:
            raise RecipeError("%s: damage where? %s" % (line.where, what))
        if not 0 <= which < len(rows):
            raise RecipeError("%s: no such place" % line.where)
        return rows[which] + (words,)

    def holding(self, line, rows, words):
        kind, number = str(words.pop(0)), words.pop(0)
        nth = words.pop(0) if words and isinstance(words[0], int) else 0
        for row, place in rows:
            block = place.item
            if not isinstance(block, Block) or block.kind() != 2:
                continue
            for segment in block.stretch:
                for record in segment.records:
                    at = segment.at + 24 + record.offset
                    if (record.kind, record.object) == (kind, number) \
                            and 0 <= at - block.at < len(block.payload):
                        if nth == 0:
                            return row, place, words
                        nth -= 1
        raise RecipeError("%s: no such record in a block" % line.where)

    def befall(self, line):
        if str(line.values[0]) == "volume":
            self.volume(line)
            return
        row, place, words = self.find(line)
        if not words:
            raise RecipeError("%s: which damage?" % line.where)
        action = str(words[0])
        does = getattr(self, "to_" + action, None)
        if not does:
            raise RecipeError("%s: unknown damage: %s" % (line.where, action))
        named = dict(line.named)
        named.pop("volume", None)
        does(row, row.index(place), **named)

    def volume(self, line):
        number, action = line.values[1], str(line.values[2])
        if action == "missing":
            del self.volumes[number]
        elif action == "empty":
            self.volumes[number] = []
        elif action == "rival":
            self.rival(number)
        elif action == "interleave":
            self.interleave(number, line.values[3])
        elif action == "protect":
            for at in range(len(self.volumes[number])):
                self.to_protect(self.volumes[number], at)
        else:
            raise RecipeError("%s: unknown: %s" % (line.where, action))

    def interleave(self, one, other):
        """One tape, with a block of the other behind each block."""
        row, others = [], [place for place in self.volumes.pop(other)
                           if isinstance(place.item, Block)]
        for place in self.volumes[one]:
            row.append(place)
            if others and isinstance(place.item, Block):
                row.append(others.pop(0))
        self.volumes[one] = row + others

    def rival(self, number):
        """Before this volume stands one of another set, of the same number."""
        row = self.volumes[number]
        for at in sorted(set(self.volumes) - set(range(number)), reverse=True):
            self.volumes[at + 1] = self.volumes.pop(at)
        self.volumes[number] = [self.of_set(place, RIVAL_SET) for place in row]

    # -- what may happen

    def to_flip(self, row, at, octet=120, bit=3):
        octets = bytearray(row[at].octets)
        octets[octet % len(octets)] ^= 1 << bit
        row[at].spoil(bytes(octets))

    def to_unreadable(self, row, at):
        row[at].unreadable = True
        row[at].met = Met(row[at].met.block, bad="unreadable")

    def to_zero(self, row, at):
        row[at].spoil(bytes(len(row[at].octets)))

    def to_truncate(self, row, at, length=None):
        length = length or len(row[at].octets) // 2
        row[at].spoil(row[at].octets[:length])

    def to_noise(self, row, at):
        row[at].spoil(noise(len(row[at].octets), 9))

    def to_missing(self, row, at, count=1):
        del row[at:at + count]

    def to_double(self, row, at, times=1):
        row[at:at] = [copy.copy(row[at]) for _ in range(times)]

    def to_swap(self, row, at):
        """With the next block."""
        other = at + 1
        while isinstance(row[other].item, Mark):
            other += 1
        row[at], row[other] = row[other], row[at]

    def to_foreign(self, row, at, set_id=OTHER_SET):
        """A block of another set in the place of this one."""
        row[at] = self.of_set(row[at], set_id)

    def to_foreign_before(self, row, at, set_id=OTHER_SET):
        row.insert(at, self.of_set(row[at], set_id))

    def to_stale(self, row, at):
        """The tape's earlier use shows through: what stands here is a block
        of the set that was on the tape before."""
        row[at] = self.of_set(row[at], STALE_SET)

    def to_stale_behind(self, row, at):
        """The tape was not written further: from here on stands what was on
        it before."""
        for number in range(at, len(row)):
            if isinstance(row[number].item, Block):
                row[number] = self.of_set(row[number], STALE_SET)

    def to_protect(self, row, at):
        """With what Logical Block Protection leaves behind a block."""
        place = row[at]
        if not isinstance(place.item, Mark):
            place.octets += struct.pack("<I", crc32c(place.octets))

    def to_cut(self, row, at):
        del row[at:]

    def of_set(self, place, set_id):
        """A block as good as this one, of another set."""
        item = place.item
        if not isinstance(item, Block):
            other = Place(item)
            other.spoil(noise(len(place.octets), 5))
            return other
        other = copy.copy(item)
        other.changes = dict(item.changes, set_id=set_id)
        other.payload = noise(len(item.payload), 3)
        return Place(other)


class Place:
    """One place on a volume: what was written there, what stands there."""

    def __init__(self, item):
        self.item = item
        self.met = meet(item)
        self.octets = b"" if isinstance(item, Mark) else item.encode()
        self.unreadable = False

    def spoil(self, octets):
        self.octets = octets
        self.met = Met(self.met.block,
                       bad="bad" if isinstance(self.item, Block) else None)

    def for_tap(self):
        if self.met.mark:
            return self.item
        return self.octets, self.unreadable
