/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4; writer: one segment on its way. */
#include "job.h"

#include "reel/alloc.h"
#include "reel/segment.h"

struct reel_job *
reel_job_new(uint32_t segment_limit)
{
    struct reel_job *const j = reel_alloc_array(1, sizeof(*j));
    uint8_t *raw;

    if (j == NULL)
        return NULL;
    (void)pthread_mutex_init(&j->lock, NULL);
    (void)pthread_cond_init(&j->done_changed, NULL);
    raw                = reel_alloc_array(segment_limit, 1);
    j->raw             = reel_builder_init(raw, segment_limit);
    j->packed_capacity = reel_segment_bound(segment_limit);
    j->packed          = reel_alloc_array(j->packed_capacity, 1);
    if (raw == NULL || j->packed == NULL) {
        reel_job_free(j);
        return NULL;
    }
    return j;
}

void
reel_job_free(struct reel_job *j)
{
    if (j == NULL)
        return;
    (void)pthread_cond_destroy(&j->done_changed);
    (void)pthread_mutex_destroy(&j->lock);
    reel_free(j->raw.buf);
    reel_free(j->packed);
    reel_free(j);
}

void
reel_job_reset(struct reel_job *j)
{
    j->raw.len      = 0;
    j->raw.ok       = true;
    j->packed_bytes = 0;
    j->inside       = false;
    j->done         = false;
    j->status       = REEL_OK;
}

void
reel_job_finish(struct reel_job *j)
{
    (void)pthread_mutex_lock(&j->lock);
    j->done = true;
    (void)pthread_cond_signal(&j->done_changed);
    (void)pthread_mutex_unlock(&j->lock);
}

void
reel_job_wait(struct reel_job *j)
{
    (void)pthread_mutex_lock(&j->lock);
    while (!j->done)
        (void)pthread_cond_wait(&j->done_changed, &j->lock);
    (void)pthread_mutex_unlock(&j->lock);
}
