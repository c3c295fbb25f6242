/* SPDX-License-Identifier: Apache-2.0 */
/* One segment on its way through the writer's threads. Private to writer/. */
#ifndef REEL_WRITER_JOB_H
#define REEL_WRITER_JOB_H

#include <pthread.h>

#include "reel/builder.h"
#include "reel/err.h"

struct reel_job {
    struct reel_builder raw; /* the records; capacity is the segment limit */
    uint8_t *packed;
    size_t packed_capacity;
    size_t packed_bytes;
    bool inside; /* begins inside an object: opens with CONTINUED */

    /* Set by the thread that packed it, awaited by the one that writes. */
    pthread_mutex_t lock;
    pthread_cond_t done_changed;
    bool done;
    enum reel_status status;
    struct reel_err err;
};

/* NULL when memory runs out. */
struct reel_job *reel_job_new(uint32_t segment_limit);
void reel_job_free(struct reel_job *j);

/* Empty again, for the next segment. */
void reel_job_reset(struct reel_job *j);

void reel_job_finish(struct reel_job *j);
void reel_job_wait(struct reel_job *j);

#endif
