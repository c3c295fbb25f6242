# SPDX-License-Identifier: CC0-1.0
"""What must come out of a damaged set, and what may, said without states: from
which blocks stand where. Compared with the machine of section 12.1."""
import recovery


class Truth:
    """A segment of the undamaged set: its blocks are first ... last."""

    def __init__(self, segment, blocks):
        self.archive, self.run, self.kind = (segment.archive, segment.run,
                                             segment.kind)
        self.place, self.octets = segment.place, segment.octets
        self.first = segment.place[0]
        left = len(segment.octets) - (
            blocks[self.key(self.first)].payload_octets - segment.place[1])
        self.last, self.needed = self.first, [self.first]
        while left > 0:
            self.last += 1
            while blocks[self.key(self.last)].kind != segment.kind:
                self.last += 1          # one that B-13 passes over
            self.needed.append(self.last)
            left -= blocks[self.key(self.last)].payload_octets

    def key(self, sequence):
        return self.archive, self.run, sequence


def truths(volumes, table, order):
    """The segments of an undamaged set, and its blocks by number."""
    parsed = [[x if not isinstance(x, bytes) else recovery.good(x)
               for x in items] for items in volumes]
    parsed = [[x for x in items if x is not None] for items in parsed]
    blocks = {(b.archive, b.run, b.sequence): b for items in parsed
              for b in items if isinstance(b, recovery.Block)
              and b.kind != recovery.VOLUME}
    found = {}
    for run in sorted({0} | {b.run for b in blocks.values()}):
        # As it was when this run was the last one.
        machine = recovery.read([[x for x in items
                                  if x == recovery.MARK or x.run <= run]
                                 for items in parsed], table, order)
        for s in machine.segments:
            if s.accepted():
                found[s.archive, s.run, s.place] = Truth(s, blocks)
    return [found[key] for key in sorted(found)]


class Standing:
    """The blocks that count, where they stand in a damaged set."""

    def __init__(self, parsed, set_id):
        self.volumes = []
        for items in parsed:
            self.volumes.append([
                b for b in items if isinstance(b, recovery.Block)
                and b.set_id == set_id])
        self.runs = {(b.archive, b.run, b.start) for row in self.volumes
                     for b in row if b.run}
        self.keys = [{(b.archive, b.run, b.sequence) for b in row
                      if b.kind != recovery.VOLUME and known(b)}
                     for row in self.volumes]

    def superseded(self, b):
        return any(a == b.archive and r > b.run and b.sequence >= s
                   for a, r, s in self.runs)


def known(b):
    return recovery.VOLUME <= b.kind <= recovery.END


def ceiling(standing, t):
    """Each of its blocks stands good somewhere and is not superseded."""
    every = set().union(*standing.keys)
    return (all(t.key(n) in every for n in t.needed)
            and not any(a == t.archive and r > t.run and t.last >= s
                        for a, r, s in standing.runs))


def floor(standing, t, all_truths):
    """It stands whole on one volume, in order, and nothing in front of it
    leads past it."""
    if not ceiling(standing, t):
        return False
    for v, row in enumerate(standing.volumes):
        if all(t.key(n) in standing.keys[v] for n in t.needed):
            if stands(standing, v, row, t) and not led_past(
                    standing, v, row, t, all_truths):
                return True
    return False


def stands(standing, v, row, t):
    """Its blocks in order, nothing that counts between them, each once."""
    at, wanted = None, list(t.needed)
    for n, b in enumerate(row):
        if b.kind == recovery.VOLUME or standing.superseded(b):
            if at is not None and wanted and b.kind == recovery.VOLUME:
                return False
            continue
        if (b.archive, b.run, b.sequence) == t.key(wanted[0]) and known(b):
            at = n if at is None else at
            wanted.pop(0)
            if not wanted:
                return True
        elif at is not None:
            lower = (b.archive, b.run, b.sequence) < t.key(wanted[0])
            skipped = not known(b) and b.kind & 0x8000
            if not (skipped or (lower and b.archive == t.archive
                                and b.run == t.run)):
                return False
    return False


def led_past(standing, v, row, t, all_truths):
    """Something that a reader meets before it makes the reader expect a later
    block, or it has the segment already."""
    for earlier in standing.volumes[:v]:
        for b in earlier:
            if b.archive > t.archive or (b.archive == t.archive
                                         and b.run > t.run):
                return True
    for other in all_truths:        # D: a later one was taken before
        if (other.archive, other.run) == (t.archive, t.run) \
                and other.place > t.place:
            for w in range(v):
                if all(other.key(n) in standing.keys[w]
                       for n in other.needed):
                    return True
    for b in row:
        if (b.archive, b.run, b.sequence) == t.key(t.first) \
                and b.kind != recovery.VOLUME:
            return not known(b)
        if b.archive > t.archive:
            return True
        if b.archive == t.archive and (
                b.run > t.run or (b.run == t.run and b.sequence > t.first
                                  and not standing.superseded(b))):
            return True
    return True
