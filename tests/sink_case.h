/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of a sink: one probe, anew for each of them. */
#ifndef REEL_TESTS_SINK_CASE_H
#define REEL_TESTS_SINK_CASE_H

#include <check.h>

#include "sink_probe.h"

#define OK(call) ck_assert_int_eq((call), REEL_OK)

extern struct probe p; /* initialised before each test, no sink yet */
extern struct reel_err err;

/* The probe is there for each test of `t`. */
void sink_case_fixture(TCase *t);
/* Within a test: the probe as it was before it. */
void sink_case_anew(void);

/* The main() of a program: what `add` adds runs once as it is, and once as
   nobody if we are root. The exit status. */
int sink_case_run(const char *name, void (*add)(TCase *t));

/* Begin to compare with what is there. `differs` as in sink_compare.h. */
void sink_case_compare(void (*differs)(void *ctx, uint8_t encoding,
                                       struct reel_bytes path,
                                       const char *what));

/* One file in a run of its own. */
void sink_case_file(const char *path, const char *text);
/* An attribute of the object that is open. */
void sink_case_xattr(const char *name, const char *value);

#endif
