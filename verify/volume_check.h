/* SPDX-License-Identifier: Apache-2.0 */
/* Label, leader and VOLUME (spec chapter 2). Private to verify/. */
#ifndef REEL_VERIFY_VOLUME_CHECK_H
#define REEL_VERIFY_VOLUME_CHECK_H

#include "diagnose.h"
#include "job.h"
#include "leader_check.h"

struct reel_verify_volume {
    const struct reel_diagnoser *diag;
    bool label_reel; /* a label of ours was read */
    bool front_told; /* label or leader are known to be wrong */
    bool leader_begun;
    uint32_t marks;
    uint64_t strange; /* blocks that are nothing of ours */
    uint64_t label_bytes;
    uint8_t volume_id[REEL_VOLUME_ID_BYTES]; /* of the label */
    uint64_t leader_bytes;
    uint64_t leader_block; /* length of the first block of the leader */
    struct reel_leader_page page;
    struct reel_sha256 digest;

    bool good_seen; /* a good block was met */
    bool bad_seen;  /* before that, a bad one */
    bool have_volume;
    uint32_t volume;                /* its number */
    struct reel_block_header block; /* of the last VOLUME block */
    bool segment_due; /* no DATA or CATALOG block was met on this volume */
};

void reel_verify_volume_init(struct reel_verify_volume *v,
                             const struct reel_diagnoser *diag);

/* What is met, in order. MAGIC when this is not Reel. */
enum reel_status reel_verify_volume_label(struct reel_verify_volume *v,
                                          const struct reel_verify_job *job,
                                          struct reel_err *err) REEL_MUST_CHECK;
enum reel_status
reel_verify_volume_leader(struct reel_verify_volume *v,
                          const struct reel_verify_job *job,
                          struct reel_err *err) REEL_MUST_CHECK;
void reel_verify_volume_filemark(struct reel_verify_volume *v);
void reel_verify_volume_block(struct reel_verify_volume *v,
                              const struct reel_verify_job *job);
enum reel_status reel_verify_volume_bad(struct reel_verify_volume *v,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* The VOLUME record itself (L-8, L-9, L-10, L-11). */
void reel_verify_volume_record(struct reel_verify_volume *v,
                               const struct reel_record *r);

/* The medium ended. MAGIC when nothing of it was Reel. */
enum reel_status reel_verify_volume_end(struct reel_verify_volume *v,
                                        const struct reel_verify_job *job,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
