/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2 and 5 to 9, the tables of all records, as data: what dump
   shows does not pass through the decoders. Policy layer. */
#include "dump_record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reel/entry.h"
#include "reel/object_end.h"
#include "reel/stream.h"

#define LINE_BYTES 400U
#define TEXT_BYTES_MAX 96U /* of a text in one line */
#define NAMES_MAX 8U /* lengths a record states before what they measure */

enum field_kind {
    FIELD_U8 = 1,
    FIELD_U16,
    FIELD_U32,
    FIELD_U64,
    FIELD_I32,
    FIELD_I64,
    FIELD_HEX,      /* `size` octets */
    FIELD_TEXT,     /* `size` octets, or as many as the next stated length */
    FIELD_PLACE,    /* 9.1 */
    FIELD_LENGTH16, /* a u16 that measures a text, in order */
    FIELD_LENGTH32,
    FIELD_OCTETS, /* all that is left, as content */
    FIELD_RANGES, /* all that is left, as bad ranges */
    FIELD_STREAM  /* a stream header */
};

struct field {
    enum field_kind kind;
    const char *name;
    uint8_t size;
};

/* In the order of the tables; texts stand in the order of their lengths. */
static const struct field volume[] = {
    {FIELD_U32, "volume", 0},        {FIELD_U32, "block octets", 0},
    {FIELD_HEX, "set id", 16},       {FIELD_I64, "created s", 0},
    {FIELD_U32, "created ns", 0},    {FIELD_U32, "label octets", 0},
    {FIELD_U64, "leader octets", 0}, {FIELD_HEX, "digest", 32},
    {FIELD_TEXT, "volume id", 6},    {FIELD_U16, "edition", 0},
    {FIELD_LENGTH16, "n", 0},        {FIELD_LENGTH16, "m", 0},
    {FIELD_U32, "zero", 0},          {FIELD_TEXT, "set name", 0},
    {FIELD_TEXT, "software", 0},     {0, NULL, 0}};
static const struct field archive[]         = {{FIELD_U16, "edition", 0},
                                               {FIELD_U8, "source", 0},
                                               {FIELD_U8, "compression", 0},
                                               {FIELD_U32, "segment limit", 0},
                                               {FIELD_I64, "created s", 0},
                                               {FIELD_U32, "created ns", 0},
                                               {FIELD_U32, "archive", 0},
                                               {FIELD_I32, "level", 0},
                                               {FIELD_U32, "previous archive", 0},
                                               {FIELD_U32, "previous volume", 0},
                                               {FIELD_U32, "zero", 0},
                                               {FIELD_U64, "previous sequence", 0},
                                               {FIELD_U64, "previous address", 0},
                                               {FIELD_U32, "zero", 0},
                                               {FIELD_LENGTH16, "a", 0},
                                               {FIELD_LENGTH16, "b", 0},
                                               {FIELD_LENGTH16, "c", 0},
                                               {FIELD_LENGTH16, "d", 0},
                                               {FIELD_LENGTH16, "e", 0},
                                               {FIELD_LENGTH16, "f", 0},
                                               {FIELD_U8, "base encoding", 0},
                                               {FIELD_HEX, "zero", 7},
                                               {FIELD_TEXT, "name", 0},
                                               {FIELD_TEXT, "host", 0},
                                               {FIELD_TEXT, "system", 0},
                                               {FIELD_TEXT, "software", 0},
                                               {FIELD_TEXT, "options", 0},
                                               {FIELD_TEXT, "base", 0},
                                               {0, NULL, 0}};
static const struct field source[]          = {{FIELD_U8, "role", 0},
                                               {FIELD_U8, "encoding", 0},
                                               {FIELD_LENGTH16, "n", 0},
                                               {FIELD_TEXT, "text", 0},
                                               {0, NULL, 0}};
static const struct field earlier_volume[]  = {{FIELD_U32, "volume", 0},
                                               {FIELD_TEXT, "volume id", 6},
                                               {FIELD_U16, "zero", 0},
                                               {0, NULL, 0}};
