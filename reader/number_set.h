/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of objects, as ranges: grows with what is left out. Private to
   reader/. */
#ifndef REEL_READER_NUMBER_SET_H
#define REEL_READER_NUMBER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reel/err.h"

struct reel_number_range {
    uint64_t from;
    uint64_t to; /* one behind */
};

/* Zeroed is empty. */
struct reel_number_set {
    struct reel_number_range *ranges; /* ascending, not touching */
    size_t count;
    size_t capacity;
};

void reel_number_set_fini(struct reel_number_set *s);
/* MEMORY. Pre: number is not the largest there is. */
enum reel_status reel_number_set_add(struct reel_number_set *s, uint64_t number,
                                     struct reel_err *err) REEL_MUST_CHECK;
/* The lowest one that is not below `from`; UINT64_MAX: none. */
uint64_t reel_number_set_from(const struct reel_number_set *s, uint64_t from);
bool reel_number_set_has(const struct reel_number_set *s, uint64_t number);

#endif
