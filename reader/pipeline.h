/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a volume to unpacked segments, in order: reading and de-blocking on one
 * thread, unpacking on a second, a look at what is in them on a third, and what
 * comes of it on the caller's. Owns every thread of reader/. Memory is bounded
 * by the segments under way.
 */
#ifndef REEL_READER_PIPELINE_H
#define REEL_READER_PIPELINE_H

#include "reel/deblock.h"
#include "volume.h"

struct reel_read_item;

/* What is read between a start and a stop. Zero is everything from where the
   volume stands to the end of the data. */
struct reel_read_run {
    bool jump;               /* what was read before does not matter: */
    uint32_t payload_offset; /* begin there, or REEL_NONE32: at the first
                                segment that begins */
    uint32_t archive;        /* segments of others are passed over; 0: none */
    uint32_t kinds;          /* REEL_READ_KIND of each kind wanted */
    bool stop_at_until;      /* stop behind the segment that begins at: */
    struct reel_place until;
    bool stop_at_catalog; /* stop at the first block of kind CATALOG or
                             END of that archive */
    bool stop_behind_end; /* stop behind the segment of kind END */
    /* May be NULL. Looks at each item, in order, on a thread of its own, and
       may set `looked`. */
    enum reel_status (*look)(void *ctx, struct reel_read_item *item,
                             struct reel_err *err);
    void *look_ctx;
    bool alone;  /* on the caller's thread, so that nothing is
                    read ahead */
    bool across; /* at the end of a volume go on on the next one, up to: */
    uint32_t last_volume; /* 0: as far as there are any */
};
#define REEL_READ_KIND(kind) (1U << (kind))
#define REEL_READ_DATA                                                         \
    (REEL_READ_KIND(REEL_BLOCK_VOLUME) | REEL_READ_KIND(REEL_BLOCK_DATA))

struct reel_read_item {
    struct reel_deblock_item of;    /* the event; `packed` is set for SEGMENT */
    struct reel_block_header block; /* SEGMENT: that it ends in */
    struct reel_bytes raw;          /* SEGMENT: unpacked, if status is OK */
    enum reel_status status;        /* SEGMENT: of unpacking */
    struct reel_err err;            /* if status is not OK */
    bool looked;                    /* what `look` found, and */
    size_t found;                   /* how much of it */
    bool absent; /* GAP: because a volume is not at hand, which is told */
};

struct reel_read_pipeline;

/* `threads` false: everything on the caller's. `v` lives as long. NULL when
   memory runs out. */
struct reel_read_pipeline *reel_read_new(struct reel_reader_volume *v,
                                         bool threads);
/* Stops first. */
void reel_read_free(struct reel_read_pipeline *p);

/* From now on the volume belongs to the pipeline, until stop. */
enum reel_status reel_read_start(struct reel_read_pipeline *p,
                                 const struct reel_read_run *run,
                                 struct reel_err *err) REEL_MUST_CHECK;

/* Runs known to begin somewhere, for this start (reel_deblock_run). MEMORY. */
enum reel_status reel_read_know_run(struct reel_read_pipeline *p,
                                    uint32_t archive, uint32_t run,
                                    uint64_t run_start,
                                    struct reel_err *err) REEL_MUST_CHECK;

/*
 * The next item, valid until the next call; REEL_END when the run is over.
 * Events of blocks passed over are not told, but for ARCHIVE. Fails with what
 * reading failed with, UNSUPPORTED, MEMORY.
 */
enum reel_status reel_read_next(struct reel_read_pipeline *p,
                                const struct reel_read_item **out,
                                struct reel_err *err) REEL_MUST_CHECK;

/* Behind REEL_END: do the data go on on a volume that is not at hand? */
bool reel_read_goes_on(const struct reel_read_pipeline *p);

/* The volume is the caller's again; it stands somewhere behind what was
   given out. */
void reel_read_stop(struct reel_read_pipeline *p);

#endif
