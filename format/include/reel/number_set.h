/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of objects, as ranges: grows with what is left out. */
#ifndef REEL_NUMBER_SET_H
#define REEL_NUMBER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reel/err.h"

struct reel_number_range {
    uint64_t from;
    uint64_t to; /* one behind */
};

/* So many of them are moved at the most to make room for one, in whatever order
   a tape brings them. */
#define REEL_NUMBER_PAGE_RANGES 256U

struct reel_number_page {
    size_t count; /* not 0 */
    struct reel_number_range ranges[REEL_NUMBER_PAGE_RANGES];
};

/* Zeroed is empty. The ranges ascend, from page to page too; those of one page
   do not touch. */
struct reel_number_set {
    struct reel_number_page **pages;
    size_t count;
    size_t capacity;
};

REEL_API void reel_number_set_fini(struct reel_number_set *s);
/* MEMORY. Pre: number is not the largest there is. */
REEL_API enum reel_status
reel_number_set_add(struct reel_number_set *s, uint64_t number,
                    struct reel_err *err) REEL_MUST_CHECK;
/* The lowest one that is not below `from`; UINT64_MAX: none. */
REEL_API uint64_t reel_number_set_from(const struct reel_number_set *s,
                                       uint64_t from);
REEL_API bool reel_number_set_has(const struct reel_number_set *s,
                                  uint64_t number);

#endif
