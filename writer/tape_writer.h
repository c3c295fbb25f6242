/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks on to one volume after the other (spec 9.7): packed segments become
 * blocks, a full volume is confirmed, the next one got, and what was not
 * finished repeated there. Private to writer/; one thread.
 */
#ifndef REEL_WRITER_TAPE_WRITER_H
#define REEL_WRITER_TAPE_WRITER_H

#include "asking.h"
#include "pending.h"
#include "reel/block_packer.h"
#include "reel/medium.h"
#include "reel/note.h"
#include "reel/volumes.h"
#include "retained.h"
#include "volume_head.h"

/* A segment of data stands whole at `place` (record_offset 0). `part` is
   borrowed for the call. */
typedef enum reel_status (*reel_segment_whole_fn)(
    void *ctx, struct reel_bytes part, const struct reel_place *place,
    struct reel_err *err);

/* A volume was begun; its VOLUME record is borrowed for the call. `again`: in
   the place of the one told of last, which was of no use. */
typedef enum reel_status (*reel_volume_begun_fn)(void *ctx,
                                                 struct reel_bytes record,
                                                 bool again,
                                                 struct reel_err *err);

struct reel_tape_options {
    struct reel_medium *medium;         /* borrowed */
    const struct reel_volumes *volumes; /* NULL: no further one */
    bool overwrite;
    const struct reel_reporter *report;
    struct reel_block_header next; /* of the next block: all that does not
                                      change, and run, sequence, address */
    struct reel_volume volume;     /* the volume at hand: all that the next ones
                                      have in common, number, id; texts borrowed */
    reel_segment_whole_fn whole;
    reel_volume_begun_fn begun;
    void *ctx;
};

struct reel_tape_writer {
    struct reel_tape_options o;
    struct reel_block_packer packer;
    struct reel_retained retained;
    struct reel_pending pending;
    uint8_t *work; /* one block, for what stands in front on a volume */

    bool further; /* the volume at hand was got while writing */
    bool useful;  /* something on it is needed: it cannot be given back */
    bool turned;  /* a stretch other than DATA met the end of a volume, and
                     the next one is at hand */
    bool lost;    /* the medium failed: what stands on it is not known */
    uint64_t catalog_sequence; /* of the first block of the catalog, for runs
                                  that begin with it */
    enum reel_status status;   /* of the first failure: it stays */
    struct reel_err err;
    uint64_t blocks;           /* taken by a medium */
    uint64_t since_checkpoint; /* octets of these */
    uint32_t volumes;          /* on which something of the archive stands */
    struct reel_asking asking; /* for the volume that is to be begun */
};

/* What it got is released by _fini, also when this fails. MEMORY. */
enum reel_status reel_tape_writer_init(struct reel_tape_writer *t,
                                       const struct reel_tape_options *options,
                                       struct reel_err *err) REEL_MUST_CHECK;
void reel_tape_writer_fini(struct reel_tape_writer *t);

/* Label, leader and VOLUME on the medium at hand, which is that of o.volume
   and stands at its beginning. */
enum reel_status reel_tape_writer_begin(struct reel_tape_writer *t,
                                        struct reel_err *err) REEL_MUST_CHECK;

/*
 * Go on as run `run`, whose first block has `sequence`: nothing is pending any
 * more. `address`: where the medium at hand stands, behind its data;
 * REEL_NONE64: it is of no use, go on on the next one. `mark`: a filemark has
 * to be written first.
 */
enum reel_status reel_tape_writer_again(struct reel_tape_writer *t,
                                        uint32_t run, uint64_t sequence,
                                        uint64_t address, bool mark,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* One segment of data, and what the catalog needs of it. */
enum reel_status reel_tape_writer_data(struct reel_tape_writer *t,
                                       struct reel_bytes part,
                                       struct reel_bytes packed,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Let every segment of data stand whole: the last block need not be full. */
enum reel_status reel_tape_writer_flush(struct reel_tape_writer *t,
                                        struct reel_err *err) REEL_MUST_CHECK;

/*
 * A stretch of another kind, segment by segment, then its end. Pre: flushed.
 * FULL and t->turned: the blocks of the stretch with a sequence below that of
 * the next block stand on the volume that is full, and the next volume is
 * begun; the caller sets t->turned back. A catalog begins anew there.
 */
void reel_tape_writer_stretch(struct reel_tape_writer *t, uint16_t kind);
enum reel_status reel_tape_writer_push(struct reel_tape_writer *t,
                                       struct reel_bytes packed,
                                       struct reel_err *err) REEL_MUST_CHECK;
enum reel_status
reel_tape_writer_stretch_end(struct reel_tape_writer *t,
                             struct reel_err *err) REEL_MUST_CHECK;

/* The sequence of the block that would take the last octet of a segment of
   `bytes` if it came next. */
uint64_t reel_tape_writer_last(const struct reel_tape_writer *t, size_t bytes);

/* A filemark. Pre: nothing is in the block being filled. */
enum reel_status
reel_tape_writer_filemark(struct reel_tape_writer *t,
                          struct reel_err *err) REEL_MUST_CHECK;

/* Where the next block will stand. */
struct reel_position
reel_tape_writer_position(const struct reel_tape_writer *t);

#endif
