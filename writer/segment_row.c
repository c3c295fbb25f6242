/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4; writer: what a writer reads back. */
#include "segment_row.h"

#include <string.h>

#include "reel/alloc.h"

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory to read segments back");
}

enum reel_status
reel_segment_row_init(struct reel_segment_row *row, struct reel_err *err)
{
    memset(row, 0, sizeof(*row));
    row->buf      = reel_alloc_array(REEL_BLOCK_BYTES_MAX, 1);
    row->raw      = reel_alloc_array(REEL_SEGMENT_LIMIT_MAX, 1);
    row->unpacker = reel_unpacker_new();
    return row->buf == NULL || row->raw == NULL || row->unpacker == NULL
               ? no_memory(err)
               : REEL_OK;
}

void
reel_segment_row_fini(struct reel_segment_row *row)
{
    reel_unpacker_free(row->unpacker);
    reel_free(row->packed);
    reel_free(row->raw);
    reel_free(row->buf);
    memset(row, 0, sizeof(*row));
}

static enum reel_status
add_payload(struct reel_segment_row *row, const struct reel_block_header *h,
            struct reel_err *err)
{
    if (row->have + h->payload_bytes > row->capacity) {
        const size_t capacity = 2 * (row->have + h->payload_bytes);
        uint8_t *const more   = reel_realloc_array(row->packed, capacity, 1);

        if (more == NULL)
            return no_memory(err);
        row->packed   = more;
        row->capacity = capacity;
    }
    memcpy(row->packed + row->have, row->buf + REEL_BLOCK_HEADER_BYTES,
           h->payload_bytes);
    row->have += h->payload_bytes;
    return REEL_OK;
}

/* Hand on the segments that are whole. *good false: one is wrong. */
static enum reel_status
take_segments(struct reel_segment_row *row, reel_segment_take_fn take,
              void *ctx, bool *good, struct reel_err *err)
{
    enum reel_status status = REEL_OK;
    size_t at               = 0;

    while (status == REEL_OK && row->have - at >= REEL_SEGMENT_HEADER_BYTES) {
        struct reel_cursor c =
            reel_cursor_init(row->packed + at, row->have - at, NULL);
        struct reel_bytes packed = {row->packed + at,
                                    REEL_SEGMENT_HEADER_BYTES};
        struct reel_segment_header s;
        struct reel_bytes raw;

        *good = reel_segment_header_decode(&s, &c, REEL_SEGMENT_LIMIT_MAX,
                                           NULL) == REEL_OK;
        if (!*good || s.stored_bytes > row->have - at - packed.len)
            break;
        packed.len += s.stored_bytes;
        *good = reel_segment_open(row->unpacker, packed.data, packed.len,
                                  row->raw, REEL_SEGMENT_LIMIT_MAX, &raw, NULL,
                                  NULL) == REEL_OK;
        if (!*good)
            break;
        status = take(ctx, packed, raw, err);
        at += packed.len;
    }
    row->have -= at;
    memmove(row->packed, row->packed + at, row->have);
    return status;
}

/* Does block `h` go on with the row? */
static bool
goes_on(const struct reel_segment_row *row,
        const struct reel_segment_wish *wish, const struct reel_block_header *h,
        bool first)
{
    return memcmp(h->set_id, wish->set_id, sizeof(h->set_id)) == 0 &&
           h->archive == wish->archive && h->kind == wish->kind &&
           (first || (h->run == row->run && h->sequence == row->next));
}

enum reel_status
reel_segment_row_read(struct reel_segment_row *row,
                      const struct reel_segment_wish *wish,
                      reel_segment_take_fn take, void *ctx,
                      struct reel_err *err)
{
    bool first = true;
    bool good  = true;

    row->have = 0;
    REEL_TRY(reel_medium_locate(wish->medium, wish->address, err));
    while (good) {
        struct reel_block_header h;
        enum reel_event event;
        enum reel_status status;
        size_t bytes;

        REEL_TRY(reel_medium_read(wish->medium, row->buf, REEL_BLOCK_BYTES_MAX,
                                  &event, &bytes, err));
        if (event != REEL_EVENT_BLOCK)
            return REEL_OK;
        status = reel_block_decode(&h, row->buf, bytes, NULL, err);
        if (status == REEL_E_UNSUPPORTED)
            return status;
        if (status != REEL_OK || !goes_on(row, wish, &h, first))
            return REEL_OK;
        first     = false;
        row->run  = h.run;
        row->next = h.sequence + 1;
        REEL_TRY(add_payload(row, &h, err));
        status = take_segments(row, take, ctx, &good, err);
        if (status != REEL_OK)
            return status == REEL_END ? REEL_OK : status;
    }
    return REEL_OK;
}
