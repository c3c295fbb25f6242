/* SPDX-License-Identifier: Apache-2.0 */
/* The record header, and walking the records of a segment (chapter 5). */
#ifndef REEL_RECORD_H
#define REEL_RECORD_H

#include "reel/builder.h"
#include "reel/cursor.h"
#include "reel/limits.h"

enum reel_record_type {
    REEL_RECORD_SOURCE          = 0x0003,
    REEL_RECORD_EARLIER_VOLUME  = 0x0004,
    REEL_RECORD_EARLIER_ARCHIVE = 0x0005,
    REEL_RECORD_VOLUME          = 0x8001,
    REEL_RECORD_ARCHIVE         = 0x8002,
    REEL_RECORD_OBJECT          = 0x8010,
    REEL_RECORD_XATTR           = 0x8011,
    REEL_RECORD_STREAM          = 0x8012,
    REEL_RECORD_DATA            = 0x8013,
    REEL_RECORD_GROUP_END       = 0x8014,
    REEL_RECORD_OBJECT_END      = 0x8015,
    REEL_RECORD_CONTINUED       = 0x8016,
    REEL_RECORD_ENTRY           = 0x8020,
    REEL_RECORD_CHECKPOINT      = 0x8021,
    REEL_RECORD_END             = 0x8022
};
#define REEL_RECORD_CRITICAL 0x8000U
#define REEL_RECORD_PRIVATE 0x4000U

struct reel_record {
    uint16_t type; /* enum reel_record_type, or unknown */
    uint16_t zero;
    uint64_t object;           /* 0: none */
    struct reel_bytes payload; /* borrowed from the segment */
    struct reel_bytes whole;   /* header and payload, likewise */
    struct reel_pos pos;       /* where the record begins */
};

/*
 * Take the next record at `c`, a cursor over an unpacked
 * segment. Returns REEL_END when none is left. out set on REEL_OK, and valid as
 * long as the segment. Fails with TRUNCATED; with INVALID, then out is set all
 * the same, and c stands behind the record. Pure.
 */
REEL_API enum reel_status
reel_record_next(struct reel_record *out, struct reel_cursor *c,
                 struct reel_err *err) REEL_MUST_CHECK;

/* A cursor over the payload of `r`, knowing where it stands. */
REEL_API struct reel_cursor reel_record_cursor(const struct reel_record *r);

/*
 * Begin a record: puts a header whose length reel_record_close fills in.
 * Returns the mark to hand to reel_record_close.
 */
REEL_API size_t reel_record_open(struct reel_builder *b, uint16_t type,
                                 uint64_t object);
REEL_API void reel_record_close(struct reel_builder *b, size_t mark);

/* The name of a type, "OBJECT", or "unknown"; static storage. */
REEL_API const char *reel_record_type_name(uint16_t type);

/* A type of edition 1? Pure. */
REEL_API bool reel_record_type_known(uint16_t type);

/*
 * For decoders of payloads: INVALID with rule R-6 unless `c` has used its
 * octets exactly; `what` is the name of the record.
 */
REEL_API enum reel_status
reel_record_exact(const struct reel_cursor *c, const char *what,
                  struct reel_err *err) REEL_MUST_CHECK;

/* For encoders: LIMIT when the builder ran out of room. */
REEL_API enum reel_status
reel_record_fits(const struct reel_builder *b, const char *what,
                 struct reel_err *err) REEL_MUST_CHECK;

#endif
