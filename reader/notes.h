/* SPDX-License-Identifier: Apache-2.0 */
/* Short forms for what the engine has to tell. Private to reader/. */
#ifndef REEL_READER_NOTES_H
#define REEL_READER_NOTES_H

#include "reel/note.h"

/* A note without a path. */
void reel_notes_send(const struct reel_reporter *to, enum reel_note_kind kind,
                     const struct reel_err *why);

/* The same, made from its parts; as reel_fail, pos may be NULL. */
void reel_notes_say(const struct reel_reporter *to, enum reel_note_kind kind,
                    enum reel_status status, const struct reel_pos *pos,
                    const char *rule, const char *fmt, ...) REEL_PRINTF(6, 7);

/* What a note is about. */
struct reel_notes_object {
    uint8_t encoding;
    struct reel_bytes path;
    uint64_t number;
};

void reel_notes_object(const struct reel_reporter *to, enum reel_note_kind kind,
                       const struct reel_notes_object *about,
                       enum reel_status status, const struct reel_pos *pos,
                       const char *fmt, ...) REEL_PRINTF(6, 7);

#endif
