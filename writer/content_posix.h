/* SPDX-License-Identifier: Apache-2.0 */
/* The streams of a regular file (spec 7.3, 7.4). Private to writer/. */
#ifndef REEL_WRITER_CONTENT_POSIX_H
#define REEL_WRITER_CONTENT_POSIX_H

#include "holes_posix.h"
#include "reel/stream.h"

#define REEL_SPARSE_OFFSET_BYTES 8U

enum reel_content_stage {
    REEL_CONTENT_FIRST,  /* the DATA stream comes next */
    REEL_CONTENT_BLOCKS, /* a SPARSE_BLOCK, perhaps the closing one */
    REEL_CONTENT_DONE
};

struct reel_content_posix {
    const struct reel_calls_posix *calls;
    int fd;
    uint64_t size;
    bool sparse;
    enum reel_content_stage stage;
    struct reel_holes_posix holes;

    /* The open stream: what is left of it. */
    uint8_t head[REEL_SPARSE_OFFSET_BYTES];
    size_t head_left;
    uint64_t at; /* in the file */
    uint64_t end;

    uint64_t careful_end; /* up to here page by page: a read failed */
    uint64_t bad_end;     /* up to here zeros, for bad_reason */
    uint32_t bad_reason;
    uint64_t trouble_at; /* where content was last found missing */
    int trouble;         /* its errno; 0: cut short */
};

/*
 * Begin with a regular file open for reading, as `stat` says it is. Both
 * `calls` and `fd` are borrowed until the next begin.
 */
void reel_content_posix_begin(struct reel_content_posix *c,
                              const struct reel_calls_posix *calls, int fd,
                              const struct statx *stat);

/* As next_stream of struct reel_source_ops. */
enum reel_status
reel_content_posix_next(struct reel_content_posix *c,
                        struct reel_stream_header *out,
                        uint64_t *sparse_offset) REEL_MUST_CHECK;

/* As read of struct reel_source_ops; cannot fail. */
void reel_content_posix_read(struct reel_content_posix *c, uint8_t *buf,
                             size_t want, size_t *got, uint32_t *reason);

#endif
