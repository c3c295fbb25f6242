/* SPDX-License-Identifier: Apache-2.0 */
/* A source that gives what the test scripts it to give. */
#ifndef REEL_TESTS_FAKE_SOURCE_H
#define REEL_TESTS_FAKE_SOURCE_H

#include "source.h"

/* One stream; the body is `size` octets that depend on `seed` and place. */
struct fake_stream {
    uint32_t id;
    uint32_t attributes;
    uint64_t size;
    uint64_t sparse_offset; /* of a SPARSE_BLOCK; else REEL_NONE64 */
    const char *name;       /* UTF-16 is not needed here: octets */
    uint64_t bad_every;     /* every so many octets one that cannot be read;
                               0: none */
};

struct fake_object {
    const char *path;
    uint8_t kind;
    uint64_t file_id; /* 0: not known */
    uint32_t link_count;
    const struct fake_stream *streams;
    size_t stream_count;
    const char *xattr; /* name and value; NULL: none */
    int64_t born;      /* 0: not known */
};

struct fake_source {
    struct reel_source source;
    const struct fake_object *objects;
    size_t object_count;
    size_t next;
    size_t next_stream;
    bool xattr_given;
    uint64_t at; /* in the body */
};

void fake_source_init(struct fake_source *f, const struct fake_object *objects,
                      size_t count);

/* Octet `at` of a body, as every fake stream gives it. */
uint8_t fake_octet(uint64_t at);

#endif
