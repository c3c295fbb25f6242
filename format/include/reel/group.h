/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A group of streams while it goes by, on the way in or out: what comes next,
 * sizes, and the two digests (spec 7.2, 7.3).
 */
#ifndef REEL_GROUP_H
#define REEL_GROUP_H

#include "reel/group_end.h"
#include "reel/stream.h"

struct reel_group {
    bool open;
    bool digests;              /* compute them */
    struct reel_group_end end; /* what GROUP END must say, but for the digests
                                  and the name, which it keeps itself */
    uint8_t name[REEL_STREAM_NAME_BYTES_MAX];
    struct reel_stream_header header; /* of the stream in force; no name */
    uint32_t ordinal;                 /* of the stream in force */
    uint64_t offset;                  /* octets of its body that went by */
    uint64_t sparse_offset; /* REEL_NONE64 until known, or not sparse */
    bool resumed;           /* what stood before in the stream is not known */
    uint8_t sparse_bytes[8];
    uint64_t content_at; /* content hashed so far */
    bool closed;         /* the last block was met */
    bool hash_content;   /* holes are still few enough */
    struct reel_sha256 stream_digest;
    struct reel_sha256 content_digest;
};

/* Nothing is open. `digests` false: no SHA-256 is computed. */
REEL_API void reel_group_init(struct reel_group *g, bool digests);

/* Does stream `h` go on with the group that is open? Pure. */
REEL_API bool reel_group_takes(const struct reel_group *g,
                               const struct reel_stream_header *h);

/*
 * A stream begins; the group begins with it if none is open. The stream before
 * it must be whole. Fails with INVALID (S-3, S-4, S-7, S-9).
 */
REEL_API enum reel_status
reel_group_stream(struct reel_group *g, const struct reel_stream *s,
                  const struct reel_cursor *at,
                  struct reel_err *err) REEL_MUST_CHECK;

/* Octets of the body go by. Fails with INVALID (S-4, S-6, S-8). */
REEL_API enum reel_status reel_group_data(struct reel_group *g,
                                          const struct reel_data *d,
                                          const struct reel_cursor *at,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* Behind a loss: the stream in force goes on at `offset` of its body, which is
   not behind its Size. Digests are lost; of a SPARSE_BLOCK the DATA records say
   where it stands. */
REEL_API void reel_group_resume(struct reel_group *g, uint64_t offset);

/*
 * The next `len` octets of the body go by unseen, which is enough to judge a
 * group by its sizes: without digests only, and not for the first eight of a
 * SPARSE_BLOCK. Fails with INVALID (S-4).
 */
REEL_API enum reel_status reel_group_pass(struct reel_group *g, uint64_t len,
                                          const struct reel_cursor *at,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* Octets of the open stream that are still to come. */
REEL_API uint64_t reel_group_left(const struct reel_group *g);

/*
 * The group ends: fills *out (its name borrowed from `g` until the next
 * stream). Fails with INVALID (S-4: a stream is not whole).
 */
REEL_API enum reel_status
reel_group_finish(struct reel_group *g, struct reel_group_end *out,
                  const struct reel_cursor *at,
                  struct reel_err *err) REEL_MUST_CHECK;

#endif
