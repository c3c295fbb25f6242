# SPDX-License-Identifier: CC0-1.0
"""Segments (chapter 4)."""
from . import tables
from .octets import crc32c, frame, made_frames, sha256


class Segment:
    """A segment: its records, and where it stands once it is written."""

    def __init__(self, kind, changes):
        self.kind = kind  # of its blocks
        self.records = []
        self.changes = changes  # Edits of the recipe
        self.size = 0
        self.limit = 1 << 24  # of its raw octets, as G-6 has it
        self.at = None  # in the payloads of its stretch
        self.octets = None
        self.changed = {}  # what the recipe has in its header
        self.place = None
        self.keys = []  # of its blocks: (archive, run, sequence)
        self.whole = False  # all its blocks were written
        self.stretch = None  # the segments among which it was written
        self.ends_block = False

    def add(self, record):
        record.segment = self
        record.offset = self.size
        self.records.append(record)
        self.size += len(record.encode())

    def seal(self, compress):
        raw = b"".join(record.encode() for record in self.records)
        self.octets = self.changes.seal(self.kind, raw, compress)
        self.changed = self.changes.sealed_with


def sealed(raw, compress, change=None):
    """The octets of a segment; change: what a recipe wants in its header,
    "stored" and "raw" for the octets themselves."""
    change = dict(change or {})
    raw = change.pop("raw", raw)
    stored, compression = raw, 0
    if compress:
        packed = made_frames().get(sha256(raw).hex()) or frame(raw)
        if len(packed) < len(raw):
            stored, compression = packed, 1
    stored = change.pop("stored", stored)
    how = change.pop("frame", None)
    if how is not None:
        stored, compression = how(raw), 1
    fields = {"magic": b"SEGM", "compression": compression,
              "stored_octets": len(stored), "raw_octets": len(raw)}
    fields.update(change)
    front = tables.SEGMENT.encode(fields)
    checksum = change.get("checksum", crc32c(front[8:] + stored))
    return tables.SEGMENT.encode(dict(fields, checksum=checksum)) + stored
