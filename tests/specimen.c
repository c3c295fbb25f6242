/* SPDX-License-Identifier: Apache-2.0 */
/* All chapters with tables; tests: one of each structure, as a struct. */
#include <string.h>

#include "reel/archive.h"
#include "reel/checkpoint.h"
#include "reel/continued.h"
#include "reel/end.h"
#include "reel/entry.h"
#include "reel/group_end.h"
#include "reel/head.h"
#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/stream.h"
#include "reel/volume.h"
#include "reel/xattr.h"
#include "specimen.h"

#define OBJECT_NUMBER 0x1112131415161718U
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TEXT(s)                                                                \
    {                                                                          \
        (const uint8_t *)(s), sizeof(s) - 1                                    \
    }
#define FROM4(x) (x), (x) + 1, (x) + 2, (x) + 3
#define FROM16(x) FROM4(x), FROM4((x) + 4), FROM4((x) + 8), FROM4((x) + 12)
#define FROM32(x) FROM16(x), FROM16((x) + 16)

#define MEMBER_BYTES(type, member) sizeof(((const struct type *)0)->member)
#define INTEGER(type, name, member)                                            \
    {                                                                          \
        name, SPECIMEN_INTEGER, offsetof(struct type, member),                 \
            MEMBER_BYTES(type, member)                                         \
    }
#define OCTETS(type, name, member)                                             \
    {                                                                          \
        name, SPECIMEN_OCTETS, offsetof(struct type, member),                  \
            MEMBER_BYTES(type, member)                                         \
    }
#define BYTES(type, name, member)                                              \
    {                                                                          \
        name, SPECIMEN_BYTES, offsetof(struct type, member),                   \
            MEMBER_BYTES(type, member)                                         \
    }
#define POSITION(type, prefix, member)                                         \
    INTEGER(type, prefix " volume", member.volume),                            \
        INTEGER(type, prefix " sequence", member.sequence),                    \
        INTEGER(type, prefix " address", member.address)
#define PLACE(type, name, member)                                              \
    INTEGER(type, name ".volume", member.volume),                              \
        INTEGER(type, name ".payload offset", member.payload_offset),          \
        INTEGER(type, name ".sequence", member.sequence),                      \
        INTEGER(type, name ".address", member.address),                        \
        INTEGER(type, name ".record offset", member.record_offset)

/* Typed calls behind untyped ones, for records without and with a number. */
#define DECODE(noun)                                                           \
    static enum reel_status noun##_decode(void *out, struct reel_cursor *c,    \
                                          struct reel_err *err)                \
    {                                                                          \
        return reel_##noun##_decode(out, c, err);                              \
    }
#define CODEC(noun)                                                            \
    DECODE(noun)                                                               \
    static enum reel_status noun##_encode(                                     \
        const void *in, struct reel_builder *b, struct reel_err *err)          \
    {                                                                          \
        return reel_##noun##_encode(in, b, err);                               \
    }
#define OBJECT_CODEC(noun)                                                     \
    DECODE(noun)                                                               \
    static enum reel_status noun##_encode(                                     \
        const void *in, struct reel_builder *b, struct reel_err *err)          \
    {                                                                          \
        return reel_##noun##_encode(in, OBJECT_NUMBER, b, err);                \
    }
