/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where some addresses of an image lie in its file: every stride-th, from a
 * base on. When the table is full every second goes and the stride doubles, so
 * that 32 KiB serve an image, or a part of one, of any length.
 */
#ifndef REEL_TAP_INDEX_H
#define REEL_TAP_INDEX_H

#include <stdint.h>

#define REEL_TAP_INDEX_MAX 4096u /* even */

struct reel_tap_index {
    uint64_t base;
    uint64_t stride;
    uint32_t count; /* at least 1: the base */
    uint64_t offs[REEL_TAP_INDEX_MAX];
};

/* Knows only that its base is `address`, which lies at `off`. */
void reel_tap_index_init(struct reel_tap_index *x, uint64_t address,
                         uint64_t off);

/* Address `address` was seen to lie at `off`. */
void reel_tap_index_note(struct reel_tap_index *x, uint64_t address,
                         uint64_t off);

/* Forget all addresses above `address`; below the base, all but address 0. */
void reel_tap_index_cut(struct reel_tap_index *x, uint64_t address);

/* The highest known address not above *address, which is not below the base,
   goes there; its offset. */
uint64_t reel_tap_index_find(const struct reel_tap_index *x, uint64_t *address);

#endif
