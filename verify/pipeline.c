/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec chapter 12; verify: reading and CRC of blocks on one thread, unpacking
 * and CRC of segments on the second, everything else on the caller's. SHA-256
 * is what takes longest, so it has the caller's thread to itself.
 */
#include "pipeline.h"

#include "queue.h"
#include "reel/alloc.h"

/* One in each stage, and some in front of it. */
#define JOBS 6U

struct pipeline {
    struct reel_verify_feed *feed;
    struct reel_unpacker *unpacker;
    struct reel_verify_job jobs[JOBS];
    struct reel_queue empty;
    struct reel_queue fed;
    struct reel_queue opened;
    enum reel_status feed_status; /* read only behind the join */
    struct reel_err feed_err;
    enum reel_status open_status;
    struct reel_err open_err;
};

enum reel_status
reel_verify_job_open(struct reel_verify_job *job, struct reel_unpacker *u,
                     struct reel_err *err)
{
    const struct reel_bytes packed = job->item.packed;
    struct reel_segment_header h;
    struct reel_cursor c;

    if (job->kind != REEL_VERIFY_ITEM ||
        job->item.event != REEL_DEBLOCK_SEGMENT)
        return REEL_OK;
    c = reel_cursor_init(packed.data, packed.len, &job->item.pos);
    job->opened =
        reel_segment_header_decode(&h, &c, REEL_SEGMENT_LIMIT_MAX, &job->why);
    if (job->opened != REEL_OK)
        return REEL_OK;
    if (h.compression != REEL_COMPRESSION_NONE)
        REEL_TRY(reel_verify_job_reserve(&job->raw_buf, &job->raw_capacity,
                                         h.raw_bytes, err));
    job->opened = reel_segment_open(u, packed.data, packed.len, job->raw_buf,
                                    job->raw_capacity, &job->raw,
                                    &job->item.pos, &job->why);
    if (job->opened != REEL_E_MEMORY)
        return REEL_OK;
    if (err != NULL)
        *err = job->why;
    return REEL_E_MEMORY;
}

static void
job_fini(struct reel_verify_job *job)
{
    reel_free(job->buf);
    reel_free(job->raw_buf);
}

static enum reel_status
run_alone(struct reel_verify_feed *f, reel_verify_handle_fn handle, void *ctx,
          struct reel_unpacker *u, struct reel_err *err)
{
    struct reel_verify_job *const job = reel_alloc_array(1, sizeof(*job));
    enum reel_status status;

    if (job == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the verifier");
    while ((status = reel_verify_feed_next(f, job, err)) == REEL_OK) {
        status = reel_verify_job_open(job, u, err);
        if (status == REEL_OK)
            status = handle(ctx, job, err);
        if (status != REEL_OK)
            break;
    }
    job_fini(job);
    reel_free(job);
    return status == REEL_END ? REEL_OK : status;
}

static void *
feed_main(void *arg)
{
    struct pipeline *const p = arg;
    struct reel_verify_job *job;

    while ((job = reel_queue_take(&p->empty)) != NULL) {
        p->feed_status = reel_verify_feed_next(p->feed, job, &p->feed_err);
        if (p->feed_status != REEL_OK || !reel_queue_put(&p->fed, job))
            break;
    }
    reel_queue_close(&p->fed);
    return NULL;
}

static void *
open_main(void *arg)
{
    struct pipeline *const p = arg;
    struct reel_verify_job *job;

    while ((job = reel_queue_take(&p->fed)) != NULL) {
        p->open_status = reel_verify_job_open(job, p->unpacker, &p->open_err);
        if (p->open_status != REEL_OK || !reel_queue_put(&p->opened, job))
            break;
    }
    reel_queue_close(&p->fed);
    reel_queue_close(&p->empty);
    reel_queue_close(&p->opened);
    return NULL;
}

static enum reel_status
judge_all(struct pipeline *p, reel_verify_handle_fn handle, void *ctx,
          struct reel_err *err)
{
    enum reel_status status = REEL_OK;
    struct reel_verify_job *job;

    while (status == REEL_OK && (job = reel_queue_take(&p->opened)) != NULL) {
        status = handle(ctx, job, err);
        (void)reel_queue_put(&p->empty, job);
    }
    reel_queue_close(&p->opened);
    reel_queue_close(&p->fed);
    reel_queue_close(&p->empty);
    return status;
}

static enum reel_status
no_thread(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "cannot start a thread");
}

/* The first cause counts: what the judges said, then reading, then opening. */
static enum reel_status
outcome(const struct pipeline *p, enum reel_status judged, struct reel_err *err)
{
    const bool fed  = p->feed_status == REEL_OK || p->feed_status == REEL_END;
    const bool open = p->open_status == REEL_OK;

    if (judged != REEL_OK || (fed && open))
        return judged;
    if (err != NULL)
        *err = fed ? p->open_err : p->feed_err;
    return fed ? p->open_status : p->feed_status;
}

static enum reel_status
run_stages(struct pipeline *p, reel_verify_handle_fn handle, void *ctx,
           struct reel_err *err)
{
    pthread_t feed_thread;
    pthread_t open_thread;
    enum reel_status status;

    if (pthread_create(&feed_thread, NULL, feed_main, p) != 0)
        return no_thread(err);
    if (pthread_create(&open_thread, NULL, open_main, p) != 0) {
        reel_queue_close(&p->fed);
        reel_queue_close(&p->empty);
        (void)pthread_join(feed_thread, NULL);
        return no_thread(err);
    }
    status = judge_all(p, handle, ctx, err);
    (void)pthread_join(open_thread, NULL);
    (void)pthread_join(feed_thread, NULL);
    return outcome(p, status, err);
}

static enum reel_status
run_threads(struct reel_verify_feed *f, reel_verify_handle_fn handle, void *ctx,
            struct reel_unpacker *u, struct reel_err *err)
{
    struct pipeline *const p = reel_alloc_array(1, sizeof(*p));
    enum reel_status status;
    size_t i;

    if (p == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the verifier");
    p->feed     = f;
    p->unpacker = u;
    reel_queue_init(&p->empty, JOBS);
    reel_queue_init(&p->fed, JOBS);
    reel_queue_init(&p->opened, JOBS);
    for (i = 0; i < JOBS; i++)
        (void)reel_queue_put(&p->empty, &p->jobs[i]);
    status = run_stages(p, handle, ctx, err);
    reel_queue_fini(&p->opened);
    reel_queue_fini(&p->fed);
    reel_queue_fini(&p->empty);
    for (i = 0; i < JOBS; i++)
        job_fini(&p->jobs[i]);
    reel_free(p);
    return status;
}

enum reel_status
reel_verify_pipeline_run(struct reel_verify_feed *f, unsigned int threads,
                         reel_verify_handle_fn handle, void *ctx,
                         struct reel_err *err)
{
    struct reel_unpacker *const u = reel_unpacker_new();
    enum reel_status status;

    if (u == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the verifier");
    status = threads > 1 ? run_threads(f, handle, ctx, u, err)
                         : run_alone(f, handle, ctx, u, err);
    reel_unpacker_free(u);
    return status;
}
