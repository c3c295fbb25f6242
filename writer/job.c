/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4; writer: one segment on its way. */
#include "job.h"

#include "catalog_part.h"
#include "reel/alloc.h"
#include "reel/segment.h"

struct reel_job *
reel_job_new(uint32_t segment_limit, bool pack)
{
    struct reel_job *const j = reel_alloc_array(1, sizeof(*j));

    if (j == NULL)
        return NULL;
    (void)pthread_mutex_init(&j->lock, NULL);
    (void)pthread_cond_init(&j->done_changed, NULL);
    j->frame =
        reel_alloc_array(REEL_SEGMENT_HEADER_BYTES + (size_t)segment_limit, 1);
    j->out_capacity = reel_segment_bound(segment_limit);
    if (pack)
        j->out = reel_alloc_array(j->out_capacity, 1);
    j->part_room = reel_alloc_array(reel_catalog_part_room(segment_limit), 1);
    if (j->frame == NULL || j->part_room == NULL || (pack && j->out == NULL)) {
        reel_job_free(j);
        return NULL;
    }
    j->raw =
        reel_builder_init(j->frame + REEL_SEGMENT_HEADER_BYTES, segment_limit);
    return j;
}

void
reel_job_free(struct reel_job *j)
{
    if (j == NULL)
        return;
    (void)pthread_cond_destroy(&j->done_changed);
    (void)pthread_mutex_destroy(&j->lock);
    reel_free(j->frame);
    reel_free(j->out);
    reel_free(j->part_room);
    reel_free(j);
}

void
reel_job_reset(struct reel_job *j)
{
    j->raw.len    = 0;
    j->raw.ok     = true;
    j->packed.len = 0;
    j->part.len   = 0;
    j->done       = false;
    j->status     = REEL_OK;
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
