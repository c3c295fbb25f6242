/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.2; verify: is a block that is met twice one and the same? */
#include "block_history.h"

#include <string.h>

#include "reel/crc32c.h"

#define CHECKSUM_AT 8U
#define CHECKED_FROM 12U

/* The payload behind the new block's header, under the old header: if the
   old checksum is that of both, nothing behind the header has changed. */
static bool
same_payload(const uint8_t *old, const uint8_t *data, uint32_t block_bytes)
{
    struct reel_cursor c =
        reel_cursor_init(old + CHECKSUM_AT, sizeof(uint32_t), NULL);
    uint32_t crc =
        reel_crc32c(old + CHECKED_FROM, REEL_BLOCK_HEADER_BYTES - CHECKED_FROM);

    crc = reel_crc32c_more(crc, data + REEL_BLOCK_HEADER_BYTES,
                           block_bytes - REEL_BLOCK_HEADER_BYTES);
    return crc == reel_get_le32(&c);
}

enum reel_block_seen
reel_block_history_meet(struct reel_block_history *k,
                        const struct reel_block_header *h, const uint8_t *data)
{
    const size_t i = (size_t)(h->sequence % REEL_BLOCK_HISTORY_SLOTS);
    struct reel_block_header *const old = &k->slots[i].h;

    if (h->kind == REEL_BLOCK_VOLUME)
        return REEL_BLOCK_NEW;
    if (!k->slots[i].used || old->archive != h->archive || old->run != h->run ||
        old->sequence != h->sequence) {
        k->slots[i].used = true;
        *old             = *h;
        memcpy(k->slots[i].octets, data, sizeof(k->slots[i].octets));
        return REEL_BLOCK_NEW;
    }
    if (old->kind == h->kind && old->block_bytes == h->block_bytes &&
        old->payload_bytes == h->payload_bytes &&
        same_payload(k->slots[i].octets, data, h->block_bytes))
        return REEL_BLOCK_SAME;
    return REEL_BLOCK_OTHER;
}
