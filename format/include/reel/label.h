/* SPDX-License-Identifier: Apache-2.0 */
/* The label and the first page of the leader (spec 2.2, 2.3). */
#ifndef REEL_LABEL_H
#define REEL_LABEL_H

#include "reel/builder.h"
#include "reel/cursor.h"
#include "reel/limits.h"
#include "reel/time.h"

struct reel_label {
    uint8_t volume_id[REEL_VOLUME_ID_BYTES]; /* A-Z 0-9, spaces behind */
};

/* Is it 1 … 6 letters A-Z and digits, filled up with spaces (L-5)? Pure. */
REEL_API bool reel_volume_id_legal(const uint8_t id[REEL_VOLUME_ID_BYTES]);

/*
 * Decode the label block data[0, len) (L-5). out set only on REEL_OK.
 * Fails with TRUNCATED, MAGIC (not "VOL1" with "REEL"; the sentence says whose
 * it is when that is known), INVALID. Pure.
 */
REEL_API enum reel_status
reel_label_decode(struct reel_label *out, const uint8_t *data, size_t len,
                  const struct reel_pos *pos,
                  struct reel_err *err) REEL_MUST_CHECK;

/* Put the 80 octets. INVALID, LIMIT. */
REEL_API enum reel_status
reel_label_encode(const struct reel_label *l, struct reel_builder *b,
                  struct reel_err *err) REEL_MUST_CHECK;

/* The 28 characters a leader begins with. */
#define REEL_LEADER_TITLE "REEL TAPE ARCHIVE, EDITION 1"

struct reel_leader {
    uint8_t volume_id[REEL_VOLUME_ID_BYTES];
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint32_t volume;
    uint32_t block_bytes;
    struct reel_time created;
    struct reel_bytes set_name; /* characters other than ASCII become '?' */
    struct reel_bytes software;
};

/* Put the first page (L-7, L-8), about 2,000 octets. LIMIT. Pure. */
REEL_API enum reel_status
reel_leader_page(const struct reel_leader *l, struct reel_builder *b,
                 struct reel_err *err) REEL_MUST_CHECK;

/* L-7: does the leader data[0, len) begin rightly and hold legal octets
   only? INVALID. Pure. */
REEL_API enum reel_status
reel_leader_check(const uint8_t *data, size_t len, bool first,
                  const struct reel_pos *pos,
                  struct reel_err *err) REEL_MUST_CHECK;

#endif
