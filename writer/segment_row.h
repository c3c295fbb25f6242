/* SPDX-License-Identifier: Apache-2.0 */
/* Segments read back from blocks of one kind in a row: slices, catalogs, the
   head of an archive. Private to writer/. */
#ifndef REEL_WRITER_SEGMENT_ROW_H
#define REEL_WRITER_SEGMENT_ROW_H

#include "reel/block_header.h"
#include "reel/medium.h"
#include "reel/segment.h"

/* Takes one whole segment, packed and unpacked, borrowed for the call.
   REEL_END: enough. */
typedef enum reel_status (*reel_segment_take_fn)(void *ctx,
                                                 struct reel_bytes packed,
                                                 struct reel_bytes raw,
                                                 struct reel_err *err);

struct reel_segment_row {
    struct reel_unpacker *unpacker;
    uint8_t *buf; /* one block */
    uint8_t *raw; /* one segment */
    uint8_t *packed;
    size_t capacity;
    size_t have; /* octets in `packed`; 0 behind a row of whole segments */
    uint32_t run;
    uint64_t next; /* sequence behind the last block */
};

/* MEMORY. _fini is fine on a zeroed one, and needed also when this fails. */
enum reel_status reel_segment_row_init(struct reel_segment_row *row,
                                       struct reel_err *err) REEL_MUST_CHECK;
void reel_segment_row_fini(struct reel_segment_row *row);

/* What the blocks must be. */
struct reel_segment_wish {
    struct reel_medium *medium;
    const uint8_t *set_id;
    uint32_t archive;
    uint16_t kind;
    uint64_t address; /* of the first */
};

/*
 * Read blocks in a row until something else comes, and hand on what is whole.
 * What is wrong there is no failure: the row ends before it. MEDIUM,
 * TRUNCATED (the medium ends before the address), UNSUPPORTED, MEMORY, and what
 * `take` returned.
 */
enum reel_status reel_segment_row_read(struct reel_segment_row *row,
                                       const struct reel_segment_wish *wish,
                                       reel_segment_take_fn take, void *ctx,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
