/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A temporary file without a name, for what must not grow in memory. Private
 * to writer, reader and verifier, which share it.
 */
#ifndef REEL_MEDIA_TEMPORARY_H
#define REEL_MEDIA_TEMPORARY_H

#include <stddef.h>
#include <stdint.h>

#include "reel/err.h"

struct reel_temporary {
    int fd;                /* -1: not open */
    const char *directory; /* borrowed */
};

/* Not open yet. directory NULL or empty: /tmp. */
void reel_temporary_init(struct reel_temporary *t, const char *directory);
void reel_temporary_fini(struct reel_temporary *t);

/* Make the file, unless that was done. MEDIUM, FULL, MEMORY. */
enum reel_status reel_temporary_open(struct reel_temporary *t,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* All of data[0, len) at offset `at`. MEDIUM, FULL. Pre: open. */
enum reel_status reel_temporary_write(const struct reel_temporary *t,
                                      uint64_t at, const void *data, size_t len,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* All of out[0, len) from offset `at`; MEDIUM if it is not there. */
enum reel_status reel_temporary_read(const struct reel_temporary *t,
                                     uint64_t at, void *out, size_t len,
                                     struct reel_err *err) REEL_MUST_CHECK;

#endif
