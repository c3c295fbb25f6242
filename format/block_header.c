/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3, blocks; blocks layer: identity and proof of one block. */
#include <string.h>

#include "reel/block_header.h"
#include "reel/crc32c.h"

const uint8_t reel_block_magic[8] = {0x8A, 'R',  'E',  'E',
                                     'L',  0x0D, 0x0A, 0x1A};

#define CHECKSUM_AT 8U
#define CHECKED_FROM 12U
#define REVISION 1U

static const char *const feature_names[] = {"parity", "encryption",
                                            "library index"};

/* The first feature in `features` by name; for the sentence of X-2. */
static const char *
feature_name(uint32_t features)
{
    size_t i;

    for (i = 0; i < sizeof(feature_names) / sizeof(feature_names[0]); i++)
        if (features & (1U << i))
            return feature_names[i];
    return "a feature unknown to edition 1";
}

/* Ranges and relations of single fields, for both directions (B-6 … B-9). `c`
 * stands at the front of the block. */
static enum reel_status
check(const struct reel_block_header *h, const struct reel_cursor *c,
      struct reel_err *err)
{
    if (h->payload_bytes == 0 ||
        h->payload_bytes > reel_block_payload_max(h->block_bytes))
        return reel_fail_at(err, REEL_E_INVALID, c, "B-6",
                            "payload octets %u do not fit a block of %u",
                            h->payload_bytes, h->block_bytes);
    if (h->first_segment != REEL_NONE32 && h->first_segment >= h->payload_bytes)
        return reel_fail_at(err, REEL_E_INVALID, c, "B-7",
                            "first segment %u is not inside the payload of %u",
                            h->first_segment, h->payload_bytes);
    if (h->volume == 0 || h->archive == 0)
        return reel_fail_at(err, REEL_E_INVALID, c, "B-9",
                            "volume %u, archive %u: neither may be zero",
                            h->volume, h->archive);
    return REEL_OK;
}

bool
reel_block_bytes_legal(uint32_t block_bytes)
{
    return block_bytes >= REEL_BLOCK_BYTES_MIN &&
           block_bytes <= REEL_BLOCK_BYTES_MAX && block_bytes % 512 == 0;
}

bool
reel_block_run_start_legal(const struct reel_block_header *h)
{
    return h->run == 0 ? h->run_start == 0 : h->run_start <= h->sequence;
}

static void
get_fields(struct reel_block_header *h, struct reel_cursor *c)
{
    h->revision      = reel_get_le16(c);
    h->kind          = reel_get_le16(c);
    h->features      = reel_get_le32(c);
    h->block_bytes   = reel_get_le32(c);
    h->payload_bytes = reel_get_le32(c);
    h->first_segment = reel_get_le32(c);
    h->volume        = reel_get_le32(c);
    h->archive       = reel_get_le32(c);
    h->run           = reel_get_le32(c);
    h->zero_a        = reel_get_le32(c);
    reel_get_copy(c, h->set_id, sizeof(h->set_id));
    h->sequence  = reel_get_le64(c);
    h->address   = reel_get_le64(c);
    h->run_start = reel_get_le64(c);
    h->zero_b    = reel_get_le64(c);
}

static void
put_fields(const struct reel_block_header *h, struct reel_builder *b)
{
    const struct reel_bytes set_id = {h->set_id, sizeof(h->set_id)};

    reel_put_le16(b, h->revision);
    reel_put_le16(b, h->kind);
    reel_put_le32(b, h->features);
    reel_put_le32(b, h->block_bytes);
    reel_put_le32(b, h->payload_bytes);
    reel_put_le32(b, h->first_segment);
    reel_put_le32(b, h->volume);
    reel_put_le32(b, h->archive);
    reel_put_le32(b, h->run);
    reel_put_le32(b, h->zero_a);
    reel_put_bytes(b, set_id);
    reel_put_le64(b, h->sequence);
    reel_put_le64(b, h->address);
    reel_put_le64(b, h->run_start);
    reel_put_le64(b, h->zero_b);
}

/* Length, magic and checksum of the whole block (B-1 to B-3). */
static enum reel_status
check_seal(const struct reel_block_header *h, uint32_t checksum,
           const uint8_t *data, size_t len, const struct reel_cursor *c,
           struct reel_err *err)
{
    size_t checked;

