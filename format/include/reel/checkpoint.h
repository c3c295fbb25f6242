/* SPDX-License-Identifier: Apache-2.0 */
/* CHECKPOINT: closes a slice of the catalog (spec 9.3). */
#ifndef REEL_CHECKPOINT_H
#define REEL_CHECKPOINT_H

#include "reel/position.h"
#include "reel/record.h"
#include "reel/sha256.h"

struct reel_checkpoint {
    uint32_t number; /* from 1 */
    uint32_t zero;
    uint64_t next_object;
    uint64_t objects;
    uint64_t torn;
    uint64_t stream_bytes;
    uint64_t slice_records;
    uint64_t slice_bytes;
    struct reel_position slice; /* its first block */
    uint32_t previous_number;   /* 0: none */
    struct reel_position previous;
    uint8_t slice_digest[REEL_DIGEST_BYTES];
};

/* Decode the payload at `c` (A-7 as far as one goes). INVALID. Pure. */
REEL_API enum reel_status
reel_checkpoint_decode(struct reel_checkpoint *out, struct reel_cursor *c,
                       struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_checkpoint_encode(const struct reel_checkpoint *k, struct reel_builder *b,
                       struct reel_err *err) REEL_MUST_CHECK;

#endif
