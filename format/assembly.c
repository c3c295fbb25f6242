/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.1, taking a payload; archive layer: octets to a packed segment. */
#include "assembly.h"

#include <string.h>

#include "reel/alloc.h"

#define GROW_STEP 65536U

void
reel_assembly_fini(struct reel_assembly *a)
{
    reel_free(a->buf);
    a->buf = NULL;
}

bool
reel_assembly_open(const struct reel_assembly *a)
{
    return a->have > 0;
}

bool
reel_assembly_drop(struct reel_assembly *a)
{
    const bool had = a->have > 0;

    a->have = 0;
    return had;
}

void
reel_assembly_begin(struct reel_assembly *a, const struct reel_place *place,
                    const struct reel_pos *pos)
{
    a->place = *place;
    a->pos   = *pos;
    a->have  = 0;
    a->need  = REEL_SEGMENT_HEADER_BYTES;
}

static enum reel_status
grow(struct reel_assembly *a, struct reel_err *err)
{
    size_t need = a->need;
    uint8_t *bigger;

    if (need <= a->capacity)
        return REEL_OK;
    need   = (need + GROW_STEP - 1) / GROW_STEP * GROW_STEP;
    bigger = reel_realloc_array(a->buf, need, 1);
    if (bigger == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a segment");
    a->buf      = bigger;
    a->capacity = need;
    return REEL_OK;
}

/* Its header stands at `header`: how long is it whole? */
static enum reel_status
measure(struct reel_assembly *a, const uint8_t *header, struct reel_err *err)
{
    struct reel_cursor c =
        reel_cursor_init(header, REEL_SEGMENT_HEADER_BYTES, &a->pos);
    struct reel_segment_header h;

    REEL_TRY(reel_segment_header_decode(&h, &c, a->limit_bytes, err));
    a->need = REEL_SEGMENT_HEADER_BYTES + (size_t)h.stored_bytes;
    return REEL_OK;
}

/* Copy until `need` octets are had; true when they are. */
static bool
gather(struct reel_assembly *a, const uint8_t *data, size_t len, size_t *used)
{
    const size_t want = a->need - a->have;
    const size_t n    = len - *used < want ? len - *used : want;

    memcpy(a->buf + a->have, data + *used, n);
    a->have += n;
    *used += n;
    return a->have == a->need;
}

enum reel_status
reel_assembly_take(struct reel_assembly *a, const uint8_t *data, size_t len,
                   size_t *used, struct reel_bytes *whole, struct reel_err *err)
{
    *used = 0;
    if (a->have == 0 && len >= REEL_SEGMENT_HEADER_BYTES) {
        REEL_TRY(measure(a, data, err));
        if (len >= a->need) { /* no need to copy it */
            *used       = a->need;
            whole->data = data;
            whole->len  = a->need;
            return REEL_OK;
        }
    }
    REEL_TRY(grow(a, err));
    if (!gather(a, data, len, used))
        return REEL_END;
    if (a->need == REEL_SEGMENT_HEADER_BYTES) {
        REEL_TRY(measure(a, a->buf, err));
        REEL_TRY(grow(a, err));
        if (!gather(a, data, len, used))
            return REEL_END;
    }
    whole->data = a->buf;
    whole->len  = a->have;
    a->have     = 0;
    return REEL_OK;
}
