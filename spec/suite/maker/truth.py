# SPDX-License-Identifier: CC0-1.0
"""What a reader has to find: made from what was put on the tape and from what
befell it, never by reading it."""
from .octets import sha256

EMPTY = sha256().hex()


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


def stream(made, accepted):
    """One stream as far as accepted(segment) lets it be known; None if
    nothing tells of it."""
    data = [d for d in made.data if accepted(d[2].segment)]
    ranges = join([a, b] for a, b, _ in data)
    return {"ordinal": made.ordinal, "id": made.id, "size": made.size,
            "attributes": made.attributes, "name": made.name.hex(),
            "ranges": ranges, "sha256": digest(made.body, ranges)}


def status(made, kept, accepted):
    records = [r for r in made.records
               if r.segment is not None and id(r.segment) in kept]
    if not all(accepted(record.segment) for record in records):
        return "partial"
    if made.end is None or made.end not in records:
        return "torn"
    return "flawed" if made.flags or made.bad else "complete"


def obj(archive, made, kept, accepted):
    """One object as the contract lists it."""
    def good(segment):
        return segment is not None and id(segment) in kept \
            and accepted(segment)
    state = status(made, kept, accepted)
    streams = [stream(s, good) for s in made.streams
               if good(s.record.segment)]
    return {
        "archive": archive.number, "object": made.number,
        "kind": made.fields["kind"], "encoding": made.fields["encoding"],
        "path": made.fields["path"].hex(), "status": state,
        "target": made.fields.get("target", 0),
        "outside": bool(made.fields.get("facts", 0) & 0x100),
        "streams": streams,
        "bad": made.bad_ranges() if state == "flawed" else []}


def whole(press):
    """Of a tape that nothing befell."""
    archives, objects = [], []
    for archive in press.archives:
        kept = {id(segment) for segment in archive.segments}
        archives.append({
            "archive": archive.number, "complete": archive.finished,
            "fingerprint": archive.composed.fingerprint().hex()
            if archive.finished else None})
        for made in archive.objects:
            objects.append(obj(archive, made, kept, lambda segment: True))
    return {"exit": 0 if all(a["complete"] for a in archives) else 1,
            "archives": archives, "objects": objects}
