/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of an object of encoding 2 is not its unnamed content: groups of
 * streams while they come, kept in memory as long as an extended attribute
 * could take them (spec 8.5). Private to reader/.
 */
#ifndef REEL_READER_SINK_EXTRAS_H
#define REEL_READER_SINK_EXTRAS_H

#include "reel/err.h"
#include "reel/stream.h"

#define REEL_EXTRA_BYTES_MAX 65536U     /* what Linux takes as an attribute */
#define REEL_EXTRAS_BYTES_MAX 16777216U /* of one object, in memory */
#define REEL_EXTRAS_COUNT_MAX 4096U     /* of one object, named one by one */

enum reel_extra_state {
    REEL_EXTRA_KEPT,    /* in memory */
    REEL_EXTRA_IN_FILE, /* too long for memory: the sink has it in a file */
    REEL_EXTRA_DROPPED, /* too long, or its file failed: gone */
    REEL_EXTRA_APPLIED  /* nothing is left to do */
};

struct reel_sink_extra {
    enum reel_extra_state state;
    uint32_t ordinal; /* of its first stream */
    uint32_t id;
    bool content;  /* it is content; else bodies and headers */
    uint8_t *name; /* units, as in the header */
    size_t name_len;
    uint8_t *data; /* KEPT: [0, len), what is behind it up to size is
                      zero */
    size_t len;
    size_t capacity;
    uint64_t size;
};

struct reel_sink_extras {
    struct reel_sink_extra *list;
    size_t count;
    size_t capacity;
    size_t bytes;                 /* in memory */
    uint64_t uncounted;           /* groups beyond the list */
    struct reel_sink_extra *open; /* the group that comes; NULL: it is not
                                     kept; valid until the next stream */
    uint64_t stream_at; /* where the body of its open stream begins, unless
                           it is content */
    bool block;         /* that is a SPARSE_BLOCK behind the first stream */
};

void reel_sink_extras_init(struct reel_sink_extras *e);
/* Forget all of them. */
void reel_sink_extras_clear(struct reel_sink_extras *e);
void reel_sink_extras_fini(struct reel_sink_extras *e);

/* A group begins with `s`. MEMORY. */
enum reel_status reel_sink_extras_begin(struct reel_sink_extras *e,
                                        const struct reel_stream *s,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* Where octets go: into the open group at `at`. */
struct reel_extra_piece {
    struct reel_bytes bytes; /* none: only the size grows up to `at` */
    uint64_t at;
};

/* A SPARSE_BLOCK goes on with the open group: its header, if that is part of
   the group. False: nothing. */
bool reel_sink_extras_block(struct reel_sink_extras *e,
                            const struct reel_stream *s,
                            struct reel_extra_piece *out);

/* A DATA record of the open group. False: nothing of it. */
bool reel_sink_extras_data(struct reel_sink_extras *e,
                           const struct reel_data *d,
                           struct reel_extra_piece *out);

/* Keep a piece in memory. False: it is not that short any more, or there is
   no memory; the sink puts it elsewhere, after what is there. */
bool reel_sink_extras_keep(struct reel_sink_extras *e,
                           struct reel_sink_extra *x,
                           const struct reel_extra_piece *piece);

/* Free what is in memory; the state is set. */
void reel_sink_extras_release(struct reel_sink_extras *e,
                              struct reel_sink_extra *x,
                              enum reel_extra_state state);

/* All of a KEPT one, its zeros too. False: no memory for those. */
bool reel_sink_extras_value(struct reel_sink_extras *e,
                            struct reel_sink_extra *x, struct reel_bytes *out);

/* The first KEPT one with this id; NULL: none. */
struct reel_sink_extra *reel_sink_extras_find(struct reel_sink_extras *e,
                                              uint32_t id);

#endif
