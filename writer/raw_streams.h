/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The streams in a file that BackupRead filled, one after the other, judged by
 * their sizes as spec chapter 7 judges them. Private to writer/.
 */
#ifndef REEL_WRITER_RAW_STREAMS_H
#define REEL_WRITER_RAW_STREAMS_H

#include "reel/group.h"

struct reel_raw_streams {
    int fd;        /* borrowed; -1: no streams */
    bool link;     /* they are those of a link */
    uint64_t size; /* of the file */

    /* The stream next() gave. */
    struct reel_stream_header header; /* name: in `name` */
    uint64_t sparse_offset;           /* REEL_NONE64: it is no SPARSE_BLOCK */
    uint64_t body;                    /* where its body begins in the file */

    uint64_t content_bytes; /* of the first unnamed DATA, when all went by */
    bool has_content;       /* there is one */

    bool begun;
    bool in_content; /* the open group is that one */
    struct reel_group group;
    uint8_t name[REEL_STREAM_NAME_BYTES_MAX];
};

/* Begin with the first stream of a file of `size` octets. */
void reel_raw_streams_begin(struct reel_raw_streams *s, int fd, uint64_t size,
                            bool link);

/*
 * The next stream, whole and legal behind those before it; REEL_END behind the
 * last. Fails with TRUNCATED (the file ends inside it), INVALID, MEDIUM (the
 * file cannot be read); the sentence names the octet where it begins.
 */
enum reel_status reel_raw_streams_next(struct reel_raw_streams *s,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Octets [at, at + len) of the file. *got is less only at its end. -1 with
   errno set when it cannot be read. */
int reel_raw_streams_read(int fd, void *buf, size_t len, uint64_t at,
                          size_t *got);

#endif
