/* SPDX-License-Identifier: Apache-2.0 */
/* GROUP END: closes a group of streams, with its digests (spec 7.3). */
#ifndef REEL_GROUP_END_H
#define REEL_GROUP_END_H

#include "reel/record.h"
#include "reel/sha256.h"

#define REEL_GROUP_HAS_CONTENT_DIGEST 0x1U

struct reel_group_end {
    uint32_t first_ordinal;
    uint32_t streams;
    uint32_t stream_id;
    uint32_t attributes;
    uint32_t flags;
    uint64_t body_bytes;
    uint64_t content_bytes;
    uint64_t allocated_bytes;
    uint8_t stream_digest[REEL_DIGEST_BYTES];
    uint8_t content_digest[REEL_DIGEST_BYTES]; /* zero if not present */
    struct reel_bytes name;                    /* borrowed */
};

/* Decode the payload at `c` (S-10 as far as one record goes, R-6). INVALID. */
REEL_API enum reel_status
reel_group_end_decode(struct reel_group_end *out, struct reel_cursor *c,
                      struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_group_end_encode(const struct reel_group_end *g, uint64_t number,
                      struct reel_builder *b,
                      struct reel_err *err) REEL_MUST_CHECK;

/* 7.3, at a place where a hole ends: are the holes of content that reaches to
   `content_bytes`, `allocated_bytes` of it in bodies, few enough for the
   content digest? Pure. */
REEL_API bool reel_group_digest_wanted(uint64_t content_bytes,
                                       uint64_t allocated_bytes);

#endif
