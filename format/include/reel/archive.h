/* SPDX-License-Identifier: Apache-2.0 */
/* ARCHIVE: the first record of an archive (spec 5.2). */
#ifndef REEL_ARCHIVE_H
#define REEL_ARCHIVE_H

#include "reel/path.h"
#include "reel/position.h"
#include "reel/record.h"
#include "reel/time.h"

enum reel_source_kind {
    REEL_SOURCE_POSIX = 1,
    REEL_SOURCE_NTFS  = 2,
    REEL_SOURCE_RAW   = 3
};

#define REEL_ARCHIVE_NAME_BYTES_MAX 64U
#define REEL_HOST_BYTES_MAX 64U
#define REEL_SYSTEM_BYTES_MAX 255U
#define REEL_OPTIONS_BYTES_MAX 4096U

struct reel_archive {
    uint16_t edition;       /* 1 */
    uint8_t source;         /* enum reel_source_kind */
    uint8_t compression;    /* enum reel_compression, by choice */
    uint32_t segment_limit; /* 262,144 … 16,777,216 */
    struct reel_time created;
    uint32_t archive; /* its number, from 1 */
    int32_t level;
    uint32_t previous_archive;     /* 0: none */
    struct reel_position previous; /* of its END */
    uint8_t base_encoding;         /* enum reel_encoding */
    struct reel_bytes name;        /* all six borrowed */
    struct reel_bytes host;
    struct reel_bytes system;
    struct reel_bytes software;
    struct reel_bytes options;
    struct reel_bytes base;
};

/* Decode the payload at `c` (R-14, R-15, R-17 to R-19, G-7, C-4, C-5). INVALID.
   Pure. */
REEL_API enum reel_status
reel_archive_decode(struct reel_archive *out, struct reel_cursor *c,
                    struct reel_err *err) REEL_MUST_CHECK;

/* The same for use: C-4 and C-5 are only to be told (12.2). *told (may be NULL)
   is what there is to tell, its status OK if nothing. */
REEL_API enum reel_status
reel_archive_accept(struct reel_archive *out, struct reel_cursor *c,
                    struct reel_err *told,
                    struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_archive_encode(const struct reel_archive *a, struct reel_builder *b,
                    struct reel_err *err) REEL_MUST_CHECK;

#endif
