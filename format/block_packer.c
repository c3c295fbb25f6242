/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3; archive layer: packed segments to blocks. */
#include <string.h>

#include "reel/block_packer.h"

void
reel_block_packer_init(struct reel_block_packer *p, uint32_t block_bytes,
                       uint8_t *block, reel_block_emit_fn emit, void *ctx)
{
    memset(p, 0, sizeof(*p));
    p->next.revision      = 1;
    p->next.block_bytes   = block_bytes;
    p->next.first_segment = REEL_NONE32;
    p->block              = block;
    p->emit               = emit;
    p->ctx                = ctx;
}

void
reel_block_packer_begin(struct reel_block_packer *p, uint16_t kind)
{
    p->next.kind = kind;
}

void
reel_block_packer_filemark(struct reel_block_packer *p)
{
    p->next.address++;
}

struct reel_position
reel_block_packer_position(const struct reel_block_packer *p)
{
    const struct reel_position at = {p->next.volume, p->next.sequence,
                                     p->next.address};

    return at;
}

enum reel_status
reel_block_packer_flush(struct reel_block_packer *p, struct reel_err *err)
{
    struct reel_block_header *const h = &p->next;

    if (h->payload_bytes == 0)
        return REEL_OK;
    REEL_TRY(reel_block_seal(h, p->block, err));
    REEL_TRY(p->emit(p->ctx, p->block, h, err));
    /* VOLUME is outside the sequence (3.2). */
    if (h->kind != REEL_BLOCK_VOLUME)
        h->sequence++;
    h->address++;
    h->payload_bytes = 0;
    h->first_segment = REEL_NONE32;
    return REEL_OK;
}

enum reel_status
reel_block_packer_push(struct reel_block_packer *p, struct reel_bytes packed,
                       struct reel_place *place, struct reel_err *err)
{
    struct reel_block_header *const h = &p->next;
    const uint32_t room               = reel_block_payload_max(h->block_bytes);
    struct reel_bytes left            = packed;

    memset(place, 0, sizeof(*place));
    place->volume         = h->volume;
    place->payload_offset = h->payload_bytes;
    place->sequence       = h->sequence;
    place->address        = h->address;
    if (h->first_segment == REEL_NONE32)
        h->first_segment = h->payload_bytes;
    while (left.len > 0) {
        const size_t free_bytes = room - h->payload_bytes;
        const size_t n          = left.len < free_bytes ? left.len : free_bytes;

        memcpy(p->block + REEL_BLOCK_HEADER_BYTES + h->payload_bytes, left.data,
               n);
        h->payload_bytes += (uint32_t)n;
        left.data += n;
        left.len -= n;
        if (h->payload_bytes == room)
            REEL_TRY(reel_block_packer_flush(p, err));
    }
    return REEL_OK;
}
