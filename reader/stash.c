/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; policy layer: what must not grow in memory, and is
   wanted again. */
#include "stash.h"

#include <string.h>

#include "reel/alloc.h"

/* So much is kept in memory before a file is made. Places in the file count on
   from here. */
#define KEPT_BYTES_MAX (1U << 20)

void
reel_stash_init(struct reel_stash *s, const char *dir)
{
    memset(s, 0, sizeof(*s));
    reel_temporary_init(&s->file, dir);
}

void
reel_stash_fini(struct reel_stash *s)
{
    if (s->file.directory != NULL)
        reel_temporary_fini(&s->file);
    reel_free(s->kept);
    reel_free(s->buffer);
    memset(s, 0, sizeof(*s));
    s->file.fd = -1;
}

void
reel_stash_clear(struct reel_stash *s)
{
    s->kept_bytes = 0;
    s->file_bytes = 0;
}

static enum reel_status
reserve(uint8_t **buf, size_t *capacity, size_t need, struct reel_err *err)
{
    size_t larger = *capacity == 0 ? 4096 : *capacity;
    uint8_t *more;

    if (need <= *capacity)
        return REEL_OK;
    while (larger < need)
        larger *= 2;
    more = reel_realloc_array(*buf, larger, 1);
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for what is to be remembered");
    *buf      = more;
    *capacity = larger;
    return REEL_OK;
}

static void
join(uint8_t *out, const void *head, size_t head_bytes, struct reel_bytes rest)
{
    if (head_bytes > 0)
        memcpy(out, head, head_bytes);
    if (rest.len > 0)
        memcpy(out + head_bytes, rest.data, rest.len);
}

enum reel_status
reel_stash_add(struct reel_stash *s, const void *head, size_t head_bytes,
               struct reel_bytes rest, uint64_t *at, struct reel_err *err)
{
    const size_t len = head_bytes + rest.len;

    if (len <= KEPT_BYTES_MAX - s->kept_bytes) {
        REEL_TRY(
            reserve(&s->kept, &s->kept_capacity, s->kept_bytes + len, err));
        join(s->kept + s->kept_bytes, head, head_bytes, rest);
        *at = s->kept_bytes;
        s->kept_bytes += len;
        return REEL_OK;
    }
    REEL_TRY(reel_temporary_open(&s->file, err));
    REEL_TRY(reserve(&s->buffer, &s->buffer_capacity, len, err));
    join(s->buffer, head, head_bytes, rest);
    REEL_TRY(
        reel_temporary_write(&s->file, s->file_bytes, s->buffer, len, err));
    *at = KEPT_BYTES_MAX + s->file_bytes;
    s->file_bytes += len;
    return REEL_OK;
}

enum reel_status
reel_stash_get(struct reel_stash *s, uint64_t at, size_t len, void *head,
               size_t head_bytes, struct reel_bytes *rest, struct reel_err *err)
{
    const uint8_t *item = s->kept + (at < KEPT_BYTES_MAX ? at : 0);

    if (at >= KEPT_BYTES_MAX) {
        REEL_TRY(reserve(&s->buffer, &s->buffer_capacity, len, err));
        REEL_TRY(reel_temporary_read(&s->file, at - KEPT_BYTES_MAX, s->buffer,
                                     len, err));
        item = s->buffer;
    }
    if (head_bytes > 0)
        memcpy(head, item, head_bytes);
    *rest = (struct reel_bytes){item + head_bytes, len - head_bytes};
    return REEL_OK;
}
