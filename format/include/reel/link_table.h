/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that may have further names, by number: where they stand. Memory
 * goes by the names that are still to come, not by the archive.
 */
#ifndef REEL_LINK_TABLE_H
#define REEL_LINK_TABLE_H

#include "reel/entry.h"

struct reel_link_table {
    struct reel_link_slot *slots; /* private */
    size_t capacity;
    size_t used;
};

REEL_API void reel_link_table_init(struct reel_link_table *t);
REEL_API void reel_link_table_fini(struct reel_link_table *t);

/* Make *t, initialised and empty, the same as *of. MEMORY, then it is empty. */
REEL_API enum reel_status
reel_link_table_copy(struct reel_link_table *t,
                     const struct reel_link_table *of,
                     struct reel_err *err) REEL_MUST_CHECK;

/*
 * Object `number` has `names` names in all, one of them met; it begins at
 * `place`. names 1: nothing is kept; 0: nobody knows how many (K-20), and it is
 * never forgotten. MEMORY.
 */
REEL_API enum reel_status
reel_link_table_add(struct reel_link_table *t, uint64_t number, uint32_t names,
                    const struct reel_place *place,
                    struct reel_err *err) REEL_MUST_CHECK;

/*
 * A further name of object `number` is met: its place to *out; it is forgotten
 * with its last name. False if it is not there: *out is nowhere.
 */
REEL_API bool reel_link_table_meet(struct reel_link_table *t, uint64_t number,
                                   struct reel_place *out);

#endif
