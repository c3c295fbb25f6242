# SPDX-License-Identifier: CC0-1.0
"""The writer: records into segments (4), segments into blocks (3), blocks on
to volumes (9.7); checkpoints, ends of volumes, runs (3.3, 9.3)."""
from . import catalog, tables
from .octets import ONES32
from .records import Record
from .segment import Segment
from .tape import FRONT, Block, Set


class Archive:
    """What the writer keeps of the archive at hand."""

    def __init__(self, number, fields):
        self.number = number
        self.fields = fields  # of ARCHIVE
        self.run = 0
        self.run_start = 0
        self.sequence = 0
        self.segments = []  # of the data, what is superseded left out
        self.volumes = []  # VOLUMEs in blocks of this archive
        self.objects = []
        self.next_object = 1
        self.checkpoints = []
        self.slices = 0  # records of the catalog in slices
        self.place = None  # of END
        self.end = None
        self.finished = False
        self.begun = False


class Press:
    """Writes a set. settings are those of the recipe, edits its changes."""

    def __init__(self, settings, edits):
        self.settings = settings
        self.edits = edits
        self.set = Set(settings)
        self.archives = []
        self.archive = None
        self.segment = None
        self.stretch = []
        self.every_segment = []  # (archive, run, segment), superseded ones too
        self.interrupted = False

    # -- records into segments

    def begin_archive(self, fields, number):
        self.archive = Archive(number, fields)
        self.archives.append(self.archive)
        self.put(Record("ARCHIVE", 0, fields))

    def put(self, record, inside=None, then=None):
        """The next record of the data; inside: the object that it is of."""
        continued = None
        if inside is not None and record.kind != "OBJECT":
            continued = inside.continued
        for one in self.edits.data.take(record):
            self._put(one, continued)
        if then:
            then()

    def _put(self, record, continued):
        segment = self.segment
        if segment and segment.size + len(record) > self.settings["segment"]:
            self.end_segment()
        if not self.segment:
            self.begin_segment()
            if continued:
                for one in self.edits.data.take(continued()):
                    self.segment.add(one)
        self.segment.add(record)

    def begin_segment(self):
        self.segment = Segment("DATA", self.edits)
        self.segment.limit = self.archive.fields["segment_limit"]

    def end_segment(self, ends_block=False):
        if self.segment:
            self.segment.seal(self.settings["compress"])
            self.segment.ends_block = ends_block
            self.stretch.append(self.segment)
            self.segment = None

    # -- segments into blocks

    def _header(self, kind, sequence):
        archive = self.archive
        return {"kind": tables.BLOCK_KINDS[kind], "archive": archive.number,
                "run": archive.run, "run_start": archive.run_start,
                "sequence": sequence, "first_segment": ONES32}

    def chunks(self, segments):
        """Lay segments end to end and cut them into payloads:
        (octets, first segment)."""
        payload = self.settings["payload"] or self.settings["block"] - FRONT
        octets = b""
        breaks = []
        for segment in segments:
            segment.at = len(octets)
            octets += segment.octets
            if segment.ends_block:
                breaks.append(len(octets))
        out = []
        at = 0
        while at < len(octets):
            end = min([at + payload, len(octets)]
                      + [b for b in breaks if b > at])
            begins = [s.at for s in segments if at <= s.at < end]
            out.append((octets[at:end], begins[0] - at if begins else ONES32))
            for segment in segments:
                if segment.at < end and segment.at + len(segment.octets) > at:
                    segment.keys.append(len(out) - 1)
            at = end
        return out

    def room(self, blocks=1):
        """Whether so many blocks, and a filemark, have room on the volume."""
        volume = self.set.volumes[-1]
        capacity = self.settings["capacity"].get(volume.number)
        return capacity is None or len(volume.items) + blocks < capacity

    def next_volume(self, sequence):
        if len(self.set.volumes) >= 20:
            raise ValueError("no segment has room on a volume so small")
        self.set.begin_volume(self._header("VOLUME", sequence), self.edits)
        if self.set.volumes[-1].block:
            self.archive.volumes.append(self.set.volumes[-1])

    def _settle(self, segments, blocks, base):
        """Say where these segments stand: blocks by number in the stretch."""
        archive = self.archive
        for segment in segments:
            first = segment.keys[0]
            block = blocks[first]
            begins = self._begins[first]
            segment.place = {
                "volume": block.fields["volume"],
                "payload_offset": segment.at - begins,
                "sequence": block.fields["sequence"],
                "address": block.fields["address"]}
            segment.keys = [(archive.number, archive.run, base + number)
                            for number in segment.keys]
            segment.whole = True

    def flush(self, kind="DATA", limit=None):
        """Write the segments of the stretch; limit: only so many blocks, then
        the writer dies. False if the volume was full and kind is not DATA:
        what stands of it has no meaning then."""
        if kind == "DATA":
            self.end_segment()
        segments, self.stretch = self.stretch, []
        if not segments:
            return True
        self.every_segment += [(self.archive.number, self.archive.run, s)
                               for s in segments]
        chunks = self.chunks(segments)
        for segment in segments:
            segment.stretch = segments
        self._begins = [sum(len(c[0]) for c in chunks[:i])
                        for i in range(len(chunks))]
        base = self.archive.sequence
        if not self.set.volumes:
            self.next_volume(base)
        blocks = {}
        open_segments = list(segments)
        number = 0
        while number < len(chunks):
            if limit is not None and len(blocks) >= limit:
                break
            if not self.room():
                if kind != "DATA" and "one-volume" not in self.edits.omit:
                    self.archive.sequence = base + number
                    return False
                done = [s for s in open_segments if s.keys[-1] < number]
                self._settle(done, blocks, base)
                open_segments = open_segments[len(done):]
                number = min(number, open_segments[0].keys[0])
                number -= "exact-repeats" in self.edits.omit
                self.set.mark()
                self.next_volume(base + number)
            octets, first = chunks[number]
            header = self._header(kind, base + number)
            block = self.set.add(dict(header, first_segment=first), octets)
            block.stretch, block.at = segments, self._begins[number]
            blocks[number] = block
            number += 1
        done = [s for s in open_segments if s.keys[-1] < number]
        self._settle(done, blocks, base)
        if kind == "DATA":
            whole = [s for s in segments if s.whole]
            self.archive.segments += whole
        self.archive.sequence = base + number
        return True

    # -- checkpoints and runs

    def checkpoint(self):
        """9.3. A checkpoint that meets the end of the volume is void."""
        self.flush()
        self.set.mark()
        made = catalog.make_slice(self)
        for segment in made["segments"]:
            segment.seal(self.settings["compress"])
        self.stretch = made["segments"]
        if not self.flush("CHECKPOINT"):
            self.set.mark()
            self.next_volume(self.archive.sequence)
            return
        self.set.mark()
        made["next_sequence"] = self.archive.sequence
        self.archive.checkpoints.append(made)
        self.archive.slices = made["records"]

    def straddle(self, count):
        """A checkpoint behind count blocks of a stretch that goes on behind
        it, which must not be (B-11)."""
        self.end_segment()
        segments, self.stretch = self.stretch, []
        chunks = self.chunks(segments)
        begins = [sum(len(c[0]) for c in chunks[:i])
                  for i in range(len(chunks))]
        blocks = {}
        base = self.archive.sequence
        for number, (octets, first) in enumerate(chunks):
            if number == count:
                self.archive.sequence = base + number
                self.checkpoint()
                base = self.archive.sequence - number
            header = self._header("DATA", base + number)
            block = self.set.add(dict(header, first_segment=first), octets)
            block.stretch, block.at = segments, begins[number]
            blocks[number] = block
        self.archive.sequence = base + len(chunks)
        self._begins = begins
        self._settle(segments, blocks, base)
        for segment in segments:
            segment.stretch = segments
        self.archive.segments += segments

    def resume(self, number=None, fresh=False, mark=True, here=False):
        """A new run (3.3), behind checkpoint number, or the last one; 0: from
        the beginning. What must not be: without a filemark in front, or here,
        where there is no checkpoint."""
        archive = self.archive
        self.segment = None
        self.stretch = []
        if here:
            archive.run += 1
            archive.run_start = archive.sequence
            archive.objects = [made for made in archive.objects
                               if made.begin.segment in archive.segments]
            archive.next_object = len(archive.objects) + 1
            self.set.mark()
            return
        if number is None:
            number = len(archive.checkpoints)
        archive.checkpoints = archive.checkpoints[:number]
        archive.run += 1
        archive.slices = 0
        archive.run_start = archive.sequence = 0
        keep = objects = 0
        archive.next_object = 1
        if number:
            made = archive.checkpoints[-1]
            archive.run_start = archive.sequence = made["next_sequence"]
            archive.slices = made["records"]
            keep, objects = made["segments_before"], made["objects_before"]
            archive.next_object = objects + 1
        archive.segments = archive.segments[:keep]
        archive.objects = archive.objects[:objects]
        if fresh:
            self.next_volume(archive.sequence)
        elif mark and isinstance(self.set.volumes[-1].items[-1], Block):
            self.set.mark()
        if not number:
            self.put(Record("ARCHIVE", 0, archive.fields))

    def finish(self):
        """Catalog and END (9.2, 9.4); anew on the next volume where they meet
        the end of this one."""
        self.flush()
        self.set.mark()
        while not catalog.write(self):
            self.set.mark()
            archive = self.archive
            archive.run += 1
            archive.run_start = archive.sequence = archive.catalog_sequence
            self.next_volume(archive.sequence)
        self.archive.finished = True
        self.archive = None
