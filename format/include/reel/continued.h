/* SPDX-License-Identifier: Apache-2.0 */
/* CONTINUED: what a segment that begins inside an object needs (spec 6.4). */
#ifndef REEL_CONTINUED_H
#define REEL_CONTINUED_H

#include "reel/path.h"
#include "reel/record.h"

struct reel_continued {
    uint8_t kind;            /* enum reel_object_kind */
    uint8_t encoding;        /* enum reel_encoding */
    uint32_t group_ordinal;  /* REEL_NONE32: no group is open */
    uint32_t stream_ordinal; /* REEL_NONE32: no stream is open */
    uint64_t stream_offset;  /* octets of the stream that stand before */
    struct reel_bytes path;  /* all three are borrowed */
    struct reel_bytes group_header;
    struct reel_bytes stream_header;
};

/* Decode the payload at `c` (O-21, N-1 to N-3, R-6). INVALID. Pure. */
REEL_API enum reel_status
reel_continued_decode(struct reel_continued *out, struct reel_cursor *c,
                      struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_continued_encode(const struct reel_continued *k, uint64_t number,
                      struct reel_builder *b,
                      struct reel_err *err) REEL_MUST_CHECK;

#endif