static const struct field earlier_archive[] = {{FIELD_U32, "archive", 0},
                                               {FIELD_U32, "state", 0},
                                               {FIELD_U32, "volume", 0},
                                               {FIELD_U32, "zero", 0},
                                               {FIELD_U64, "sequence", 0},
                                               {FIELD_U64, "address", 0},
                                               {FIELD_I64, "created s", 0},
                                               {FIELD_U32, "created ns", 0},
                                               {FIELD_LENGTH16, "n", 0},
                                               {FIELD_U16, "zero", 0},
                                               {FIELD_U64, "objects", 0},
                                               {FIELD_U64, "stream octets", 0},
                                               {FIELD_HEX, "fingerprint", 32},
                                               {FIELD_TEXT, "name", 0},
                                               {0, NULL, 0}};
static const struct field object[]          = {{FIELD_U8, "kind", 0},
                                               {FIELD_U8, "encoding", 0},
                                               {FIELD_U16, "facts", 0},
                                               {FIELD_U32, "attributes", 0},
                                               {FIELD_U64, "size", 0},
                                               {FIELD_U64, "target", 0},
                                               {FIELD_U32, "link count", 0},
                                               {FIELD_U32, "mode", 0},
                                               {FIELD_U32, "uid", 0},
                                               {FIELD_U32, "gid", 0},
                                               {FIELD_U32, "major", 0},
                                               {FIELD_U32, "minor", 0},
                                               {FIELD_I64, "birth s", 0},
                                               {FIELD_I64, "modified s", 0},
                                               {FIELD_I64, "accessed s", 0},
                                               {FIELD_I64, "changed s", 0},
                                               {FIELD_U32, "birth ns", 0},
                                               {FIELD_U32, "modified ns", 0},
                                               {FIELD_U32, "accessed ns", 0},
                                               {FIELD_U32, "changed ns", 0},
                                               {FIELD_U64, "file system", 0},
                                               {FIELD_HEX, "file id", 16},
                                               {FIELD_LENGTH16, "n", 0},
                                               {FIELD_LENGTH16, "u", 0},
                                               {FIELD_LENGTH16, "g", 0},
                                               {FIELD_LENGTH16, "s", 0},
                                               {FIELD_TEXT, "path", 0},
                                               {FIELD_TEXT, "user", 0},
                                               {FIELD_TEXT, "group", 0},
                                               {FIELD_TEXT, "short name", 0},
                                               {0, NULL, 0}};
static const struct field xattr[]           = {
              {FIELD_LENGTH16, "n", 0}, {FIELD_U16, "zero", 0},
              {FIELD_LENGTH32, "m", 0}, {FIELD_TEXT, "name", 0},
              {FIELD_TEXT, "value", 0}, {0, NULL, 0}};
static const struct field object_end[] = {
    {FIELD_U32, "streams", 0},       {FIELD_U32, "groups", 0},
    {FIELD_U32, "xattrs", 0},        {FIELD_U32, "flags", 0},
    {FIELD_U64, "stream octets", 0}, {FIELD_U32, "bad ranges", 0},
    {FIELD_U32, "zero", 0},          {FIELD_HEX, "xattr digest", 32},
    {FIELD_RANGES, "bad range", 0},  {0, NULL, 0}};
static const struct field continued[] = {{FIELD_U8, "kind", 0},
                                         {FIELD_U8, "encoding", 0},
                                         {FIELD_LENGTH16, "n", 0},
                                         {FIELD_U32, "group ordinal", 0},
                                         {FIELD_U32, "stream ordinal", 0},
                                         {FIELD_LENGTH16, "g", 0},
                                         {FIELD_LENGTH16, "s", 0},
                                         {FIELD_U64, "stream offset", 0},
                                         {FIELD_TEXT, "path", 0},
                                         {FIELD_TEXT, "group header", 0},
                                         {FIELD_TEXT, "stream header", 0},
                                         {0, NULL, 0}};
static const struct field stream[]    = {
       {FIELD_U32, "ordinal", 0}, {FIELD_STREAM, "header", 0}, {0, NULL, 0}};
static const struct field data[] = {
    {FIELD_U32, "ordinal", 0},       {FIELD_U32, "zero", 0},
    {FIELD_U64, "stream offset", 0}, {FIELD_U64, "sparse offset", 0},
    {FIELD_OCTETS, "octets", 0},     {0, NULL, 0}};
