/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the writer of volumes use of each other. Private to
   volume_writer.c, volume_checkpoint.c and volume_load.c. */
#ifndef REEL_WRITER_VOLUME_WRITER_PARTS_H
#define REEL_WRITER_VOLUME_WRITER_PARTS_H

#include "volume_writer.h"

/* A VOLUME record that no checkpoint holds. MEMORY. */
enum reel_status
reel_volume_writer_add_volume(struct reel_volume_writer *w,
                              struct reel_bytes record,
                              struct reel_err *err) REEL_MUST_CHECK;

/* An empty catalog in the place of the one there is. MEMORY. */
enum reel_status
reel_volume_writer_new_catalog(struct reel_volume_writer *w,
                               struct reel_err *err) REEL_MUST_CHECK;

/* Give the spool from *at on to the stretch begun. */
enum reel_status reel_volume_writer_spool(struct reel_volume_writer *w,
                                          uint64_t *at,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* A checkpoint, now; void where it meets the end of the volume. */
enum reel_status
reel_volume_writer_checkpoint(struct reel_volume_writer *w,
                              struct reel_err *err) REEL_MUST_CHECK;

/* Slice `k`, which ends at `at` in the spool, stands on the volume; `behind`
   is the sequence behind it. */
void reel_volume_writer_keep_checkpoint(struct reel_volume_writer *w,
                                        const struct reel_checkpoint *k,
                                        uint64_t at, uint64_t behind);

#endif
