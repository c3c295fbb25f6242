/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.3 and 8.5, groups that are not the content; policy layer. */
#include <string.h>

#include "reel/alloc.h"
#include "sink_extras.h"

#define SPARSE_HEAD_BYTES 8U

void
reel_sink_extras_init(struct reel_sink_extras *e)
{
    memset(e, 0, sizeof(*e));
}

void
reel_sink_extras_release(struct reel_sink_extras *e, struct reel_sink_extra *x,
                         enum reel_extra_state state)
{
    e->bytes -= x->capacity;
    reel_free(x->data);
    x->data     = NULL;
    x->len      = 0;
    x->capacity = 0;
    x->state    = state;
}

void
reel_sink_extras_clear(struct reel_sink_extras *e)
{
    size_t i;

    for (i = 0; i < e->count; i++) {
        reel_sink_extras_release(e, &e->list[i], REEL_EXTRA_DROPPED);
        reel_free(e->list[i].name);
    }
    e->count     = 0;
    e->uncounted = 0;
    e->open      = NULL;
}

void
reel_sink_extras_fini(struct reel_sink_extras *e)
{
    reel_sink_extras_clear(e);
    reel_free(e->list);
    reel_sink_extras_init(e);
}

static enum reel_status
out_of_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the streams of an object");
}

enum reel_status
reel_sink_extras_begin(struct reel_sink_extras *e, const struct reel_stream *s,
                       struct reel_err *err)
{
    const struct reel_bytes name = s->header.name;
    struct reel_sink_extra *x;

    e->open = NULL;
    if (e->count == REEL_EXTRAS_COUNT_MAX) {
        e->uncounted++;
        return REEL_OK;
    }
    if (e->count == e->capacity) {
        const size_t capacity = e->capacity == 0 ? 8 : 2 * e->capacity;

        x = reel_realloc_array(e->list, capacity, sizeof(*x));
        if (x == NULL)
            return out_of_memory(err);
        e->list     = x;
        e->capacity = capacity;
    }
    x = &e->list[e->count];
    memset(x, 0, sizeof(*x));
    x->name = reel_alloc_array(name.len, 1);
    if (x->name == NULL)
        return out_of_memory(err);
    if (name.len > 0)
        memcpy(x->name, name.data, name.len);
    x->name_len  = name.len;
    x->ordinal   = s->ordinal;
    x->id        = s->header.id;
    x->content   = reel_stream_has_content(s->header.id);
    e->open      = x;
    e->block     = false;
    e->stream_at = 0;
    e->count++;
    return REEL_OK;
}

bool
reel_sink_extras_block(struct reel_sink_extras *e, const struct reel_stream *s,
                       struct reel_extra_piece *out)
{
    if (e->open == NULL)
        return false;
    e->block = true;
    if (e->open->content)
        return false;
    out->bytes   = s->header_bytes;
    out->at      = e->open->size;
    e->stream_at = out->at + out->bytes.len;
    return true;
}

bool
reel_sink_extras_data(struct reel_sink_extras *e, const struct reel_data *d,
                      struct reel_extra_piece *out)
{
    size_t head = 0;

    if (e->open == NULL)
        return false;
    out->bytes = d->bytes;
    out->at    = e->stream_at + d->stream_offset;
    if (!e->open->content || !e->block)
        return true;
    if (d->sparse_offset > INT64_MAX)
        return false; /* S-6: not known yet */
    if (d->stream_offset < SPARSE_HEAD_BYTES)
        head = (size_t)(SPARSE_HEAD_BYTES - d->stream_offset);
    if (head > out->bytes.len)
        head = out->bytes.len;
    out->bytes.data += head;
    out->bytes.len -= head;
    out->at = d->sparse_offset;
    if (d->stream_offset > SPARSE_HEAD_BYTES)
        out->at += d->stream_offset - SPARSE_HEAD_BYTES;
    return true;
}

/* Let x have `len` octets in memory, those added zero. */
static bool
lengthen(struct reel_sink_extras *e, struct reel_sink_extra *x, size_t len)
{
    size_t capacity = x->capacity == 0 ? 256 : x->capacity;
    uint8_t *data;

    while (capacity < len)
        capacity *= 2;
    if (capacity > x->capacity) {
        if (capacity - x->capacity > REEL_EXTRAS_BYTES_MAX - e->bytes)
            return false;
        data = reel_realloc_array(x->data, capacity, 1);
        if (data == NULL)
            return false;
        e->bytes += capacity - x->capacity;
        x->data     = data;
        x->capacity = capacity;
    }
    if (len > x->len) {
        memset(x->data + x->len, 0, len - x->len);
        x->len = len;
    }
    return true;
}

bool
reel_sink_extras_keep(struct reel_sink_extras *e, struct reel_sink_extra *x,
                      const struct reel_extra_piece *piece)
{
    const size_t len = piece->bytes.len;

    if (piece->at > REEL_EXTRA_BYTES_MAX ||
        len > REEL_EXTRA_BYTES_MAX - piece->at)
        return false;
    if (len > 0 && !lengthen(e, x, (size_t)piece->at + len))
        return false;
    if (len > 0)
        memcpy(x->data + piece->at, piece->bytes.data, len);
    if (x->size < piece->at + len)
        x->size = piece->at + len;
    return true;
}

bool
reel_sink_extras_value(struct reel_sink_extras *e, struct reel_sink_extra *x,
                       struct reel_bytes *out)
{
    if (x->size > x->len && !lengthen(e, x, (size_t)x->size))
        return false;
    out->data = x->data;
    out->len  = x->len;
    return true;
}

struct reel_sink_extra *
reel_sink_extras_find(struct reel_sink_extras *e, uint32_t id)
{
    size_t i;

    for (i = 0; i < e->count; i++) {
        if (e->list[i].id == id && e->list[i].state == REEL_EXTRA_KEPT)
            return &e->list[i];
    }
    return NULL;
}
