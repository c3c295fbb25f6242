/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3, a block: judged, decoded and sealed again. */
#include <stdlib.h>
#include <string.h>

#include "reel/block_header.h"
#include "reel/crc32c.h"
#include "reel_fuzz.h"

#define CHECKSUM_AT 8U
#define CHECKED_FROM 12U

void
reel_fuzz_seal(uint8_t *data, size_t size)
{
    struct reel_builder b;

    if (size < CHECKED_FROM)
        return;
    memcpy(data, reel_block_magic, sizeof(reel_block_magic));
    b = reel_builder_init(data + CHECKSUM_AT, 4);
    reel_put_le32(&b, reel_crc32c(data + CHECKED_FROM, size - CHECKED_FROM));
}

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
    memcpy(again + REEL_BLOCK_HEADER_BYTES, data + REEL_BLOCK_HEADER_BYTES,
           h.payload_bytes);
    if (reel_block_seal(&h, again, &err) != REEL_OK)
        abort();
    if (h.block_bytes != size || memcmp(again, data, size) != 0)
        abort();
    return 0;
}
