/* SPDX-License-Identifier: Apache-2.0 */
/* Which runs there are, before the data are read (spec 3.3). Private to
   reader/. */
#ifndef REEL_READER_RUNS_H
#define REEL_READER_RUNS_H

#include "session.h"

/* May there be a run above 0 in the data of `archive` (0: of any)? */
bool reel_runs_expected(const struct reel_session *s, uint32_t archive);

/*
 * Look at the beginning of each tape file, from the volume that is mounted to
 * the last one known, and tell the pipeline which runs of `archive` (0: of
 * any) begin there (B-23). Where the volume stands does not matter, nor will
 * it be known. MEDIUM, MEMORY, UNSUPPORTED, STOPPED.
 */
enum reel_status reel_runs_find(struct reel_session *s, uint32_t archive,
                                struct reel_err *err) REEL_MUST_CHECK;

#endif
