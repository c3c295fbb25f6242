/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relays (reel/relay.h) made by hand, and what reel-ntfs write answers. */
#ifndef RELAY_BUILD_H
#define RELAY_BUILD_H

#include "reel/object.h"
#include "reel/relay.h"
#include "reel/stream.h"
#include "reel/xattr.h"

struct relay_build {
    uint8_t *data;
    size_t len;
    size_t capacity;
    uint64_t number;  /* of the object that is open, or was last */
    uint32_t ordinal; /* of the next stream */
};

/* Zero it first. All of these stop the test when something fails. */
void relay_build_fini(struct relay_build *b);

/* An object with a path of ASCII in either encoding; what else `o` says is
   kept. Returns its number. */
uint64_t relay_object(struct relay_build *b, struct reel_object o,
                      const char *path);
/* The same with a path as it is. */
uint64_t relay_object_raw(struct relay_build *b, struct reel_object o,
                          struct reel_bytes path);
void relay_xattr(struct relay_build *b, const char *name,
                 struct reel_bytes value);
/* A stream with its body; name is ASCII, NULL for none. */
void relay_stream(struct relay_build *b, uint32_t id, uint32_t attributes,
                  const char *name, struct reel_bytes body);
/* A SPARSE_BLOCK; empty: the last one. */
void relay_block(struct relay_build *b, uint64_t offset,
                 struct reel_bytes octets);
void relay_end(struct relay_build *b);
/* An OBJECT END with one bad range. */
void relay_end_bad(struct relay_build *b);
void relay_abandon(struct relay_build *b);
void relay_done(struct relay_build *b);

/* ASCII as units, lowest octet first; static storage, four at a time. */
struct reel_bytes relay_units(const char *text);

#define RELAY_NOTES_MAX 64U
struct relay_answer {
    int exit;
    bool done;
    uint16_t status; /* of DONE */
    char text[256];
    size_t notes; /* may be more than are kept */
    struct {
        uint8_t kind;
        uint16_t status;
        uint64_t object;
        char text[256];
    } note[RELAY_NOTES_MAX];
};

/* Run `program` write with options (NULL at the end), give it the relay. */
void relay_run(const struct relay_build *b, const char *program,
               const char *const *options, struct relay_answer *out);

/* The same with standard input left open: killed when the first note has come.
   There is no DONE. */
void relay_run_killed(const struct relay_build *b, const char *program,
                      const char *const *options);

/* Is there a note about the object whose text has `part`? */
bool relay_noted(const struct relay_answer *a, uint64_t object, uint8_t kind,
                 const char *part);

#endif
