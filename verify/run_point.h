/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was made of an archive up to a place from which a run may go on (spec
 * 3.3): where a run supersedes what was taken already, it is gone back to.
 * Private to verify/.
 */
#ifndef REEL_VERIFY_RUN_POINT_H
#define REEL_VERIFY_RUN_POINT_H

#include "catalog_check.h"

struct reel_run_point {
    bool held;
    uint64_t sequence; /* of the first block of a run that goes on from here */
    struct reel_catalog *catalog;
    struct reel_catalog_map map;
    struct reel_links_check links;
    size_t missing_count;
    size_t missing_at;
    uint64_t named_next;
    uint32_t checkpoint;
    struct reel_position checkpoint_slice;
    bool checkpoint_unsure;
    uint64_t proven; /* verdicts given by then */
    uint64_t flawed;
    uint64_t damaged;
    uint64_t lost;
    uint64_t next; /* of the archive check, as there */
    uint64_t whole;
    uint64_t partial;
    uint64_t faults;
    bool lossy;
    bool gap;
    bool unsure;
    size_t volumes;
};

/* Zeroed is empty. */
void reel_run_point_fini(struct reel_run_point *p);

/* Keep what stands in `k` and `links`; the rest is the caller's. MEMORY. */
enum reel_status reel_run_point_keep(struct reel_run_point *p,
                                     const struct reel_catalog_check *k,
                                     const struct reel_links_check *links,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* Put it back; the point stays. MEMORY. */
enum reel_status reel_run_point_restore(const struct reel_run_point *p,
                                        struct reel_catalog_check *k,
                                        struct reel_links_check *links,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
