/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.2 and 7.3, content from streams; policy layer. */
#include <string.h>

#include "sink_content.h"

#define SPARSE_HEAD_BYTES 8U

void
reel_sink_content_init(struct reel_sink_content *c, bool file, uint64_t size)
{
    memset(c, 0, sizeof(*c));
    c->file = file;
    c->size = size;
}

/* The stream that ends now must have come whole. */
static void
stream_close(struct reel_sink_content *c)
{
    if (c->stream_open && c->stream_got != c->stream_size)
        c->wrong = true;
    c->stream_open = false;
}

enum reel_sink_part
reel_sink_content_stream(struct reel_sink_content *c,
                         const struct reel_stream_header *h)
{
    const bool first = !c->stream_open;

    stream_close(c);
    c->stream_open = true;
    c->stream_id   = h->id;
    c->stream_size = h->size;
    c->stream_got  = 0;
    if (h->id == REEL_STREAM_SPARSE_BLOCK && !first)
        return REEL_SINK_PART_BLOCK;
    c->group =
        c->file && h->id == REEL_STREAM_DATA && h->name.len == 0 && !c->seen;
    if (!c->group)
        return REEL_SINK_PART_OTHER;
    c->seen = true;
    c->end  = h->size;
    return REEL_SINK_PART_CONTENT;
}

/* Leave of a piece of a SPARSE_BLOCK what is content; false: it is wrong. */
static bool
piece_of_block(struct reel_sink_content *c, const struct reel_data *d,
               struct reel_bytes *bytes, uint64_t *at)
{
    const uint64_t body = c->stream_size - SPARSE_HEAD_BYTES;
    size_t head         = 0;

    if (c->stream_size < SPARSE_HEAD_BYTES || d->sparse_offset > c->size ||
        body > c->size - d->sparse_offset)
        return false;
    c->end = d->sparse_offset + body;
    if (d->stream_offset < SPARSE_HEAD_BYTES)
        head = (size_t)(SPARSE_HEAD_BYTES - d->stream_offset);
    if (head > bytes->len)
        head = bytes->len;
    bytes->data += head;
    bytes->len -= head;
    *at = d->sparse_offset;
    if (d->stream_offset > SPARSE_HEAD_BYTES)
        *at += d->stream_offset - SPARSE_HEAD_BYTES;
    return true;
}

bool
reel_sink_content_data(struct reel_sink_content *c, const struct reel_data *d,
                       struct reel_bytes *bytes, uint64_t *at)
{
    if (!c->stream_open || d->stream_offset != c->stream_got ||
        d->bytes.len > c->stream_size - c->stream_got) {
        c->wrong = true;
        return false;
    }
    c->stream_got += d->bytes.len;
    if (!c->group)
        return false;
    *bytes = d->bytes;
    *at    = d->stream_offset;
    if ((c->stream_id == REEL_STREAM_SPARSE_BLOCK &&
         !piece_of_block(c, d, bytes, at)) ||
        *at > c->size || bytes->len > c->size - *at) {
        c->wrong = true;
        return false;
    }
    return true;
}

bool
reel_sink_content_whole(struct reel_sink_content *c)
{
    stream_close(c);
    return !c->wrong && c->end == c->size;
}
