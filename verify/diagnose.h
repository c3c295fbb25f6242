/* SPDX-License-Identifier: Apache-2.0 */
/* The one way out for diagnostics and verdicts. Private to verify/. */
#ifndef REEL_VERIFY_DIAGNOSE_H
#define REEL_VERIFY_DIAGNOSE_H

#include "listener.h"

struct reel_diagnoser {
    const struct reel_verify_options *options;
    struct reel_verify_result *result;
    const struct reel_verify_listener *listener; /* or NULL */
    bool known; /* that the volumes are of a set of ours */
};

/* What a diagnostic is about; zero: nothing in particular. */
struct reel_subject {
    uint8_t encoding; /* of path; 0: none */
    struct reel_bytes path;
    uint64_t object;
};

/* STOPPED if somebody asked to stop; else OK. */
enum reel_status reel_diagnose_go_on(const struct reel_diagnoser *d,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* A diagnostic: sent and counted, unless its rule is muted. */
void reel_diagnose(const struct reel_diagnoser *d, enum reel_note_kind kind,
                   const struct reel_err *why,
                   const struct reel_subject *about);

/* INVALID `rule` at `pos`, which may be NULL. */
void reel_diagnose_rule(const struct reel_diagnoser *d,
                        const struct reel_pos *pos, const char *rule,
                        const char *fmt, ...) REEL_PRINTF(4, 5);

/* WANTED: volumes, or one, that cannot be had; `certain`: that they exist. */
void reel_diagnose_wanted(const struct reel_diagnoser *d, uint32_t first,
                          uint32_t last, bool certain);

/* DAMAGE: the drive cannot find the end of data of `volume`, and reading ended
   at `address`. */
void reel_diagnose_end_lost(const struct reel_diagnoser *d, uint32_t volume,
                            uint64_t address);

/* Worth knowing, but no fault: sent, not counted. */
void reel_diagnose_info(const struct reel_diagnoser *d,
                        const struct reel_pos *pos, const char *fmt, ...)
    REEL_PRINTF(3, 4);

/* A verdict: handed out and counted. */
void reel_diagnose_item(const struct reel_diagnoser *d,
                        const struct reel_verify_item *item);

#endif
