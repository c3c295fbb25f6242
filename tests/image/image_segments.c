/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4: segments into blocks; tests. */
#include "image_internal.h"
#include "image_must.h"

#include <stdlib.h>
#include <string.h>

#include "reel/crc32c.h"

void
image_reseal_segment(uint8_t *segment, size_t len)
{
    struct reel_builder b = reel_builder_init(segment + 4, 4);

    reel_put_le32(&b, reel_crc32c(segment + 8, len - 8));
}

void
image_widen(uint8_t *packed, size_t *len, uint8_t window)
{
    uint8_t *const frame  = packed + REEL_SEGMENT_HEADER_BYTES;
    struct reel_builder b = reel_builder_init(packed + 12, 4);

    if (packed[8] != REEL_COMPRESSION_ZSTD || (frame[4] & 0x20) == 0 ||
        frame[4] < 0x40)
        return;
    memmove(frame + 6, frame + 5, *len - REEL_SEGMENT_HEADER_BYTES - 5);
    frame[4] &= 0xDF;
    frame[5] = window;
    ++*len;
    reel_put_le32(&b, (uint32_t)(*len - REEL_SEGMENT_HEADER_BYTES));
    image_reseal_segment(packed, *len);
}

void
image_push_segment(struct image *i, uint16_t kind, uint8_t *packed, size_t len,
                   struct reel_place *place)
{
    const struct reel_bytes segment = {packed, len};

    if (i->o.patches.segment != NULL) {
        i->o.patches.segment(i->o.patches.ctx, kind, packed, len);
        image_reseal_segment(packed, len);
    }
    reel_block_packer_begin(&i->packer, kind);
    MUST(reel_block_packer_push(&i->packer, segment, place, NULL));
}

void
image_push_alone(struct image *i, uint16_t kind, const uint8_t *record,
                 size_t len)
{
    uint8_t packed[2048];
    struct reel_place place;
    size_t packed_bytes;

    MUST(reel_segment_pack(NULL, record, len, packed, sizeof(packed),
                           &packed_bytes, NULL));
    image_push_segment(i, kind, packed, packed_bytes, &place);
    MUST(reel_block_packer_flush(&i->packer, NULL));
}

void
image_push_kept(struct image *i, uint16_t kind, size_t from)
{
    struct reel_place place;

    for (; from < i->kept.count; from++)
        image_push_segment(i, kind, i->kept.all[from].data,
                           i->kept.all[from].len, &place);
}
