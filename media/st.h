/* SPDX-License-Identifier: Apache-2.0 */
/* The tape backend, as media/open.c knows it. */
#ifndef REEL_ST_H
#define REEL_ST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "reel/medium_tap.h"

/* Is it a device of the st driver? Pure. */
bool reel_st_is_tape(const struct stat *st);

/*
 * Open the tape drive `name`, wait for its tape, rewind it. *out is set on
 * REEL_OK; the caller closes it. `opts` may be NULL; its report must live as
 * long as the medium. MEDIUM, MEMORY, STOPPED, UNSUPPORTED (no tape drive).
 */
enum reel_status reel_st_new(struct reel_medium **out, const char *name,
                             enum reel_medium_mode mode,
                             const struct reel_medium_open_opts *opts,
                             struct reel_err *err) REEL_MUST_CHECK;

#endif
