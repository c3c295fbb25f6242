/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From blocks to packed segments: the reading side of chapters 3, 4 and 12.1
 * as a state machine without I/O. It is fed what the medium gives, in order,
 * and hands out segments and what went wrong between them.
 *
 *   feed one block, or say that one is unreadable, or that data ended;
 *   then call reel_deblock_next until REEL_END.
 */
#ifndef REEL_DEBLOCK_H
#define REEL_DEBLOCK_H

#include "reel/block_header.h"
#include "reel/entry.h"
#include "reel/known.h"
#include "reel/segment.h"

enum reel_deblock_event {
    REEL_DEBLOCK_SEGMENT,    /* a packed segment, its checksum not judged yet */
    REEL_DEBLOCK_BAD_BLOCK,  /* a block that is not readable, or wrong */
    REEL_DEBLOCK_GAP,        /* blocks, or the rest of a segment, are missing:
                                what comes next does not go on from what came
                                before */
    REEL_DEBLOCK_FOREIGN,    /* a block of another set; passed over */
    REEL_DEBLOCK_REPEATED,   /* a block that was there before; passed over */
    REEL_DEBLOCK_SUPERSEDED, /* a block of a superseded run; passed over */
    REEL_DEBLOCK_UNKNOWN,    /* a block of an unknown kind */
    REEL_DEBLOCK_RULE,       /* a rule is broken that loses nothing */
    REEL_DEBLOCK_ARCHIVE     /* the first block of another archive */
};

struct reel_deblock_item {
    enum reel_deblock_event event;
    uint16_t kind; /* of the block, enum reel_block_kind */
    uint32_t volume;
    uint32_t archive;
    uint32_t run;
    /* SEGMENT: header and stored octets, borrowed until the next call. */
    struct reel_bytes packed;
    struct reel_place place; /* of the segment, record_offset 0 */
    struct reel_pos pos;     /* of the segment, or of what is wrong */
    /* Nothing was lost behind the last segment of data, as far as these are
       concerned, so that what comes goes on from it (12.2), if that was
       accepted. For SEGMENT and GAP; for ARCHIVE nothing before the end of the
       archive before (reel_deblock_ends_whole). */
    bool follows;
    /* SEGMENT and GAP, for ARCHIVE of the archive before: the start of the run.
       As far as that nothing was lost, so that what was open there is torn
       (12.2); false with run_begins: more may be missing before it. */
    uint64_t run_start;
    bool torn;
    /* What is wrong, for the events that tell of something wrong. */
    struct reel_err err;
    bool run_begins; /* GAP: nothing is missing; what was taken of lower runs
                        from the start of this run on has no meaning */
    bool cut_short;  /* GAP: the archive ends inside a segment */
    /* GAP: sequence numbers [missing_from, missing_to) are missing. */
    uint64_t missing_from;
    uint64_t missing_to;
};

struct reel_deblock;

/*
 * limit_bytes: longest raw segment taken (REEL_SEGMENT_LIMIT_MAX). Memory is
 * bounded by it. NULL when memory runs out.
 */
REEL_API struct reel_deblock *reel_deblock_new(uint32_t limit_bytes);
REEL_API void reel_deblock_free(struct reel_deblock *d);

/*
 * One block as the medium gave it, standing at `address` (REEL_NONE64: not
 * known; then B-20 is not judged). `data` is borrowed until the next feed; all
 * items of the feed before must have been taken.
 * Fails with UNSUPPORTED (features, revision, reserved kinds: the volume must
 * not be used), MISUSE, MEMORY. header, when not NULL, is filled if the block
 * is good; *good tells.
 */
REEL_API enum reel_status
reel_deblock_block(struct reel_deblock *d, const uint8_t *data, size_t len,
                   uint64_t address, struct reel_block_header *header,
                   bool *good, struct reel_err *err) REEL_MUST_CHECK;

/*
 * Run `run` of `archive` is known to begin somewhere, at `run_start`: blocks of
 * lower runs that it supersedes are passed over from the start. MEMORY.
 */
REEL_API enum reel_status
reel_deblock_run(struct reel_deblock *d, uint32_t archive, uint32_t run,
                 uint64_t run_start, struct reel_err *err) REEL_MUST_CHECK;

/* Which set is ours; without this the first good block says it. */
REEL_API void reel_deblock_set(struct reel_deblock *d,
                               const uint8_t set_id[REEL_SET_ID_BYTES]);

/* A block at `address` that cannot be read. */
REEL_API void reel_deblock_unreadable(struct reel_deblock *d, uint64_t address);

/* Nothing follows: what is unfinished is cut short. */
REEL_API void reel_deblock_finish(struct reel_deblock *d);

/*
 * The medium was positioned: what is fed next need not go on from what was fed
 * before, and that is no gap. Reading goes on at the segment that begins at
 * `payload_offset` in the next block (REEL_NONE32: at the first that begins).
 */
REEL_API void reel_deblock_jump(struct reel_deblock *d,
                                uint32_t payload_offset);

/* The next item of what was fed; REEL_END when more must be fed. */
REEL_API enum reel_status
reel_deblock_next(struct reel_deblock *d, struct reel_deblock_item *out,
                  struct reel_err *err) REEL_MUST_CHECK;

/* Would a segment of data that comes next go on from the last one? */
REEL_API bool reel_deblock_follows(const struct reel_deblock *d);

/* If the data end here, is nothing missing before their end (12.2)? A segment
   that was given up there for the next volume is cut by the end. */
REEL_API bool reel_deblock_ends_whole(const struct reel_deblock *d);

/* Is nothing missing before the start of the run that is read? */
REEL_API bool reel_deblock_run_follows(const struct reel_deblock *d);

/*
 * Take over the buffer in which the segment just handed out stands, and leave
 * *buf of *capacity octets (NULL, 0: none) for it. False, and nothing changed,
 * when the segment stands in the block that was fed.
 */
REEL_API bool reel_deblock_swap(struct reel_deblock *d,
                                struct reel_bytes packed, uint8_t **buf,
                                size_t *capacity);

#endif