    if (memcmp(data, reel_block_magic, sizeof(reel_block_magic)) != 0)
        return reel_fail_at(err, REEL_E_MAGIC, c, "B-2",
                            "not a Reel block: wrong magic");
    if (len < h->block_bytes && h->block_bytes <= REEL_BLOCK_BYTES_MAX &&
        h->block_bytes % 512 == 0)
        return reel_fail_at(err, REEL_E_TRUNCATED, c, "B-1",
                            "block is %zu octets long, its header says %u", len,
                            h->block_bytes);
    /* Too few block octets are told of as B-5, if the checksum is right. */
    checked = h->block_bytes < len ? h->block_bytes : len;
    if (checked < CHECKED_FROM)
        checked = CHECKED_FROM;
    if (reel_crc32c(data + CHECKED_FROM, checked - CHECKED_FROM) != checksum)
        return reel_fail_at(err, REEL_E_CORRUPT, c, "B-3",
                            "checksum of the block does not agree");
    return REEL_OK;
}

enum reel_status
reel_block_decode(struct reel_block_header *out, const uint8_t *data,
                  size_t len, const struct reel_pos *pos, struct reel_err *err)
{
    struct reel_cursor c           = reel_cursor_init(data, len, pos);
    const struct reel_cursor start = c;
    struct reel_block_header h;
    uint32_t checksum;

    if (len < REEL_BLOCK_HEADER_BYTES)
        return reel_fail_at(err, REEL_E_TRUNCATED, &start, "B-1",
                            "block of %zu octets is too short for a header",
                            len);
    (void)reel_get_bytes(&c, CHECKSUM_AT);
    checksum = reel_get_le32(&c);
    memset(&h, 0, sizeof(h));
    get_fields(&h, &c);
    REEL_TRY(check_seal(&h, checksum, data, len, &start, err));
    if (h.revision != REVISION)
        return reel_fail_at(err, REEL_E_UNSUPPORTED, &start, "B-4",
                            "revision %u of the block format is not known",
                            h.revision);
    if (h.features != 0)
        return reel_fail_at(err, REEL_E_UNSUPPORTED, &start, "X-3",
                            "the volume uses %s (features 0x%08X)",
                            feature_name(h.features), h.features);
    if (h.kind == REEL_BLOCK_PARITY || h.kind == REEL_BLOCK_LIBRARY_INDEX)
        return reel_fail_at(err, REEL_E_UNSUPPORTED, &start, "X-4",
                            "the volume uses blocks of the reserved kind %s",
                            reel_block_kind_name(h.kind));
    /* Four octets more are those of a drive's Logical Block Protection. */
    if (h.block_bytes != len && len != (size_t)h.block_bytes + 4)
        return reel_fail_at(err, REEL_E_INVALID, &start, "B-5",
                            "block is %zu octets long, its header says %u", len,
                            h.block_bytes);
    REEL_TRY(check(&h, &start, err));
    *out = h;
    return REEL_OK;
}

bool
reel_block_padding_zero(const struct reel_block_header *h, const uint8_t *data)
{
    const size_t used = REEL_BLOCK_HEADER_BYTES + (size_t)h->payload_bytes;

    return reel_bytes_zero(data + used, h->block_bytes - used);
}

enum reel_status
reel_block_seal(const struct reel_block_header *h, uint8_t *data,
                struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(data, 0, NULL);
    struct reel_builder b = reel_builder_init(data, REEL_BLOCK_HEADER_BYTES);
    const struct reel_bytes magic = {reel_block_magic,
                                     sizeof(reel_block_magic)};
    size_t used;

    if (!reel_block_bytes_legal(h->block_bytes))
        return reel_fail(err, REEL_E_INVALID, NULL, "L-3",
                         "block octets %u are not a multiple of 512 in "
                         "512 ... 1048576",
                         h->block_bytes);
    REEL_TRY(check(h, &nowhere, err));
    used = REEL_BLOCK_HEADER_BYTES + (size_t)h->payload_bytes;
    memset(data + used, 0, h->block_bytes - used);
    reel_put_bytes(&b, magic);
    reel_put_le32(&b, 0);
    put_fields(h, &b);
    reel_patch_le32(
        &b, CHECKSUM_AT,
        reel_crc32c(data + CHECKED_FROM, h->block_bytes - CHECKED_FROM));
    return REEL_OK;
}

const char *
reel_block_kind_name(uint16_t kind)
{
    switch (kind) {
    case REEL_BLOCK_VOLUME:
        return "VOLUME";
    case REEL_BLOCK_DATA:
        return "DATA";
    case REEL_BLOCK_CHECKPOINT:
        return "CHECKPOINT";
    case REEL_BLOCK_CATALOG:
        return "CATALOG";
    case REEL_BLOCK_END:
        return "END";
    case REEL_BLOCK_PARITY:
        return "PARITY";
    case REEL_BLOCK_LIBRARY_INDEX:
        return "LIBRARY INDEX";
    default:
        return "unknown";
    }
}

uint32_t
reel_block_payload_max(uint32_t block_bytes)
{
    return block_bytes < REEL_BLOCK_HEADER_BYTES
               ? 0
               : block_bytes - REEL_BLOCK_HEADER_BYTES;
}
