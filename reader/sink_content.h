/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which octets of an object's streams are its unnamed content, and where in
 * it they belong. Private to reader/.
 */
#ifndef REEL_READER_SINK_CONTENT_H
#define REEL_READER_SINK_CONTENT_H

#include "reel/stream.h"

enum reel_sink_part {
    REEL_SINK_PART_CONTENT, /* the unnamed DATA */
    REEL_SINK_PART_BLOCK,   /* a SPARSE_BLOCK: belongs to what came before */
    REEL_SINK_PART_OTHER
};

struct reel_sink_content {
    uint64_t size;        /* of the content, as OBJECT says */
    uint64_t end;         /* of the content, as its streams say */
    uint64_t stream_size; /* of the open stream */
    uint64_t stream_got;  /* octets of it that came */
    uint32_t stream_id;
    bool file;        /* may have content */
    bool stream_open; /* a STREAM came */
    bool group;       /* the open group is the content */
    bool seen;        /* there was one */
    bool wrong;       /* the streams do not add up */
};

void reel_sink_content_init(struct reel_sink_content *c, bool file,
                            uint64_t size);

/* A STREAM. A second unnamed DATA, or one with a name, is OTHER. */
enum reel_sink_part
reel_sink_content_stream(struct reel_sink_content *c,
                         const struct reel_stream_header *h);

/*
 * A DATA. True when *bytes, perhaps none, are content that belongs at *at:
 * never behind `size`. Sets `wrong` for what does not fit.
 */
bool reel_sink_content_data(struct reel_sink_content *c,
                            const struct reel_data *d, struct reel_bytes *bytes,
                            uint64_t *at);

/* All came: are the streams whole, and is the content as long as it ought to
   be? */
bool reel_sink_content_whole(struct reel_sink_content *c);

#endif
