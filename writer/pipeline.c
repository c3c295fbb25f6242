/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4; writer: every thread the writer has. */
#include "pipeline.h"

#include <string.h>

#include "burst_buffer.h"
#include "catalog_part.h"
#include "digest_stage.h"
#include "queue.h"
#include "reel/alloc.h"
#include "reel/segment.h"

/* So that no queue ever holds more jobs than it has slots. */
#define THREADS_MAX 24U

struct reel_pipeline {
    struct reel_pipeline_options o;
    struct reel_job **jobs;
    size_t job_count;
    struct reel_queue empty;  /* jobs to be filled */
    struct reel_queue filled; /* to the digests */
    struct reel_queue work;   /* to the compressors */
    struct reel_queue order;  /* the same jobs, in order, to the medium */
    struct reel_burst_buffer *buffer; /* NULL: order goes to the medium */
    struct reel_packer *packers[THREADS_MAX];
    unsigned int packer_count;

    pthread_t digest_thread;
    pthread_t order_thread; /* from order to the buffer, or to the medium */
    pthread_t drive_thread; /* from the buffer to the medium */
    pthread_t pack_threads[THREADS_MAX];
    bool digest_started;
    bool order_started;
    bool drive_started;
    unsigned int pack_started;
    bool finished;

    pthread_mutex_t lock;
    enum reel_status status; /* of the first failure */
    struct reel_err err;
};

struct pack_start {
    struct reel_pipeline *p;
    struct reel_packer *packer;
};

/* Keep the first failure and let everybody come to an end. */
static void
fail(struct reel_pipeline *p, enum reel_status status,
     const struct reel_err *err)
{
    (void)pthread_mutex_lock(&p->lock);
    if (p->status == REEL_OK) {
        p->status = status;
        p->err    = *err;
    }
    (void)pthread_mutex_unlock(&p->lock);
    reel_queue_close(&p->empty);
    reel_queue_close(&p->filled);
    if (p->buffer != NULL)
        reel_burst_buffer_abort(p->buffer);
}

static bool
failed(struct reel_pipeline *p)
{
    bool yes;

    (void)pthread_mutex_lock(&p->lock);
    yes = p->status != REEL_OK;
    (void)pthread_mutex_unlock(&p->lock);
    return yes;
}

static void *
digest_main(void *arg)
{
    struct reel_pipeline *const p = arg;
    struct reel_digest_stage *const d =
        reel_alloc_array(1, sizeof(struct reel_digest_stage));
    struct reel_err err;
    struct reel_job *j;

    if (d == NULL) {
        (void)reel_fail(&err, REEL_E_MEMORY, NULL, NULL,
                        "no memory for digests");
        fail(p, REEL_E_MEMORY, &err);
    } else {
        reel_digest_stage_init(d);
    }
    while ((j = reel_queue_take(&p->filled)) != NULL) {
        const enum reel_status status =
            d == NULL ? REEL_E_MEMORY
                      : reel_digest_stage_run(d, j->raw.buf, j->raw.len, &err);

        if (status != REEL_OK) {
            fail(p, status, &err);
            break;
        }
        (void)reel_queue_put(&p->order, j);
        (void)reel_queue_put(&p->work, j);
    }
    reel_queue_close(&p->work);
    reel_queue_close(&p->order);
    reel_free(d);
    return NULL;
}

static void *
pack_main(void *arg)
{
    struct pack_start *const start = arg;
    struct reel_pipeline *const p  = start->p;
    struct reel_job *j;

    while ((j = reel_queue_take(&p->work)) != NULL) {
        j->part = reel_catalog_part_take(
            j->part_room, (struct reel_bytes){j->raw.buf, j->raw.len});
        j->status = reel_segment_pack_framed(
            start->packer, j->frame, j->raw.len, j->out, j->out_capacity,
            &j->packed, &j->err);
        reel_job_finish(j);
    }
    reel_free(start);
    return NULL;
}

