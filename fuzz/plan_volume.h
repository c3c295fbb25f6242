/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan written on a tape in memory by the writer's own packer, digests and
 * volume writer, then damaged; with what that leaves of each object.
 */
#ifndef REEL_FUZZ_PLAN_VOLUME_H
#define REEL_FUZZ_PLAN_VOLUME_H

#include "plan.h"
#include "reel/medium_memory.h"

/* Write it; the caller frees the tape. */
struct reel_memory_tape *plan_volume_write(const struct plan *p);

/*
 * The tape with the damages of the plan; the caller frees it. whole[i] is set
 * to whether nothing happened to any block with records of object i; where
 * its first name's data are not whole, that of a further name is not either.
 */
struct reel_memory_tape *plan_volume_damage(const struct plan *p,
                                            const struct reel_memory_tape *good,
                                            bool whole[PLAN_OBJECTS_MAX]);

#endif
