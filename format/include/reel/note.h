/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What writer, reader and verifier have to tell while they work. They never
 * print; they hand notes to whoever called them.
 */
#ifndef REEL_NOTE_H
#define REEL_NOTE_H

#include "reel/bytes.h"
#include "reel/err.h"

enum reel_note_kind {
    REEL_NOTE_INFO,    /* worth knowing; all is well */
    REEL_NOTE_OMITTED, /* left out because it was not asked for (owners and
                          the like without --preserve) */
    REEL_NOTE_SKIPPED, /* an input or an output was skipped */
    REEL_NOTE_FLAWED,  /* an input could not be read completely */
    REEL_NOTE_DAMAGE,  /* damage found, nothing lost by it */
    REEL_NOTE_LOST,    /* content is lost */
    REEL_NOTE_INVALID, /* the archive breaks the specification */
    REEL_NOTE_WANTED   /* another volume is wanted */
};

struct reel_note {
    enum reel_note_kind kind;
    uint8_t encoding;       /* of path, enum reel_encoding; 0: no path */
    struct reel_bytes path; /* borrowed for the call */
    uint64_t object;        /* 0: none */
    struct reel_err err;    /* what, where, which rule */
};

/* Called on the thread that runs the operation; must not call back into it. */
typedef void (*reel_note_fn)(void *ctx, const struct reel_note *note);

/* Where notes go, and where progress goes. fn may be NULL. */
struct reel_reporter {
    reel_note_fn fn;
    void *ctx;
    /* True makes the operation stop with REEL_E_STOPPED at the next chance;
       set from a signal handler or another thread. May be NULL. */
    const volatile int *stop;
    /* Called now and then with octets of content done; may be NULL. */
    void (*progress)(void *ctx, uint64_t bytes, uint64_t objects);
};

/* Hand on one note; does nothing without fn. `path` may be empty. */
REEL_API void reel_note_send(const struct reel_reporter *to,
                             enum reel_note_kind kind, uint8_t encoding,
                             struct reel_bytes path, uint64_t object,
                             const struct reel_err *err);

/* Has somebody asked to stop? */
REEL_API bool reel_stop_asked(const struct reel_reporter *r);

/* STOPPED if so, else OK. Asked between objects too: a segment may hold very
   many, each with a note. */
REEL_API enum reel_status reel_go_on(const struct reel_reporter *r,
                                     struct reel_err *err) REEL_MUST_CHECK;

#endif
