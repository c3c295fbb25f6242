/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2; writer: the catalog until its place on the medium is known. */
#include "spool.h"

#include <string.h>

#include "reel/alloc.h"

/* In front of each segment: its length, in the machine's own order. */
#define FRAME_BYTES sizeof(uint32_t)

enum reel_status
reel_spool_init(struct reel_spool *s, const char *directory,
                struct reel_err *err)
{
    memset(s, 0, sizeof(*s));
    reel_temporary_init(&s->file, directory);
    return reel_temporary_open(&s->file, err);
}

void
reel_spool_fini(struct reel_spool *s)
{
    reel_temporary_fini(&s->file);
    reel_free(s->buf);
    s->buf = NULL;
}

enum reel_status
reel_spool_add(struct reel_spool *s, struct reel_bytes packed,
               struct reel_err *err)
{
    const uint32_t len = (uint32_t)packed.len;

    REEL_TRY(
        reel_temporary_write(&s->file, s->written, &len, FRAME_BYTES, err));
    REEL_TRY(reel_temporary_write(&s->file, s->written + FRAME_BYTES,
                                  packed.data, packed.len, err));
    s->written += FRAME_BYTES + packed.len;
    return REEL_OK;
}

enum reel_status
reel_spool_next(struct reel_spool *s, uint64_t *at, struct reel_bytes *packed,
                struct reel_err *err)
{
    uint32_t len;

    if (*at >= s->written)
        return REEL_END;
    REEL_TRY(reel_temporary_read(&s->file, *at, &len, FRAME_BYTES, err));
    if (len > s->capacity) {
        uint8_t *const bigger = reel_realloc_array(s->buf, len, 1);

        if (bigger == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for a segment of the catalog");
        s->buf      = bigger;
        s->capacity = len;
    }
    REEL_TRY(
        reel_temporary_read(&s->file, *at + FRAME_BYTES, s->buf, len, err));
    *at += FRAME_BYTES + len;
    packed->data = s->buf;
    packed->len  = len;
    return REEL_OK;
}
