/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8: objects of every shape, from a few octets each. */
#include "plan.h"

#include <stdio.h>
#include <string.h>

#include "reel/cursor.h"

/* The packer wants room for a DATA record worth beginning. */
#define SEGMENT_BYTES_MIN 6000U
#define SEGMENT_BYTES_MORE 6000U
#define SIZE_MAX_DRAWN 20000U

static void
add_stream(struct plan_object *o, uint32_t id, uint32_t attributes,
           uint64_t size, uint64_t sparse_offset)
{
    struct plan_stream *const s = &o->streams[o->stream_count];

    if (o->stream_count == PLAN_STREAMS_MAX)
        return;
    o->stream_count++;
    *s = (struct plan_stream){id, attributes, size, sparse_offset,
                              0,  REEL_NONE64};
}

static void
draw_sparse(struct plan_object *o, uint32_t id, struct reel_cursor *c)
{
    const uint8_t shape = reel_get_u8(c);
    uint64_t at         = (uint64_t)(shape & 0x0F)
                  << (shape >> 4); /* holes are hashed */

    add_stream(o, id, REEL_STREAM_SPARSE, 0, REEL_NONE64);
    for (unsigned int i = 0; i < (shape & 3U); i++) {
        const uint64_t len = reel_get_le16(c) % 6000U + 1;

        add_stream(o, REEL_STREAM_SPARSE_BLOCK, REEL_STREAM_SPARSE, 8 + len,
                   at);
        at += len + (shape & 4U ? 4096 : 0);
    }
    if (shape & 8U)
        add_stream(o, REEL_STREAM_SPARSE_BLOCK, REEL_STREAM_SPARSE, 8,
                   at + shape);
}

static void
draw_streams(struct plan_object *o, struct reel_cursor *c)
{
    const uint8_t shape = reel_get_u8(c);
    const uint16_t size = reel_get_le16(c) % SIZE_MAX_DRAWN;

    switch (shape & 7U) {
    case 0:
        return;
    case 1:
        draw_sparse(o, REEL_STREAM_DATA, c);
        break;
    case 2:
        add_stream(o, REEL_STREAM_SECURITY_DATA, 0, size % 200U, REEL_NONE64);
        draw_sparse(o, REEL_STREAM_ALTERNATE_DATA, c);
        break;
    case 3:
        add_stream(o, 0x1234, 0, size % 3000U, REEL_NONE64);
        add_stream(o, REEL_STREAM_DATA, 0, size, REEL_NONE64);
        break;
    default:
        add_stream(o, REEL_STREAM_DATA, 0, size, REEL_NONE64);
        break;
    }
    if (shape & 0x10U && size > 0)
        o->streams[0].bad_at =
            o->streams[0].size == 0 ? REEL_NONE64 : size % o->streams[0].size;
    if (shape & 0x20U) {
        add_stream(o, REEL_STREAM_ALTERNATE_DATA, 0, shape, REEL_NONE64);
        o->streams[o->stream_count - 1].name_bytes = (size_t)2 * (shape & 15U);
    }
}

/* Object `index`, named so that they ascend. */
static void
draw_object(struct plan *p, size_t index, struct reel_cursor *c)
{
    struct plan_object *const o = &p->objects[index];
    const uint8_t shape         = reel_get_u8(c);
    const size_t more           = reel_get_u8(c) % PLAN_NAME_BYTES_MAX;
    int n;

    o->first = index;
    o->kind  = index == 0 ? REEL_KIND_DIRECTORY : REEL_KIND_FILE;
    if (index == 0)
        return;
    n = snprintf(o->path, sizeof(o->path), "%02u", (unsigned int)index);
    for (size_t i = 0; i < more; i++)
        o->path[(size_t)n + i] =
            (char)('a' + plan_name_octet(index, 0, i) % 26);
    o->xattr_bytes = shape & 1U ? shape : 0;
    if (index > 1 && (shape & 6U) == 6U && p->objects[index - 1].file_id != 0) {
        const size_t first = p->objects[index - 1].first;

        *o         = p->objects[first];
        o->path[0] = 'L';
        o->path[1] = (char)('0' + index);
        o->first   = first;
        for (size_t i = first; i <= index; i++)
            p->objects[i].link_count = (uint32_t)(index - first + 1);
        return;
    }
    if (shape & 8U) {
        o->file_id    = index;
        o->link_count = 1;
    }
    draw_streams(o, c);
}

void
plan_draw(struct plan *p, const uint8_t *data, size_t size)
{
    struct reel_cursor c = reel_cursor_init(data, size, NULL);
    const uint8_t how    = reel_get_u8(&c);

    memset(p, 0, sizeof(*p));
    p->packed           = (how & 3U) == 3U;
    p->as_pipe          = (how & 4U) != 0;
    p->segment_bytes    = SEGMENT_BYTES_MIN + (how >> 3) * 187U;
    p->checkpoint_bytes = (uint64_t)reel_get_u8(&c) * 512 + 4096;
    p->damage_count     = reel_get_u8(&c) % (PLAN_DAMAGES_MAX + 1U);
    for (size_t i = 0; i < p->damage_count; i++) {
        struct plan_damage *const d = &p->damages[i];

        d->harm  = (enum plan_harm)(reel_get_u8(&c) % PLAN_HARMS);
        d->where = reel_get_le16(&c);
        d->what  = reel_get_le16(&c);
    }
    do
        draw_object(p, p->object_count++, &c);
    while (reel_cursor_left(&c) > 0 && p->object_count < PLAN_OBJECTS_MAX);
}

uint8_t
plan_name_octet(size_t index, uint32_t ordinal, size_t at)
{
    return (uint8_t)((index * 31U + (size_t)ordinal * 7U + at * 13U) % 90U +
                     33U);
}

uint8_t
plan_octet(const struct plan *p, size_t index, uint32_t ordinal, uint64_t at)
{
    const struct plan_stream *const s = &p->objects[index].streams[ordinal];
    uint64_t mix;

    if (s->sparse_offset != REEL_NONE64 && at < 8)
        return (uint8_t)(s->sparse_offset >> 8 * at);
    if (at == s->bad_at)
        return 0;
    /* Never zero, so that filling is never taken for content; the same for
       eight octets in a row, so that it packs. */
    mix = (at / 8 + 1) * UINT64_C(0x9E3779B97F4A7C15);
    mix ^= (index + 1) * UINT64_C(0xC2B2AE3D27D4EB4F) + ordinal;
    mix *= UINT64_C(0xD6E8FEB86659FD93);
    return (uint8_t)((mix >> 56) | 1U);
}
