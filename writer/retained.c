/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.7; writer: blocks that the next volume may have to repeat. */
#include "retained.h"

#include <string.h>

#include "reel/alloc.h"

#define CAPACITY_MIN 4U

void
reel_retained_init(struct reel_retained *r, uint32_t block_bytes)
{
    memset(r, 0, sizeof(*r));
    r->block_bytes = block_bytes;
}

void
reel_retained_fini(struct reel_retained *r)
{
    size_t i;

    for (i = 0; i < r->capacity; i++)
        reel_free(r->blocks[i].data);
    reel_free(r->blocks);
    memset(r, 0, sizeof(*r));
}

struct reel_retained_block *
reel_retained_get(const struct reel_retained *r, size_t i)
{
    return &r->blocks[(r->first + i) % r->capacity];
}

/* Twice as many, those that are kept in front. */
static bool
grow(struct reel_retained *r)
{
    const size_t capacity = r->capacity == 0 ? CAPACITY_MIN : r->capacity * 2;
    struct reel_retained_block *const more =
        reel_alloc_array(capacity, sizeof(*more));
    size_t i;

    if (more == NULL)
        return false;
    for (i = 0; i < r->capacity; i++)
        more[i] = *reel_retained_get(r, i);
    reel_free(r->blocks);
    r->blocks   = more;
    r->capacity = capacity;
    r->first    = 0;
    return true;
}

uint8_t *
reel_retained_room(struct reel_retained *r)
{
    struct reel_retained_block *b;

    if (r->count == r->capacity && !grow(r))
        return NULL;
    b = reel_retained_get(r, r->count);
    if (b->data == NULL)
        b->data = reel_alloc_array(r->block_bytes, 1);
    return b->data;
}

void
reel_retained_keep(struct reel_retained *r, const struct reel_block_header *h)
{
    reel_retained_get(r, r->count)->header = *h;
    r->count++;
}

const struct reel_retained_block *
reel_retained_find(const struct reel_retained *r, uint64_t sequence)
{
    const struct reel_retained_block *front;
    uint64_t ahead;

    if (r->count == 0)
        return NULL;
    front = reel_retained_get(r, 0);
    /* Blocks of data in a row: their numbers leave none out. */
    ahead = sequence - front->header.sequence;
    return ahead < r->count ? reel_retained_get(r, (size_t)ahead) : NULL;
}

void
reel_retained_drop(struct reel_retained *r, uint64_t below)
{
    while (r->count > 0 && reel_retained_get(r, 0)->header.sequence < below) {
        r->first = (r->first + 1) % r->capacity;
        r->count--;
    }
}
