/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of scenarios share. */
#ifndef DRIVE_SCENARIO_H
#define DRIVE_SCENARIO_H

#include <check.h>

#include "rig.h"
#include "session.h"
#include "tree.h"

/* The call succeeds; else the test ends with the library's own words. */
#define OK(s, call)                                                            \
    do {                                                                       \
        const enum reel_status ok_ = (call);                                   \
        ck_assert_msg(ok_ == REEL_OK, "%s: %s: %s", #call,                     \
                      reel_status_name(ok_), (s)->err.text);                   \
    } while (0)

/* How many notes said that something is wrong. */
unsigned int complaints(const struct session *s);

/* All of the archive comes back, and nobody complains. */
void check_archive(struct session *s, const char *folder,
                   unsigned int generation);

/* The same, and the verifier agrees that the set is whole. */
void check_set(struct session *s, const char *folder, unsigned int generation);

/* Make tape 1 blank and endless, and write "tree" on to it. */
void write_one(struct session *s);

/* Add one scenario to the suite, as a case of its own. */
void scenario_add(Suite *suite, const TTest *test);

/* scenarios_tape.c, scenarios_set.c, scenarios_interrupted.c: all of theirs. */
void scenarios_tape_add(Suite *suite);
void scenarios_set_add(Suite *suite);
void scenarios_interrupted_add(Suite *suite);

#endif
