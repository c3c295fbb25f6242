/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 1.1, numbers; bytes layer, reading side. */
#include <string.h>

#include "reel/cursor.h"

struct reel_cursor
reel_cursor_init(const void *data, size_t len, const struct reel_pos *pos)
{
    static const uint8_t nothing = 0;
    struct reel_cursor c;

    memset(&c, 0, sizeof(c));
    c.at    = data == NULL ? &nothing : data;
    c.start = c.at;
    c.end   = c.at + len;
    if (pos != NULL)
        c.pos = *pos;
    c.ok = true;
    return c;
}

/* The next `len` octets, or NULL with ok cleared. */
static const uint8_t *
take(struct reel_cursor *c, size_t len)
{
    const uint8_t *const at = c->at;

    if (!c->ok || len > (size_t)(c->end - c->at)) {
        c->ok = false;
        return NULL;
    }
    c->at += len;
    return at;
}

static uint64_t
get_le(struct reel_cursor *c, size_t len)
{
    const uint8_t *const p = take(c, len);
    uint64_t v             = 0;
    size_t i;

    if (p == NULL)
        return 0;
    for (i = 0; i < len; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

uint8_t
reel_get_u8(struct reel_cursor *c)
{
    return (uint8_t)get_le(c, 1);
}

uint16_t
reel_get_le16(struct reel_cursor *c)
{
    return (uint16_t)get_le(c, 2);
}

uint32_t
reel_get_le32(struct reel_cursor *c)
{
    return (uint32_t)get_le(c, 4);
}

uint64_t
reel_get_le64(struct reel_cursor *c)
{
    return get_le(c, 8);
}

int32_t
reel_get_le32s(struct reel_cursor *c)
{
    const uint32_t v = reel_get_le32(c);
    int32_t s;

    memcpy(&s, &v, sizeof(s));
    return s;
}

int64_t
reel_get_le64s(struct reel_cursor *c)
{
    const uint64_t v = reel_get_le64(c);
    int64_t s;

    memcpy(&s, &v, sizeof(s));
    return s;
}

struct reel_bytes
reel_get_bytes(struct reel_cursor *c, size_t len)
{
    struct reel_bytes b = {take(c, len), len};

    if (b.data == NULL)
        b.len = 0;
    return b;
}

void
reel_get_copy(struct reel_cursor *c, void *out, size_t len)
{
    const uint8_t *const p = take(c, len);

    if (p != NULL)
        memcpy(out, p, len);
}

struct reel_cursor
reel_get_cursor(struct reel_cursor *c, size_t len)
{
    const struct reel_pos pos = reel_cursor_pos(c);
    const uint8_t *const p    = take(c, len);
    struct reel_cursor sub    = reel_cursor_init(p, p == NULL ? 0 : len, &pos);

    sub.ok = p != NULL;
    return sub;
}

size_t
reel_cursor_left(const struct reel_cursor *c)
{
    return c->ok ? (size_t)(c->end - c->at) : 0;
}

struct reel_pos
reel_cursor_pos(const struct reel_cursor *c)
{
    struct reel_pos pos     = c->pos;
    const uint32_t advanced = (uint32_t)(c->at - c->start);

    if (pos.in_segment)
        pos.segment_byte += advanced;
    else
        pos.byte += advanced;
    return pos;
}
