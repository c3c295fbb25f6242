/* SPDX-License-Identifier: Apache-2.0 */
/* One segment on its way through the writer's threads. Private to writer/. */
#ifndef REEL_WRITER_JOB_H
#define REEL_WRITER_JOB_H

#include <pthread.h>

#include "reel/builder.h"
#include "reel/err.h"

struct reel_job {
    uint8_t *frame;          /* room for a segment header, and the records */
    struct reel_builder raw; /* the records in it; capacity is the segment
                                limit */
    uint8_t *out;            /* room for them packed; NULL: never packed */
    size_t out_capacity;
    struct reel_bytes packed; /* in frame or out, once packed */
    uint8_t *part_room;
    struct reel_bytes part; /* for the catalog, in part_room, once packed */

    /* Set by the thread that packed it, awaited by the one that writes. */
    pthread_mutex_t lock;
    pthread_cond_t done_changed;
    bool done;
    enum reel_status status;
    struct reel_err err;
};

/* `pack`: it will be compressed. NULL when memory runs out. */
struct reel_job *reel_job_new(uint32_t segment_limit, bool pack);
void reel_job_free(struct reel_job *j);

/* Empty again, for the next segment. */
void reel_job_reset(struct reel_job *j);

void reel_job_finish(struct reel_job *j);
void reel_job_wait(struct reel_job *j);

#endif
