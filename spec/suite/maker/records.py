# SPDX-License-Identifier: CC0-1.0
"""Records (chapter 5): fields by name, and what a recipe changes in them."""
from . import tables


class Record:
    """One record. header holds what its header says instead of the truth
    (type, zero, octets, object); payload, when given, stands for the fields;
    append comes behind them."""

    def __init__(self, kind, number=0, values=None, payload=None):
        self.kind = kind
        self.object = number
        self.values = dict(values or {})
        self.payload = payload
        self.header = {}
        self.append = b""
        self.owner = None  # the object that it is of
        self.stream = None  # of STREAM and DATA
        self.names = []  # streams that a CONTINUED names
        self.segment = None  # where it stands: set by the press
        self.offset = None

    def change(self, changes):
        """Take what a recipe says: field names, "@" and a name for fields of
        the record header, "@payload", "@append"."""
        for name, value in changes.items():
            if name == "@payload":
                self.payload = value
            elif name == "@append":
                self.append = value
            elif name.startswith("@"):
                self.header[name[1:]] = value
            else:
                if name not in tables.TABLES[self.kind].names():
                    raise KeyError("%s has no field %s" % (self.kind, name))
                self.values[name] = value

    def body(self, **other):
        """The payload; other stands for fields for this time only."""
        if self.payload is not None:
            return self.payload + self.append
        values = dict(self.values, **other) if other else self.values
        return tables.TABLES[self.kind].encode(values) + self.append

    def encode(self):
        body = self.body()
        header = {"type": tables.TYPES.get(self.kind, 0), "octets": len(body),
                  "object": self.object}
        header.update(self.header)
        return tables.RECORD.encode(header) + body

    def __len__(self):
        return 16 + len(self.body())


class Changes:
    """The changes that a recipe asks for in the records of one level."""

    def __init__(self):
        self.wanted = []  # [kind, object, which, action, changes, used]
        self.seen = {}

    def add(self, kind, number, which, action, changes):
        self.wanted.append([kind, number, which, action, changes, False])

    def take(self, record):
        """Apply what is asked for; the list of records to write instead."""
        key = (record.kind, record.object)
        which = self.seen.get(key, 0)
        self.seen[key] = which + 1
        out = [record]
        for wish in self.wanted:
            kind, number, nth, action, changes, _ = wish
            if (kind, number) != key or nth not in (which, None):
                continue
            wish[5] = True
            if action == "change":
                record.change(changes)
            elif action == "drop":
                out.remove(record)
            elif action == "double":
                out.append(record)
            elif action == "add":
                out.append(changes)
        return out

    def check(self):
        for kind, number, which, action, _, used in self.wanted:
            if not used:
                raise ValueError("nothing to %s: %s of %d, no. %s"
                                 % (action, kind, number, which))
