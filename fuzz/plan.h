/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What fuzz_volume_damage puts on a volume and does to it, drawn from its
 * input. Any octets make a plan; each octet of content is a function of its
 * object, stream and offset, so that whatever is given out can be judged.
 */
#ifndef REEL_FUZZ_PLAN_H
#define REEL_FUZZ_PLAN_H

#include "reel/object.h"
#include "reel/stream.h"

#define PLAN_OBJECTS_MAX 12U
#define PLAN_STREAMS_MAX 6U
#define PLAN_DAMAGES_MAX 8U
#define PLAN_NAME_BYTES_MAX 64U

struct plan_stream {
    uint32_t id;
    uint32_t attributes;
    uint64_t size;          /* of the body */
    uint64_t sparse_offset; /* of a SPARSE_BLOCK; else REEL_NONE64 */
    size_t name_bytes;      /* of a named one: so many octets of plan_octet */
    uint64_t bad_at;        /* an octet that cannot be read, a zero on tape;
                               REEL_NONE64: none */
};

struct plan_object {
    uint8_t kind; /* FILE or DIRECTORY */
    char path[PLAN_NAME_BYTES_MAX + 8];
    uint64_t file_id;    /* 0: none; else the same for names of one file */
    uint32_t link_count; /* of these names */
    size_t first;        /* the object that is the first of these names */
    size_t xattr_bytes;  /* 0: no attribute */
    struct plan_stream streams[PLAN_STREAMS_MAX];
    uint32_t stream_count;
};

enum plan_harm {
    PLAN_FLIP,
    PLAN_UNREADABLE,
    PLAN_REMOVE,
    PLAN_CUT_TAPE,
    PLAN_REPEAT,
    PLAN_SWAP,
    PLAN_ZERO,
    PLAN_FOREIGN,
    PLAN_NOISE,
    PLAN_MARK,
    PLAN_SHORTEN,
    PLAN_HARMS
};

struct plan_damage {
    enum plan_harm harm;
    uint16_t where; /* modulo what stands on the tape */
    uint16_t what;
};

struct plan {
    size_t segment_bytes; /* records of data are cut there */
    uint64_t checkpoint_bytes;
    bool packed;  /* zstd */
    bool as_pipe; /* it is read front to back */
    struct plan_object objects[PLAN_OBJECTS_MAX];
    size_t object_count;
    struct plan_damage damages[PLAN_DAMAGES_MAX];
    size_t damage_count;
};

void plan_draw(struct plan *p, const uint8_t *data, size_t size);

/* Octet `at` of the body of stream `ordinal` of object `index`, the bad one and
   the offset of a SPARSE_BLOCK included. Pure. */
uint8_t plan_octet(const struct plan *p, size_t index, uint32_t ordinal,
                   uint64_t at);

/* Octets of names and of values of attributes; different for each object. */
uint8_t plan_name_octet(size_t index, uint32_t ordinal, size_t at);

#endif
