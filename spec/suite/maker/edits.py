# SPDX-License-Identifier: CC0-1.0
"""What a recipe wants otherwise than the truth, level by level. Whatever
stands above a change is made right again by whoever asks here."""
from . import tables
from .records import Changes
from .octets import frame
from .recipe import RecipeError, Word
from .segment import sealed
from .tape import Block


class Edits:
    """The lines "change", "drop", "double" of a recipe."""

    def __init__(self):
        self.omit = set()  # of the front of each volume
        self.spoils = set()  # objects of which a record is changed
        self.data = Changes()
        self.catalog = Changes()
        self.slices = {}
        self.plain = {}  # (level, number) -> changes
        self.segments = {}  # (kind, number) -> changes
        self.blocks = []  # (kind, number, action, changes)
        self.used = set()
        self.counts = {}

    def add(self, line):
        """change LEVEL ..., drop LEVEL ..., double LEVEL ..."""
        level, rest = str(line.values[0]), line.values[1:]
        action = line.word
        if level in ("record", "catalog", "slice"):
            into = self.data
            if level == "catalog":
                into = self.catalog
            elif level == "slice":
                into = self.slices.setdefault(rest.pop(0), Changes())
            kind = str(rest[0])
            number = rest[1] if len(rest) > 1 else 0
            if level == "record" and number:
                self.spoils.add(number)
            which = rest[2] if len(rest) > 2 else 0
            into.add(kind, number, None if which == "all" else which, action,
                     dict(line.named))
        elif level in ("checkpoint", "end", "label", "leader", "volume"):
            number = rest[0] if rest else 1
            self.plain.setdefault((level, number), {}).update(line.named)
        elif level == "segment":
            self.segments[(str(rest[0]), rest[1])] = dict(line.named)
        elif level == "block":
            self.blocks.append((str(rest[0]), rest[1], action,
                                dict(line.named), line.where))
        else:
            raise RecipeError("%s: no such level: %s" % (line.where, level))

    def _plain(self, level, number):
        self.used.add((level, number))
        return self.plain.get((level, number), {})

    def slice(self, number):
        return self.slices.get(number, Changes())

    def checkpoint(self, number, record):
        record.change(self._plain("checkpoint", number))
        return record

    def end(self, record):
        archive = record.values["archive"]
        record.change(self._plain("end", archive))
        return record

    def volume(self, record):
        number = record.values["volume"]
        record.change(self._plain("volume", number))
        return record

    def label(self, octets, number):
        for name, value in self._plain("label", number).items():
            at = int(name.lstrip("at_"))
            octets[at:at + len(value)] = value
        return octets

    def leader(self, leaders, number):
        for name, value in self._plain("leader", number).items():
            at = int(name.lstrip("at_"))
            leaders[0].octets[at:at + len(value)] = value

    def seal(self, kind, raw, compress=False):
        """A segment with its header; the n-th of the blocks of its kind."""
        number = self.counts.get(kind, 0)
        self.counts[kind] = number + 1
        change = dict(self.segments.get((kind, number), {}))
        self.sealed_with = dict(change)
        self.used.add(("segment", kind, number))
        for name in ("frame",):
            if name in change:
                change[name] = FRAMES[str(change[name])]
        append = change.pop("append_raw", b"")
        cut = change.pop("cut_raw", None)
        if cut is not None:
            raw = raw[:cut]
        return sealed(raw + append, compress, change)

    def check(self):
        """That nothing asked for was left undone."""
        for changes in [self.data, self.catalog] + list(self.slices.values()):
            changes.check()
        for key in self.plain:
            if key not in self.used:
                raise ValueError("nothing to change: %s %s" % key)
        for kind, number in self.segments:
            if ("segment", kind, number) not in self.used:
                raise ValueError("no segment %s %d" % (kind, number))

    def apply_blocks(self, volumes):
        """Changes of blocks, once all stand where they belong. The n-th of a
        kind, counted over all volumes from 0."""
        for kind, number, action, named, where in self.blocks:
            found = [(volume, item) for volume in volumes
                     for item in volume.items if isinstance(item, Block)
                     and item.kind() == tables.BLOCK_KINDS.get(kind)]
            if number >= len(found):
                raise RecipeError("%s: no block %s %d" % (where, kind, number))
            block = found[number][1]
            for name, value in named.items():
                if name == "padding":
                    block.padding = value
                elif name == "payload":
                    block.payload = value
                elif name == "extra":
                    block.extra = value
                elif isinstance(value, Word) and value.startswith("+"):
                    block.changes[name] = block.fields[name] + int(value[1:])
                else:
                    block.changes[name] = value


FRAMES = {
    "plain": frame,
    "no-size": lambda raw: frame(raw, content_size=False),
    "dictionary": lambda raw: frame(raw, dictionary=7),
    "wide-window": lambda raw: frame(raw, window=0x78),  # 2^(10+15), 32 MiB
    "two": lambda raw: frame(raw) + frame(b""),
    "behind": lambda raw: frame(raw) + b"\0",
}
