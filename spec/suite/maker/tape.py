# SPDX-License-Identifier: CC0-1.0
"""Volumes (chapter 2) and blocks (chapter 3) as they stand on the tape."""
from . import tables
from .octets import ONES32, crc32c, sha256
from .records import Record

FRONT = 96  # octets of the block header


class Block:
    """A block behind the leader. changes holds what a recipe wants in its
    header instead of the truth; padding, what stands behind the payload."""

    def __init__(self, size, fields, payload):
        self.size = size
        self.fields = fields
        self.payload = payload
        self.changes = {}
        self.padding = b""
        self.extra = b""  # behind the block: Logical Block Protection
        # What of it is known to who made it: the segments of its stretch, and
        # where its payload begins in these put end to end.
        self.stretch, self.at = [], 0

    def kind(self):
        return self.fields["kind"]

    def key(self):
        """What two copies of one block have in common, payload apart."""
        return (self.fields["archive"], self.fields["run"],
                self.fields["sequence"])

    def encode(self):
        fields = dict(self.fields, magic=tables.BLOCK_MAGIC,
                      block_octets=self.size,
                      payload_octets=len(self.payload))
        fields.setdefault("revision", 1)
        fields.update(self.changes)
        fields.pop("checksum", None)
        room = self.size - FRONT - len(self.payload)
        body = self.payload + self.padding + bytes(room - len(self.padding))
        front = tables.BLOCK.encode(fields)
        until = fields["block_octets"] - FRONT
        checksum = crc32c(front[12:] + body[:until])
        checksum = self.changes.get("checksum", checksum)
        if checksum == "whole":  # and not up to its block octets
            checksum = crc32c(front[12:] + body)
        front = tables.BLOCK.encode(dict(fields, checksum=checksum))
        return front + body + self.extra


class Label:
    """The block in front (2.2)."""

    def __init__(self, volume_id):
        self.octets = bytearray(
            b"VOL1" + volume_id.ljust(6) + b" " + b" " * 13
            + b"REEL".ljust(13) + b" " * 14 + b" " * 28 + b"4")

    def encode(self):
        return bytes(self.octets)


class Leader:
    """One block of the text in front (2.3)."""

    def __init__(self, octets):
        self.octets = bytearray(octets)

    def encode(self):
        return bytes(self.octets)


class Mark:
    """A filemark."""


PAGE = """REEL TAPE ARCHIVE, EDITION 1

This is volume {volume} of a set of tapes, written by the makers of the
conformance suite of the Reel tape archive format.

Set id      {set_id}
Volume id   {volume_id}
Block size  {block} octets, every block behind the label

Behind the next filemark stand blocks that begin with the eight octets
8A 52 45 45 4C 0D 0A 1A. The specification of the format tells how to
read them.
"""


def leader_blocks(block, values):
    octets = PAGE.format(block=block, **values).encode("ascii")
    octets += b"\n" * (-len(octets) % block)
    return [Leader(octets[at:at + block])
            for at in range(0, len(octets), block)]


class Volume:
    """One volume: its items in the order of the tape. The place of an item in
    the list is its address (3.4)."""

    def __init__(self, number, volume_id):
        self.number = number
        self.volume_id = volume_id
        self.items = []
        self.record = None  # VOLUME
        self.block = None  # in which it stands

    def blocks(self):
        return [item for item in self.items if isinstance(item, Block)]


class Set:
    """What all volumes of a set have in common (2.1)."""

    def __init__(self, settings):
        self.settings = settings
        self.volumes = []

    def begin_volume(self, header, changes):
        """Label, leader and VOLUME; header: archive, run, run_start and the
        sequence of the block that will stand behind."""
        number = len(self.volumes) + self.settings["first_volume"]
        size = self.settings["block"]
        volume = Volume(number, b"TEST%02d" % number)
        set_id = self.settings["set_id"]
        label = Label(volume.volume_id)
        label.octets = changes.label(label.octets, number)
        leaders = leader_blocks(size, {
            "volume": number, "set_id": set_id.hex(),
            "volume_id": volume.volume_id.decode()})
        changes.leader(leaders, number)
        if "leader-end" in changes.omit:
            del leaders[-1].octets[-100:]
        front = [label, Mark()] + leaders + [Mark()]
        if "label" in changes.omit:
            front.remove(label)
        if "leader" in changes.omit:
            front = front[:-len(leaders) - 1] + [Mark()]
        if "mark" in changes.omit:
            del front[1]
        volume.items = front
        octets = [item.encode() for item in front if not isinstance(item, Mark)]
        record = Record("VOLUME", 0, {
            "volume": number, "block_octets": size, "set_id": set_id,
            "created_s": self.settings["time"] + number, "label_octets": 80,
            "leader_octets": sum(len(item.encode()) for item in front
                                 if isinstance(item, Leader)),
            "digest": sha256(*octets), "volume_id": volume.volume_id,
            "edition": 1, "set_name": self.settings["set_name"],
            "software": self.settings["software"]})
        volume.record = changes.volume(record)
        self.volumes.append(volume)
        if "volume" in changes.omit:
            return volume
        segment = changes.seal("VOLUME", volume.record.encode())
        volume.block = self.add(dict(
            header, kind=tables.BLOCK_KINDS["VOLUME"], first_segment=0),
            segment)
        return volume

    def add(self, header, payload):
        """A block behind the last one of the last volume."""
        volume = self.volumes[-1]
        fields = dict(header, set_id=self.settings["set_id"],
                      volume=volume.number, address=len(volume.items))
        fields.setdefault("first_segment", ONES32)
        block = Block(self.settings["block"], fields, payload)
        volume.items.append(block)
        return block

    def mark(self):
        self.volumes[-1].items.append(Mark())
