/* SPDX-License-Identifier: Apache-2.0 */
/* What stat knows, as facts of OBJECT (spec 6.1). Private to writer/. */
#ifndef REEL_WRITER_FACTS_POSIX_H
#define REEL_WRITER_FACTS_POSIX_H

#include <sys/stat.h>

#include "reel/object.h"

/* What to ask statx for. */
#define REEL_FACTS_POSIX_MASK (STATX_BASIC_STATS | STATX_BTIME)

/* The enum reel_object_kind of a mode; 0 for a type no kind stands for. */
uint8_t reel_facts_posix_kind(unsigned mode);

/* st_dev as one number. Pure. */
uint64_t reel_facts_posix_file_system(const struct statx *stat);

/*
 * All of *out but path, user and group, which stay empty. accessed is left
 * unknown unless `access_times`. Pure.
 */
void reel_facts_posix_get(struct reel_object *out, const struct statx *stat,
                          bool access_times);

/* Do content or facts differ between two looks at one file? Pure. */
bool reel_facts_posix_changed(const struct statx *a, const struct statx *b);

#endif
