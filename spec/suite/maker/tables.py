# SPDX-License-Identifier: CC0-1.0
"""The tables of the text. A row is "type name"; "u8[n] path" is a part whose
length stands in the field n before it; "rest" takes what is given."""
from .octets import le

_TEXT = """
block header          # chapter 3
    u8[8] magic; u32 checksum; u16 revision; u16 kind; u32 features
    u32 block_octets; u32 payload_octets; u32 first_segment; u32 volume
    u32 archive; u32 run; u32 zero; u8[16] set_id; u64 sequence; u64 address
    u64 run_start; u64 zero2
segment header        # chapter 4
    u8[4] magic; u32 checksum; u8 compression; u8 encryption; u16 key
    u32 stored_octets; u32 raw_octets; u32 zero
record header         # chapter 5
    u16 type; u16 zero; u32 octets; u64 object
VOLUME                # 2.4
    u32 volume; u32 block_octets; u8[16] set_id; i64 created_s; u32 created_ns
    u32 label_octets; u64 leader_octets; u8[32] digest; u8[6] volume_id
    u16 edition; u16 n; u16 m; u32 zero; u8[n] set_name; u8[m] software
ARCHIVE               # 5.2
    u16 edition; u8 source; u8 compression; u32 segment_limit; i64 created_s
    u32 created_ns; u32 archive; i32 level; u32 previous_archive
    u32 previous_volume; u32 zero; u64 previous_sequence; u64 previous_address
    u32 zero2; u16 a; u16 b; u16 c; u16 d; u16 e; u16 f; u8 base_encoding
    u8[7] zero3
    u8[a] name; u8[b] host; u8[c] system; u8[d] software; u8[e] options
    u8[f] base
SOURCE                # 5.3
    u8 role; u8 encoding; u16 n; u8[n] text
EARLIER-VOLUME        # 5.4
    u32 volume; u8[6] volume_id; u16 zero
EARLIER-ARCHIVE       # 5.4
    u32 archive; u32 state; u32 volume; u32 zero; u64 sequence; u64 address
    i64 created_s; u32 created_ns; u16 n; u16 zero2; u64 objects
    u64 stream_octets; u8[32] fingerprint; u8[n] name
OBJECT                # 6.1
    u8 kind; u8 encoding; u16 facts; u32 attributes; u64 size; u64 target
    u32 link_count; u32 mode; u32 uid; u32 gid; u32 major; u32 minor
    i64 birth_s; i64 modified_s; i64 accessed_s; i64 changed_s
    u32 birth_ns; u32 modified_ns; u32 accessed_ns; u32 changed_ns
    u64 file_system; u8[16] file_id; u16 n; u16 u; u16 g; u16 s
    u8[n] path; u8[u] user; u8[g] group; u8[s] short_name
XATTR                 # 6.2
    u16 n; u16 zero; u32 m; u8[n] name; u8[m] value
OBJECT-END            # 6.3
    u32 streams; u32 groups; u32 xattrs; u32 flags; u64 stream_octets
    u32 bad_ranges; u32 zero; u8[32] xattr_digest; u8[bad_ranges*24] bad
CONTINUED             # 6.4
    u8 kind; u8 encoding; u16 n; u32 group_ordinal; u32 stream_ordinal; u16 g
    u16 s; u64 stream_offset; u8[n] path; u8[g] group_header
    u8[s] stream_header
STREAM                # 7.2 and 7.1
    u32 ordinal; u32 id; u32 attributes; u64 size; u32 name_octets
    u8[name_octets] name
DATA                  # 7.2
    u32 ordinal; u32 zero; u64 stream_offset; u64 sparse_offset; rest octets
GROUP-END             # 7.3
    u32 first_ordinal; u32 streams; u32 id; u32 attributes; u32 flags; u32 n
    u64 body_octets; u64 content_octets; u64 allocated
    u8[32] stream_digest; u8[32] content_digest; u8[n] name
ENTRY                 # 9.2 and 9.1
    u32 flags; u32 zero; PLACE begin; PLACE end; PLACE data
CHECKPOINT            # 9.3
    u32 number; u32 zero; u64 next_object; u64 objects; u64 torn
    u64 stream_octets; u64 slice_records; u64 slice_octets; u32 slice_volume
    u32 zero2; u64 slice_sequence; u64 slice_address; u32 previous_number
    u32 previous_volume; u64 previous_sequence; u64 previous_address
    u8[32] slice_digest
END                   # 9.4
    u16 edition; u8 source; u8 compression; u32 segment_limit; i64 created_s
    u32 created_ns; u32 archive; u64 objects; u64 torn; u64 flawed
    u64 stream_octets; u64 catalog_octets; u64 catalog_records
    u32 catalog_volume; u32 zero; u64 catalog_sequence; u64 catalog_address
    u32 previous_archive; u32 previous_volume; u64 previous_sequence
    u64 previous_address; u32 checkpoint; u32 checkpoint_volume
    u64 checkpoint_sequence; u64 checkpoint_address; u8[32] catalog_digest
    u8[32] fingerprint; u16 n; u16 m; u32 zero2; u8[n] name; u8[m] host
"""

