/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of the last good blocks, so that a block that is met twice can
 * be compared with what it was (B-15): as many as a writer may have to repeat
 * on the next volume (9.7), which is a segment and a block. Private to verify/.
 */
#ifndef REEL_VERIFY_BLOCK_HISTORY_H
#define REEL_VERIFY_BLOCK_HISTORY_H

#include "reel/block_header.h"

enum reel_block_seen {
    REEL_BLOCK_NEW,  /* or so long ago that it is forgotten */
    REEL_BLOCK_SAME, /* kind and payload are what they were */
    REEL_BLOCK_OTHER /* they are not */
};

struct reel_block_history_slot {
    bool used;
    bool padded; /* what is behind its payload is not zero (B-8) */
    uint8_t octets[REEL_BLOCK_HEADER_BYTES];
};

/* Zeroed is empty. */
struct reel_block_history {
    struct reel_block_history_slot *slots;
    size_t count;
};

/* Before the first block is met: room for blocks of this length. MEMORY. */
enum reel_status reel_block_history_init(struct reel_block_history *k,
                                         uint32_t block_bytes,
                                         struct reel_err *err) REEL_MUST_CHECK;
void reel_block_history_fini(struct reel_block_history *k);

/* Was the good block `data`, whose header is `h`, met before? It is kept if it
   is new. VOLUME is not kept. */
enum reel_block_seen reel_block_history_meet(struct reel_block_history *k,
                                             const struct reel_block_header *h,
                                             const uint8_t *data);

#endif
