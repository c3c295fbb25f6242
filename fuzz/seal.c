/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 3, 4 and 9: checksums and digests made right again. */
#include "seal.h"

#include <string.h>

#include "reel/block_header.h"
#include "reel/crc32c.h"
#include "reel/record.h"
#include "reel/segment.h"
#include "reel/sha256.h"
#include "tape_input.h"

#define MAGIC_LIKE 4U /* octets of the magic that make a block one */

/* Offsets of fields, in their chapters' tables. */
#define BLOCK_CHECKSUM_AT 8U
#define BLOCK_CHECKED_FROM 12U
#define BLOCK_KIND_AT 14U
#define BLOCK_OCTETS_AT 20U
#define BLOCK_PAYLOAD_AT 24U
#define BLOCK_FIRST_AT 28U
#define SEGMENT_CHECKSUM_AT 4U
#define SEGMENT_CHECKED_FROM 8U
#define SEGMENT_COMPRESSION_AT 8U
#define SEGMENT_STORED_AT 12U
#define CHECKPOINT_SUM_AT 40U
#define CHECKPOINT_DIGEST_AT 104U
#define END_SUM_AT 56U /* octets, then records; in CHECKPOINT the reverse */
#define END_DIGEST_AT 144U
#define END_BYTES_MIN 208U

/* What is said of a row of records. */
struct sum {
    uint64_t records;
    uint64_t bytes;
    struct reel_sha256 digest;
    bool known; /* false: some are packed */
};

/* The payloads of a stretch, end to end, and where each octet is from. */
static struct {
    uint8_t octets[TAPE_INPUT_BYTES_MAX];
    uint8_t *from[TAPE_INPUT_BYTES_MAX];
    size_t len;
} stretch;

static uint32_t
le(const uint8_t *data, size_t bytes)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);

    return bytes == 2 ? reel_get_le16(&c) : reel_get_le32(&c);
}

static void
put_le32(uint8_t *data, uint32_t v)
{
    struct reel_builder b = reel_builder_init(data, 4);

    reel_put_le32(&b, v);
}

static void
put_le64(uint8_t *data, uint64_t v)
{
    struct reel_builder b = reel_builder_init(data, 8);

    reel_put_le64(&b, v);
}

void
seal_block(uint8_t *data, size_t len)
{
    if (len < REEL_BLOCK_HEADER_BYTES)
        return;
    if (le(data + BLOCK_OCTETS_AT, 4) == len - 4)
        len -= 4; /* the rest is a drive's protection */
    memcpy(data, reel_block_magic, sizeof(reel_block_magic));
    put_le32(data + BLOCK_CHECKSUM_AT,
             reel_crc32c(data + BLOCK_CHECKED_FROM, len - BLOCK_CHECKED_FROM));
}

size_t
seal_segment(uint8_t *data, size_t len)
{
    uint32_t stored;
    size_t whole;

    if (len < REEL_SEGMENT_HEADER_BYTES)
        return 0;
    stored = le(data + SEGMENT_STORED_AT, 4);
    if (stored > len - REEL_SEGMENT_HEADER_BYTES)
        return 0;
    whole = REEL_SEGMENT_HEADER_BYTES + stored;
    memcpy(data, "SEGM", 4);
    put_le32(
        data + SEGMENT_CHECKSUM_AT,
        reel_crc32c(data + SEGMENT_CHECKED_FROM, whole - SEGMENT_CHECKED_FROM));
    return whole;
}

/* ---- Digests over records ---- */

static void
sum_begin(struct sum *s)
{
    memset(s, 0, sizeof(*s));
    reel_sha256_init(&s->digest);
    s->known = true;
}

static void
put_digest(const struct sum *s, uint8_t *out)
{
    struct reel_sha256 copy = s->digest;

    reel_sha256_final(&copy, out);
}

static void
put_sum(const struct sum *s, uint16_t type, uint8_t *payload, size_t len)
{
    if (!s->known || len < END_BYTES_MIN - 72U)
        return;
    if (type == REEL_RECORD_CHECKPOINT) {
        put_le64(payload + CHECKPOINT_SUM_AT, s->records);
        put_le64(payload + CHECKPOINT_SUM_AT + 8, s->bytes);
        put_digest(s, payload + CHECKPOINT_DIGEST_AT);
    } else if (len >= END_BYTES_MIN) {
        put_le64(payload + END_SUM_AT, s->bytes);
        put_le64(payload + END_SUM_AT + 8, s->records);
        put_digest(s, payload + END_DIGEST_AT);
    }
}

