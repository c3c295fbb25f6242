/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A relay as reel-ntfs sends it, all of it in memory, checked by the rules of
   the format as it is read. */
#ifndef RELAY_LOOK_H
#define RELAY_LOOK_H

#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/relay.h"
#include "reel/stream.h"

struct look_stream {
    uint32_t id;
    uint32_t attributes;
    struct reel_bytes name;
    struct reel_bytes body;
};

struct look_object {
    uint64_t number;
    struct reel_object facts;
    struct look_stream *streams;
    size_t stream_count;
    struct reel_object_end end;
    bool abandoned;
};

struct look_note {
    uint8_t kind;
    struct reel_bytes path;
    struct reel_bytes text;
};

struct look {
    struct look_object *objects;
    size_t object_count;
    struct look_note *notes;
    size_t note_count;
    uint16_t done;
    char done_text[REEL_RELAY_TEXT_BYTES_MAX + 1];
    int exit_code;
    void **memory; /* all that is to be freed */
    size_t memory_count;
};

/* Run `argv`, which NULL ends, and read what it sends. Stops the test if that
   is no relay. look_free is due. */
void look_run(struct look *l, char *const *argv);
void look_free(struct look *l);

/* The last object of that path (WTF-8); NULL. */
const struct look_object *look_find(const struct look *l, const char *path);

/* The number of notes of that kind about that path. */
size_t look_notes(const struct look *l, uint8_t kind, const char *path);

/* A WTF-8 text as units, valid until the next call. */
struct reel_bytes look_units(const char *text);

#endif
