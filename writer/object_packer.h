/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a source's objects to raw segments: records in their order, cut where a
 * segment is full, CONTINUED in front where that is inside an object. Digests
 * are left zero for the stage behind. Private to writer/.
 */
#ifndef REEL_WRITER_OBJECT_PACKER_H
#define REEL_WRITER_OBJECT_PACKER_H

#include "done_posix.h"
#include "job.h"
#include "link_names.h"
#include "reel/group.h"
#include "source.h"

/* Gives an empty job, waiting for one if it must. NULL: the pipeline stopped;
   why is told elsewhere. */
typedef struct reel_job *(*reel_job_get_fn)(void *ctx);
/* Takes a full job. False: the pipeline stopped. */
typedef bool (*reel_job_put_fn)(void *ctx, struct reel_job *j);

struct reel_object_packer;

struct reel_object_packer_options {
    struct reel_source *source; /* borrowed */
    reel_job_get_fn get;
    reel_job_put_fn put;
    void *ctx;
    const struct reel_reporter *report; /* borrowed */
    struct reel_done *done; /* objects that stand already; NULL: none */
    uint64_t number;        /* of the last object that stands; 0: none */
    uint64_t *passed_over;  /* counted up; needed with `done` */
};

struct reel_object_packer *
reel_object_packer_new(const struct reel_object_packer_options *options);
void reel_object_packer_free(struct reel_object_packer *p);

/* One whole record of the head. */
enum reel_status reel_object_packer_head(struct reel_object_packer *p,
                                         struct reel_bytes record,
                                         struct reel_err *err) REEL_MUST_CHECK;

/*
 * Pack every object of the source that does not stand already, then hand on the
 * last segment. Asked to stop, or where the source fails, it hands on what is
 * packed. Fails with STOPPED (asked to, or the pipeline stopped), MEMORY,
 * INVALID, and with what the source returned.
 */
enum reel_status reel_object_packer_run(struct reel_object_packer *p,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
