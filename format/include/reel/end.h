/* SPDX-License-Identifier: Apache-2.0 */
/* END: closes an archive and names its catalog (spec 9.4). */
#ifndef REEL_END_H
#define REEL_END_H

#include "reel/archive.h"
#include "reel/sha256.h"

struct reel_end {
    uint16_t edition;
    uint8_t source;
    uint8_t compression;
    uint32_t segment_limit;
    struct reel_time created;
    uint32_t archive;
    uint64_t objects; /* complete ones */
    uint64_t torn;
    uint64_t flawed; /* complete, with flags or bad ranges */
    uint64_t stream_bytes;
    uint64_t catalog_bytes;
    uint64_t catalog_records;
    struct reel_position catalog; /* its first block */
    uint32_t previous_archive;
    struct reel_position previous;
    uint32_t checkpoint;                   /* number of the last; 0: none */
    struct reel_position checkpoint_slice; /* its first block */
    uint8_t catalog_digest[REEL_DIGEST_BYTES];
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_bytes name; /* both borrowed */
    struct reel_bytes host;
};

/*
 * Decode the payload at `c` (R-14, R-15, R-17, R-18, G-7, C-4, C-5, R-6), and
 * so judge it. INVALID. Pure.
 */
REEL_API enum reel_status reel_end_decode(struct reel_end *out,
                                          struct reel_cursor *c,
                                          struct reel_err *err) REEL_MUST_CHECK;

/*
 * Decode the payload at `c` for use: an END in which R-6 holds is valid,
 * whatever else it breaks (9.4). A text that breaks a requirement is left
 * empty, and a previous archive that is not lower, than the one stated and than
 * `archive`, which is that of its block, counts as the one below. INVALID.
 * Pure.
 */
REEL_API enum reel_status reel_end_accept(struct reel_end *out,
                                          uint32_t archive,
                                          struct reel_cursor *c,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status reel_end_encode(const struct reel_end *e,
                                          struct reel_builder *b,
                                          struct reel_err *err) REEL_MUST_CHECK;

#endif
