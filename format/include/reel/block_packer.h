/* SPDX-License-Identifier: Apache-2.0 */
/* From packed segments to blocks: the writing side of chapter 3. */
#ifndef REEL_BLOCK_PACKER_H
#define REEL_BLOCK_PACKER_H

#include "reel/block_header.h"
#include "reel/entry.h"
#include "reel/position.h"

/* Takes one sealed block of h->block_bytes octets, borrowed for the call. */
typedef enum reel_status (*reel_block_emit_fn)(
    void *ctx, const uint8_t *block, const struct reel_block_header *h,
    struct reel_err *err);

/* Caller storage. The fields of `next` that a caller may set before the first
   push: block_bytes, volume, archive, run, run_start, set_id, sequence and
   address of the next block. */
struct reel_block_packer {
    struct reel_block_header next;
    uint8_t *block; /* block_bytes octets, the caller's */
    reel_block_emit_fn emit;
    void *ctx;
};

/* `block` has block_bytes octets and lives as long as the packer is used. */
REEL_API void reel_block_packer_init(struct reel_block_packer *p,
                                     uint32_t block_bytes, uint8_t *block,
                                     reel_block_emit_fn emit, void *ctx);

/*
 * A stretch of blocks of `kind` begins. Pre: what was pushed is flushed.
 */
REEL_API void reel_block_packer_begin(struct reel_block_packer *p,
                                      uint16_t kind);

/* The next thing on the medium is, or was, a filemark. Pre: flushed. */
REEL_API void reel_block_packer_filemark(struct reel_block_packer *p);

/* Where the next block will stand. Pure. */
REEL_API struct reel_position
reel_block_packer_position(const struct reel_block_packer *p);

/*
 * Add one packed segment; full blocks are emitted. *place is where it begins,
 * with record_offset 0. Fails with what emit returned.
 */
REEL_API enum reel_status
reel_block_packer_push(struct reel_block_packer *p, struct reel_bytes packed,
                       struct reel_place *place,
                       struct reel_err *err) REEL_MUST_CHECK;

/* Emit the block begun, if one is. */
REEL_API enum reel_status
reel_block_packer_flush(struct reel_block_packer *p,
                        struct reel_err *err) REEL_MUST_CHECK;

#endif
