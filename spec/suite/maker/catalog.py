# SPDX-License-Identifier: CC0-1.0
"""Catalog, checkpoints, END (chapter 9), made from what stands on the tape."""
import copy

from .octets import sha256
from .records import Record
from .segment import Segment

COPIED = ("ARCHIVE", "SOURCE", "EARLIER-VOLUME", "EARLIER-ARCHIVE", "OBJECT",
          "GROUP-END", "OBJECT-END")


def place(name, record):
    """The fields of a PLACE of a record of the data."""
    where = record.segment.place
    return {name + ".volume": where["volume"],
            name + ".payload_offset": where["payload_offset"],
            name + ".sequence": where["sequence"],
            name + ".address": where["address"],
            name + ".record_offset": record.offset}


class Composed:
    """The catalog as far as the data go (9.2), and what it counts."""

    def __init__(self, archive):
        self.records = []
        self.objects = self.torn = self.stream_octets = self.flawed = 0
        self.begins = {}  # number of an object -> OBJECT
        self.open = None  # OBJECT of the object that is open
        self.facts = []  # digests of fact strings
        truth = {made.number: made for made in archive.objects}
        waiting = list(archive.volumes)
        for segment in archive.segments:
            while waiting and waiting[0].number <= segment.place["volume"]:
                self.records.append(waiting.pop(0).record)
            for record in segment.records:
                if record.kind in COPIED:
                    self._take(record, truth)

    def _take(self, record, truth):
        if record.kind == "OBJECT":
            self.torn_entry()
            self.open = record
            self.begins[record.object] = record
        self.records.append(record)
        if record.kind == "OBJECT-END" and self.open:
            self.records.append(self.entry(0, record))
            self.objects += 1
            made = truth.get(record.object)
            if made:
                self.facts.append(sha256(made.fact_string()))
                self.stream_octets += record.values["stream_octets"]
                bad = record.values.get("bad", b"")
                self.flawed += bool(record.values["flags"] or bad)
            self.open = None

    def entry(self, flags, end=None):
        values = dict(place("begin", self.open), flags=flags)
        if end:
            values.update(place("end", end))
        target = self.begins.get(self.open.values.get("target", 0))
        if target:
            values.update(place("data", target))
        return Record("ENTRY", self.open.object, values)

    def torn_entry(self):
        if self.open:
            self.records.append(self.entry(2))
            self.torn += 1
            self.open = None

    def fingerprint(self):
        return sha256(*self.facts)


def edited(records, changes):
    """The records of a catalog or slice as a recipe wants them."""
    out = []
    for record in records:
        one = copy.copy(record)
        one.values = dict(record.values)
        one.header = dict(record.header)
        out += changes.take(one)
    return out


def _segments(press, kind, records):
    segments = []
    for record in records:
        if not segments or (segments[-1].size + len(record)
                            > press.settings["segment"]):
            segments.append(Segment(kind, press.edits))
        # A copy: the record itself stands in the data.
        segments[-1].add(copy.copy(record))
    return segments


def _here(press, name):
    """The place of the next block, as fields called by name."""
    volume = press.set.volumes[-1]
    return {name + "volume": volume.number,
            name + "sequence": press.archive.sequence,
            name + "address": len(volume.items)}


def make_slice(press):
    """What a checkpoint here would hold (9.3)."""
    archive = press.archive
    number = len(archive.checkpoints) + 1
    made = Composed(archive)
    records = made.records[archive.slices:]
    if made.open:
        records = records + [made.entry(1)]
    records = edited(records, press.edits.slice(number))
    octets = [record.encode() for record in records]
    values = dict(_here(press, "slice_"), number=number,
                  next_object=archive.next_object, objects=made.objects,
                  torn=made.torn, stream_octets=made.stream_octets,
                  slice_records=len(records),
                  slice_octets=sum(len(part) for part in octets),
                  slice_digest=sha256(*octets))
    if archive.checkpoints:
        before = archive.checkpoints[-1]["place"]
        values.update(previous_number=number - 1,
                      previous_volume=before["volume"],
                      previous_sequence=before["sequence"],
                      previous_address=before["address"])
    last = Record("CHECKPOINT", 0, values)
    last = press.edits.checkpoint(number, last)
    segments = _segments(press, "CHECKPOINT", records + [last])
    return {"segments": segments, "records": len(made.records),
            "place": _here(press, ""), "number": number,
            "segments_before": len(archive.segments),
            "objects_before": len(archive.objects)}


def write(press):
    """Catalog, END, filemark, END, filemark; False where the volume ends."""
    archive = press.archive
    archive.catalog_sequence = archive.sequence
    made = Composed(archive)
    made.torn_entry()
    records = edited(made.records, press.edits.catalog)
    press.edits.catalog.seen = {}  # if it is written once more
    where = _here(press, "catalog_")
    segments = _segments(press, "CATALOG", records)
    for segment in segments:
        segment.seal(press.settings["compress"])
    press.stretch = segments
    if not press.flush("CATALOG"):
        return False
    octets = [record.encode() for record in records]
    facts = archive.fields
    values = {name: facts[name] for name in (
        "edition", "source", "compression", "segment_limit", "created_s",
        "archive", "previous_archive", "previous_volume", "previous_sequence",
        "previous_address", "name", "host")}
    values.update(
        where, objects=made.objects, torn=made.torn, flawed=made.flawed,
        stream_octets=made.stream_octets, catalog_records=len(records),
        catalog_octets=sum(len(part) for part in octets),
        catalog_digest=sha256(*octets), fingerprint=made.fingerprint())
    if archive.checkpoints:
        last = archive.checkpoints[-1]
        values.update(checkpoint=last["number"],
                      checkpoint_volume=last["place"]["volume"],
                      checkpoint_sequence=last["place"]["sequence"],
                      checkpoint_address=last["place"]["address"])
    end = press.edits.end(Record("END", 0, values))
    last = Segment("END", press.edits)
    last.add(end)
    last.seal(False)
    last.at = 0
    archive.catalog_segments = segments
    archive.end_segment = last
    archive.place = _here(press, "")
    archive.end = end
    archive.composed = made
    sequence = archive.sequence
    copies = 1 if "second-end" in press.edits.omit else 2
    for copy in range(copies):
        if not press.room():
            return False
        header = press._header("END", sequence)
        block = press.set.add(dict(header, first_segment=0), last.octets)
        block.stretch = [last]
        if copy < 1 or "last-mark" not in press.edits.omit:
            press.set.mark()
    archive.sequence = sequence + 1
    return True


def earlier(press):
    """EARLIER VOLUME and EARLIER ARCHIVE: what the writer knows when it
    begins a further archive (5.4)."""
    out = [Record("EARLIER-VOLUME", 0, {"volume": volume.number,
                                        "volume_id": volume.volume_id})
           for volume in press.set.volumes]
    for archive in press.archives:
        values = {"archive": archive.number,
                  "name": archive.fields.get("name", b"")}
        if archive.finished:
            end = archive.end.values
            values.update(
                state=1, created_s=end["created_s"], objects=end["objects"],
                stream_octets=end["stream_octets"],
                fingerprint=end["fingerprint"], **archive.place)
        else:
            values.pop("name")
        out.append(Record("EARLIER-ARCHIVE", 0, values))
    return out


