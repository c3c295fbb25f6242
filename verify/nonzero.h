/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the octets of an object are not zero, as far as bounded memory knows
 * (O-18: bad ranges are told behind the octets). Private to verify/.
 */
#ifndef REEL_VERIFY_NONZERO_H
#define REEL_VERIFY_NONZERO_H

#include "reel/stream.h"

#define REEL_NONZERO_SPANS_MAX 256U

/* The first and the last octet are not zero; within, zeros stand in rows
   shorter than the `gap` below. */
struct reel_nonzero_span {
    uint32_t ordinal;
    uint64_t from;
    uint64_t to;
};

struct reel_nonzero {
    struct reel_nonzero_span spans[REEL_NONZERO_SPANS_MAX];
    size_t count;
    uint64_t gap;
    bool over; /* there was no room for what came last */
};

void reel_nonzero_init(struct reel_nonzero *n);

/* Octets of a stream, in order. */
void reel_nonzero_add(struct reel_nonzero *n, const struct reel_data *d);

/* Is it certain that an octet of the range, which is not empty, is not zero? */
bool reel_nonzero_within(const struct reel_nonzero *n, uint32_t ordinal,
                         uint64_t offset, uint64_t len);

#endif
