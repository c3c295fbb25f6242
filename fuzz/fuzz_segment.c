/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4, a segment: judged, unpacked, packed and unpacked again. */
#include <stdlib.h>
#include <string.h>

#include "reel/crc32c.h"
#include "reel/segment.h"
#include "reel_fuzz.h"

#define RAW_BYTES_MAX 65536U
#define CHECKED_FROM 8U

static uint8_t raw[RAW_BYTES_MAX];
static uint8_t raw_again[RAW_BYTES_MAX];
static uint8_t packed[2 * RAW_BYTES_MAX];

static void
pack_again(struct reel_unpacker *u, size_t raw_bytes)
{
    struct reel_packer *const p = reel_packer_new(1);
    size_t len;
    size_t n;

    if (p == NULL ||
        reel_segment_pack(p, raw, raw_bytes, packed, sizeof(packed), &len,
                          NULL) != REEL_OK ||
        reel_segment_unpack(u, packed, len, raw_again, sizeof(raw_again), &n,
                            NULL, NULL) != REEL_OK ||
        n != raw_bytes || memcmp(raw, raw_again, n) != 0)
        abort();
    reel_packer_free(p);
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_unpacker *const u = reel_unpacker_new();
    size_t n;

    if (u != NULL && reel_segment_unpack(u, data, size, raw, sizeof(raw), &n,
                                         NULL, NULL) == REEL_OK)
        pack_again(u, n);
    reel_unpacker_free(u);
    return 0;
}
