/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the newest END before some place on a volume (spec 9.6): a state
 * machine without I/O, told what stands on the medium, answering with what it
 * wants to know next. It looks at the first and the last block of each tape
 * file, the last tape file first, until one of them is a valid END.
 */
#ifndef REEL_FIND_END_H
#define REEL_FIND_END_H

#include "reel/block_header.h"
#include "reel/end.h"

enum reel_find_move {
    REEL_FIND_MARK,  /* the last filemark before `address`: ..._mark */
    REEL_FIND_BLOCK, /* what stands at `address`: ..._block */
    REEL_FIND_DONE   /* `found` tells */
};

#define REEL_END_TEXT_BYTES (REEL_ARCHIVE_NAME_BYTES_MAX + REEL_HOST_BYTES_MAX)

/* Caller storage; only the fields named public are for callers. */
struct reel_find_end {
    /* Public. */
    enum reel_find_move move;
    uint64_t address;
    bool found;
    struct reel_block_header header; /* of the block of END, if found */
    uint64_t end_address;            /* where that block stands */
    struct reel_end end;             /* its texts are in `text` */
    uint8_t text[REEL_END_TEXT_BYTES];
    uint32_t newest_archive; /* highest archive a block was seen of; 0: none */
    uint32_t newest_run;     /* highest run seen of that one */
    uint32_t bad_blocks;     /* met on the way */
    /* Private. */
    uint64_t file_begin; /* first address of the tape file at hand */
    uint64_t file_end;   /* one more than its last */
    bool last_seen;
    uint32_t below;
    bool have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];
};

/* Search before `address`, which stands directly behind the last thing to be
   looked at, for an END of an archive below `below` (0: of any). set_id NULL:
   of any set. */
REEL_API void reel_find_end_init(struct reel_find_end *f, uint64_t address,
                                 uint32_t below, const uint8_t *set_id);

/* Answer to MARK: the filemark stands at `address`; false: there is none. */
REEL_API void reel_find_end_mark(struct reel_find_end *f, bool passed,
                                 uint64_t address);

/*
 * Answer to BLOCK: data NULL: no block, or one that cannot be read. Borrowed
 * for the call. Fails with UNSUPPORTED (the volume must not be used).
 */
REEL_API enum reel_status
reel_find_end_block(struct reel_find_end *f, const uint8_t *data, size_t len,
                    struct reel_err *err) REEL_MUST_CHECK;

/*
 * Decode the END that stands alone in the good block data[0, …) with header
 * `h`: *out, with its texts copied to `text`. `at`: where the block stands.
 * Fails with INVALID, CORRUPT, TRUNCATED, MAGIC. Pure.
 */
REEL_API enum reel_status
reel_end_of_block(struct reel_end *out, uint8_t text[REEL_END_TEXT_BYTES],
                  const struct reel_block_header *h, const uint8_t *data,
                  uint64_t at, struct reel_err *err) REEL_MUST_CHECK;

#endif
