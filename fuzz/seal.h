/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Make what a mutation broke right again - checksums, and the digests that
 * would hide what stands behind them - so that the product itself needs no
 * door for fuzzing. Both engines' mutators and the replay program use it.
 */
#ifndef REEL_FUZZ_SEAL_H
#define REEL_FUZZ_SEAL_H

#include <stddef.h>
#include <stdint.h>

/* A block of an input. */
struct seal_block {
    uint8_t *data;
    size_t len;
};

/* Spec chapter 3: magic and checksum of the whole block data[0, len). What is
   too short for a header is left alone. */
void seal_block(uint8_t *data, size_t len);

/*
 * Spec chapter 4: magic and checksum of the segment at the front of
 * data[0, len). Returns its length, 0 if it is not all there; then nothing is
 * changed.
 */
size_t seal_segment(uint8_t *data, size_t len);

/*
 * Everything in a row of blocks: their segments, which may span them, what
 * CHECKPOINT and END say of slice and catalog, and the blocks. Octets that
 * begin with less than half of the magic are no block and left alone.
 */
void seal_blocks(const struct seal_block *blocks, size_t count);

#endif
