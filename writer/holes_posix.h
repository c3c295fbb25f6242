/* SPDX-License-Identifier: Apache-2.0 */
/* Where a file has data and where holes. Private to writer/. One thread. */
#ifndef REEL_WRITER_HOLES_POSIX_H
#define REEL_WRITER_HOLES_POSIX_H

#include <stdbool.h>
#include <stdint.h>

#include "calls_posix.h"

/* Of a file that was cut while it was read, as much of what is missing is
   marked bad behind its new end; zeros without limit would cost a tape. */
#define REEL_HOLES_CUT_BYTES_MAX (UINT64_C(1) << 30)

struct reel_holes_posix {
    const struct reel_calls_posix *calls;
    int fd;
    uint64_t size; /* promised */
    uint64_t at;   /* where the search goes on */
};

/* Has the file a hole below its size? One comparison for most files. */
bool reel_holes_posix_any(const struct reel_calls_posix *calls, int fd,
                          const struct statx *stat);

/*
 * The next run of data [*from, *to) below the size, as the file is now;
 * false when there is none. Runs ascend and never overlap, whatever happens
 * to the file meanwhile. Of a file that was cut below its size, the run is
 * what is missing.
 */
bool reel_holes_posix_next(struct reel_holes_posix *h, uint64_t *from,
                           uint64_t *to);

#endif
