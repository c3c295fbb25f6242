/* SPDX-License-Identifier: Apache-2.0 */
/* The two ends of a relay (reel/relay.h) on descriptors. */
#ifndef REEL_RELAY_PIPE_H
#define REEL_RELAY_PIPE_H

#include "reel/relay.h"

/* Records from `fd`, which is borrowed. Zero it but for fd. */
struct reel_relay_reader {
    int fd;
    uint8_t *buf; /* the record handed out last */
    size_t capacity;
};

/*
 * The next whole record, valid until the next call. REEL_END where the stream
 * ends between two records; TRUNCATED inside one; LIMIT: longer than
 * REEL_RELAY_RECORD_BYTES_MAX; INVALID, MEDIUM, MEMORY.
 */
enum reel_status reel_relay_read(struct reel_relay_reader *r,
                                 struct reel_record *out,
                                 struct reel_err *err) REEL_MUST_CHECK;
void reel_relay_reader_fini(struct reel_relay_reader *r);

/*
 * Write all of `octets`, whole records. MEDIUM; the writer of a pipe should
 * ignore SIGPIPE.
 */
enum reel_status reel_relay_write(int fd, struct reel_bytes octets,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
