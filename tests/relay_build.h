/* SPDX-License-Identifier: Apache-2.0 */
/* Relays for the tests, record by record, with the encoders of the codec. */
#ifndef REEL_RELAY_BUILD_H
#define REEL_RELAY_BUILD_H

#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/relay.h"
#include "reel/stream.h"
#include "reel/xattr.h"

struct relay_build {
    struct reel_builder b;
    uint64_t number;    /* of the object at hand */
    uint32_t streams;   /* of it so far */
    uint64_t offset;    /* in the stream at hand */
    uint64_t sparse_at; /* REEL_NONE64 unless that is a SPARSE_BLOCK */
};

/* Room for so many octets; aborts without memory, as all of these do when a
   record cannot be made. */
void relay_build_init(struct relay_build *r, size_t capacity);
void relay_build_fini(struct relay_build *r);

/* The name in UTF-16, lowest octet first; static storage, the next call but
   three uses it again. */
struct reel_bytes relay_utf16(const char *ascii);

/* The next object: `id` is its file id, `names` its link count. */
void relay_object(struct relay_build *r, uint8_t kind, const char *path,
                  uint64_t id, uint32_t names, uint64_t size);
/* A further name of object `target`, ended. */
void relay_link(struct relay_build *r, const char *path, uint64_t id,
                uint32_t names, uint64_t size, uint64_t target, bool outside);
void relay_xattr(struct relay_build *r, const char *name, const char *value);
/* name NULL: none. */
void relay_stream(struct relay_build *r, uint32_t id, uint32_t attributes,
                  uint64_t size, const char *name);
/* Octets of the stream at hand, in one record: of a SPARSE_BLOCK that has to
   begin with its offset, as relay_block makes it. */
void relay_data(struct relay_build *r, const void *octets, size_t len);
/* One whole SPARSE_BLOCK; len 0: the last one. */
void relay_block(struct relay_build *r, uint64_t at, const void *octets,
                 size_t len);
/* ranges NULL: none. */
void relay_object_end(struct relay_build *r, uint32_t flags,
                      const struct reel_bad_range *ranges, uint32_t count);
void relay_abandon(struct relay_build *r);
void relay_note(struct relay_build *r, enum reel_note_kind kind,
                const char *path, const char *text);
void relay_done(struct relay_build *r, enum reel_status status,
                const char *text);

/* A volume with something of everything, DONE included. */
void relay_specimen(struct relay_build *r);

#endif
