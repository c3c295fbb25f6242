/* SPDX-License-Identifier: Apache-2.0 */
/* VOLUME: identifies a volume, proves its label and leader (spec 2.4). */
#ifndef REEL_VOLUME_H
#define REEL_VOLUME_H

#include "reel/block_header.h"
#include "reel/record.h"
#include "reel/sha256.h"
#include "reel/time.h"

#define REEL_SET_NAME_BYTES_MAX 128U
#define REEL_SOFTWARE_BYTES_MAX 64U

struct reel_volume {
    uint32_t volume; /* from 1 */
    uint32_t block_bytes;
    uint8_t set_id[REEL_SET_ID_BYTES];
    struct reel_time created;
    uint32_t label_bytes;  /* 80 */
    uint64_t leader_bytes; /* all leader blocks together */
    uint8_t digest[REEL_DIGEST_BYTES];
    uint8_t volume_id[REEL_VOLUME_ID_BYTES]; /* ASCII, spaces behind */
    uint16_t edition;
    uint32_t zero;
    struct reel_bytes set_name; /* both borrowed */
    struct reel_bytes software;
};

/* Decode the payload at `c` (R-14, L-12, C-4, C-5, R-6). INVALID. Pure. */
REEL_API enum reel_status
reel_volume_decode(struct reel_volume *out, struct reel_cursor *c,
                   struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_volume_encode(const struct reel_volume *v, struct reel_builder *b,
                   struct reel_err *err) REEL_MUST_CHECK;

/* L-10: does VOLUME agree with the header of its block? INVALID. Pure. */
REEL_API enum reel_status reel_volume_check_block(
    const struct reel_volume *v, const struct reel_block_header *h,
    const struct reel_cursor *at, struct reel_err *err) REEL_MUST_CHECK;

#endif