static const struct field group_end[] = {{FIELD_U32, "first ordinal", 0},
                                         {FIELD_U32, "streams", 0},
                                         {FIELD_U32, "stream id", 0},
                                         {FIELD_U32, "attributes", 0},
                                         {FIELD_U32, "flags", 0},
                                         {FIELD_LENGTH32, "n", 0},
                                         {FIELD_U64, "body octets", 0},
                                         {FIELD_U64, "content octets", 0},
                                         {FIELD_U64, "allocated", 0},
                                         {FIELD_HEX, "stream digest", 32},
                                         {FIELD_HEX, "content digest", 32},
                                         {FIELD_TEXT, "name", 0},
                                         {0, NULL, 0}};
static const struct field entry[]     = {
        {FIELD_U32, "flags", 0},   {FIELD_U32, "zero", 0},
        {FIELD_PLACE, "begin", 0}, {FIELD_PLACE, "end", 0},
        {FIELD_PLACE, "data", 0},  {0, NULL, 0}};
static const struct field checkpoint[] = {{FIELD_U32, "number", 0},
                                          {FIELD_U32, "zero", 0},
                                          {FIELD_U64, "next object", 0},
                                          {FIELD_U64, "objects", 0},
                                          {FIELD_U64, "torn", 0},
                                          {FIELD_U64, "stream octets", 0},
                                          {FIELD_U64, "slice records", 0},
                                          {FIELD_U64, "slice octets", 0},
                                          {FIELD_U32, "slice volume", 0},
                                          {FIELD_U32, "zero", 0},
                                          {FIELD_U64, "slice sequence", 0},
                                          {FIELD_U64, "slice address", 0},
                                          {FIELD_U32, "previous number", 0},
                                          {FIELD_U32, "previous volume", 0},
                                          {FIELD_U64, "previous sequence", 0},
                                          {FIELD_U64, "previous address", 0},
                                          {FIELD_HEX, "slice digest", 32},
                                          {0, NULL, 0}};
static const struct field end[]        = {{FIELD_U16, "edition", 0},
                                          {FIELD_U8, "source", 0},
                                          {FIELD_U8, "compression", 0},
                                          {FIELD_U32, "segment limit", 0},
                                          {FIELD_I64, "created s", 0},
                                          {FIELD_U32, "created ns", 0},
                                          {FIELD_U32, "archive", 0},
                                          {FIELD_U64, "objects", 0},
                                          {FIELD_U64, "torn", 0},
                                          {FIELD_U64, "flawed", 0},
                                          {FIELD_U64, "stream octets", 0},
                                          {FIELD_U64, "catalog octets", 0},
                                          {FIELD_U64, "catalog records", 0},
                                          {FIELD_U32, "catalog volume", 0},
                                          {FIELD_U32, "zero", 0},
                                          {FIELD_U64, "catalog sequence", 0},
                                          {FIELD_U64, "catalog address", 0},
                                          {FIELD_U32, "previous archive", 0},
                                          {FIELD_U32, "previous volume", 0},
                                          {FIELD_U64, "previous sequence", 0},
                                          {FIELD_U64, "previous address", 0},
                                          {FIELD_U32, "checkpoint", 0},
                                          {FIELD_U32, "checkpoint volume", 0},
                                          {FIELD_U64, "checkpoint sequence", 0},
                                          {FIELD_U64, "checkpoint address", 0},
                                          {FIELD_HEX, "catalog digest", 32},
                                          {FIELD_HEX, "fingerprint", 32},
                                          {FIELD_LENGTH16, "n", 0},
                                          {FIELD_LENGTH16, "m", 0},
                                          {FIELD_U32, "zero", 0},
                                          {FIELD_TEXT, "name", 0},
                                          {FIELD_TEXT, "host", 0},
                                          {0, NULL, 0}};
static const struct field unknown[]    = {{FIELD_OCTETS, "payload", 0},
                                          {0, NULL, 0}};

