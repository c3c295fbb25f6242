/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the archive at hand share. Private to archive_*.c. */
#ifndef REEL_VERIFY_ARCHIVE_PARTS_H
#define REEL_VERIFY_ARCHIVE_PARTS_H

#include "archive_check.h"

/* ---- archive_check.c ---- */

/* Something of the data is missing here. */
void reel_archive_lose(struct reel_archive_check *a);

/* The next data do not go on from the last ones (12.2). */
void reel_archive_break_off(struct reel_archive_check *a);

/* The object that was open when a run began is torn by it, if that is due. */
enum reel_status reel_archive_turn_run(struct reel_archive_check *a,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Is all known that the catalog tells, so that the two can be compared? */
bool reel_archive_sure(const struct reel_archive_check *a);

/* ---- archive_runs.c ---- */

/* A record VOLUME, for the catalog when data stand behind it (9.2). */
enum reel_status reel_archive_hold_volume(struct reel_archive_check *a,
                                          const struct reel_record *r,
                                          const struct reel_place *place,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* A block of `kind` that is not superseded follows: if it is one of data, the
   catalog gets the VOLUMEs held. */
enum reel_status
reel_archive_tell_volumes(struct reel_archive_check *a, uint16_t kind,
                          struct reel_err *err) REEL_MUST_CHECK;

/* Keep in *p what is known so far; the data go on at `sequence`. */
/* May what is known of links be copied once more? Where it is much, not before
   as much was read, so that checkpoints and runs without end cost no more than
   they are long. */
bool reel_archive_may_copy(const struct reel_archive_check *a);

enum reel_status reel_archive_keep_point(struct reel_archive_check *a,
                                         struct reel_run_point *p,
                                         uint64_t sequence,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* The first block of a higher run, VOLUME apart. */
enum reel_status reel_archive_begin_run(struct reel_archive_check *a,
                                        const struct reel_verify_job *job,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* B-19, as far as the first record of a run tells. */
void reel_archive_judge_run_record(struct reel_archive_check *a,
                                   const struct reel_verify_job *job);

#endif
