/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.1; writer: segments whose place is not certain yet. */
#include "pending.h"

#include <string.h>

#include "reel/alloc.h"

#define SEGMENTS_MIN 16U
#define PARTS_MIN 65536U

void
reel_pending_fini(struct reel_pending *p)
{
    reel_free(p->segments);
    reel_free(p->parts);
    memset(p, 0, sizeof(*p));
}

/* Room for `need` things of `size`, doubling. NULL when memory runs out; then
   the old ones stay. */
static void *
room(void *old, size_t *capacity, size_t need, size_t min, size_t size)
{
    size_t more = *capacity == 0 ? min : *capacity;
    void *grown;

    if (need <= *capacity)
        return old;
    while (more < need)
        more *= 2;
    grown = reel_realloc_array(old, more, size);
    if (grown != NULL)
        *capacity = more;
    return grown;
}

enum reel_status
reel_pending_add(struct reel_pending *p, const struct reel_pending_segment *s,
                 struct reel_bytes part, struct reel_err *err)
{
    struct reel_pending_segment *const segments =
        room(p->segments, &p->capacity, p->count + 1, SEGMENTS_MIN,
             sizeof(*segments));
    uint8_t *parts;

    if (segments != NULL)
        p->segments = segments;
    parts = room(p->parts, &p->part_capacity, p->part_bytes + part.len + 1,
                 PARTS_MIN, 1);
    if (parts != NULL)
        p->parts = parts;
    if (segments == NULL || parts == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for what the catalog needs of a segment");
    p->segments[p->count]            = *s;
    p->segments[p->count].part_bytes = part.len;
    p->count++;
    if (part.len > 0)
        memcpy(p->parts + p->part_bytes, part.data, part.len);
    p->part_bytes += part.len;
    return REEL_OK;
}

void
reel_pending_drop(struct reel_pending *p, size_t count, size_t bytes)
{
    if (count == 0)
        return;
    p->count -= count;
    p->part_bytes -= bytes;
    memmove(p->segments, p->segments + count, p->count * sizeof(*p->segments));
    memmove(p->parts, p->parts + bytes, p->part_bytes);
}
