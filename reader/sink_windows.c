/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.5, what Windows knows put into terms of POSIX; policy layer. */
#include <string.h>

#include "reel/builder.h"
#include "reel/reparse.h"
#include "reel/wtf8.h"
#include "sink_windows.h"

#define EPOCH_S INT64_C(11644473600) /* from 1601 to 1970 */
#define TICKS INT64_C(10000000)      /* of 100 ns in a second */

bool
reel_sink_windows_may_turn(const struct reel_object *o)
{
    if (o->encoding != REEL_ENCODING_UTF16 || o->size != 0)
        return false;
    if (o->kind == REEL_KIND_FILE && (o->facts & REEL_FACT_ATTRIBUTES) == 0)
        return true;
    return (o->kind == REEL_KIND_FILE || o->kind == REEL_KIND_DIRECTORY) &&
           (o->attributes & REEL_WINDOWS_REPARSE_POINT) != 0;
}

/* Keep a target that is octets already. */
static enum reel_sink_reparse_verdict
take_target(struct reel_sink_reparse *out, struct reel_bytes target)
{
    out->target_len = target.len;
    if (target.len >= sizeof(out->target) ||
        (out->kind == REEL_KIND_SYMLINK && target.len == 0))
        return REEL_SINK_REPARSE_LENGTH;
    if (target.len > 0)
        memcpy(out->target, target.data, target.len);
    out->target[target.len] = '\0';
    return REEL_SINK_REPARSE_FINE;
}

/* A target of units, which holds no zero. */
static enum reel_sink_reparse_verdict
take_units(struct reel_sink_reparse *out, struct reel_bytes units)
{
    uint8_t octets[REEL_WTF8_BYTES_MAX(UINT16_MAX)];
    const struct reel_bytes target = {octets,
                                      reel_wtf8_from_units(octets, units)};

    if (target.len > 0 && memchr(octets, 0, target.len) != NULL)
        return REEL_SINK_REPARSE_FOREIGN;
    return take_target(out, target);
}

static bool
begins_with_backslash(struct reel_bytes units)
{
    return units.len >= 2 && units.data[0] == '\\' && units.data[1] == 0;
}

static enum reel_sink_reparse_verdict
read_names(struct reel_sink_reparse *out, struct reel_bytes body)
{
    struct reel_cursor c = reel_cursor_init(body.data, body.len, NULL);
    struct reel_reparse_names names;
    enum reel_sink_reparse_verdict verdict;
    size_t i;

    if (reel_reparse_names_decode(&names, &c, NULL) != REEL_OK)
        return REEL_SINK_REPARSE_FOREIGN;
    out->kind      = REEL_KIND_SYMLINK;
    out->elsewhere = (names.flags & REEL_REPARSE_RELATIVE) == 0 ||
                     begins_with_backslash(names.substitute);
    if (out->elsewhere)
        return take_units(out,
                          names.print.len > 0 ? names.print : names.substitute);
    verdict = take_units(out, names.substitute);
    for (i = 0; verdict == REEL_SINK_REPARSE_FINE && i < out->target_len; i++) {
        if (out->target[i] == '\\')
            out->target[i] = '/';
    }
    return verdict;
}

enum reel_sink_reparse_verdict
reel_sink_reparse_read(struct reel_sink_reparse *out, struct reel_bytes body,
                       bool windows)
{
    struct reel_cursor c = reel_cursor_init(body.data, body.len, NULL);
    struct reel_reparse r;

    out->elsewhere = false;
    if (reel_reparse_decode(&r, &c, NULL) == REEL_OK) {
        out->kind = reel_reparse_kind(r.tag);
        return take_target(out, r.target);
    }
    return windows ? read_names(out, body) : REEL_SINK_REPARSE_FOREIGN;
}

uint32_t
reel_sink_windows_mode(const struct reel_object *o, uint32_t umask)
{
    const bool directory = o->kind == REEL_KIND_DIRECTORY;
    /* when it cannot be had, nobody else gets anything */
    uint32_t mode =
        (directory ? 0777U : 0666U) & ~(umask > 0777 ? 0077U : umask);

    if (!directory && (o->facts & REEL_FACT_ATTRIBUTES) != 0 &&
        (o->attributes & REEL_WINDOWS_READONLY) != 0)
        mode &= ~0222U;
    return mode;
}

