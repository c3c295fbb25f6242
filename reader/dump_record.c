/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2 and 5 to 9, records as text for people; policy layer. */
#include "dump_record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dump_tables.h"
#include "reel/entry.h"
#include "reel/object_end.h"
#include "reel/stream.h"

#define LINE_BYTES 400U
#define TEXT_BYTES_MAX 96U /* of a text in one line */
#define NAMES_MAX 8U /* lengths a record states before what they measure */

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
say_text(const struct reel_dumper *d, const struct reel_field *f,
         struct reel_cursor *c, struct lengths *l)
{
    size_t len = f->size;

    if (len == 0)
        len = l->used < l->stated ? l->list[l->used++] : 0;
    reel_dump_text(d, f->name, reel_get_bytes(c, len));
}

static void
say_number(const struct reel_dumper *d, const struct reel_field *f,
           struct reel_cursor *c)
{
    switch (f->kind) {
    case REEL_FIELD_U8:
        reel_dump_say(d, "        %s: %u", f->name, reel_get_u8(c));
        break;
    case REEL_FIELD_U16:
        reel_dump_say(d, "        %s: %u", f->name, reel_get_le16(c));
        break;
    case REEL_FIELD_U32:
        reel_dump_say(d, "        %s: %" PRIu32, f->name, reel_get_le32(c));
        break;
    case REEL_FIELD_U64:
        reel_dump_say(d, "        %s: %" PRIu64, f->name, reel_get_le64(c));
        break;
    case REEL_FIELD_I32:
        reel_dump_say(d, "        %s: %" PRId32, f->name, reel_get_le32s(c));
        break;
    default:
        reel_dump_say(d, "        %s: %" PRId64, f->name, reel_get_le64s(c));
        break;
    }
}

static void
say_field(const struct reel_dumper *d, const struct reel_field *f,
          struct reel_cursor *c, struct lengths *l)
{
    switch (f->kind) {
    case REEL_FIELD_HEX:
        say_fixed_hex(d, f->name, reel_get_bytes(c, f->size));
        break;
    case REEL_FIELD_TEXT:
        say_text(d, f, c, l);
        break;
    case REEL_FIELD_PLACE:
        say_place(d, f->name, c);
        break;
    case REEL_FIELD_LENGTH16:
        say_length(d, f->name, reel_get_le16(c), l);
        break;
    case REEL_FIELD_LENGTH32:
        say_length(d, f->name, reel_get_le32(c), l);
        break;
    case REEL_FIELD_OCTETS:
        say_octets(d, f->name, c);
        break;
    case REEL_FIELD_RANGES:
        say_ranges(d, f->name, c);
        break;
    case REEL_FIELD_STREAM:
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
    const struct reel_field *f = reel_dump_record_fields(r->type);
    struct reel_cursor c       = reel_record_cursor(r);
    struct lengths l           = {.stated = 0};

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
