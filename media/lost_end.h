/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a tape whose end of data the drive cannot find. Private to media/. */
#ifndef REEL_LOST_END_H
#define REEL_LOST_END_H

#include "medium_ops.h"

/*
 * A call on a medium for reading failed with MEDIUM: does the drive not find
 * the end of data? If so, m->end_lost is set, and m->end is an address behind
 * the last filemark that can be passed; the position is anywhere.
 */
void reel_lost_end_judge(struct reel_medium *m);

/* Where m->end_lost: go to `address`, and have the position known again. */
enum reel_status reel_lost_end_go(struct reel_medium *m, uint64_t address,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
