/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer's threads. Segments go from the packer (the caller's thread) to
 * the digests, to the compressors, to the medium. Private to writer/. Their
 * number is fixed, so memory is; their order is kept, so the octets are.
 */
#ifndef REEL_WRITER_PIPELINE_H
#define REEL_WRITER_PIPELINE_H

#include "job.h"
#include "volume_writer.h"

struct reel_pipeline;

struct reel_pipeline_options {
    struct reel_volume_writer *volume; /* used by one thread of ours only,
                                          until reel_pipeline_finish */
    uint32_t segment_limit;
    enum reel_compression compression;
    int level;
    unsigned int threads;  /* compressors, from 1 */
    uint64_t buffer_bytes; /* between the compressors and the drive; 0: none */
};

/* Starts the threads. Fails with MEMORY, MEDIUM (no thread to be had). */
enum reel_status reel_pipeline_new(struct reel_pipeline **out,
                                   const struct reel_pipeline_options *options,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* reel_job_get_fn and reel_job_put_fn; ctx is the pipeline. */
struct reel_job *reel_pipeline_get(void *ctx);
bool reel_pipeline_put(void *ctx, struct reel_job *j);

/*
 * Nothing more comes: wait until everything put is on the medium. Returns the
 * first failure of any thread. May be called once.
 */
enum reel_status reel_pipeline_finish(struct reel_pipeline *p,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* How the drive was fed; behind reel_pipeline_finish. */
struct reel_write_bursts reel_pipeline_bursts(const struct reel_pipeline *p);

/* Finishes if that was not done, and releases everything. */
void reel_pipeline_free(struct reel_pipeline *p);

#endif
