/* SPDX-License-Identifier: Apache-2.0 */
/* OBJECT END: counts, and what went wrong while reading (spec 6.3). */
#ifndef REEL_OBJECT_END_H
#define REEL_OBJECT_END_H

#include "reel/record.h"
#include "reel/sha256.h"

#define REEL_OBJECT_CHANGED 0x1U /* changed while it was read */
#define REEL_OBJECT_GREW 0x2U    /* what was behind its size is left out */

enum reel_bad_reason {
    REEL_BAD_UNREADABLE = 1, /* could not be read */
    REEL_BAD_CUT        = 2  /* was cut short */
};

struct reel_bad_range {
    uint32_t ordinal; /* of the stream */
    uint32_t reason;  /* enum reel_bad_reason */
    uint64_t offset;  /* in the body of the stream */
    uint64_t len;     /* > 0 */
};
#define REEL_BAD_RANGE_BYTES 24U
/* As many as an OBJECT END holds. */
#define REEL_BAD_RANGES_MAX ((REEL_RECORD_BYTES_MAX - 64U) / 24U)

struct reel_object_end {
    uint32_t streams;
    uint32_t groups;
    uint32_t xattrs;
    uint32_t flags;
    uint64_t stream_bytes;
    uint32_t bad_ranges;
    uint32_t zero;
    uint8_t xattr_digest[REEL_DIGEST_BYTES]; /* zero if there are none */
    struct reel_bytes bad_range_bytes; /* bad_ranges × 24 octets, borrowed */
};

/* Decode the payload at `c` (O-15 to O-17, R-6). INVALID. Pure. */
REEL_API enum reel_status
reel_object_end_decode(struct reel_object_end *out, struct reel_cursor *c,
                       struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record; bad_range_bytes was made by reel_bad_range_put. */
REEL_API enum reel_status
reel_object_end_encode(const struct reel_object_end *e, uint64_t number,
                       struct reel_builder *b,
                       struct reel_err *err) REEL_MUST_CHECK;

/* The i-th bad range, i < e->bad_ranges. Pure. */
REEL_API struct reel_bad_range
reel_object_end_bad_range(const struct reel_object_end *e, uint32_t i);

REEL_API void reel_bad_range_put(const struct reel_bad_range *r,
                                 struct reel_builder *b);

#endif