_PLACE = ("u32 volume", "u32 payload_offset", "u64 sequence", "u64 address",
          "u32 record_offset", "u32 zero")


class Table:
    """One table: rows of (type, name)."""

    def __init__(self, name):
        self.name = name
        self.rows = []

    def add(self, row):
        kind, name = row.split()
        if kind == "PLACE":
            for part in _PLACE:
                part_kind, part_name = part.split()
                self.rows.append((part_kind, name + "." + part_name))
        else:
            self.rows.append((kind, name))

    def names(self):
        return [name for _, name in self.rows]

    def encode(self, values):
        """The octets; a field that is not in values is zero, a length field
        is that of its part."""
        unknown = set(values) - set(self.names())
        if unknown:
            raise KeyError("%s has no field %s" % (self.name, sorted(unknown)))
        lengths = {}
        for kind, name in self.rows:
            count = kind[3:-1] if kind.startswith("u8[") else ""
            if count and not count.isdigit():
                field, _, unit = count.partition("*")
                length = len(values.get(name, b""))
                lengths[field] = length // int(unit or 1)
        out = []
        for kind, name in self.rows:
            value = values.get(name, lengths.get(name, 0))
            if kind.startswith("u8[") and kind[3:-1].isdigit():
                size = int(kind[3:-1])
                value = bytes(size) if value == 0 else value
                if len(value) != size:
                    raise ValueError("%s.%s: %d octets, not %d"
                                     % (self.name, name, len(value), size))
                out.append(value)
            elif kind.startswith("u8[") or kind == "rest":
                out.append(values.get(name, b""))
            else:
                out.append(le(value, int(kind[1:]) // 8))
        return b"".join(out)


def _read():
    tables = {}
    table = None
    for line in _TEXT.splitlines():
        line = line.partition("#")[0].rstrip()
        if not line:
            continue
        if not line.startswith(" "):
            table = tables[line] = Table(line)
        else:
            for row in line.split(";"):
                table.add(row.strip())
    return tables


TABLES = _read()
BLOCK = TABLES["block header"]
SEGMENT = TABLES["segment header"]
RECORD = TABLES["record header"]

TYPES = {
    "VOLUME": 0x8001, "ARCHIVE": 0x8002, "SOURCE": 0x0003,
    "EARLIER-VOLUME": 0x0004, "EARLIER-ARCHIVE": 0x0005,
    "OBJECT": 0x8010, "XATTR": 0x8011, "STREAM": 0x8012, "DATA": 0x8013,
    "GROUP-END": 0x8014, "OBJECT-END": 0x8015, "CONTINUED": 0x8016,
    "ENTRY": 0x8020, "CHECKPOINT": 0x8021, "END": 0x8022,
}
BLOCK_KINDS = {
    "VOLUME": 1, "DATA": 2, "CHECKPOINT": 3, "CATALOG": 4, "END": 5,
    "PARITY": 0x8001, "LIBRARY-INDEX": 0x8002,
}
STREAM_IDS = {
    "DATA": 1, "EA_DATA": 2, "SECURITY_DATA": 3, "ALTERNATE_DATA": 4,
    "LINK": 5, "PROPERTY_DATA": 6, "OBJECT_ID": 7, "REPARSE_DATA": 8,
    "SPARSE_BLOCK": 9, "TXFS_DATA": 10, "GHOSTED_FILE_EXT": 11,
}
OBJECT_KINDS = {
    "file": 1, "directory": 2, "symlink": 3, "fifo": 4, "socket": 5,
    "chardev": 6, "blockdev": 7, "link": 8,
}
BLOCK_MAGIC = bytes.fromhex("8a5245454c0d0a1a")
