/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2, a catalog kept on the disk while it is used; policy layer. */
#include "spool.h"

#include <string.h>

#include "reel/alloc.h"

/* So much is kept in memory before a file is made. */
#define KEPT_BYTES_MAX (8U << 20)

void
reel_reader_spool_init(struct reel_reader_spool *s, const char *dir)
{
    memset(s, 0, sizeof(*s));
    reel_temporary_init(&s->file, dir);
}

void
reel_reader_spool_fini(struct reel_reader_spool *s)
{
    size_t i;

    if (s->file.directory != NULL)
        reel_temporary_fini(&s->file);
    for (i = 0; i < s->count; i++)
        reel_free(s->segments[i].raw);
    reel_free(s->segments);
    memset(s, 0, sizeof(*s));
    s->file.fd = -1;
}

/* A segment more in the row, all zero. */
static enum reel_status
append(struct reel_reader_spool *s, struct reel_err *err)
{
    if (s->count == s->capacity) {
        const size_t capacity = s->capacity == 0 ? 64 : 2 * s->capacity;
        struct reel_spool_segment *const more =
            reel_realloc_array(s->segments, capacity, sizeof(*more));

        if (more == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the catalog");
        s->segments = more;
        s->capacity = capacity;
    }
    memset(&s->segments[s->count++], 0, sizeof(*s->segments));
    return REEL_OK;
}

enum reel_status
reel_reader_spool_pass(struct reel_reader_spool *s, struct reel_err *err)
{
    return append(s, err);
}

static enum reel_status
keep(struct reel_reader_spool *s, struct reel_spool_segment *segment,
     struct reel_bytes raw, struct reel_err *err)
{
    segment->raw = reel_alloc_array(raw.len, 1);
    if (segment->raw == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the catalog");
    memcpy(segment->raw, raw.data, raw.len);
    segment->raw_bytes = (uint32_t)raw.len;
    s->kept_bytes += raw.len;
    return REEL_OK;
}

enum reel_status
reel_reader_spool_add(struct reel_reader_spool *s, struct reel_bytes packed,
                      struct reel_bytes raw, struct reel_err *err)
{
    struct reel_spool_segment *segment;

    REEL_TRY(append(s, err));
    segment         = &s->segments[s->count - 1];
    segment->marked = true;
    if (raw.len > 0 && raw.len <= KEPT_BYTES_MAX - s->kept_bytes)
        return keep(s, segment, raw, err);
    REEL_TRY(reel_temporary_open(&s->file, err));
    REEL_TRY(
        reel_temporary_write(&s->file, s->bytes, packed.data, packed.len, err));
    segment->at           = s->bytes;
    segment->packed_bytes = (uint32_t)packed.len;
    s->bytes += packed.len;
    return REEL_OK;
}

enum reel_status
reel_spool_cursor_init(struct reel_spool_cursor *c,
                       const struct reel_reader_spool *s, struct reel_err *err)
{
    memset(c, 0, sizeof(*c));
    c->spool    = s;
    c->unpacker = reel_unpacker_new();
    c->at       = reel_cursor_init(NULL, 0, NULL);
    if (c->unpacker == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for unpacking");
    return REEL_OK;
}

void
reel_spool_cursor_fini(struct reel_spool_cursor *c)
{
    reel_unpacker_free(c->unpacker);
    reel_free(c->packed);
    reel_free(c->raw);
    memset(c, 0, sizeof(*c));
}

static bool
make_room(uint8_t **buf, size_t *capacity, size_t need)
{
    if (need <= *capacity)
        return true;
    reel_free(*buf);
    *buf      = reel_alloc_array(need, 1);
    *capacity = *buf == NULL ? 0 : need;
    return *buf != NULL;
}

/* The segment that is next, unpacked. */
static enum reel_status
load(struct reel_spool_cursor *c, struct reel_err *err)
{
    const struct reel_spool_segment *const segment =
        &c->spool->segments[c->index++];
    struct reel_segment_header h;
    struct reel_bytes raw = {NULL, 0};
    struct reel_cursor head;

    if (segment->raw != NULL) {
        c->at = reel_cursor_init(segment->raw, segment->raw_bytes, NULL);
        return REEL_OK;
    }
    if (!make_room(&c->packed, &c->packed_capacity, segment->packed_bytes))
        goto no_memory;
    REEL_TRY(reel_temporary_read(&c->spool->file, segment->at, c->packed,
                                 segment->packed_bytes, err));
    head = reel_cursor_init(c->packed, segment->packed_bytes, NULL);
    REEL_TRY(
        reel_segment_header_decode(&h, &head, REEL_SEGMENT_LIMIT_MAX, err));
    if (h.compression != REEL_COMPRESSION_NONE &&
        !make_room(&c->raw, &c->raw_capacity, h.raw_bytes))
        goto no_memory;
    REEL_TRY(reel_segment_open(c->unpacker, c->packed, segment->packed_bytes,
                               c->raw, c->raw_capacity, &raw, NULL, err));
    c->at = reel_cursor_init(raw.data, raw.len, NULL);
    return REEL_OK;

no_memory:
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the catalog");
}

enum reel_status
reel_spool_cursor_next(struct reel_spool_cursor *c, struct reel_record *out,
                       struct reel_err *err)
{
    c->skipped = false;
    for (;;) {
        const enum reel_status status = reel_record_next(out, &c->at, err);

        if (status == REEL_E_TRUNCATED)
            c->at = reel_cursor_init(NULL, 0, NULL);
        if (status != REEL_END)
            return status;
        while (c->index < c->spool->count &&
               !c->spool->segments[c->index].marked) {
            c->skipped = true;
            c->index++;
        }
        if (c->index == c->spool->count)
            return REEL_END;
        REEL_TRY(load(c, err));
    }
}