static const struct field *
fields_of(uint16_t type)
{
    switch (type) {
    case REEL_RECORD_VOLUME:
        return volume;
    case REEL_RECORD_ARCHIVE:
        return archive;
    case REEL_RECORD_SOURCE:
        return source;
    case REEL_RECORD_EARLIER_VOLUME:
        return earlier_volume;
    case REEL_RECORD_EARLIER_ARCHIVE:
        return earlier_archive;
    case REEL_RECORD_OBJECT:
        return object;
    case REEL_RECORD_XATTR:
        return xattr;
    case REEL_RECORD_STREAM:
        return stream;
    case REEL_RECORD_DATA:
        return data;
    case REEL_RECORD_GROUP_END:
        return group_end;
    case REEL_RECORD_OBJECT_END:
        return object_end;
    case REEL_RECORD_CONTINUED:
        return continued;
    case REEL_RECORD_ENTRY:
        return entry;
    case REEL_RECORD_CHECKPOINT:
        return checkpoint;
    case REEL_RECORD_END:
        return end;
    default:
        return unknown;
    }
}

void
reel_dump_say(const struct reel_dumper *d, const char *fmt, ...)
{
    char line[LINE_BYTES];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    d->line(d->ctx, line);
}

/* Sixteen octets to a line. */
static void
say_hex(const struct reel_dumper *d, struct reel_bytes octets)
{
    char line[3 * 16 + 1];
    size_t at;

    for (at = 0; at < octets.len; at += 16) {
        size_t n = 0;
        size_t i;

        for (i = at; i < octets.len && i < at + 16; i++)
            n += (size_t)snprintf(line + n, sizeof(line) - n, " %02x",
                                  octets.data[i]);
        reel_dump_say(d, "          %6zu %s", at, line);
    }
}

void
reel_dump_text(const struct reel_dumper *d, const char *name,
               struct reel_bytes text)
{
    char shown[3 * TEXT_BYTES_MAX + 4];
    size_t n = 0;
    size_t i;

    for (i = 0; i < text.len && i < TEXT_BYTES_MAX; i++) {
        const uint8_t c = text.data[i];

        if (c >= 0x20 && c < 0x7F && c != '\\')
            shown[n++] = (char)c;
        else
            n += (size_t)snprintf(shown + n, sizeof(shown) - n, "\\%02x", c);
    }
    shown[n] = '\0';
    reel_dump_say(d, "        %s: \"%s\"%s", name, shown,
                  i < text.len ? "..." : "");
    if (i < text.len && d->octets)
        say_hex(d, text);
}

/* Lengths stated, and what they measure. */
struct lengths {
    uint32_t list[NAMES_MAX];
    size_t stated;
    size_t used;
};

static void
state_length(struct lengths *l, uint32_t len)
{
    if (l->stated < NAMES_MAX)
        l->list[l->stated++] = len;
}

static void
say_fixed_hex(const struct reel_dumper *d, const char *name,
              struct reel_bytes octets)
{
    char hex[2 * 32 + 1] = "";
    size_t i;

    for (i = 0; i < octets.len && i < 32; i++)
        (void)snprintf(hex + 2 * i, sizeof(hex) - 2 * i, "%02x",
                       octets.data[i]);
    reel_dump_say(d, "        %s: %s", name, hex);
}

static void
say_place(const struct reel_dumper *d, const char *name, struct reel_cursor *c)
{
    struct reel_place p;

    reel_place_get(&p, c);
    reel_dump_say(d,
                  "        %s: volume %" PRIu32 " sequence %" PRIu64
                  " address %" PRIu64 " payload offset %" PRIu32
                  " record offset %" PRIu32,
                  name, p.volume, p.sequence, p.address, p.payload_offset,
                  p.record_offset);
}

static void
say_ranges(const struct reel_dumper *d, const char *name, struct reel_cursor *c)
{
    while (reel_cursor_left(c) >= REEL_BAD_RANGE_BYTES) {
        const uint32_t ordinal = reel_get_le32(c);
        const uint32_t reason  = reel_get_le32(c);
        const uint64_t offset  = reel_get_le64(c);
        const uint64_t len     = reel_get_le64(c);

        reel_dump_say(d,
                      "        %s: ordinal %" PRIu32 " reason %" PRIu32
                      " offset %" PRIu64 " length %" PRIu64,
                      name, ordinal, reason, offset, len);
    }
}

