/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Restore into memory, for fuzz targets: a sink that aborts when it is called
 * out of order, or when an object is called proven that is not what its streams
 * promised. It makes the stream digests itself, with nothing but SHA-256.
 */
#ifndef REEL_FUZZ_WATCH_SINK_H
#define REEL_FUZZ_WATCH_SINK_H

#include "reel/sha256.h"
#include "sink.h"

struct watch_sink;

/* What a target looks at beyond that; any may be NULL. */
struct watch_calls {
    void *ctx;
    void (*begin)(void *ctx, uint64_t number, const struct reel_object *o);
    void (*xattr)(void *ctx, const struct reel_xattr *x);
    void (*stream)(void *ctx, const struct reel_stream *stream);
    void (*data)(void *ctx, const struct reel_data *d);
    /* Of the object begun last. */
    void (*end)(void *ctx, bool proven);
    void (*link)(void *ctx, const struct reel_object *o, bool made);
};

struct watch_sink {
    struct reel_sink sink; /* to hand to the engine; freed with this struct */
    struct watch_calls calls;
    bool open;     /* an object is */
    bool whole;    /* its streams, so far, gave all they promised */
    bool in_group; /* one of its groups is open, with ... */
    bool in_stream;
    uint64_t left;    /* octets its last stream still owes */
    uint64_t at;      /* where these begin */
    uint32_t ordinal; /* of that stream */
    struct reel_sha256 digest;
};

/* Caller storage, nothing to release. calls NULL: none. */
void watch_sink_init(struct watch_sink *w, const struct watch_calls *calls);

#endif
