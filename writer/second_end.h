/* SPDX-License-Identifier: Apache-2.0 */
/* An archive whose writer was interrupted between its two ENDs (spec 9.4).
   Private to writer/. */
#ifndef REEL_WRITER_SECOND_END_H
#define REEL_WRITER_SECOND_END_H

#include "append.h"

/* What is told of it. */
struct reel_second_end {
    uint32_t run;
    uint32_t volumes; /* from that of its first object to that of END */
};

/*
 * Put END once more behind the one that stands on `medium` (a->end_missing),
 * and the filemarks. The catalog and END go to the file `catalog_fd`, too,
 * unless that is -1. Fails with FULL (END does not fit, and the archive is not
 * complete), MEDIUM, CORRUPT, MEMORY.
 */
enum reel_status reel_second_end_write(struct reel_second_end *s,
                                       const struct reel_append *a,
                                       struct reel_medium *medium,
                                       int catalog_fd,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
