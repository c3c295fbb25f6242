/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of the last good blocks, so that a block that is met twice can
 * be compared with what it was (B-15). Private to verify/.
 */
#ifndef REEL_VERIFY_BLOCK_HISTORY_H
#define REEL_VERIFY_BLOCK_HISTORY_H

#include "reel/block_header.h"

#define REEL_BLOCK_HISTORY_SLOTS 1024U

enum reel_block_seen {
    REEL_BLOCK_NEW,  /* or so long ago that it is forgotten */
    REEL_BLOCK_SAME, /* kind and payload are what they were */
    REEL_BLOCK_OTHER /* they are not */
};

struct reel_block_history {
    struct {
        bool used;
        struct reel_block_header h;
        uint8_t octets[REEL_BLOCK_HEADER_BYTES];
    } slots[REEL_BLOCK_HISTORY_SLOTS];
};

/* Was the good block `data`, whose header is `h`, met before? It is kept if it
   is new. VOLUME is not kept. */
enum reel_block_seen reel_block_history_meet(struct reel_block_history *k,
                                             const struct reel_block_header *h,
                                             const uint8_t *data);

#endif
