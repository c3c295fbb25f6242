/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments that do not stand whole on a volume yet, in order, each with the
 * part of it that the catalog will need once its place is known (spec 9.1).
 * Private to writer/.
 */
#ifndef REEL_WRITER_PENDING_H
#define REEL_WRITER_PENDING_H

#include "reel/bytes.h"
#include "reel/err.h"

struct reel_pending_segment {
    uint64_t first_sequence; /* of the block in which it begins */
    uint32_t payload_offset; /* in the payload of that block */
    uint64_t last_sequence;  /* of the block with its last octet */
    size_t part_bytes;
};

struct reel_pending {
    struct reel_pending_segment *segments;
    size_t count;
    size_t capacity;
    uint8_t *parts; /* one behind the other */
    size_t part_bytes;
    size_t part_capacity;
};

/* Zeroed is empty. */
void reel_pending_fini(struct reel_pending *p);

/* s->part_bytes is set here; the part is copied. MEMORY. */
enum reel_status reel_pending_add(struct reel_pending *p,
                                  const struct reel_pending_segment *s,
                                  struct reel_bytes part,
                                  struct reel_err *err) REEL_MUST_CHECK;

/* Forget the oldest `count` segments, whose parts are `bytes` together. */
void reel_pending_drop(struct reel_pending *p, size_t count, size_t bytes);

#endif
