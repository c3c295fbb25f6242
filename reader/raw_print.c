/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 6, the facts of an object as JSON in the form of reel/raw.h;
   policy layer. */
#include "raw_print.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/object_end.h"
#include "reel/raw.h"
#include "reel/text.h"
#include "reel/wtf8.h"

#define CAPACITY_MIN 4096U

void
reel_raw_print_fini(struct reel_raw_print *p)
{
    reel_free(p->text);
    memset(p, 0, sizeof(*p));
}

/* ---- text ---- */

static bool
reserve(struct reel_raw_print *p, size_t more)
{
    size_t capacity = p->capacity < CAPACITY_MIN ? CAPACITY_MIN : p->capacity;
    char *text;

    if (more > REEL_RAW_TEXT_BYTES_MAX - p->len)
        p->too_long = true;
    if (p->failed || p->too_long)
        return false;
    if (more <= p->capacity - p->len)
        return true;
    while (capacity - p->len < more && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    text = capacity - p->len < more ? NULL
                                    : reel_realloc_array(p->text, capacity, 1);
    if (text == NULL) {
        p->failed = true;
        return false;
    }
    p->text     = text;
    p->capacity = capacity;
    return true;
}

static void
put(struct reel_raw_print *p, const void *text, size_t len)
{
    if (len == 0 || !reserve(p, len))
        return;
    memcpy(p->text + p->len, text, len);
    p->len += len;
}

static void
put_text(struct reel_raw_print *p, const char *text)
{
    put(p, text, strlen(text));
}

/* At most 159 octets. */
static void REEL_PRINTF(2, 3)
    put_format(struct reel_raw_print *p, const char *fmt, ...)
{
    char line[160];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    put_text(p, line);
}

/* A code point that is neither a control character nor a surrogate. */
static void
put_point(struct reel_raw_print *p, uint32_t point)
{
    uint8_t octets[REEL_WTF8_POINT_BYTES_MAX];
    const size_t len = reel_wtf8_put(octets, point);

    if (point == '"' || point == '\\')
        put_text(p, "\\");
    put(p, octets, len);
}

#define REPLACEMENT 0xFFFDU

/* Units of 16 bits. False: the text does not say them. */
static bool
put_units(struct reel_raw_print *p, struct reel_bytes units)
{
    bool exact     = true;
    uint32_t point = 0;
    size_t off;
    size_t n;

    for (off = 0; off < units.len; off += n) {
        n = reel_wtf8_get_units(units, off, &point);
        if (n == 0)
            break; /* an odd octet; O-10 and N-3 do not allow it */
        if (point < 0x20 || point == 0x7F ||
            (point >= 0xD800 && point < 0xE000)) {
            exact = false;
            point = REPLACEMENT;
        }
        put_point(p, point);
    }
    return exact;
}

/* Octets that ought to be UTF-8. False: the text does not say them. */
static bool
put_octets(struct reel_raw_print *p, struct reel_bytes octets)
{
    const bool exact = reel_text_legal(octets);
    size_t i;

    for (i = 0; i < octets.len; i++) {
        const uint8_t c = octets.data[i];

        if (!exact && (c >= 0x7F || c < 0x20))
            put_point(p, REPLACEMENT);
        else if (c < 0x80)
            put_point(p, c);
        else
            put(p, &c, 1);
    }
    return exact;
}

/* ---- members ---- */

static void
put_hex(struct reel_raw_print *p, const char *key, const char *suffix,
        struct reel_bytes octets)
{
    size_t i;

    put_format(p, "\"%s%s\": \"", key, suffix);
    for (i = 0; i < octets.len; i++)
        put_format(p, "%02x", octets.data[i]);
    put_text(p, "\"");
}

static void
put_name(struct reel_raw_print *p, const char *key, uint8_t encoding,
         struct reel_bytes name)
{
    bool exact;

    put_format(p, "\"%s\": \"", key);
    exact = encoding == REEL_ENCODING_UTF16 ? put_units(p, name)
                                            : put_octets(p, name);
    put_text(p, "\"");
    if (exact)
        return;
    put_text(p, ", ");
    put_hex(p, key, "_hex", name);
}

#define NEXT ",\n  "

static void
next_name(struct reel_raw_print *p, const char *key, uint8_t encoding,
          struct reel_bytes name)
{
    if (name.len == 0)
        return;
    put_text(p, NEXT);
    put_name(p, key, encoding, name);
}

static void
next_time(struct reel_raw_print *p, const struct reel_object *o, uint16_t fact,
          const char *key, const struct reel_time *t)
{
    if ((o->facts & fact) != 0)
        put_format(p,
                   NEXT "\"%s\": {\"s\": \"%" PRId64 "\", \"ns\": %" PRIu32 "}",
                   key, t->s, t->ns);
}

static void
put_windows(struct reel_raw_print *p, const struct reel_object *o)
{
    const struct reel_bytes id = {o->file_id, sizeof(o->file_id)};

    if ((o->facts & REEL_FACT_ATTRIBUTES) != 0)
        put_format(p, NEXT "\"attributes\": %" PRIu32, o->attributes);
    next_name(p, "short_name", REEL_ENCODING_UTF16, o->short_name);
    if ((o->facts & REEL_FACT_CASE) != 0)
        put_text(p, NEXT "\"case_sensitive\": true");
    next_time(p, o, REEL_FACT_BIRTH, "birth", &o->birth);
    next_time(p, o, REEL_FACT_MODIFIED, "modified", &o->modified);
    next_time(p, o, REEL_FACT_ACCESSED, "accessed", &o->accessed);
    next_time(p, o, REEL_FACT_CHANGED, "changed", &o->changed);
    if ((o->facts & REEL_FACT_FILE_ID) == 0)
        return;
    put_format(p, NEXT "\"file_system\": \"%" PRIu64 "\"" NEXT, o->file_system);
    put_hex(p, "file_id", "", id);
}

static void
put_posix(struct reel_raw_print *p, const struct reel_object *o)
{
    if ((o->facts & REEL_FACT_POSIX) != 0)
        put_format(p,
                   NEXT "\"mode\": %" PRIu32 NEXT "\"uid\": %" PRIu32 NEXT
                        "\"gid\": %" PRIu32,
                   o->mode, o->uid, o->gid);
    next_name(p, "user", REEL_ENCODING_POSIX, o->user);
    next_name(p, "group", REEL_ENCODING_POSIX, o->group);
    if ((o->facts & REEL_FACT_DEVICE) != 0)
        put_format(p, NEXT "\"major\": %" PRIu32 NEXT "\"minor\": %" PRIu32,
                   o->major, o->minor);
}

void
reel_raw_print_object(struct reel_raw_print *p, const struct reel_object *o)
{
    p->len    = 0;
    p->failed = p->too_long = false;
    p->xattrs               = false;
    put_format(p,
               "{\n  \"raw\": %d" NEXT "\"kind\": \"%s\"" NEXT
               "\"encoding\": \"%s\"" NEXT,
               REEL_RAW_FORM, reel_object_kind_name(o->kind),
               o->encoding == REEL_ENCODING_UTF16 ? "utf-16" : "octets");
    put_name(p, "path", o->encoding, o->path);
    if (o->size != 0)
        put_format(p, NEXT "\"size\": \"%" PRIu64 "\"", o->size);
    if (o->kind == REEL_KIND_LINK)
        put_format(p, NEXT "\"target\": \"%" PRIu64 "\"", o->target);
    if ((o->facts & REEL_FACT_OUTSIDE) != 0)
        put_text(p, NEXT "\"outside\": true");
    if (o->link_count != 0)
        put_format(p, NEXT "\"links\": %" PRIu32, o->link_count);
    put_windows(p, o);
    put_posix(p, o);
}

void
reel_raw_print_xattr(struct reel_raw_print *p, const struct reel_xattr *x)
{
    if (p->failed || p->too_long)
        return;
    put_text(p, p->xattrs ? ",\n    {" : NEXT "\"xattrs\": [\n    {");
    p->xattrs = true;
    put_name(p, "name", REEL_ENCODING_POSIX, x->name);
    put_text(p, ", ");
    put_hex(p, "value", "_hex", x->value);
    put_text(p, "}");
}

void
reel_raw_print_end(struct reel_raw_print *p, uint32_t flags)
{
    if (p->xattrs)
        put_text(p, "]");
    if ((flags & REEL_OBJECT_CHANGED) != 0)
        put_text(p, NEXT "\"changed_while_read\": true");
    if ((flags & REEL_OBJECT_GREW) != 0)
        put_text(p, NEXT "\"grew\": true");
    put_text(p, "\n}\n");
}
