/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3: the input is a row of blocks of 512 octets. */
#include "reel/limits.h"
#include "reel_fuzz.h"
#include "seal.h"
#include "tape_input.h"

size_t
reel_fuzz_seal(uint8_t *data, size_t size, size_t capacity)
{
    static struct seal_block
        blocks[TAPE_INPUT_BYTES_MAX / REEL_BLOCK_BYTES_MIN];
    const size_t most = sizeof(blocks) / sizeof(blocks[0]);
    size_t count      = 0;

    (void)capacity;
    for (size_t at = 0; size - at >= REEL_BLOCK_BYTES_MIN && count < most;
         at += REEL_BLOCK_BYTES_MIN)
        blocks[count++] = (struct seal_block){data + at, REEL_BLOCK_BYTES_MIN};
    seal_blocks(blocks, count);
    return size;
}
