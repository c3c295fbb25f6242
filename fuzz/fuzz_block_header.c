/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3, a block: judged, decoded and sealed again. */
#include <stdlib.h>
#include <string.h>

#include "reel/block_header.h"
#include "reel/crc32c.h"
#include "reel_fuzz.h"

#define CHECKSUM_AT 8U
#define CHECKED_FROM 12U

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t again[REEL_BLOCK_BYTES_MAX];
    struct reel_block_header h;
    struct reel_err err;

    if (reel_block_decode(&h, data, size, NULL, &err) != REEL_OK)
        return 0;
    if (!reel_block_padding_zero(&h, data))
        return 0; /* sealing clears it */
    if (!reel_block_bytes_legal(h.block_bytes))
        return 0; /* nobody writes it */
    memcpy(again + REEL_BLOCK_HEADER_BYTES, data + REEL_BLOCK_HEADER_BYTES,
           h.payload_bytes);
    if (reel_block_seal(&h, again, &err) != REEL_OK)
        abort();
    if ((h.block_bytes != size && h.block_bytes + 4U != size) ||
        memcmp(again, data, h.block_bytes) != 0)
        abort();
    return 0;
}