/* Hand on a packed segment: to the buffer, or to the medium. */
static enum reel_status
hand_on(struct reel_pipeline *p, const struct reel_job *j, struct reel_err *err)
{
    if (p->buffer == NULL)
        return reel_volume_writer_segment(p->o.volume, j->part, j->packed, err);
    /* Where that is refused, the drive's thread has failed and said why. */
    (void)reel_burst_buffer_put(p->buffer, j->part, j->packed);
    return REEL_OK;
}

static void *
order_main(void *arg)
{
    struct reel_pipeline *const p = arg;
    struct reel_err err;
    struct reel_job *j;

    while ((j = reel_queue_take(&p->order)) != NULL) {
        enum reel_status status;

        reel_job_wait(j);
        status = j->status;
        err    = j->err;
        if (status == REEL_OK && !failed(p))
            status = hand_on(p, j, &err);
        if (status != REEL_OK)
            fail(p, status, &err);
        reel_job_reset(j);
        (void)reel_queue_put(&p->empty, j);
    }
    if (p->buffer != NULL)
        reel_burst_buffer_close(p->buffer);
    return NULL;
}

static void *
drive_main(void *arg)
{
    struct reel_pipeline *const p = arg;
    struct reel_bytes part;
    struct reel_bytes packed;
    struct reel_err err;

    while (reel_burst_buffer_take(p->buffer, &part, &packed)) {
        const enum reel_status status =
            reel_volume_writer_segment(p->o.volume, part, packed, &err);

        if (status != REEL_OK)
            fail(p, status, &err);
        reel_burst_buffer_drop(p->buffer);
    }
    return NULL;
}

struct reel_job *
reel_pipeline_get(void *ctx)
{
    struct reel_pipeline *const p = ctx;

    return reel_queue_take(&p->empty);
}

bool
reel_pipeline_put(void *ctx, struct reel_job *j)
{
    struct reel_pipeline *const p = ctx;

    return reel_queue_put(&p->filled, j);
}

static enum reel_status
make_jobs(struct reel_pipeline *p)
{
    size_t i;

    p->jobs = reel_alloc_array(p->job_count, sizeof(struct reel_job *));
    if (p->jobs == NULL)
        return REEL_E_MEMORY;
    for (i = 0; i < p->job_count; i++) {
        p->jobs[i] = reel_job_new(p->o.segment_limit,
                                  p->o.compression != REEL_COMPRESSION_NONE);
        if (p->jobs[i] == NULL)
            return REEL_E_MEMORY;
        (void)reel_queue_put(&p->empty, p->jobs[i]);
    }
    if (p->o.buffer_bytes > 0) {
        p->buffer = reel_burst_buffer_new(
            p->o.buffer_bytes, reel_catalog_part_room(p->o.segment_limit) +
                                   reel_segment_bound(p->o.segment_limit));
        if (p->buffer == NULL)
            return REEL_E_MEMORY;
    }
    for (i = 0; i < p->o.threads; i++) {
        if (p->o.compression == REEL_COMPRESSION_NONE)
            continue;
        p->packers[i] = reel_packer_new(p->o.level);
        if (p->packers[i] == NULL)
            return REEL_E_MEMORY;
    }
    return REEL_OK;
}

static enum reel_status
start_packer(struct reel_pipeline *p, unsigned int i)
{
    struct pack_start *const start = reel_alloc_array(1, sizeof(*start));

    if (start == NULL)
        return REEL_E_MEMORY;
    start->p      = p;
    start->packer = p->packers[i];
    if (pthread_create(&p->pack_threads[i], NULL, pack_main, start) != 0) {
        reel_free(start);
        return REEL_E_MEDIUM;
    }
    p->pack_started++;
    return REEL_OK;
}

