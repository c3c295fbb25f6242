/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of a sink: one probe, anew for each of them. */
#ifndef REEL_TESTS_SINK_CASE_H
#define REEL_TESTS_SINK_CASE_H

#include <check.h>

#include "sink_probe.h"

#define OK(call) ck_assert_int_eq((call), REEL_OK)

extern struct probe p; /* initialised before each test, no sink yet */
extern struct reel_err err;

/* The main() of a program: what `add` adds runs once as it is, and once as
   nobody if we are root. The exit status. */
int sink_case_run(const char *name, void (*add)(TCase *t));

/* One file in a run of its own. */
void sink_case_file(const char *path, const char *text);
/* An attribute of the object that is open. */
void sink_case_xattr(const char *name, const char *value);

#endif
