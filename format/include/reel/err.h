/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One status enumeration and one located error for the whole project
 * (spec chapter 12, table of errors).
 */
#ifndef REEL_ERR_H
#define REEL_ERR_H

#include <stdbool.h>
#include <stdint.h>

#include "reel/compiler.h"

/* Callers act differently on each of these; they are never merged. */
enum reel_status {
    REEL_OK = 0,
    REEL_END,           /* clean end; only from functions named *_next */
    REEL_E_TRUNCATED,   /* the bytes ran out inside a structure */
    REEL_E_MAGIC,       /* not the structure that was looked for */
    REEL_E_CORRUPT,     /* a checksum or digest does not agree */
    REEL_E_INVALID,     /* sealed, but breaks a rule of the specification */
    REEL_E_UNSUPPORTED, /* legal, but newer than this library */
    REEL_E_LIMIT,       /* legal, but larger than the caller allowed */
    REEL_E_MEDIUM,      /* the drive or the operating system failed */
    REEL_E_FULL,        /* the medium, or the file system, has no room left */
    REEL_E_MEMORY,      /* an allocation failed */
    REEL_E_MISUSE,      /* a fault of the caller */
    REEL_E_STOPPED      /* interrupted on request */
};

/* Where something stands on a set of volumes. */
struct reel_pos {
    uint32_t volume;       /* number of the volume in its set, from 1; 0 when
                              not known */
    uint64_t block;        /* block on that volume as the drive counts, label
                              and filemarks included, from 0 */
    uint32_t byte;         /* offset inside that block */
    uint32_t segment_byte; /* offset in the unpacked segment, if in_segment */
    bool in_segment;
};

struct reel_err {
    enum reel_status status; /* equal to what the function returned */
    struct reel_pos pos;     /* start of the structure that is wrong; for
                                TRUNCATED, where the bytes ran out */
    const char *rule;        /* spec rule id, "B-12"; NULL if not about format;
                                static storage */
    char text[160];          /* one sentence: field, seen, allowed */
};

/*
 * Fill *err (which may be NULL) and return `status`. `pos` may be NULL for
 * "nowhere on tape"; `rule` is NULL or a string of static storage. Pure.
 */
REEL_API enum reel_status
reel_fail(struct reel_err *err, enum reel_status status,
          const struct reel_pos *pos, const char *rule, const char *fmt, ...)
    REEL_PRINTF(5, 6);

/* The spec's word for a status, "corrupt"; static storage, never NULL. */
REEL_API const char *reel_status_name(enum reel_status status);

/* The one macro that may return: pass a failure of `call` up. */
#define REEL_TRY(call)                                                         \
    do {                                                                       \
        const enum reel_status reel_try_ = (call);                             \
        if (reel_try_ != REEL_OK)                                              \
            return reel_try_;                                                  \
    } while (0)

#endif
