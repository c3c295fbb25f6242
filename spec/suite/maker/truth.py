# SPDX-License-Identifier: CC0-1.0
"""What a reader has to find (12.2): made from what was put on the tape and
from what is left of it, never by reading it."""
from .octets import sha256


def join(ranges):
    """Ranges, ascending, those that touch made one."""
    out = []
    for begin, end in sorted(ranges):
        if begin == end:
            continue
        if out and out[-1][1] >= begin:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([begin, end])
    return out


def digest(body, ranges):
    return sha256(*(bytes(body[a:b]) for a, b in ranges)).hex()


class Piece:
    """What is left of one object."""

    def __init__(self, archive, owner):
        self.archive = archive
        self.owner = owner  # what the writer meant: objects.Object
        self.partial = False
        self.ended = False
        self.named = False  # OBJECT or CONTINUED stands
        self.begun = False  # OBJECT stands
        self.streams = []
        self.data = {}  # ordinal -> ranges

    def know(self, stream):
        if stream not in self.streams:
            self.streams.append(stream)

    def take(self, record):
        if record.kind == "OBJECT":
            self.begun = self.named = True
        elif record.kind == "CONTINUED":
            self.named = True
            for stream in record.names:
                self.know(stream)
        elif record.kind == "STREAM":
            self.know(record.stream)
        elif record.kind == "DATA":
            self.data.setdefault(record.stream.ordinal, []).extend(
                [a, b] for a, b, one in record.stream.data if one is record)
        elif record.kind == "OBJECT-END":
            self.ended = True
        elif record.kind == "unknown" and record.header["type"] & 0x8000:
            self.partial = True

    def status(self):
        if self.partial or not self.begun:
            return "partial"
        if not self.ended:
            return "torn"
        return "flawed" if self.owner.flags or self.owner.bad else "complete"

    def listed(self, cataloged):
        """As the contract lists it; cataloged: a sound catalog names it."""
        owner, fields = self.owner, self.owner.fields
        state = self.status()
        out = {"archive": self.archive, "object": owner.number,
               "status": state, "kind": 0, "encoding": 0, "path": None,
               "bad": owner.bad_ranges() if self.ended else []}
        if self.named or cataloged:
            out.update(kind=fields["kind"], encoding=fields["encoding"],
                       path=fields["path"].hex())
        if self.begun or cataloged:
            out.update(target=fields.get("target", 0),
                       outside=bool(fields.get("facts", 0) & 0x100))
        out["streams"] = []
        for made in sorted(self.streams, key=lambda s: s.ordinal):
            ranges = join(self.data.get(made.ordinal, []))
            out["streams"].append({
                "ordinal": made.ordinal, "id": made.id, "size": made.size,
                "attributes": made.attributes, "name": made.name.hex(),
                "ranges": ranges, "sha256": digest(made.body, ranges)})
        return out


def lost(archive, owner):
    piece = Piece(archive, owner)
    out = piece.listed(True)
    out["status"] = "lost"
    return out


def pieces(reading):
    """The objects that the accepted segments tell of, by archive."""
    found = {}
    hand = None
    at = 0
    for taken in reading.taken:
        if taken.segment and taken.segment.kind != "DATA":
            continue
        if taken.archive != at:
            if hand and reading.ends.get(at):
                hand.partial = True
            hand = None
        elif hand and taken.broken:
            hand.partial = True
            hand = None
        at = taken.archive
        if taken.segment is None:
            hand = None  # torn, if it was not partial
            continue
        mine = found.setdefault(taken.archive, {})
        for record in taken.segment.records:
            owner = record.owner
            until = record.offset + len(record) - taken.segment.size
            if until > taken.segment.changed.get("cut_raw", 0):
                if hand:
                    hand.partial = True
                    hand = None
                break
            if owner is None:
                continue
            if hand is None or hand.owner is not owner:
                if hand and not hand.ended:
                    hand.partial = True
                seen = id(owner) in mine
                hand = mine.setdefault(id(owner), Piece(taken.archive, owner))
                if seen or record.kind == "CONTINUED":
                    hand.partial = True
            hand.take(record)
            if hand.ended:
                hand = None
    if hand and reading.ends.get(at):
        hand.partial = True
    return found


def named(archive, taken):
    """Numbers of the objects that a sound catalog, or else the checkpoints,
    tell of."""
    def sound(segments):
        return all(id(segment) in taken for segment in segments)

    def numbers(segments):
        return {record.object for segment in segments
                for record in segment.records if record.kind == "OBJECT"}
    if archive.finished and id(archive.end_segment) in taken \
            and sound(archive.catalog_segments):
        return numbers(archive.catalog_segments)
    out = set()
    for made in archive.checkpoints:
        if sound(made["segments"]):
            out |= numbers(made["segments"])
    return out


def left(press, reading):
    """The expected archives and objects."""
    taken = {id(one.segment) for one in reading.taken if one.segment}
    found = pieces(reading)
    archives, objects = [], []
    for archive in press.archives:
        if archive.number not in reading.ends:
            continue
        mine = found.get(archive.number, {})
        names = named(archive, taken)
        listed = [piece.listed(piece.owner.number in names)
                  for piece in mine.values()]
        have = {item["object"] for item in listed}
        listed += [lost(archive.number, owner) for owner in archive.objects
                   if owner.number in names - have]
        whole = archive.finished and id(archive.end_segment) in taken
        all_there = whole and len(listed) == len(archive.objects) and all(
            item["status"] not in ("partial", "lost") for item in listed)
        archives.append({
            "archive": archive.number, "complete": whole,
            "fingerprint": archive.composed.fingerprint().hex()
            if all_there else None})
        objects += sorted(listed, key=lambda item: item["object"])
    harm = reading.notes or not all(a["complete"] for a in archives) \
        or any(item["status"] in ("partial", "lost") for item in objects)
    return {"exit": 1 if harm else 0, "archives": archives,
            "objects": objects}


def nothing(code):
    return {"exit": code, "archives": [], "objects": []}
