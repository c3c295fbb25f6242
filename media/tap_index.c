/* SPDX-License-Identifier: Apache-2.0 */
/* Sparse index of a .tap image, for tap_file.c; no spec chapter. */
#include "tap_index.h"

void
reel_tap_index_init(struct reel_tap_index *x, uint64_t address, uint64_t off)
{
    x->base    = address;
    x->stride  = 1;
    x->count   = 1;
    x->offs[0] = off;
}

static void
thin_out(struct reel_tap_index *x)
{
    for (uint32_t i = 0; i < x->count; i += 2)
        x->offs[i / 2] = x->offs[i];
    x->count = (x->count + 1) / 2;
    x->stride *= 2;
}

void
reel_tap_index_note(struct reel_tap_index *x, uint64_t address, uint64_t off)
{
    if (address != x->base + x->count * x->stride)
        return;
    /* The table is even, so the address is still due with twice the stride. */
    if (x->count == REEL_TAP_INDEX_MAX)
        thin_out(x);
    x->offs[x->count++] = off;
}

void
reel_tap_index_cut(struct reel_tap_index *x, uint64_t address)
{
    if (address < x->base)
        reel_tap_index_init(x, 0, 0);
    else if ((address - x->base) / x->stride < x->count)
        x->count = (uint32_t)((address - x->base) / x->stride) + 1;
}

uint64_t
reel_tap_index_find(const struct reel_tap_index *x, uint64_t *address)
{
    uint64_t i = (*address - x->base) / x->stride;

    if (i >= x->count)
        i = x->count - 1;
    *address = x->base + i * x->stride;
    return x->offs[i];
}
