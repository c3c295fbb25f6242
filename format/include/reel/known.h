/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runs of a set that are known to begin somewhere (spec 3.3), so that
 * nothing is given out that turns out to be superseded further behind.
 */
#ifndef REEL_KNOWN_H
#define REEL_KNOWN_H

#include "reel/block_header.h"

/* A run above 0. */
struct reel_known_run {
    uint32_t archive;
    uint32_t run;
    uint64_t start; /* sequence of its first block */
};

/* So many runs may wait to be put in order. */
#define REEL_KNOWN_LOOSE_MAX 512U

/*
 * Zeroed is empty. The first `ordered` runs stand by archive and run; of each
 * archive a higher one begins behind a lower one, for else it says all that
 * the lower one does. The others, at most REEL_KNOWN_LOOSE_MAX, stand loose
 * behind them, so that what comes costs little in any order.
 */
struct reel_known {
    struct reel_known_run *runs;
    size_t run_count;
    size_t run_capacity;
    size_t ordered;
};

REEL_API void reel_known_fini(struct reel_known *k);

/* Add one; what says no more than what is known already changes nothing.
   MEMORY. */
REEL_API enum reel_status
reel_known_add_run(struct reel_known *k, const struct reel_known_run *run,
                   struct reel_err *err) REEL_MUST_CHECK;

/* B-18: is the block superseded by one of the runs? Of any kind. */
REEL_API bool reel_known_superseded(const struct reel_known *k,
                                    const struct reel_block_header *h);

#endif
