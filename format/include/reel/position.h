/* SPDX-License-Identifier: Apache-2.0 */
/* Where a block stands in a set: what END, ARCHIVE and CHECKPOINT name. */
#ifndef REEL_POSITION_H
#define REEL_POSITION_H

#include "reel/builder.h"
#include "reel/cursor.h"

/* All zero: nowhere. */
struct reel_position {
    uint32_t volume; /* from 1; 0: nowhere */
    uint64_t sequence;
    uint64_t address;
};

REEL_API bool reel_position_zero(const struct reel_position *p);
REEL_API bool reel_position_equal(const struct reel_position *a,
                                  const struct reel_position *b);

#endif
