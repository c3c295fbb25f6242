/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed blocks that may have to stand once more on the next volume (spec
 * 9.7): those from the one on in which the oldest segment begins that does not
 * stand whole yet. Private to writer/. Memory: one segment and two blocks.
 */
#ifndef REEL_WRITER_RETAINED_H
#define REEL_WRITER_RETAINED_H

#include "reel/block_header.h"

struct reel_retained_block {
    struct reel_block_header header;
    uint8_t *data; /* block_bytes octets */
};

/* A ring: `count` blocks from `first` on are kept, the others are free. */
struct reel_retained {
    struct reel_retained_block *blocks;
    size_t capacity;
    size_t first;
    size_t count;
    uint32_t block_bytes;
};

void reel_retained_init(struct reel_retained *r, uint32_t block_bytes);
void reel_retained_fini(struct reel_retained *r);

/* Room for the block being filled, behind those kept; it stays the same until
   it is kept. NULL when memory runs out. */
uint8_t *reel_retained_room(struct reel_retained *r);

/* Keep the block in that room. */
void reel_retained_keep(struct reel_retained *r,
                        const struct reel_block_header *h);

/* The i-th block kept, from 0. */
struct reel_retained_block *reel_retained_get(const struct reel_retained *r,
                                              size_t i);

/* The kept block with this sequence; NULL: there is none. */
const struct reel_retained_block *
reel_retained_find(const struct reel_retained *r, uint64_t sequence);

/* Let go of every block with a sequence below this one. */
void reel_retained_drop(struct reel_retained *r, uint64_t below);

#endif
