# SPDX-License-Identifier: CC0-1.0
"""Objects (chapters 6 to 8): what the recipe tells, as records and as truth.

The objects here are the truth: what was put on the tape, whatever befalls it
later. They hand their records to the press as they are made.
"""
import hashlib

from .octets import ONES32, ONES64, le, sha256
from .records import Record

HOLES = 1 << 16
CONTENT = (1, 4)  # DATA, ALTERNATE_DATA
SPARSE = 9


class Stream:
    """A stream: its header, and its body as far as it was written."""

    def __init__(self, ordinal, ident, attributes, size, name, start):
        self.ordinal = ordinal
        self.id = ident
        self.attributes = attributes
        self.size = size
        self.name = name
        self.start = start  # of a SPARSE_BLOCK: its offset, else None
        self.body = bytearray()
        self.data = []  # (from, to, DATA record)
        self.record = None

    def header(self):
        return self.record.body()[4:]

    def open(self):
        return self.size > 0 and len(self.body) < self.size


class Object:
    """One object. press.put(record) writes its records."""

    def __init__(self, press, number, fields, ordinal=0):
        self.press = press
        self.number = number
        self.fields = fields
        self.xattrs = []
        self.streams = []
        self.group = []
        self.groups = []  # GROUP-END records
        self.bad = b""
        self.flags = 0
        self.next_ordinal = ordinal
        self.closed = False
        self.records = []
        self.begin = self._put("OBJECT", fields)
        self.end = None

    def _put(self, kind, values):
        return self._write(Record(kind, self.number, values))

    def _write(self, record, then=None):
        record.owner = self
        self.records.append(record)
        self.press.put(record, self, then)
        return record

    def other_record(self, record):
        """A record of an unknown type within the object."""
        record.object = self.number
        self._write(record)

    def xattr(self, name, value):
        self.xattrs.append(self._put("XATTR", {"name": name, "value": value}))

    def stream(self, ident, attributes=0, size=0, name=b"", start=None,
               more=None):
        """Begin a stream; a SPARSE_BLOCK goes on with its group, if the
        first stream of that has content."""
        if self.group and ident != SPARSE:
            self.end_group()
        made = Stream(self.next_ordinal, ident, attributes, size, name, start)
        self.next_ordinal += 1
        values = {"ordinal": made.ordinal, "id": ident, "size": size,
                  "attributes": attributes, "name": name}
        values.update(more or {})
        made.record = Record("STREAM", self.number, values)
        made.record.stream = made
        # First the record: a CONTINUED in front of it does not know it yet.
        self._write(made.record)
        self.streams.append(made)
        self.group.append(made)
        return made

    def data(self, octets, piece, more=None):
        """The next octets of the stream that is open, in records of at most
        piece octets."""
        stream = self.streams[-1]
        for at in range(0, len(octets) or 1, piece or 1):
            part = octets[at:at + piece]
            begin = len(stream.body)
            values = {"ordinal": stream.ordinal, "stream_offset": begin,
                      "sparse_offset":
                      ONES64 if stream.start is None else stream.start,
                      "octets": part}
            values.update(more or {})
            record = Record("DATA", self.number, values)
            stream.data.append((begin, begin + len(part), record))
            record.stream = stream
            self._write(record, lambda: stream.body.extend(part))

    def _content(self):
        """(size, allocated, digest or None) of the group."""
        first = self.group[0]
        digest = hashlib.sha256(first.body)
        at = allocated = len(first.body)
        holes = 0
        present = True
        for block in self.group[1:]:
            hole = block.start - at
            if hole > 0:
                holes += hole
                if holes > HOLES and holes > allocated:
                    present = False
                if present:
                    for begin in range(0, hole, 1 << 20):
                        digest.update(bytes(min(1 << 20, hole - begin)))
            octets = bytes(block.body[8:])
            digest.update(octets)
            allocated += len(octets)
            at = block.start + len(octets)
        return at, allocated, digest.digest() if present else None

    def end_group(self):
        if not self.group:
            return
        first = self.group[0]
        values = {"first_ordinal": first.ordinal, "streams": len(self.group),
                  "id": first.id, "attributes": first.attributes,
                  "name": first.name,
                  "body_octets": sum(s.size for s in self.group)}
        covered = [bytes(first.body)]
        for block in self.group[1:]:
            covered += [block.header(), bytes(block.body)]
        values["stream_digest"] = sha256(*covered)
        if first.id in CONTENT:
            size, allocated, digest = self._content()
            values.update(content_octets=size, allocated=allocated)
            if digest is not None:
                values.update(flags=1, content_digest=digest)
        self.groups.append(self._put("GROUP-END", values))
        self.group = []

    def bad_range(self, ordinal, reason, offset, length):
        self.bad += le(ordinal, 4) + le(reason, 4) + le(offset, 8)
        self.bad += le(length, 8)

    def bad_ranges(self):
        out = []
        for at in range(0, len(self.bad), 24):
            part = self.bad[at:at + 24]
            offset = int.from_bytes(part[8:16], "little")
            length = int.from_bytes(part[16:24], "little")
            out.append([int.from_bytes(part[:4], "little"), offset,
                        offset + length])
        return out

    def close(self):
        """Write what closes it. Nothing more may come."""
        if self.closed:
            return
        self.end_group()
        digest = bytes(32)
        if self.xattrs:
            digest = sha256(*(record.body() for record in self.xattrs))
        self.closed = True
        self.end = Record("OBJECT-END", self.number, {
            "streams": len(self.streams), "groups": len(self.groups),
            "xattrs": len(self.xattrs), "flags": self.flags,
            "stream_octets": sum(len(s.body) for s in self.streams),
            "xattr_digest": digest, "bad": self.bad})
        self._write(self.end)

    def continued(self):
        """The CONTINUED that a segment beginning here needs (6.4)."""
        values = {"kind": self.fields["kind"], "path": self.fields["path"],
                  "encoding": self.fields["encoding"],
                  "group_ordinal": ONES32, "stream_ordinal": ONES32}
        if self.group:
            values["group_ordinal"] = self.group[0].ordinal
            values["group_header"] = self.group[0].header()
            stream = self.group[-1]
            if stream.open():
                values["stream_ordinal"] = stream.ordinal
                values["stream_offset"] = len(stream.body)
                if stream is not self.group[0]:
                    values["stream_header"] = stream.header()
        record = Record("CONTINUED", self.number, values)
        record.owner = self
        record.names = [s for s in self.group[:1] + self.group[-1:]
                        if s is self.group[0] or s.open()]
        return record

    def fact_string(self):
        """9.5."""
        return (self.begin.body(target=0)
                + b"".join(group.body() for group in self.groups)
                + self.end.body())
