/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2 to 9, fields as JSON for programs; policy layer. */
#include "dump_fields.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/object_end.h"

#define PART_BYTES 256U /* longest name, number or place */
#define NAMES_MAX 8U    /* lengths a record states before what they measure */

/* Lengths stated, and what they measure. */
struct lengths {
    uint32_t list[NAMES_MAX];
    size_t stated;
    size_t used;
};

void
reel_field_dump_fini(struct reel_field_dump *d)
{
    reel_free(d->text);
    d->text     = NULL;
    d->capacity = 0;
}

/* ---- the line at hand ---- */

/* Room for `more` characters and the NUL. */
static bool
make_room(struct reel_field_dump *d, size_t more)
{
    const size_t need = d->len + more + 1;
    char *text;

    if (d->no_memory || need <= d->capacity)
        return !d->no_memory;
    text = reel_realloc_array(d->text, need, 2);
    if (text == NULL) {
        d->no_memory = true;
        return false;
    }
    d->text     = text;
    d->capacity = 2 * need;
    return true;
}

static void REEL_PRINTF(2, 3)
    put(struct reel_field_dump *d, const char *fmt, ...)
{
    va_list args;
    int n;

    if (!make_room(d, PART_BYTES))
        return;
    va_start(args, fmt);
    n = vsnprintf(d->text + d->len, PART_BYTES, fmt, args);
    va_end(args);
    if (n > 0)
        d->len += (size_t)n < PART_BYTES ? (size_t)n : PART_BYTES - 1;
}

static void
put_hex(struct reel_field_dump *d, struct reel_bytes octets)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    if (octets.len > SIZE_MAX / 8 || !make_room(d, 2 * octets.len + 2)) {
        d->no_memory = true;
        return;
    }
    d->text[d->len++] = '"';
    for (i = 0; i < octets.len; i++) {
        d->text[d->len++] = digits[octets.data[i] >> 4];
        d->text[d->len++] = digits[octets.data[i] & 0xF];
    }
    d->text[d->len++] = '"';
}

/* A sentence of ours, which may quote odd characters. */
static void
put_text(struct reel_field_dump *d, const char *text)
{
    put(d, "\"");
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c < 0x20 || c > 0x7E || c == '"' || c == '\\')
            put(d, "\\u%04x", c);
        else
            put(d, "%c", c);
    }
    put(d, "\"");
}

static void
put_line(struct reel_field_dump *d)
{
    put(d, "}");
    if (d->no_memory)
        return;
    d->text[d->len] = '\0';
    d->line(d->ctx, d->text);
    d->len = 0;
}

static void
put_pos(struct reel_field_dump *d, const struct reel_pos *pos)
{
    put(d, ",\"block\":%" PRIu64 ",\"octet\":%" PRIu32, pos->block, pos->byte);
    if (pos->in_segment)
        put(d, ",\"record offset\":%" PRIu32, pos->segment_byte);
}

/* ---- fields ---- */

/* `["within.name",`, whose value and bracket the caller puts behind it. */
static void
begin_field(struct reel_field_dump *d, const char *within,
            const struct reel_field *f)
{
    put(d, "%s[\"%s%s%s\",", d->text[d->len - 1] == '[' ? "" : ",", within,
        *within != '\0' ? "." : "", f->name);
}

static void
put_length(struct reel_field_dump *d, uint32_t value, struct lengths *l)
{
    put(d, "%" PRIu32, value);
    if (l->stated < NAMES_MAX)
        l->list[l->stated++] = value;
}

static void
put_run(struct reel_field_dump *d, const struct reel_field *f,
        struct reel_cursor *c, struct lengths *l)
{
    size_t len = f->size;

    if (len == 0)
        len = l->used < l->stated ? l->list[l->used++] : 0;
    put_hex(d, reel_get_bytes(c, len));
}

static void
put_octets(struct reel_field_dump *d, struct reel_cursor *c)
{
    const struct reel_bytes octets = reel_get_bytes(c, reel_cursor_left(c));

    if (d->octets)
        put_hex(d, octets);
    else
        put(d, "{\"octets\":%zu}", octets.len);
}