#define SPECIMEN(table, noun, type)                                            \
    static const struct specimen noun##_specimen = {table,                     \
                                                    #noun,                     \
                                                    type,                      \
                                                    &noun##_sample,            \
                                                    sizeof(noun##_sample),     \
                                                    noun##_fields,             \
                                                    COUNT(noun##_fields),      \
                                                    noun##_decode,             \
                                                    noun##_encode}

CODEC(volume)
static const struct reel_volume volume_sample = {
    .volume       = 0x01020304,
    .block_bytes  = 0x05060708,
    .set_id       = {FROM16(0x10)},
    .created      = {-0x2122232425262728, 0x0B0C0D0E},
    .label_bytes  = 0x31323334,
    .leader_bytes = 0x4142434445464748,
    .digest       = {FROM32(0x50)},
    .volume_id    = {'R', 'E', 'E', 'L', '0', '7'},
    .edition      = 1,
    .set_name     = TEXT("H\xC3\xA4user of the town"),
    .software     = TEXT("a writer, 1.2"),
};
static const struct specimen_field volume_fields[] = {
    INTEGER(reel_volume, "volume", volume),
    INTEGER(reel_volume, "block octets", block_bytes),
    OCTETS(reel_volume, "set id", set_id),
    INTEGER(reel_volume, "created s", created.s),
    INTEGER(reel_volume, "created ns", created.ns),
    INTEGER(reel_volume, "label octets", label_bytes),
    INTEGER(reel_volume, "leader octets", leader_bytes),
    OCTETS(reel_volume, "digest", digest),
    OCTETS(reel_volume, "volume id", volume_id),
    INTEGER(reel_volume, "edition", edition),
    BYTES(reel_volume, "set name", set_name),
    BYTES(reel_volume, "software", software),
};
SPECIMEN("VOLUME", volume, REEL_RECORD_VOLUME);

CODEC(archive)
static const struct reel_archive archive_sample = {
    .edition          = 1,
    .source           = REEL_SOURCE_RAW,
    .compression      = 1,
    .segment_limit    = 0x00A1A2A3,
    .created          = {0x0102030405060708, 0x11121314},
    .archive          = 0x21222324,
    .level            = -0x31323334,
    .previous_archive = 0x11424344,
    .previous         = {0x51525354, 0x6162636465666768, 0x7172737475767778},
    .base_encoding    = REEL_ENCODING_UTF16,
    .name             = TEXT("name of it"),
    .host             = TEXT("hostess"),
    .system           = TEXT("a system"),
    .software         = TEXT("softer"),
    .options          = TEXT("--opt"),
    .base             = TEXT("b\0a\0"),
};
static const struct specimen_field archive_fields[] = {
    INTEGER(reel_archive, "edition", edition),
    INTEGER(reel_archive, "source", source),
    INTEGER(reel_archive, "compression", compression),
    INTEGER(reel_archive, "segment limit", segment_limit),
    INTEGER(reel_archive, "created s", created.s),
    INTEGER(reel_archive, "created ns", created.ns),
    INTEGER(reel_archive, "archive", archive),
    INTEGER(reel_archive, "level", level),
    INTEGER(reel_archive, "previous archive", previous_archive),
    POSITION(reel_archive, "previous", previous),
    INTEGER(reel_archive, "base encoding", base_encoding),
    BYTES(reel_archive, "name", name),
    BYTES(reel_archive, "host", host),
    BYTES(reel_archive, "system", system),
    BYTES(reel_archive, "software", software),
    BYTES(reel_archive, "options", options),
    BYTES(reel_archive, "base", base),
};
SPECIMEN("ARCHIVE", archive, REEL_RECORD_ARCHIVE);

CODEC(source_record)
static const struct reel_source_record source_record_sample = {
    .role     = REEL_ROLE_EXCLUDE,
    .encoding = REEL_ENCODING_POSIX,
    .text     = TEXT("*.o\xFF"),
};
static const struct specimen_field source_record_fields[] = {
    INTEGER(reel_source_record, "role", role),
    INTEGER(reel_source_record, "encoding", encoding),
    BYTES(reel_source_record, "text", text),
};
SPECIMEN("SOURCE", source_record, REEL_RECORD_SOURCE);

CODEC(earlier_volume)
static const struct reel_earlier_volume earlier_volume_sample = {
    .volume    = 0x91929394,
    .volume_id = {'E', 'A', 'R', 'L', 'Y', '1'},
};
static const struct specimen_field earlier_volume_fields[] = {
    INTEGER(reel_earlier_volume, "volume", volume),
    OCTETS(reel_earlier_volume, "volume id", volume_id),
};
SPECIMEN("EARLIER VOLUME", earlier_volume, REEL_RECORD_EARLIER_VOLUME);

CODEC(earlier_archive)
static const struct reel_earlier_archive earlier_archive_sample = {
    .archive      = 0x01020304,
    .complete     = true,
    .end          = {0x11121314, 0x2122232425262728, 0x3132333435363738},
    .created      = {0x4142434445464748, 0x05060708},
    .objects      = 0x5152535455565758,
    .stream_bytes = 0x6162636465666768,
    .fingerprint  = {FROM32(0x70)},
    .name         = TEXT("the one before"),
};
static const struct specimen_field earlier_archive_fields[] = {
    INTEGER(reel_earlier_archive, "archive", archive),
    INTEGER(reel_earlier_archive, "state", complete),
    INTEGER(reel_earlier_archive, "volume", end.volume),
    INTEGER(reel_earlier_archive, "sequence", end.sequence),
    INTEGER(reel_earlier_archive, "address", end.address),
    INTEGER(reel_earlier_archive, "created s", created.s),
    INTEGER(reel_earlier_archive, "created ns", created.ns),
    INTEGER(reel_earlier_archive, "objects", objects),
    INTEGER(reel_earlier_archive, "stream octets", stream_bytes),
    OCTETS(reel_earlier_archive, "fingerprint", fingerprint),
    BYTES(reel_earlier_archive, "name", name),
};
SPECIMEN("EARLIER ARCHIVE", earlier_archive, REEL_RECORD_EARLIER_ARCHIVE);

OBJECT_CODEC(object)
static const struct reel_object object_sample = {
    .kind        = REEL_KIND_LINK,
    .encoding    = REEL_ENCODING_UTF16,
    .facts       = REEL_FACTS_KNOWN,
    .attributes  = 0x01020304,
    .size        = 0x1112131415161718,
    .target      = 0x2122232425262728,
    .link_count  = 0x31323334,
    .mode        = 0x41424344,
    .uid         = 0x51525354,
    .gid         = 0x61626364,
    .major       = 0x71727374,
    .minor       = 0x81828384,
    .birth       = {-0x0102030405060708, 0x11121314},
    .modified    = {0x2122232425262729, 0x15161718},
    .accessed    = {0x3132333435363738, 0x191A1B1C},
    .changed     = {0x4142434445464748, 0x1D1E1F20},
    .file_system = 0x5152535455565758,
    .file_id     = {FROM16(0x90)},
    .path        = TEXT("d\0/\0f\0"),
    .user        = TEXT("user"),
    .group       = TEXT("group"),
    .short_name  = TEXT("F\0~\0001\0"),
};
static const struct specimen_field object_fields[] = {
    INTEGER(reel_object, "kind", kind),
    INTEGER(reel_object, "encoding", encoding),
    INTEGER(reel_object, "facts", facts),
    INTEGER(reel_object, "attributes", attributes),
    INTEGER(reel_object, "size", size),
    INTEGER(reel_object, "target", target),
    INTEGER(reel_object, "link count", link_count),
    INTEGER(reel_object, "mode", mode),
    INTEGER(reel_object, "uid", uid),
    INTEGER(reel_object, "gid", gid),
    INTEGER(reel_object, "major", major),
    INTEGER(reel_object, "minor", minor),
    INTEGER(reel_object, "birth s", birth.s),
    INTEGER(reel_object, "modified s", modified.s),
    INTEGER(reel_object, "accessed s", accessed.s),
    INTEGER(reel_object, "changed s", changed.s),
    INTEGER(reel_object, "birth ns", birth.ns),
    INTEGER(reel_object, "modified ns", modified.ns),
    INTEGER(reel_object, "accessed ns", accessed.ns),
    INTEGER(reel_object, "changed ns", changed.ns),
    INTEGER(reel_object, "file system", file_system),
    OCTETS(reel_object, "file id", file_id),
    BYTES(reel_object, "path", path),
    BYTES(reel_object, "user", user),
    BYTES(reel_object, "group", group),
    BYTES(reel_object, "short name", short_name),
};
SPECIMEN("OBJECT", object, REEL_RECORD_OBJECT);

OBJECT_CODEC(xattr)
static const struct reel_xattr xattr_sample = {
    .name  = TEXT("user.mime"),
    .value = TEXT("a\0value"),
};
static const struct specimen_field xattr_fields[] = {
    BYTES(reel_xattr, "name", name),
    BYTES(reel_xattr, "value", value),
};
SPECIMEN("XATTR", xattr, REEL_RECORD_XATTR);

/* Two ranges of stream 3 and one of stream 4. */
static const uint8_t bad_ranges[] = {
    3, 0, 0, 0, 1, 0, 0, 0, 9,  0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
    3, 0, 0, 0, 2, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
    4, 0, 0, 0, 2, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0,
};

OBJECT_CODEC(object_end)
static const struct reel_object_end object_end_sample = {
    .streams         = 0x01020304,
    .groups          = 0x11121314,
    .xattrs          = 0x21222324,
    .flags           = REEL_OBJECT_CHANGED | REEL_OBJECT_GREW,
    .stream_bytes    = 0x3132333435363738,
    .bad_ranges      = 3,
    .xattr_digest    = {FROM32(0x40)},
    .bad_range_bytes = {bad_ranges, sizeof(bad_ranges)},
};
static const struct specimen_field object_end_fields[] = {
    INTEGER(reel_object_end, "streams", streams),
    INTEGER(reel_object_end, "groups", groups),
    INTEGER(reel_object_end, "xattrs", xattrs),
    INTEGER(reel_object_end, "flags", flags),
    INTEGER(reel_object_end, "stream octets", stream_bytes),
    INTEGER(reel_object_end, "bad ranges", bad_ranges),
    OCTETS(reel_object_end, "xattr digest", xattr_digest),
    BYTES(reel_object_end, "bad ranges", bad_range_bytes),
};
SPECIMEN("OBJECT END", object_end, REEL_RECORD_OBJECT_END);

OBJECT_CODEC(continued)
static const struct reel_continued continued_sample = {
    .kind           = REEL_KIND_FILE,
    .encoding       = REEL_ENCODING_POSIX,
    .group_ordinal  = 0x01020304,
    .stream_ordinal = 0x11121314,
    .stream_offset  = 0x2122232425262728,
    .path           = TEXT("dir/file"),
    .group_header   = TEXT("twenty octets, group"),
    .stream_header  = TEXT("twenty octets, block"),
};
static const struct specimen_field continued_fields[] = {
    INTEGER(reel_continued, "kind", kind),
    INTEGER(reel_continued, "encoding", encoding),
    INTEGER(reel_continued, "group ordinal", group_ordinal),
    INTEGER(reel_continued, "stream ordinal", stream_ordinal),
    INTEGER(reel_continued, "stream offset", stream_offset),
    BYTES(reel_continued, "path", path),
    BYTES(reel_continued, "group header", group_header),
    BYTES(reel_continued, "stream header", stream_header),
};
SPECIMEN("CONTINUED", continued, REEL_RECORD_CONTINUED);

DECODE(stream_header)
static enum reel_status
stream_header_encode(const void *in, struct reel_builder *b,
                     struct reel_err *err)
{
    reel_stream_header_put(in, b);
    return reel_record_fits(b, "stream header", err);
}
static const struct reel_stream_header stream_header_sample = {
    .id         = 0x01020304,
    .attributes = 0x11121314,
    .size       = 0x2122232425262728,
    .name       = TEXT(":\0a\0:\0$\0"),
};
static const struct specimen_field stream_header_fields[] = {
    INTEGER(reel_stream_header, "stream id", id),
    INTEGER(reel_stream_header, "attributes", attributes),
    INTEGER(reel_stream_header, "Size", size),
    INTEGER(reel_stream_header, "name octets", name.len),
    BYTES(reel_stream_header, "name", name),
};
SPECIMEN("The stream header (WIN32_STREAM_ID)", stream_header, 0);

OBJECT_CODEC(stream)
static const struct reel_stream stream_sample = {
    .ordinal      = 0x31323334,
    .header       = {REEL_STREAM_ALTERNATE_DATA, 0x11121314, 0x2122232425262728,
                     TEXT(":\0a\0:\0$\0")},
    .header_bytes = TEXT("\x04\0\0\0\x14\x13\x12\x11"
                         "\x28\x27\x26\x25\x24\x23\x22\x21"
                         "\x08\0\0\0:\0a\0:\0$\0"),
};
static const struct specimen_field stream_fields[] = {
    INTEGER(reel_stream, "ordinal", ordinal),
    BYTES(reel_stream, "header", header_bytes),
};
SPECIMEN("STREAM", stream, REEL_RECORD_STREAM);

OBJECT_CODEC(data)
static const struct reel_data data_sample = {
    .ordinal       = 0x01020304,
    .stream_offset = 0x1112131415161718,
    .sparse_offset = 0x2122232425262728,
    .bytes         = TEXT("octets of content"),
};
static const struct specimen_field data_fields[] = {
    INTEGER(reel_data, "ordinal", ordinal),
    INTEGER(reel_data, "stream offset", stream_offset),
    INTEGER(reel_data, "sparse offset", sparse_offset),
    BYTES(reel_data, "octets", bytes),
};
SPECIMEN("DATA", data, REEL_RECORD_DATA);

OBJECT_CODEC(group_end)
static const struct reel_group_end group_end_sample = {
    .first_ordinal   = 0x01020304,
    .streams         = 0x11121314,
    .stream_id       = REEL_STREAM_ALTERNATE_DATA,
    .attributes      = 0x21222324,
    .flags           = REEL_GROUP_HAS_CONTENT_DIGEST,
    .body_bytes      = 0x3132333435363738,
    .content_bytes   = 0x4142434445464748,
    .allocated_bytes = 0x4142434445464745,
    .stream_digest   = {FROM32(0x50)},
    .content_digest  = {FROM32(0x80)},
    .name            = TEXT(":\0s\0"),
};
static const struct specimen_field group_end_fields[] = {
    INTEGER(reel_group_end, "first ordinal", first_ordinal),
    INTEGER(reel_group_end, "streams", streams),
    INTEGER(reel_group_end, "stream id", stream_id),
    INTEGER(reel_group_end, "attributes", attributes),
    INTEGER(reel_group_end, "flags", flags),
    INTEGER(reel_group_end, "body octets", body_bytes),
    INTEGER(reel_group_end, "content octets", content_bytes),
    INTEGER(reel_group_end, "allocated", allocated_bytes),
    OCTETS(reel_group_end, "stream digest", stream_digest),
    OCTETS(reel_group_end, "content digest", content_digest),
    BYTES(reel_group_end, "name", name),
};
SPECIMEN("GROUP END", group_end, REEL_RECORD_GROUP_END);

OBJECT_CODEC(entry)
static const struct reel_entry entry_sample = {
    .flags = REEL_ENTRY_TORN,
    .begin = {0x01020304, 0x11121314, 0x2122232425262728, 0x3132333435363738,
              0x41424344, 0},
    .end   = {0x05060708, 0x15161718, 0x292A2B2C2D2E2F30, 0x393A3B3C3D3E3F40,
              0x45464748, 0},
    .data  = {0x090A0B0C, 0x191A1B1C, 0x5152535455565758, 0x6162636465666768,
              0x71727374, 0},
};
static const struct specimen_field entry_fields[] = {
    INTEGER(reel_entry, "flags", flags),
    PLACE(reel_entry, "begin", begin),
    PLACE(reel_entry, "end", end),
    PLACE(reel_entry, "data", data),
};
SPECIMEN("ENTRY", entry, REEL_RECORD_ENTRY);

CODEC(checkpoint)
static const struct reel_checkpoint checkpoint_sample = {
    .number          = 0x01020304,
    .next_object     = 0x1112131415161718,
    .objects         = 0x2122232425262728,
    .torn            = 0x3132333435363738,
    .stream_bytes    = 0x4142434445464748,
    .slice_records   = 0x5152535455565758,
    .slice_bytes     = 0x6162636465666768,
    .slice           = {0x71727374, 0x8182838485868788, 0x9192939495969798},
    .previous_number = 0x01020303,
    .previous        = {0xA1A2A3A4, 0xB1B2B3B4B5B6B7B8, 0xC1C2C3C4C5C6C7C8},
    .slice_digest    = {FROM32(0xD0)},
};
static const struct specimen_field checkpoint_fields[] = {
    INTEGER(reel_checkpoint, "number", number),
    INTEGER(reel_checkpoint, "next object", next_object),
    INTEGER(reel_checkpoint, "objects", objects),
    INTEGER(reel_checkpoint, "torn", torn),
    INTEGER(reel_checkpoint, "stream octets", stream_bytes),
    INTEGER(reel_checkpoint, "slice records", slice_records),
    INTEGER(reel_checkpoint, "slice octets", slice_bytes),
    POSITION(reel_checkpoint, "slice", slice),
    INTEGER(reel_checkpoint, "previous number", previous_number),
    POSITION(reel_checkpoint, "previous", previous),
    OCTETS(reel_checkpoint, "slice digest", slice_digest),
};
SPECIMEN("CHECKPOINT", checkpoint, REEL_RECORD_CHECKPOINT);

CODEC(end)
static const struct reel_end end_sample = {
    .edition          = 1,
    .source           = REEL_SOURCE_NTFS,
    .compression      = 1,
    .segment_limit    = 0x00B1B2B3,
    .created          = {0x0102030405060708, 0x11121314},
    .archive          = 0x21222324,
    .objects          = 0x3132333435363738,
    .torn             = 0x4142434445464748,
    .flawed           = 0x5152535455565758,
    .stream_bytes     = 0x6162636465666768,
    .catalog_bytes    = 0x7172737475767778,
    .catalog_records  = 0x8182838485868788,
    .catalog          = {0x91929394, 0xA1A2A3A4A5A6A7A8, 0xB1B2B3B4B5B6B7B8},
    .previous_archive = 0x11222325,
    .previous         = {0xC1C2C3C4, 0xD1D2D3D4D5D6D7D8, 0xE1E2E3E4E5E6E7E8},
    .checkpoint       = 0xF1F2F3F4,
    .checkpoint_slice = {0x15161718, 0x292A2B2C2D2E2F30, 0x393A3B3C3D3E3F40},
    .catalog_digest   = {FROM32(0x58)},
    .fingerprint      = {FROM32(0x88)},
    .name             = TEXT("the name"),
    .host             = TEXT("the host of it"),
};
static const struct specimen_field end_fields[] = {
    INTEGER(reel_end, "edition", edition),
    INTEGER(reel_end, "source", source),
    INTEGER(reel_end, "compression", compression),
    INTEGER(reel_end, "segment limit", segment_limit),
    INTEGER(reel_end, "created s", created.s),
    INTEGER(reel_end, "created ns", created.ns),
    INTEGER(reel_end, "archive", archive),
    INTEGER(reel_end, "objects", objects),
    INTEGER(reel_end, "torn", torn),
    INTEGER(reel_end, "flawed", flawed),
    INTEGER(reel_end, "stream octets", stream_bytes),
    INTEGER(reel_end, "catalog octets", catalog_bytes),
    INTEGER(reel_end, "catalog records", catalog_records),
    POSITION(reel_end, "catalog", catalog),
    INTEGER(reel_end, "previous archive", previous_archive),
    POSITION(reel_end, "previous", previous),
    INTEGER(reel_end, "checkpoint", checkpoint),
    POSITION(reel_end, "checkpoint", checkpoint_slice),
    OCTETS(reel_end, "catalog digest", catalog_digest),
    OCTETS(reel_end, "fingerprint", fingerprint),
    BYTES(reel_end, "name", name),
    BYTES(reel_end, "host", host),
};
SPECIMEN("END", end, REEL_RECORD_END);

static enum reel_status
block_header_decode(void *out, struct reel_cursor *c, struct reel_err *err)
{
    struct specimen_block s;
    const struct reel_bytes block = reel_get_bytes(c, reel_cursor_left(c));

    REEL_TRY(reel_block_decode(&s.header, block.data, block.len, &c->pos, err));
    s.payload.data = block.data + REEL_BLOCK_HEADER_BYTES;
    s.payload.len  = s.header.payload_bytes;
    memcpy(out, &s, sizeof(s));
    return REEL_OK;
}

static enum reel_status
block_header_encode(const void *in, struct reel_builder *b,
                    struct reel_err *err)
{
    const struct specimen_block *const s = in;
    uint8_t *const block                 = b->buf + b->len;

    reel_put_zeros(b, s->header.block_bytes);
    REEL_TRY(reel_record_fits(b, "block", err));
    memcpy(block + REEL_BLOCK_HEADER_BYTES, s->payload.data, s->payload.len);
    return reel_block_seal(&s->header, block, err);
}
static const struct specimen_block block_header_sample = {
    .header =
        {
            .revision      = 1,
            .kind          = 0xC001,
            .block_bytes   = 512,
            .payload_bytes = 21,
            .first_segment = 13,
            .volume        = 0x01020304,
            .archive       = 0x11121314,
            .run           = 0x21222324,
            .set_id        = {FROM16(0x30)},
            .sequence      = 0x4142434445464748,
            .address       = 0x5152535455565758,
            .run_start     = 0x3132333435363738,
        },
    .payload = TEXT("payload of this block"),
};
static const struct specimen_field block_header_fields[] = {
    INTEGER(specimen_block, "revision", header.revision),
    INTEGER(specimen_block, "kind", header.kind),
    INTEGER(specimen_block, "features", header.features),
    INTEGER(specimen_block, "block octets", header.block_bytes),
    INTEGER(specimen_block, "payload octets", header.payload_bytes),
    INTEGER(specimen_block, "first segment", header.first_segment),
    INTEGER(specimen_block, "volume", header.volume),
    INTEGER(specimen_block, "archive", header.archive),
    INTEGER(specimen_block, "run", header.run),
    OCTETS(specimen_block, "set id", header.set_id),
    INTEGER(specimen_block, "sequence", header.sequence),
    INTEGER(specimen_block, "address", header.address),
    INTEGER(specimen_block, "run start", header.run_start),
    BYTES(specimen_block, "payload", payload),
};
SPECIMEN("BLOCKS", block_header, 0);

static enum reel_status
segment_decode(void *out, struct reel_cursor *c, struct reel_err *err)
{
    struct specimen_segment s;

    REEL_TRY(
        reel_segment_header_decode(&s.header, c, REEL_SEGMENT_LIMIT_MAX, err));
    s.raw = reel_get_bytes(c, s.header.stored_bytes);
    memcpy(out, &s, sizeof(s));
    return REEL_OK;
}

static enum reel_status
segment_encode(const void *in, struct reel_builder *b, struct reel_err *err)
{
    const struct specimen_segment *const s = in;
    uint8_t *const segment                 = b->buf + b->len;
    const size_t left                      = reel_builder_left(b);
    size_t len;

    REEL_TRY(reel_segment_pack(NULL, s->raw.data, s->raw.len, segment, left,
                               &len, err));
    b->len += len;
    return REEL_OK;
}
static const struct specimen_segment segment_sample = {
    .header = {.stored_bytes = 31, .raw_bytes = 31},
    .raw    = TEXT("records, not packed in any way."),
};
static const struct specimen_field segment_fields[] = {
    INTEGER(specimen_segment, "compression", header.compression),
    INTEGER(specimen_segment, "encryption", header.encryption),
    INTEGER(specimen_segment, "key", header.key),
    INTEGER(specimen_segment, "stored octets", header.stored_bytes),
    INTEGER(specimen_segment, "raw octets", header.raw_bytes),
    BYTES(specimen_segment, "stored", raw),
};
SPECIMEN("SEGMENTS", segment, 0);

static enum reel_status
record_decode(void *out, struct reel_cursor *c, struct reel_err *err)
{
    return reel_record_next(out, c, err);
}

static enum reel_status
record_encode(const void *in, struct reel_builder *b, struct reel_err *err)
{
    const struct reel_record *const r = in;
    const size_t mark                 = reel_record_open(b, r->type, r->object);

    reel_put_bytes(b, r->payload);
    reel_record_close(b, mark);
    return reel_record_fits(b, "record", err);
}
static const struct reel_record record_sample = {
    .type    = REEL_RECORD_PRIVATE | 0x0102,
    .object  = 0x1112131415161718,
    .payload = TEXT("of a private type"),
};
static const struct specimen_field record_fields[] = {
    INTEGER(reel_record, "type", type),
    INTEGER(reel_record, "octets", payload.len),
    INTEGER(reel_record, "object", object),
    BYTES(reel_record, "payload", payload),
};
SPECIMEN("RECORDS", record, 0);

const struct specimen *const specimens[] = {
    &block_header_specimen,
    &segment_specimen,
    &record_specimen,
    &volume_specimen,
    &archive_specimen,
    &source_record_specimen,
    &earlier_volume_specimen,
    &earlier_archive_specimen,
    &object_specimen,
    &xattr_specimen,
    &object_end_specimen,
    &continued_specimen,
    &stream_header_specimen,
    &stream_specimen,
    &data_specimen,
    &group_end_specimen,
    &entry_specimen,
    &checkpoint_specimen,
    &end_specimen,
};
const size_t specimen_count = COUNT(specimens);

const struct specimen *
specimen_find(const char *table)
{
    for (size_t i = 0; i < specimen_count; i++)
        if (strcmp(specimens[i]->table, table) == 0)
            return specimens[i];
    return NULL;
}

const struct specimen_field *
specimen_field_find(const struct specimen *s, const char *name)
{
    for (size_t i = 0; i < s->field_count; i++)
        if (strcmp(s->fields[i].name, name) == 0)
            return &s->fields[i];
    return NULL;
}

size_t
specimen_encode(const struct specimen *s, uint8_t buf[SPECIMEN_BYTES_MAX],
                size_t *payload)
{
    struct reel_builder b = reel_builder_init(buf, SPECIMEN_BYTES_MAX);

    *payload = s->type == 0 ? 0 : REEL_RECORD_HEADER_BYTES;
    return s->encode(s->sample, &b, NULL) == REEL_OK ? b.len : 0;
}

uint64_t
specimen_integer(const void *memory, size_t size)
{
    uint8_t v8;
    uint16_t v16;
    uint32_t v32;
    uint64_t v64;

    switch (size) {
    case 1:
        memcpy(&v8, memory, sizeof(v8));
        return v8;
    case 2:
        memcpy(&v16, memory, sizeof(v16));
        return v16;
    case 4:
        memcpy(&v32, memory, sizeof(v32));
        return v32;
    default:
        memcpy(&v64, memory, sizeof(v64));
        return v64;
    }
}
