/* SPDX-License-Identifier: Apache-2.0 */
/* One stream on its way into a file: which octets of its body were given out.
   Private to verify/. */
#ifndef REEL_VERIFY_EXTRACT_STREAM_H
#define REEL_VERIFY_EXTRACT_STREAM_H

#include "extract_log.h"
#include "reel/stream.h"

struct reel_extract_stream {
    int dir_fd;
    struct reel_extract_log *log;
    uint64_t bytes; /* given out, of all streams */

    bool open;
    uint32_t archive;
    uint64_t object;
    uint32_t ordinal;
    int fd;        /* -1: nothing was given out yet */
    uint64_t from; /* the range at hand; from == to: none */
    uint64_t to;
    struct reel_sha256 digest;
};

/* No stream is open. */
void reel_extract_stream_init(struct reel_extract_stream *s, int dir_fd,
                              struct reel_extract_log *log);
void reel_extract_stream_fini(struct reel_extract_stream *s);

/* A stream of `object`; what was open is closed, unless it is the same, which
   goes on. MEDIUM, FULL, MEMORY. */
enum reel_status
reel_extract_stream_begin(struct reel_extract_stream *s, uint32_t archive,
                          uint64_t object, const struct reel_stream *of,
                          struct reel_err *err) REEL_MUST_CHECK;

/* Octets of its body; those before what was given out are passed over. */
enum reel_status reel_extract_stream_data(struct reel_extract_stream *s,
                                          const struct reel_data *d,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* If one is open. */
enum reel_status
reel_extract_stream_close(struct reel_extract_stream *s,
                          struct reel_err *err) REEL_MUST_CHECK;

#endif