/* The records of the whole segment data[0, len): added to `s`, or told what
   it says. */
static void
sum_segment(struct sum *s, uint8_t *data, size_t len)
{
    size_t at = REEL_SEGMENT_HEADER_BYTES;

    if (data[SEGMENT_COMPRESSION_AT] != REEL_COMPRESSION_NONE) {
        s->known = false;
        return;
    }
    while (len - at >= REEL_RECORD_HEADER_BYTES) {
        const uint16_t type = (uint16_t)le(data + at, 2);
        const size_t bytes  = le(data + at + 4, 4);

        if (bytes > len - at - REEL_RECORD_HEADER_BYTES)
            return;
        if (type == REEL_RECORD_CHECKPOINT || type == REEL_RECORD_END) {
            put_sum(s, type, data + at + REEL_RECORD_HEADER_BYTES, bytes);
        } else {
            s->records++;
            s->bytes += REEL_RECORD_HEADER_BYTES + bytes;
            reel_sha256_update(&s->digest, data + at,
                               REEL_RECORD_HEADER_BYTES + bytes);
        }
        at += REEL_RECORD_HEADER_BYTES + bytes;
    }
}

/* ---- Stretches ---- */

static bool
is_block(const struct seal_block *b)
{
    size_t like = 0;

    if (b->len <= REEL_BLOCK_HEADER_BYTES)
        return false;
    for (size_t i = 0; i < sizeof(reel_block_magic); i++)
        like += b->data[i] == reel_block_magic[i];
    return like >= MAGIC_LIKE;
}

/* Add the payload of `b` from its octet `skip` on. */
static void
gather(const struct seal_block *b, size_t skip)
{
    size_t payload = le(b->data + BLOCK_PAYLOAD_AT, 4);

    if (payload > b->len - REEL_BLOCK_HEADER_BYTES)
        payload = b->len - REEL_BLOCK_HEADER_BYTES;
    for (size_t i = skip; i < payload && stretch.len < sizeof(stretch.octets);
         i++) {
        uint8_t *const octet = b->data + REEL_BLOCK_HEADER_BYTES + i;

        stretch.octets[stretch.len] = *octet;
        stretch.from[stretch.len++] = octet;
    }
}

static void
seal_stretch(uint16_t kind, struct sum *catalog)
{
    struct sum of_stretch = {0};
    struct sum *const s   = kind == REEL_BLOCK_END ? catalog : &of_stretch;
    size_t at             = 0;
    size_t len;

    sum_begin(&of_stretch);
    while ((len = seal_segment(stretch.octets + at, stretch.len - at)) > 0) {
        if (kind != REEL_BLOCK_DATA)
            sum_segment(s, stretch.octets + at, len);
        (void)seal_segment(stretch.octets + at, len);
        at += len;
    }
    for (size_t i = 0; i < stretch.len; i++)
        *stretch.from[i] = stretch.octets[i];
    if (kind == REEL_BLOCK_CATALOG)
        *catalog = of_stretch;
    stretch.len = 0;
}

void
seal_blocks(const struct seal_block *blocks, size_t count)
{
    uint16_t kind = 0;
    struct sum catalog;

    sum_begin(&catalog);
    stretch.len = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t next;
        size_t first;

        if (!is_block(&blocks[i]))
            continue;
        next = (uint16_t)le(blocks[i].data + BLOCK_KIND_AT, 2);
        if (next != kind || next == REEL_BLOCK_END)
            seal_stretch(kind, &catalog);
        kind  = next;
        first = le(blocks[i].data + BLOCK_FIRST_AT, 4);
        gather(&blocks[i], stretch.len > 0 ? 0 : first);
    }
    seal_stretch(kind, &catalog);
    for (size_t i = 0; i < count; i++)
        if (is_block(&blocks[i]))
            seal_block(blocks[i].data, blocks[i].len);
}
