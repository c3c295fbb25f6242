/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that come from a tape, and one number to be known of each. */
#ifndef REEL_NUMBER_MAP_H
#define REEL_NUMBER_MAP_H

#include <stddef.h>

#include "reel/err.h"

/* Zeroed is empty. */
struct reel_number_map {
    struct reel_number_pair {
        uint64_t number; /* 0: free */
        uint64_t value;
    } * slots;
    size_t capacity; /* 0 or a power of two */
    size_t used;
};

REEL_API void reel_number_map_fini(struct reel_number_map *m);

/* One that is there is replaced; number 0 is not kept. value is not 0.
   MEMORY. */
REEL_API enum reel_status
reel_number_map_set(struct reel_number_map *m, uint64_t number, uint64_t value,
                    struct reel_err *err) REEL_MUST_CHECK;

/* 0: it is not there. */
REEL_API uint64_t reel_number_map_get(const struct reel_number_map *m,
                                      uint64_t number);

#endif
