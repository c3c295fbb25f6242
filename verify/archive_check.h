/* SPDX-License-Identifier: Apache-2.0 */
/* One archive, from its first block to its last. Private to verify/. */
#ifndef REEL_VERIFY_ARCHIVE_CHECK_H
#define REEL_VERIFY_ARCHIVE_CHECK_H

#include "catalog_check.h"
#include "object_check.h"
#include "run_point.h"

#define REEL_VOLUME_RECORD_MAX 320U
#define REEL_RUN_STARTS_MAX 1024U

/* A VOLUME record. */
struct reel_held_volume {
    uint8_t octets[REEL_VOLUME_RECORD_MAX];
    size_t len;
    struct reel_place place;
};

struct reel_archive_check {
    const struct reel_diagnoser *diag;
    uint32_t number;
    struct reel_walk *walk;
    struct reel_links_check links;
    struct reel_object_check object;
    struct reel_catalog_check catalog;

    bool begun_late; /* its beginning stands on an earlier volume */
    bool unsure;     /* what was before its first block cannot be told */
    bool lossy;      /* some of its data are missing */
    bool gap;        /* and what comes next need not go on from before */
    bool broken;     /* data did not go on from those before, somewhere */
    bool data_ended;
    bool wanted; /* the rest of it is on a volume that is not at hand */

    /* Runs (3.3). */
    uint32_t run;
    bool run_changing; /* objects that end now are torn by that */
    bool run_turn;     /* with its first data; `run_anew`: these begin with
                          the archive itself */
    bool run_anew;
    bool run_unjudged;     /* no data of this run were met yet */
    bool limit_told;       /* G-6, G-9 */
    bool number_due;       /* the next object is not the walk's to judge */
    bool checkpoint_last;  /* nothing stands behind a whole checkpoint */
    uint64_t taken_to;     /* sequence behind the last block of data taken */
    uint64_t walked_bytes; /* since links were copied last, for a point */
    uint64_t superseded;   /* blocks */
    struct reel_run_point start;
    struct reel_run_point point;              /* behind the last checkpoint */
    uint64_t run_starts[REEL_RUN_STARTS_MAX]; /* behind checkpoints; a ring */
    uint64_t run_start_count;

    struct reel_held_volume *volumes;
    size_t volume_capacity;
    size_t volume_count;
    size_t volumes_told;

    uint64_t faults; /* rules that its data break */
    uint64_t next;   /* number of the object that is due */
    uint64_t whole;  /* objects that are proven */
    uint64_t partial;

    uint32_t ends;        /* blocks of kind END met */
    bool end_alone;       /* the second one stood behind a filemark */
    bool end_open;        /* and no filemark has closed it yet */
    bool bad_blocks;      /* behind the data: they may explain a lack */
    struct reel_pos last; /* of the last block that begins something */
};

/* NULL when memory is out. */
struct reel_archive_check *
reel_archive_check_new(const struct reel_diagnoser *diag, uint32_t number);
void reel_archive_check_free(struct reel_archive_check *a);

/* Its first block, as far as one was met; `missing`: volumes before it were
   wanted and are not at hand. */
enum reel_status reel_archive_check_begin(struct reel_archive_check *a,
                                          const struct reel_block_header *h,
                                          bool bad_before, bool missing,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* A block that begins something, a filemark, a bad block, the end of a
   volume. MEMORY. */
enum reel_status reel_archive_check_block(struct reel_archive_check *a,
                                          const struct reel_verify_job *job,
                                          struct reel_err *err) REEL_MUST_CHECK;
void reel_archive_check_volume_end(struct reel_archive_check *a);
void reel_archive_check_filemark(struct reel_archive_check *a);
void reel_archive_check_bad(struct reel_archive_check *a);

/* A block states a wrong place (B-20, L-10), which is told. */
void reel_archive_check_astray(struct reel_archive_check *a);

/* A stretch of kind `before` lost its end, or one of kind `behind` its
   beginning; 0: it did not. */
void reel_archive_check_gap(struct reel_archive_check *a, uint16_t before,
                            uint16_t behind);

/* A segment of this kind that could not be opened. */
void reel_archive_check_broken(struct reel_archive_check *a, uint16_t kind);

/* A segment that could be opened. */
enum reel_status
reel_archive_check_segment(struct reel_archive_check *a,
                           const struct reel_verify_job *job,
                           struct reel_err *err) REEL_MUST_CHECK;

/* Another archive begins, or the medium has ended; `item` tells whether
   something was lost behind the last data, and before the start of the run. */
enum reel_status
reel_archive_check_finish(struct reel_archive_check *a,
                          const struct reel_deblock_item *item,
                          struct reel_err *err) REEL_MUST_CHECK;

#endif
