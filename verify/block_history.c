/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.2; verify: is a block that is met twice one and the same? */
#include "block_history.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/crc32c.h"

#define COUNT_MIN 1024U
#define COUNT_MAX 65536U /* more than blocks of a legal length need */
#define KIND_AT 14U
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

enum reel_status
reel_block_history_init(struct reel_block_history *k, uint32_t block_bytes,
                        struct reel_err *err)
{
    k->count = REEL_SEGMENT_LIMIT_MAX / reel_block_payload_max(block_bytes) + 3;
    if (k->count < COUNT_MIN)
        k->count = COUNT_MIN;
    if (k->count > COUNT_MAX)
        k->count = COUNT_MAX;
    k->slots = reel_alloc_array(k->count, sizeof(*k->slots));
    if (k->slots != NULL)
        return REEL_OK;
    k->count = 0;
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory to remember the last blocks");
}

void
reel_block_history_fini(struct reel_block_history *k)
{
    reel_free(k->slots);
    memset(k, 0, sizeof(*k));
}

/* Is it the same archive, run and sequence? Then *other tells whether kind or
   length are not. */
static bool
same_place(const uint8_t *octets, const struct reel_block_header *h,
           bool *other)
{
    struct reel_cursor c =
        reel_cursor_init(octets, REEL_BLOCK_HEADER_BYTES, NULL);
    uint32_t payload_bytes;
    uint16_t kind;
    bool same;

    (void)reel_get_bytes(&c, KIND_AT);
    kind = reel_get_le16(&c);
    (void)reel_get_le32(&c); /* features */
    *other        = reel_get_le32(&c) != h->block_bytes || kind != h->kind;
    payload_bytes = reel_get_le32(&c);
    *other        = *other || payload_bytes != h->payload_bytes;
    (void)reel_get_le64(&c); /* first segment, volume */
    same = reel_get_le32(&c) == h->archive;
    same = reel_get_le32(&c) == h->run && same;
    (void)reel_get_bytes(&c, 4 + REEL_SET_ID_BYTES);
    return reel_get_le64(&c) == h->sequence && same;
}

enum reel_block_seen
reel_block_history_meet(struct reel_block_history *k,
                        const struct reel_block_header *h, const uint8_t *data)
{
    struct reel_block_history_slot *const slot =
        &k->slots[(size_t)(h->sequence % k->count)];
    bool other;

    if (h->kind == REEL_BLOCK_VOLUME)
        return REEL_BLOCK_NEW;
    if (!slot->used || !same_place(slot->octets, h, &other)) {
        slot->used   = true;
        slot->padded = !reel_block_padding_zero(h, data);
        memcpy(slot->octets, data, sizeof(slot->octets));
        return REEL_BLOCK_NEW;
    }
    /* What the checksums differ by may be the padding. */
    if (!other && (slot->padded || !reel_block_padding_zero(h, data)))
        return REEL_BLOCK_SAME;
    return !other && same_payload(slot->octets, data, h->block_bytes)
               ? REEL_BLOCK_SAME
               : REEL_BLOCK_OTHER;
}