static void
put_value(struct reel_field_dump *d, const struct reel_field *f,
          struct reel_cursor *c, struct lengths *l)
{
    switch (f->kind) {
    case REEL_FIELD_U8:
        put(d, "%u", reel_get_u8(c));
        break;
    case REEL_FIELD_U16:
        put(d, "%u", reel_get_le16(c));
        break;
    case REEL_FIELD_U32:
        put(d, "%" PRIu32, reel_get_le32(c));
        break;
    case REEL_FIELD_U64:
        put(d, "%" PRIu64, reel_get_le64(c));
        break;
    case REEL_FIELD_I32:
        put(d, "%" PRId32, reel_get_le32s(c));
        break;
    case REEL_FIELD_I64:
        put(d, "%" PRId64, reel_get_le64s(c));
        break;
    case REEL_FIELD_LENGTH16:
        put_length(d, reel_get_le16(c), l);
        break;
    case REEL_FIELD_LENGTH32:
        put_length(d, reel_get_le32(c), l);
        break;
    case REEL_FIELD_OCTETS:
        put_octets(d, c);
        break;
    default:
        put_run(d, f, c, l);
        break;
    }
}

/* A table without tables in it. */
static void
put_simple(struct reel_field_dump *d, const char *within,
           const struct reel_field *f, struct reel_cursor *c)
{
    struct lengths l = {.stated = 0};

    for (; f->name != NULL && c->ok && !d->no_memory; f++) {
        begin_field(d, within, f);
        put_value(d, f, c, &l);
        put(d, "]");
    }
}

static void
put_table(struct reel_field_dump *d, const struct reel_field *f,
          struct reel_cursor *c)
{
    struct lengths l = {.stated = 0};

    for (; f->name != NULL && c->ok && !d->no_memory; f++) {
        switch (f->kind) {
        case REEL_FIELD_PLACE:
            put_simple(d, f->name, reel_dump_place, c);
            break;
        case REEL_FIELD_STREAM:
            put_simple(d, f->name, reel_dump_stream_header, c);
            break;
        case REEL_FIELD_RANGES:
            while (reel_cursor_left(c) >= REEL_BAD_RANGE_BYTES)
                put_simple(d, f->name, reel_dump_bad_range, c);
            break;
        default:
            begin_field(d, "", f);
            put_value(d, f, c, &l);
            put(d, "]");
            break;
        }
    }
}

/* ---- structures ---- */

static void
dump_table(struct reel_field_dump *d, const char *structure,
           const struct reel_field *table, struct reel_cursor *c)
{
    const struct reel_pos pos = reel_cursor_pos(c);

    put(d, "{\"type\":\"fields\",\"structure\":\"%s\"", structure);
    put_pos(d, &pos);
    put(d, ",\"fields\":[");
    if (!d->no_memory)
        put_table(d, table, c);
    put(d, "]");
    put_line(d);
}

void
reel_field_dump_structure(struct reel_field_dump *d, const char *structure,
                          const struct reel_field *table,
                          struct reel_bytes data, const struct reel_pos *pos)
{
    struct reel_cursor c = reel_cursor_init(data.data, data.len, pos);

    dump_table(d, structure, table, &c);
}

void
reel_field_dump_record(struct reel_field_dump *d, const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_err why;

    reel_field_dump_structure(d, "RECORD", reel_dump_record_header, r->whole,
                              &r->pos);
    dump_table(d, reel_record_type_name(r->type),
               reel_dump_record_fields(r->type), &c);
    if (reel_record_exact(&c, reel_record_type_name(r->type), &why) != REEL_OK)
        reel_field_dump_damage(d, &why);
}

void
reel_field_dump_event(struct reel_field_dump *d, const char *type,
                      const char *key, uint64_t value)
{
    put(d, "{\"type\":\"%s\",\"%s\":%" PRIu64, type, key, value);
    put_line(d);
}

void
reel_field_dump_damage(struct reel_field_dump *d, const struct reel_err *why)
{
    put(d, "{\"type\":\"damage\"");
    put_pos(d, &why->pos);
    put(d, ",\"status\":\"%s\",\"text\":", reel_status_name(why->status));
    put_text(d, why->text);
    if (why->rule != NULL)
        put(d, ",\"rule\":\"%s\"", why->rule);
    put_line(d);
}