static void
say_stream(const struct reel_dumper *d, struct reel_cursor *c)
{
    const uint32_t id         = reel_get_le32(c);
    const uint32_t attributes = reel_get_le32(c);
    const uint64_t size       = reel_get_le64(c);
    const uint32_t len        = reel_get_le32(c);

    reel_dump_say(d, "        stream id: %" PRIu32 " %s", id,
                  reel_stream_id_name(id));
    reel_dump_say(d, "        attributes: 0x%" PRIx32, attributes);
    reel_dump_say(d, "        Size: %" PRIu64, size);
    reel_dump_text(d, "name", reel_get_bytes(c, len));
}

static void
say_octets(const struct reel_dumper *d, const char *name, struct reel_cursor *c)
{
    const struct reel_bytes octets = reel_get_bytes(c, reel_cursor_left(c));

    reel_dump_say(d, "        %s: %zu", name, octets.len);
    if (d->octets)
        say_hex(d, octets);
}

static void
say_length(const struct reel_dumper *d, const char *name, uint32_t value,
           struct lengths *l)
{
    reel_dump_say(d, "        %s: %" PRIu32, name, value);
    state_length(l, value);
}

static void
say_text(const struct reel_dumper *d, const struct field *f,
         struct reel_cursor *c, struct lengths *l)
{
    size_t len = f->size;

    if (len == 0)
        len = l->used < l->stated ? l->list[l->used++] : 0;
    reel_dump_text(d, f->name, reel_get_bytes(c, len));
}

static void
say_number(const struct reel_dumper *d, const struct field *f,
           struct reel_cursor *c)
{
    switch (f->kind) {
    case FIELD_U8:
        reel_dump_say(d, "        %s: %u", f->name, reel_get_u8(c));
        break;
    case FIELD_U16:
        reel_dump_say(d, "        %s: %u", f->name, reel_get_le16(c));
        break;
    case FIELD_U32:
        reel_dump_say(d, "        %s: %" PRIu32, f->name, reel_get_le32(c));
        break;
    case FIELD_U64:
        reel_dump_say(d, "        %s: %" PRIu64, f->name, reel_get_le64(c));
        break;
    case FIELD_I32:
        reel_dump_say(d, "        %s: %" PRId32, f->name, reel_get_le32s(c));
        break;
    default:
        reel_dump_say(d, "        %s: %" PRId64, f->name, reel_get_le64s(c));
        break;
    }
}

static void
say_field(const struct reel_dumper *d, const struct field *f,
          struct reel_cursor *c, struct lengths *l)
{
    switch (f->kind) {
    case FIELD_HEX:
        say_fixed_hex(d, f->name, reel_get_bytes(c, f->size));
        break;
    case FIELD_TEXT:
        say_text(d, f, c, l);
        break;
    case FIELD_PLACE:
        say_place(d, f->name, c);
        break;
    case FIELD_LENGTH16:
        say_length(d, f->name, reel_get_le16(c), l);
        break;
    case FIELD_LENGTH32:
        say_length(d, f->name, reel_get_le32(c), l);
        break;
    case FIELD_OCTETS:
        say_octets(d, f->name, c);
        break;
    case FIELD_RANGES:
        say_ranges(d, f->name, c);
        break;
    case FIELD_STREAM:
        say_stream(d, c);
        break;
    default:
        say_number(d, f, c);
        break;
    }
}

void
reel_dump_record(const struct reel_dumper *d, const struct reel_record *r)
{
    const struct field *f = fields_of(r->type);
    struct reel_cursor c  = reel_record_cursor(r);
    struct lengths l      = {.stated = 0};

    reel_dump_say(d,
                  "      record at %" PRIu32 ": type 0x%04x %s object %" PRIu64
                  " octets %zu",
                  r->pos.segment_byte, r->type, reel_record_type_name(r->type),
                  r->object, r->payload.len);
    for (; f->name != NULL && c.ok; f++)
        say_field(d, f, &c, &l);
    if (!c.ok)
        reel_dump_say(d, "        DAMAGED: the record is shorter than its "
                         "fields (R-6)");
    else if (reel_cursor_left(&c) > 0)
        reel_dump_say(d, "        DAMAGED: %zu octets are left over (R-6)",
                      reel_cursor_left(&c));
}
