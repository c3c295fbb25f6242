/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills in the digests that GROUP END and OBJECT END carry, on a thread of its
 * own, so that reading files does not wait for SHA-256. Private to writer/.
 */
#ifndef REEL_WRITER_DIGEST_STAGE_H
#define REEL_WRITER_DIGEST_STAGE_H

#include "reel/group.h"
#include "reel/record.h"
#include "reel/sha256.h"

struct reel_digest_stage {
    struct reel_group group;
    struct reel_sha256 xattrs;
    uint32_t xattr_count;
};

void reel_digest_stage_init(struct reel_digest_stage *d);

/*
 * Take the records of raw[0, len), segments in order, and write the digests
 * into those that carry them. Fails with INVALID, which would be a fault of
 * the packer in front of it.
 */
enum reel_status reel_digest_stage_run(struct reel_digest_stage *d,
                                       uint8_t *raw, size_t len,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
