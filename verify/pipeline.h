/* SPDX-License-Identifier: Apache-2.0 */
/* Every thread the verifier has. Private to verify/. */
#ifndef REEL_VERIFY_PIPELINE_H
#define REEL_VERIFY_PIPELINE_H

#include "feed.h"

/* Judges one job, on the caller's thread; the job is borrowed for the call.
   A status other than REEL_OK stops the pipeline and is passed up. */
typedef enum reel_status (*reel_verify_handle_fn)(
    void *ctx, const struct reel_verify_job *job, struct reel_err *err);

/*
 * Run the feed to its end through `handle`. threads 1: everything on the
 * caller's thread; more: one reads and proves blocks, one opens segments, the
 * caller's judges. The feed `own`s what it hands out exactly if threads > 1.
 * Fails with what feed or handle returned; MEMORY; MEDIUM (no thread to be
 * had).
 */
enum reel_status reel_verify_pipeline_run(struct reel_verify_feed *f,
                                          unsigned int threads,
                                          reel_verify_handle_fn handle,
                                          void *ctx,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* The second stage alone: if the job is a segment, open it. MEMORY. */
enum reel_status reel_verify_job_open(struct reel_verify_job *job,
                                      struct reel_unpacker *u,
                                      struct reel_err *err) REEL_MUST_CHECK;

#endif
