/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of objects in an archive, and what they are in a relay. Private to
   reader/. */
#ifndef REEL_READER_RELAY_NUMBERS_H
#define REEL_READER_RELAY_NUMBERS_H

#include <stddef.h>

#include "reel/err.h"

/* Zero it. */
struct reel_relay_numbers {
    struct reel_relay_number {
        uint64_t number; /* 0: free */
        uint64_t sent;
    } * slots;
    size_t capacity; /* 0 or a power of two */
    size_t used;
};

void reel_relay_numbers_fini(struct reel_relay_numbers *n);

/* Neither is 0; one that is there is replaced. MEMORY. */
enum reel_status reel_relay_numbers_set(struct reel_relay_numbers *n,
                                        uint64_t number, uint64_t sent,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* 0: it is not there. */
uint64_t reel_relay_numbers_get(const struct reel_relay_numbers *n,
                                uint64_t number);

#endif
