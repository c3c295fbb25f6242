/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed segments in an unlinked temporary file: the catalog while the archive
 * is being written. Private to writer/.
 */
#ifndef REEL_WRITER_SPOOL_H
#define REEL_WRITER_SPOOL_H

#include <stdint.h>

#include "reel/bytes.h"
#include "reel/err.h"
#include "temporary.h"

struct reel_spool {
    struct reel_temporary file;
    uint64_t written; /* octets */
    uint8_t *buf;     /* for reading back */
    size_t capacity;
};

/* A file in `directory` (NULL: /tmp), borrowed. MEDIUM, FULL, MEMORY. */
enum reel_status reel_spool_init(struct reel_spool *s, const char *directory,
                                 struct reel_err *err) REEL_MUST_CHECK;
void reel_spool_fini(struct reel_spool *s);

/* Fails with MEDIUM; with FULL when the file system has no room. */
enum reel_status reel_spool_add(struct reel_spool *s, struct reel_bytes packed,
                                struct reel_err *err) REEL_MUST_CHECK;

/*
 * The segment at *at (0 at first), borrowed until the next call; *at moves on.
 * REEL_END behind the last. Fails with MEDIUM, MEMORY.
 */
enum reel_status reel_spool_next(struct reel_spool *s, uint64_t *at,
                                 struct reel_bytes *packed,
                                 struct reel_err *err) REEL_MUST_CHECK;

#endif
