/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 1.1, numbers; bytes layer, writing side. */
#include <string.h>

#include "reel/builder.h"

struct reel_builder
reel_builder_init(void *buf, size_t capacity)
{
    const struct reel_builder b = {buf, 0, capacity, true};

    return b;
}

/* Room for `len` octets, or NULL with ok cleared. */
static uint8_t *
room(struct reel_builder *b, size_t len)
{
    uint8_t *at;

    if (!b->ok || len > b->capacity - b->len) {
        b->ok = false;
        return NULL;
    }
    at = b->buf == NULL ? NULL : b->buf + b->len;
    b->len += len;
    return at;
}

static void
store_le(uint8_t *p, uint64_t v, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static void
put_le(struct reel_builder *b, uint64_t v, size_t len)
{
    uint8_t *const p = room(b, len);

    if (p != NULL)
        store_le(p, v, len);
}

void
reel_put_u8(struct reel_builder *b, uint8_t v)
{
    put_le(b, v, 1);
}

void
reel_put_le16(struct reel_builder *b, uint16_t v)
{
    put_le(b, v, 2);
}

void
reel_put_le32(struct reel_builder *b, uint32_t v)
{
    put_le(b, v, 4);
}

void
reel_put_le64(struct reel_builder *b, uint64_t v)
{
    put_le(b, v, 8);
}

void
reel_put_le32s(struct reel_builder *b, int32_t v)
{
    put_le(b, (uint32_t)v, 4);
}

void
reel_put_le64s(struct reel_builder *b, int64_t v)
{
    put_le(b, (uint64_t)v, 8);
}

void
reel_put_bytes(struct reel_builder *b, struct reel_bytes v)
{
    uint8_t *const p = room(b, v.len);

    if (p != NULL && v.len > 0)
        memcpy(p, v.data, v.len);
}

void
reel_put_zeros(struct reel_builder *b, size_t len)
{
    uint8_t *const p = room(b, len);

    if (p != NULL)
        memset(p, 0, len);
}

void
reel_patch_le32(struct reel_builder *b, size_t at, uint32_t v)
{
    if (b->ok && at <= b->len && b->len - at >= 4)
        store_le(b->buf + at, v, 4);
    else
        b->ok = false;
}

size_t
reel_builder_left(const struct reel_builder *b)
{
    return b->ok ? b->capacity - b->len : 0;
}
