/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the restoring side answers: NOTEs and DONE (reel/relay.h). */
#ifndef RN_WRITE_REPORT_H
#define RN_WRITE_REPORT_H

#include "reel/relay.h"

/* Whom a note is about; path is borrowed. */
struct rn_subject {
    uint64_t object; /* 0: none */
    uint8_t encoding;
    struct reel_bytes path;
};

struct rn_report {
    int fd;        /* borrowed */
    uint8_t *buf;  /* room for one record */
    bool broken;   /* nobody listens any more */
    uint64_t full; /* objects that found no room */
};

/* MEMORY. rn_report_fini is due. */
enum reel_status rn_report_init(struct rn_report *r, int fd,
                                struct reel_err *err) REEL_MUST_CHECK;
void rn_report_fini(struct rn_report *r);

/* One note; that nobody listens is kept in `broken`. A status of FULL counts
   for DONE. */
void rn_report_err(struct rn_report *r, const struct rn_subject *about,
                   enum reel_note_kind kind, const struct reel_err *err);
void rn_report_say(struct rn_report *r, const struct rn_subject *about,
                   enum reel_note_kind kind, enum reel_status status,
                   const char *fmt, ...) REEL_PRINTF(5, 6);

/* The last record: `err` NULL if everything went well. */
void rn_report_done(struct rn_report *r, const struct reel_err *err);

/* errno as an error: FULL, MEMORY or MEDIUM; "what: why". */
enum reel_status rn_fail_errno(struct reel_err *err, const char *what);

#endif
