/* SPDX-License-Identifier: Apache-2.0 */
/* SOURCE, EARLIER VOLUME, EARLIER ARCHIVE: the head of an archive behind its
   ARCHIVE record (spec 5.3, 5.4). */
#ifndef REEL_HEAD_H
#define REEL_HEAD_H

#include "reel/position.h"
#include "reel/record.h"
#include "reel/sha256.h"
#include "reel/time.h"

enum reel_source_role { REEL_ROLE_PATH = 1, REEL_ROLE_EXCLUDE = 2 };

struct reel_source_record {
    uint8_t role;           /* enum reel_source_role */
    uint8_t encoding;       /* enum reel_encoding */
    struct reel_bytes text; /* 1 … 65,535 octets, borrowed */
};

/* Decode the payload at `c`. INVALID. Pure. */
REEL_API enum reel_status
reel_source_record_decode(struct reel_source_record *out, struct reel_cursor *c,
                          struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_source_record_encode(const struct reel_source_record *s,
                          struct reel_builder *b,
                          struct reel_err *err) REEL_MUST_CHECK;

struct reel_earlier_volume {
    uint32_t volume; /* > 0 */
    uint8_t volume_id[REEL_VOLUME_ID_BYTES];
    uint16_t zero;
};

/* Decode the payload at `c` (R-21 as far as one goes). INVALID. Pure. */
REEL_API enum reel_status
reel_earlier_volume_decode(struct reel_earlier_volume *out,
                           struct reel_cursor *c,
                           struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_earlier_volume_encode(const struct reel_earlier_volume *v,
                           struct reel_builder *b,
                           struct reel_err *err) REEL_MUST_CHECK;

struct reel_earlier_archive {
    uint32_t archive; /* > 0 */
    bool complete;    /* everything below is zero if not */
    struct reel_position end;
    struct reel_time created;
    uint64_t objects;
    uint64_t stream_bytes;
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_bytes name; /* borrowed */
};

/* Decode the payload at `c`. INVALID. Pure. */
REEL_API enum reel_status
reel_earlier_archive_decode(struct reel_earlier_archive *out,
                            struct reel_cursor *c,
                            struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_earlier_archive_encode(const struct reel_earlier_archive *a,
                            struct reel_builder *b,
                            struct reel_err *err) REEL_MUST_CHECK;

#endif
