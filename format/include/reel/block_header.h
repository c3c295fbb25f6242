/* SPDX-License-Identifier: Apache-2.0 */
/* The block header (spec chapter 3). */
#ifndef REEL_BLOCK_HEADER_H
#define REEL_BLOCK_HEADER_H

#include "reel/builder.h"
#include "reel/cursor.h"
#include "reel/limits.h"

/* The eight octets every block begins with (B-2). */
REEL_API extern const uint8_t reel_block_magic[8];

enum reel_block_kind {
    REEL_BLOCK_VOLUME        = 1,
    REEL_BLOCK_DATA          = 2,
    REEL_BLOCK_CHECKPOINT    = 3,
    REEL_BLOCK_CATALOG       = 4,
    REEL_BLOCK_END           = 5,
    REEL_BLOCK_PARITY        = 0x8001, /* reserved */
    REEL_BLOCK_LIBRARY_INDEX = 0x8002  /* reserved */
};
#define REEL_BLOCK_SKIPPABLE 0x8000U /* bit of a kind (3.1) */

struct reel_block_header {
    uint16_t revision; /* 1 */
    uint16_t kind;     /* enum reel_block_kind, or unknown */
    uint32_t features; /* 0 in edition 1 */
    uint32_t block_bytes;
    uint32_t payload_bytes; /* 1 … block_bytes - 96 */
    uint32_t first_segment; /* offset in the payload, or REEL_NONE32 */
    uint32_t volume;        /* from 1 */
    uint32_t archive;       /* from 1 */
    uint32_t run;           /* from 0 */
    uint32_t zero_a;
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint64_t sequence;
    uint64_t address; /* blocks and filemarks before it */
    uint64_t run_start;
    uint64_t zero_b;
};

/*
 * Judge the whole block data[0, len) (B-1 to B-9, X-1, X-2) and decode its
 * header. `pos` says where the block stands (NULL: nowhere).
 * out      set only on REEL_OK; holds no pointers. The payload is
 *          data[96, 96 + out->payload_bytes).
 * Four octets more than the block, as a drive's Logical Block Protection adds
 * them, are no fault. A block of an unknown kind is REEL_OK.
 * Octets behind the payload other than zero are REEL_OK too;
 * reel_block_padding_zero tells (B-8).
 * Fails with TRUNCATED, MAGIC, CORRUPT, UNSUPPORTED, INVALID. Pure.
 */
REEL_API enum reel_status
reel_block_decode(struct reel_block_header *out, const uint8_t *data,
                  size_t len, const struct reel_pos *pos,
                  struct reel_err *err) REEL_MUST_CHECK;

/* L-3: a multiple of 512 in its range? Blocks of other lengths are used all the
   same, as far as there is room for them. */
REEL_API bool reel_block_bytes_legal(uint32_t block_bytes);

/* B-17, as far as the block alone tells. */
REEL_API bool reel_block_run_start_legal(const struct reel_block_header *h);

/* B-8: are the octets behind the payload zero? `h` was decoded from `data`. */
REEL_API bool reel_block_padding_zero(const struct reel_block_header *h,
                                      const uint8_t *data);

/*
 * Write the header over data[0, 96), clear the padding and seal the block:
 * data[0, h->block_bytes) is ready to be written. The payload stands already
 * at data[96, …). Fails with INVALID when a field is out of its range.
 */
REEL_API enum reel_status reel_block_seal(const struct reel_block_header *h,
                                          uint8_t *data,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* The name of a kind, "DATA", or "unknown"; static storage. */
REEL_API const char *reel_block_kind_name(uint16_t kind);

/* How much payload a block of `block_bytes` holds. */
REEL_API uint32_t reel_block_payload_max(uint32_t block_bytes);

#endif
