/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of objects of which nothing was found among the data, until the
 * catalog tells what they were. Grows with the damage. Private to verify/.
 */
#ifndef REEL_VERIFY_MISSING_H
#define REEL_VERIFY_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reel/err.h"

struct reel_missing_range {
    uint64_t from;
    uint64_t to; /* one behind */
};

struct reel_missing {
    struct reel_missing_range *ranges; /* ascending */
    size_t capacity;
    size_t count;
    size_t at; /* where the last look-up was; numbers ascend */
};

void reel_missing_init(struct reel_missing *m);
void reel_missing_fini(struct reel_missing *m);

/* [from, to) is missing; behind what was added before, else it is passed
   over. MEMORY. */
enum reel_status reel_missing_add(struct reel_missing *m, uint64_t from,
                                  uint64_t to,
                                  struct reel_err *err) REEL_MUST_CHECK;

/* The first range that ends behind `number`; `count`: none. */
size_t reel_missing_find(const struct reel_missing *m, uint64_t number);

/* Is `number` missing? To be asked in ascending order. */
bool reel_missing_has(struct reel_missing *m, uint64_t number);

#endif
