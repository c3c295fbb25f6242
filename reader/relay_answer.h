/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of a program that restores: NOTEs and DONE (reel/relay.h), read
   on a thread of its own. Private to reader/. */
#ifndef REEL_READER_RELAY_ANSWER_H
#define REEL_READER_RELAY_ANSWER_H

#include <pthread.h>

#include "reel/note.h"
#include "relay_pipe.h"

struct reel_relay_told;

struct reel_relay_answer {
    const struct reel_reporter *report;
    struct reel_relay_reader reader; /* the thread's */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* of all below */
    struct reel_relay_told *first;
    struct reel_relay_told *last;
    bool over; /* nothing more comes */
    bool done; /* DONE came */
    enum reel_status status;
    struct reel_err why; /* of a status that is not REEL_OK */
};

/* Both borrowed. MEDIUM. _fini also behind a failure. */
enum reel_status reel_relay_answer_init(struct reel_relay_answer *a, int fd,
                                        const struct reel_reporter *report,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* Hand notes on that have come. Fails where the program ended before its time:
   with what DONE says, else with MEDIUM. */
enum reel_status reel_relay_answer_look(struct reel_relay_answer *a,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* Wait for the end; what is told as in _look. REEL_OK: DONE came and all was
   put in place. */
enum reel_status reel_relay_answer_wait(struct reel_relay_answer *a,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* Waits for the end of the answer, too. */
void reel_relay_answer_fini(struct reel_relay_answer *a);

#endif
