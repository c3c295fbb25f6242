/* SPDX-License-Identifier: Apache-2.0 */
/* What a sink tells of one object. Private to reader/. */
#ifndef REEL_READER_SINK_NOTE_H
#define REEL_READER_SINK_NOTE_H

#include "reel/note.h"

/* Whom a note is about, and where it goes; all borrowed. */
struct reel_sink_subject {
    const struct reel_reporter *report;
    uint64_t object;
    struct reel_bytes path;
    uint8_t encoding;
};

void reel_sink_note(const struct reel_sink_subject *about,
                    enum reel_note_kind kind, enum reel_status status,
                    const char *fmt, ...) REEL_PRINTF(4, 5);

/* SKIPPED: "<what>: <reason>"; FULL when the file system has no room left,
   else MEDIUM. `error` is an errno. */
void reel_sink_note_errno(const struct reel_sink_subject *about, int error,
                          const char *what);

#endif