bool
reel_sink_windows_stream_name(struct reel_bytes header_name,
                              struct reel_bytes *name)
{
    static const uint8_t tail[] = {':', 0, '$', 0, 'D', 0,
                                   'A', 0, 'T', 0, 'A', 0};
    const uint8_t *const data   = header_name.data;
    size_t i;

    if (header_name.len % 2 != 0 || header_name.len < 4 + sizeof(tail) ||
        data[0] != ':' || data[1] != 0 ||
        memcmp(data + header_name.len - sizeof(tail), tail, sizeof(tail)) != 0)
        return false;
    for (i = 0; i < header_name.len; i += 2) {
        if (data[i] == 0 && data[i + 1] == 0)
            return false;
    }
    name->data = data + 2;
    name->len  = header_name.len - 2 - sizeof(tail);
    return true;
}

#define EA_HEAD_BYTES 8U

/* One entry at `off`: where the next one is, 0: none; and how long it is, 0:
   it is not whole. */
static size_t
ea_entry(const uint8_t *body, size_t len, size_t off, uint32_t *next)
{
    struct reel_cursor c = reel_cursor_init(body + off, len - off, NULL);
    size_t bytes;

    *next = reel_get_le32(&c);
    (void)reel_get_u8(&c); /* flags */
    bytes = EA_HEAD_BYTES + reel_get_u8(&c) + 1;
    bytes += reel_get_le16(&c);
    return c.ok && bytes <= len - off ? bytes : 0;
}

bool
reel_sink_windows_device(struct reel_bytes body, uint32_t *major,
                         uint32_t *minor)
{
    /* lengths of name and value, name, zero */
    static const uint8_t wanted[] = {6, 8, 0, '$', 'L', 'X', 'D', 'E', 'V', 0};
    size_t off                    = 0;
    uint32_t next                 = 0;

    do {
        const size_t bytes = ea_entry(body.data, body.len, off, &next);
        struct reel_cursor c;

        if (bytes == 0 || (next != 0 && next < bytes))
            return false;
        if (memcmp(body.data + off + 5, wanted,
                   bytes - 5 < sizeof(wanted) ? bytes - 5 : sizeof(wanted)) ==
            0) {
            c      = reel_cursor_init(body.data + off + 5 + sizeof(wanted),
                                      bytes - 5 - sizeof(wanted), NULL);
            *major = reel_get_le32(&c);
            *minor = reel_get_le32(&c);
            return true;
        }
        if (next > body.len - off)
            return false;
        off += next;
    } while (next != 0);
    return false;
}

size_t
reel_sink_windows_ea(uint8_t *body, size_t len)
{
    size_t off = 0;
    struct reel_builder b;
    uint32_t next;
    size_t bytes;

    for (;;) {
        bytes = ea_entry(body, len, off, &next);
        if (bytes == 0 || (next != 0 && next < bytes))
            return 0;
        if (next == 0)
            break;
        if (next > len - off)
            return 0;
        off += next;
    }
    next = (uint32_t)(bytes + 3) & ~3U;
    b    = reel_builder_init(body + off, 4);
    reel_put_le32(&b, next);
    b = reel_builder_init(body + off + bytes, next - bytes);
    reel_put_zeros(&b, next - bytes);
    return off + next;
}

/* False where a FILETIME cannot say it. */
static bool
put_time(struct reel_builder *b, struct reel_time t)
{
    if (t.s < -EPOCH_S || t.s >= INT64_MAX / TICKS - EPOCH_S)
        return false;
    reel_put_le64(b, (uint64_t)((t.s + EPOCH_S) * TICKS) + t.ns / 100);
    return true;
}

size_t
reel_sink_windows_times(const struct reel_object *o,
                        uint8_t out[REEL_SINK_WINDOWS_TIMES_BYTES])
{
    const struct {
        unsigned int fact;
        struct reel_time time;
    } times[] = {{REEL_FACT_BIRTH, o->birth},
                 {REEL_FACT_MODIFIED, o->modified},
                 {REEL_FACT_ACCESSED, o->accessed},
                 {REEL_FACT_CHANGED, o->changed}};
    struct reel_builder b =
        reel_builder_init(out, REEL_SINK_WINDOWS_TIMES_BYTES);
    size_t i;

    for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        if ((o->facts & times[i].fact) == 0 || !put_time(&b, times[i].time))
            break;
    }
    return b.len;
}
