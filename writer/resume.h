/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an interrupted archive left on its volumes, as far as a writer needs it
 * to go on: the head, and the slices of its newest checkpoint (spec 9.3).
 * Private to writer/.
 */
#ifndef REEL_WRITER_RESUME_H
#define REEL_WRITER_RESUME_H

#include "append.h"
#include "reel/archive.h"
#include "reel/checkpoint.h"
#include "reel/known.h"
#include "reel/volumes.h"
#include "segment_row.h"
#include "spool.h"

struct reel_resume_slice {
    struct reel_checkpoint checkpoint;
    uint64_t behind; /* sequence behind its last block */
    uint64_t begin;  /* [begin, end) in `slices` */
    uint64_t end;
};

/* A volume on which something of the archive stands. */
struct reel_resume_volume {
    uint32_t number;
    uint8_t record[REEL_VOLUME_RECORD_ROOM]; /* its VOLUME record, if begun */
    size_t record_bytes; /* for this archive; 0: it was there before */
};

struct reel_resume {
    struct reel_medium *medium; /* in the drive; NULL: none */
    const struct reel_volumes *volumes;
    const struct reel_append *known; /* of the set */
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint32_t last_volume;  /* the number of the one to go on on */
    uint32_t at_volume;    /* of the one in the drive */
    uint32_t first_volume; /* on which the archive begins */
    uint32_t archive;
    uint32_t run;                    /* the highest met */
    struct reel_known runs;          /* as far as they were met */
    struct reel_resume_volume *seen; /* the last one first */
    size_t seen_count;

    struct reel_spool slices; /* packed segments, the newest slice first */
    struct reel_resume_slice *chain; /* the newest first */
    size_t chain_count;

    struct reel_spool head;  /* its records, one in each item */
    uint8_t *archive_record; /* what `facts` borrows from */
    struct reel_archive facts;
    bool head_whole; /* an object was met behind it */

    struct reel_segment_row row;
};

/*
 * Find the newest archive of the volume that `a` looked at, which must be one
 * of Reel, and the archive incomplete. Other volumes are asked for; at the end
 * the last one is in the drive again (r->medium). `a` is borrowed until then.
 * Fails with MISUSE (nothing to resume), and with what media and volumes
 * return. Released by _fini, also on failure.
 */
enum reel_status reel_resume_find(struct reel_resume *r,
                                  const struct reel_append *a,
                                  struct reel_medium *medium,
                                  const struct reel_volumes *volumes,
                                  const char *temporary_dir,
                                  struct reel_err *err) REEL_MUST_CHECK;
void reel_resume_fini(struct reel_resume *r);

/* Takes one record of the slices. */
typedef enum reel_status (*reel_resume_record_fn)(void *ctx,
                                                  const struct reel_record *r,
                                                  uint64_t behind,
                                                  struct reel_err *err);

/* Every record of the slices, in order, CHECKPOINTs included. */
enum reel_status reel_resume_each(struct reel_resume *r,
                                  reel_resume_record_fn fn, void *ctx,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