static enum reel_status
start_threads(struct reel_pipeline *p)
{
    unsigned int i;

    for (i = 0; i < p->o.threads; i++)
        REEL_TRY(start_packer(p, i));
    if (p->buffer != NULL) {
        p->drive_started =
            pthread_create(&p->drive_thread, NULL, drive_main, p) == 0;
        if (!p->drive_started)
            return REEL_E_MEDIUM;
    }
    p->order_started =
        pthread_create(&p->order_thread, NULL, order_main, p) == 0;
    p->digest_started =
        p->order_started &&
        pthread_create(&p->digest_thread, NULL, digest_main, p) == 0;
    return p->digest_started ? REEL_OK : REEL_E_MEDIUM;
}

enum reel_status
reel_pipeline_new(struct reel_pipeline **out,
                  const struct reel_pipeline_options *options,
                  struct reel_err *err)
{
    struct reel_pipeline *const p = reel_alloc_array(1, sizeof(*p));
    enum reel_status status;

    if (p == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    p->o = *options;
    if (p->o.threads > THREADS_MAX)
        p->o.threads = THREADS_MAX;
    /* One being filled, one at the digests, one being written, one in each
       compressor, and one more so that nobody waits in step. */
    p->job_count = 4 + (size_t)p->o.threads;
    (void)pthread_mutex_init(&p->lock, NULL);
    reel_queue_init(&p->empty, REEL_QUEUE_SLOTS_MAX);
    reel_queue_init(&p->filled, REEL_QUEUE_SLOTS_MAX);
    reel_queue_init(&p->work, REEL_QUEUE_SLOTS_MAX);
    reel_queue_init(&p->order, REEL_QUEUE_SLOTS_MAX);
    status = make_jobs(p);
    if (status == REEL_OK)
        status = start_threads(p);
    if (status != REEL_OK) {
        reel_pipeline_free(p);
        return reel_fail(err, status, NULL, NULL, "%s",
                         status == REEL_E_MEMORY ? "no memory for the writer"
                                                 : "cannot start a thread");
    }
    *out = p;
    return REEL_OK;
}

/* Let everything put come to its end. */
static void
join_all(struct reel_pipeline *p)
{
    unsigned int i;

    p->finished = true;
    reel_queue_close(&p->filled);
    if (p->digest_started)
        (void)pthread_join(p->digest_thread, NULL);
    reel_queue_close(&p->work);
    reel_queue_close(&p->order);
    for (i = 0; i < p->pack_started; i++)
        (void)pthread_join(p->pack_threads[i], NULL);
    if (p->order_started)
        (void)pthread_join(p->order_thread, NULL);
    if (p->buffer != NULL)
        reel_burst_buffer_close(p->buffer);
    if (p->drive_started)
        (void)pthread_join(p->drive_thread, NULL);
}

enum reel_status
reel_pipeline_finish(struct reel_pipeline *p, struct reel_err *err)
{
    join_all(p);
    if (p->status != REEL_OK && err != NULL)
        *err = p->err;
    return p->status;
}

struct reel_write_bursts
reel_pipeline_bursts(const struct reel_pipeline *p)
{
    const struct reel_write_bursts none = {0, 0, 0};

    return p->buffer == NULL ? none : reel_burst_buffer_bursts(p->buffer);
}

void
reel_pipeline_free(struct reel_pipeline *p)
{
    size_t i;

    if (p == NULL)
        return;
    if (!p->finished)
        join_all(p);
    reel_burst_buffer_free(p->buffer);
    for (i = 0; i < THREADS_MAX; i++)
        reel_packer_free(p->packers[i]);
    for (i = 0; p->jobs != NULL && i < p->job_count; i++)
        reel_job_free(p->jobs[i]);
    reel_free(p->jobs);
    reel_queue_fini(&p->order);
    reel_queue_fini(&p->work);
    reel_queue_fini(&p->filled);
    reel_queue_fini(&p->empty);
    (void)pthread_mutex_destroy(&p->lock);
    reel_free(p);
}
