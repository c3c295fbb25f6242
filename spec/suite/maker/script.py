# SPDX-License-Identifier: CC0-1.0
"""Carrying out a recipe: each line is something the writer does."""
from . import catalog, tables
from .edits import Edits
from .objects import Object
from .octets import le
from .press import Press
from .recipe import RecipeError, Units
from .records import Record
from .tape import Block

TIME = 1_700_000_000
SOURCES = {"posix": 1, "ntfs": 2, "raw": 3}
MODES = {1: 0o100644, 2: 0o040755, 3: 0o120777, 4: 0o010644, 5: 0o140755,
         6: 0o020660, 7: 0o060660, 8: 0o100644}
REPARSE = {4: 0x80000024, 5: 0x80000023, 6: 0x80000025, 7: 0x80000026}
SETTINGS = ("block", "segment", "piece", "payload", "first_volume")


def reparse(kind, target=b""):
    """The REPARSE_DATA of a POSIX object (7.4)."""
    if kind == 3:
        return (le(0xA000001D, 4) + le(4 + len(target), 2) + le(0, 2)
                + le(2, 4) + target)
    return le(REPARSE[kind], 4) + le(0, 4)


class Script:
    """A recipe carried out: press holds what came of it."""

    def __init__(self, lines):
        self.settings = {
            "block": 512, "segment": 131072, "piece": 65536, "payload": 0,
            "compress": False, "capacity": {}, "first_volume": 1,
            "set_id": bytes(range(0xA0, 0xB0)), "set_name": b"suite",
            "software": b"suite 1", "time": TIME}
        self.edits = Edits()
        self.damage = []
        self.tap = {}
        self.marks = {}  # what the recipe says of the result
        self.spoiled = set()  # objects that are not judged
        self.press = None
        self.object = None
        self.source = 1
        rest = []
        for line in lines:
            if line.word in SETTINGS:
                if rest:
                    raise RecipeError("%s: must stand before the first archive"
                                      % line.where)
                self.settings[line.word] = line.values[0]
            elif line.word == "compress":
                self.settings["compress"] = str(line.values[0]) == "yes"
            elif line.word == "capacity":
                self.settings["capacity"][line.values[0]] = line.values[1]
            elif line.word == "set":
                self.settings.update(line.named)
            elif line.word in ("change", "drop", "double"):
                self.edits.add(line)
            elif line.word == "omit":
                self.edits.omit |= {str(value) for value in line.values}
            elif line.word == "damage":
                self.damage.append(line)
            elif line.word == "tap":
                self.tap.update(line.named)
            elif line.word == "spoils":
                self.spoiled |= {(line.named.get("archive", 1), number)
                                 for number in line.values}
            elif line.word == "expect":
                self.marks.update(line.named)
            else:
                rest.append(line)
        self.press = Press(self.settings, self.edits)
        for line in rest:
            self.run(line)
        self.finish()
        self.edits.check()
        self.edits.apply_blocks(self.press.set.volumes)

    def run(self, line):
        does = getattr(self, "do_" + line.word.replace("-", "_"), None)
        if not does:
            raise RecipeError("%s: unknown word: %s" % (line.where, line.word))
        try:
            does(line, *line.values, **line.named)
        except TypeError as error:
            raise RecipeError("%s: %s" % (line.where, error)) from error

    # -- archives

    def close(self):
        if self.object:
            self.object.close()
            self.object = None

    def finish(self):
        if self.press.archive:
            self.close()
            self.press.finish()

    def do_archive(self, _, source="posix", number=None, encoding=1,
                   earlier="yes", **named):
        self.finish()
        press = self.press
        before = press.archives[-1] if press.archives else None
        number = number or (before.number + 1 if before else 1)
        self.source = SOURCES.get(str(source), source)
        fields = {
            "edition": 1, "source": self.source, "base_encoding": encoding,
            "compression": int(self.settings["compress"]),
            "segment_limit": 1 << 20, "created_s": TIME, "archive": number,
            "name": b"test", "host": b"host", "system": b"system",
            "software": b"suite 1", "options": b"", "base": b"/",
            "previous_archive": 0, "previous_volume": 0,
            "previous_sequence": 0, "previous_address": 0}
        done = [a for a in press.archives if a.finished]
        if done:
            fields["previous_archive"] = done[-1].number
            for name, value in done[-1].place.items():
                fields["previous_" + name] = value
        fields.update(named)
        known = catalog.earlier(press)
        if press.archives and not before.finished:
            press.segment = None
            press.stretch = []
            if isinstance(press.set.volumes[-1].items[-1], Block):
                press.set.mark()
        press.begin_archive(fields, number)
        if str(earlier) == "yes":
            for record in known:
                press.put(record)

    def do_source(self, _, role, text, encoding=None):
        code = {"path": 1, "pattern": 2}.get(str(role), role)
        self.press.put(Record("SOURCE", 0, {
            "role": code, "text": text,
            "encoding": encoding or 1 + isinstance(text, Units)}))

    def do_earlier_volume(self, _, **named):
        self.press.put(Record("EARLIER-VOLUME", 0, named))

    def do_earlier_archive(self, _, **named):
        self.press.put(Record("EARLIER-ARCHIVE", 0, named))

    # -- objects

    def begin(self, kind, path, named, **more):
        """OBJECT, with what is usual in fields that the recipe leaves out."""
        self.close()
        archive = self.press.archive
        number = named.pop("number", archive.next_object)
        archive.next_object = number + 1
        fields = {"kind": kind, "path": path, "link_count": 1,
                  "encoding": 1 + isinstance(path, Units)}
        if self.source == 2:
            fields.update(
                facts=0x7E, attributes=0x10 if kind == 2 else 0x20,
                birth_s=TIME - 400, modified_s=TIME - 300,
                accessed_s=TIME - 200, changed_s=TIME - 100,
                file_system=0x1234, file_id=le(number + 64, 16))
        else:
            fields.update(facts=0x9, mode=MODES.get(kind, 0o100644), uid=1000,
                          gid=100, modified_s=TIME - 300, user=b"user",
                          group=b"group")
        fields.update(more)
        fields.update(named)
        ordinal = fields.pop("ordinal", 0)
        self.object = Object(self.press, number, fields, ordinal)
        archive.objects.append(self.object)

    def do_object(self, _, path, kind=1, **named):
        code = tables.OBJECT_KINDS.get(str(kind), kind)
        self.begin(code, path, named)

    def do_directory(self, _, path, **named):
        self.begin(2, path, named)

    def do_file(self, line, path, body=None, **named):
        self.begin(1, path, named, size=len(body or b""))
        if body:
            self.do_stream(line, "DATA", body=body)

    def do_symlink(self, line, path, target, **named):
        self.begin(3, path, named)
        self.do_stream(line, "REPARSE_DATA", body=reparse(3, target))

    def do_fifo(self, line, path, kind=4, **named):
        self.begin(kind, path, named)
        self.do_stream(line, "REPARSE_DATA", body=reparse(kind))

    def do_socket(self, line, path, **named):
        self.do_fifo(line, path, 5, **named)

    def do_device(self, line, path, kind="chardev", **named):
        code = tables.OBJECT_KINDS[str(kind)]
        self.do_fifo(line, path, code, facts=0x89, **named)

    def do_link(self, line, path, of, outside=None, body=None, **named):
        target = [o for o in self.press.archive.objects if o.number == of]
        fields = dict(target[0].fields) if target else {}
        keep = ("facts", "attributes", "size", "mode", "uid", "gid", "user",
                "group", "link_count", "birth_s", "modified_s", "accessed_s",
                "changed_s", "file_system", "file_id")
        more = {name: fields[name] for name in keep if name in fields}
        more["target"] = of
        if outside:
            more["facts"] = more.get("facts", 9) | 0x100
        self.begin(8, path, named, **more)
        if body is None:
            body = fields.get("path", b"?")
        if body:
            self.do_stream(line, "LINK", body=body)

    # -- what stands in an object

    def do_xattr(self, _, name, value=b""):
        self.object.xattr(name, value)

    def do_stream(self, line, ident, body=None, size=None, attributes=0,
                  name=b"", **more):
        code = tables.STREAM_IDS.get(str(ident), ident)
        body = b"" if body is None else body
        size = len(body) if size is None else size
        self.object.stream(code, attributes, size, name, None, more)
        if body:
            self.do_data(line, body)

    def do_sparse(self, line, offset, body=None, attributes=8, size=None,
                 **more):
        """A SPARSE_BLOCK: its offset and the octets there; none: the last."""
        octets = le(offset, 8) + (body or b"")
        size = len(octets) if size is None else size
        self.object.stream(9, attributes, size, b"", offset, more)
        self.do_data(line, octets[:size])

    def do_data(self, _, body, **more):
        self.object.data(body, self.settings["piece"], more)

    def do_empty_data(self, _):
        """A DATA without octets, which must not be."""
        self.object.data(b"", 0)

    def do_end_group(self, _):
        self.object.end_group()

    def do_bad(self, _, ordinal, reason, offset, length):
        self.object.bad_range(ordinal, reason, offset, length)

    def do_flags(self, _, flags):
        self.object.flags = flags

    def do_record(self, _, number, payload=b"", object=None):
        """A record of a type that edition 1 does not know."""
        record = Record("unknown", 0, payload=payload)
        record.header["type"] = number
        if self.object and object is None:
            self.object.other_record(record)
        else:
            self.close()
            record.object = object or 0
            self.press.put(record)

    def do_close(self, _):
        self.close()

    def do_forget(self, _):
        """The object gets no OBJECT END."""
        self.object = None

    # -- segments, checkpoints, runs

    def do_cut(self, _):
        self.press.end_segment()

    def do_empty_segment(self, _):
        """A segment without a record."""
        self.press.end_segment()
        self.press.begin_segment()
        self.press.end_segment()

    def do_cut_block(self, _):
        self.press.end_segment(ends_block=True)

    def do_checkpoint(self, _):
        self.press.checkpoint()

    def do_straddle(self, _, blocks):
        self.press.straddle(blocks)

    def do_mark(self, _):
        """A filemark between data."""
        self.press.flush()
        self.press.set.mark()

    def do_die(self, _, blocks=None, segment="whole"):
        """The writer dies; what it had put together is written, or only so
        many blocks of it."""
        if str(segment) == "lost":
            self.press.segment = None
        self.press.flush(limit=blocks)
        self.left_open, self.object = self.object, None

    def do_resume(self, _, checkpoint=None, fresh=None, mark=1, here=0,
                  go_on=0):
        """go_on: with the object that was open, which must not be."""
        self.press.resume(checkpoint, bool(fresh), bool(mark), bool(here))
        if go_on:
            self.object = self.left_open

    def do_volume_again(self, _):
        """One more VOLUME block."""
        press = self.press
        press.flush()
        block = press.set.volumes[-1].block
        press.set.add(dict(press._header("VOLUME", press.archive.sequence),
                           first_segment=0), block.payload)

    def do_stop(self, _):
        """The archive ends here, without catalog and END."""
        self.press.flush()
        self.object = None
        self.press.archive = None

    def do_pass(self, _, kind, payload, sequence=0):
        """A block of a kind that edition 1 does not know."""
        self.press.flush()
        press = self.press
        header = dict(press._header("DATA", press.archive.sequence), kind=kind)
        press.set.add(header, payload)
        press.archive.sequence += 1

    def do_skip_sequence(self, _, by=1):
        self.press.flush()
        self.press.archive.sequence += by
