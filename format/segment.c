/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4, segments; segments layer. */
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_getFrameHeader, for the window */
#include <zstd.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/crc32c.h"
#include "reel/segment.h"

static const uint8_t magic[4] = {'S', 'E', 'G', 'M'};

#define CHECKED_FROM 8U
#define RAW_BYTES_MIN REEL_RECORD_HEADER_BYTES

/* zstd takes its memory through our one door, so that tests can close it. */
static void *
zstd_alloc(void *opaque, size_t size)
{
    (void)opaque;
    return reel_alloc_array(size, 1);
}

static void
zstd_free(void *opaque, void *memory)
{
    (void)opaque;
    reel_free(memory);
}

static const ZSTD_customMem zstd_memory = {zstd_alloc, zstd_free, NULL};

struct reel_packer {
    ZSTD_CCtx *ctx;
};

struct reel_unpacker {
    ZSTD_DCtx *ctx;
};

static enum reel_status
check_lengths(const struct reel_segment_header *h,
              const struct reel_cursor *start, uint32_t limit_bytes,
              struct reel_err *err)
{
    if (h->raw_bytes < RAW_BYTES_MIN || h->raw_bytes > REEL_SEGMENT_LIMIT_MAX)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-6",
                            "raw octets %u are not in 16 ... 16777216",
                            h->raw_bytes);
    if (h->raw_bytes > limit_bytes)
        return reel_fail_at(err, REEL_E_LIMIT, start, "G-6",
                            "raw octets %u are more than the limit of %u",
                            h->raw_bytes, limit_bytes);
    if (h->compression == REEL_COMPRESSION_NONE &&
        h->stored_bytes != h->raw_bytes)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-8",
                            "stored octets %u, raw octets %u, and not packed",
                            h->stored_bytes, h->raw_bytes);
    if (h->compression == REEL_COMPRESSION_ZSTD &&
        h->stored_bytes >= h->raw_bytes)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-10",
                            "stored octets %u are not less than raw octets %u",
                            h->stored_bytes, h->raw_bytes);
    return REEL_OK;
}

enum reel_status
reel_segment_header_decode(struct reel_segment_header *out,
                           struct reel_cursor *c, uint32_t limit_bytes,
                           struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_segment_header h   = {0};
    uint8_t m[sizeof(magic)]       = {0};

    reel_get_copy(c, m, sizeof(m));
    h.checksum     = reel_get_le32(c);
    h.compression  = reel_get_u8(c);
    h.encryption   = reel_get_u8(c);
    h.key          = reel_get_le16(c);
    h.stored_bytes = reel_get_le32(c);
    h.raw_bytes    = reel_get_le32(c);
    h.zero         = reel_get_le32(c);
    if (!c->ok)
        return reel_fail_at(err, REEL_E_TRUNCATED, c, "G-1",
                            "segment header cut short");
    if (memcmp(m, magic, sizeof(magic)) != 0)
        return reel_fail_at(err, REEL_E_MAGIC, &start, "G-2",
                            "no segment begins here");
    if (h.encryption != 0)
        return reel_fail_at(err, REEL_E_UNSUPPORTED, &start, "G-5",
                            "segment is encrypted (algorithm %u, key %u)",
                            h.encryption, h.key);
    if (h.compression > REEL_COMPRESSION_ZSTD)
        return reel_fail_at(err, REEL_E_INVALID, &start, "G-4",
                            "compression %u is not 0 or 1", h.compression);
    REEL_TRY(check_lengths(&h, &start, limit_bytes, err));
    *out = h;
    return REEL_OK;
}

size_t
reel_segment_bound(size_t raw_bytes)
{
    return REEL_SEGMENT_HEADER_BYTES + ZSTD_compressBound(raw_bytes);
}

/*
 * What the level says, but for a window as long as the longest segment (zstd
 * makes it as short as the segment at hand, G-9) and a hash table four times as
 * large for it: without these, matches at the far end of a segment are not
 * found. A larger second table costs time and finds little.
 */
static bool
set_parameters(ZSTD_CCtx *ctx, int level)
{
    const ZSTD_compressionParameters p =
        ZSTD_getCParams(level, REEL_SEGMENT_LIMIT_DEFAULT, 0);
    const struct {
        ZSTD_cParameter parameter;
        int value;
    } set[] = {{ZSTD_c_compressionLevel, level},
               {ZSTD_c_windowLog, 24},
               {ZSTD_c_hashLog, (int)p.hashLog + 2}};
    size_t i;

    for (i = 0; i < sizeof(set) / sizeof(set[0]); i++)
        if (ZSTD_isError(
                ZSTD_CCtx_setParameter(ctx, set[i].parameter, set[i].value)))
            return false;
    return true;
}

struct reel_packer *
reel_packer_new(int level)
{
    struct reel_packer *const p = reel_alloc_array(1, sizeof(*p));

    if (p == NULL)
        return NULL;
    p->ctx = ZSTD_createCCtx_advanced(zstd_memory);
    if (p->ctx == NULL || !set_parameters(p->ctx, level)) {
        reel_packer_free(p);
        return NULL;
    }
    return p;
}

void
reel_packer_free(struct reel_packer *p)
{
    if (p == NULL)
        return;
    (void)ZSTD_freeCCtx(p->ctx);
    reel_free(p);
}

static void
put_header(uint8_t *out, uint8_t compression, size_t stored, size_t raw)
{
    struct reel_builder b = reel_builder_init(out, REEL_SEGMENT_HEADER_BYTES);
    const struct reel_bytes m = {magic, sizeof(magic)};

    reel_put_bytes(&b, m);
    reel_put_le32(&b, 0);
    reel_put_u8(&b, compression);
    reel_put_u8(&b, 0);
    reel_put_le16(&b, 0);
    reel_put_le32(&b, (uint32_t)stored);
    reel_put_le32(&b, (uint32_t)raw);
    reel_put_le32(&b, 0);
    reel_patch_le32(&b, 4,
                    reel_crc32c(out + CHECKED_FROM, REEL_SEGMENT_HEADER_BYTES -
                                                        CHECKED_FROM + stored));
}

/* Compress into `stored`; *stored_bytes is 0 when that does not make it
   shorter, or there is no packer. */
static enum reel_status
compress(struct reel_packer *packer, const uint8_t *raw, size_t raw_bytes,
         uint8_t *stored, size_t capacity, size_t *stored_bytes,
         struct reel_err *err)
{
    size_t n;

    *stored_bytes = 0;
    if (raw_bytes < RAW_BYTES_MIN || raw_bytes > REEL_SEGMENT_LIMIT_MAX ||
        capacity < reel_segment_bound(raw_bytes))
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "segment of %zu octets into room for %zu", raw_bytes,
                         capacity);
    if (packer == NULL)
        return REEL_OK;
    n = ZSTD_compress2(packer->ctx, stored,
                       capacity - REEL_SEGMENT_HEADER_BYTES, raw, raw_bytes);
    if (ZSTD_isError(n))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "zstd: %s",
                         ZSTD_getErrorName(n));
    *stored_bytes = n < raw_bytes ? n : 0;
    return REEL_OK;
}

enum reel_status
reel_segment_pack_framed(struct reel_packer *packer, uint8_t *frame,
                         size_t raw_bytes, uint8_t *out, size_t capacity,
                         struct reel_bytes *packed, struct reel_err *err)
{
    uint8_t *const stored =
        out == NULL ? NULL : out + REEL_SEGMENT_HEADER_BYTES;
    size_t n;

    REEL_TRY(compress(packer, frame + REEL_SEGMENT_HEADER_BYTES, raw_bytes,
                      stored, capacity, &n, err));
    if (n > 0)
        put_header(out, REEL_COMPRESSION_ZSTD, n, raw_bytes);
    else
        put_header(frame, REEL_COMPRESSION_NONE, raw_bytes, raw_bytes);
    packed->data = n > 0 ? out : frame;
    packed->len  = REEL_SEGMENT_HEADER_BYTES + (n > 0 ? n : raw_bytes);
    return REEL_OK;
}

enum reel_status
reel_segment_pack(struct reel_packer *packer, const uint8_t *raw,
                  size_t raw_bytes, uint8_t *out, size_t capacity,
                  size_t *out_bytes, struct reel_err *err)
{
    uint8_t *const stored = out + REEL_SEGMENT_HEADER_BYTES;
    size_t n;

    REEL_TRY(compress(packer, raw, raw_bytes, stored, capacity, &n, err));
    if (n == 0)
        memcpy(stored, raw, raw_bytes);
    put_header(out, n > 0 ? REEL_COMPRESSION_ZSTD : REEL_COMPRESSION_NONE,
               n > 0 ? n : raw_bytes, raw_bytes);
    *out_bytes = REEL_SEGMENT_HEADER_BYTES + (n > 0 ? n : raw_bytes);
    return REEL_OK;
}

struct reel_unpacker *
reel_unpacker_new(void)
{
    struct reel_unpacker *const u = reel_alloc_array(1, sizeof(*u));

    if (u == NULL)
        return NULL;
    u->ctx = ZSTD_createDCtx_advanced(zstd_memory);
    if (u->ctx == NULL) {
        reel_unpacker_free(u);
        return NULL;
    }
    return u;
}

void
reel_unpacker_free(struct reel_unpacker *u)
{
    if (u == NULL)
        return;
    (void)ZSTD_freeDCtx(u->ctx);
    reel_free(u);
}

uint64_t
reel_segment_window(const uint8_t *data, size_t len)
{
    struct reel_cursor c         = reel_cursor_init(data, len, NULL);
    struct reel_segment_header h = {0};
    ZSTD_frameHeader f;

    if (reel_segment_header_decode(&h, &c, REEL_SEGMENT_LIMIT_MAX, NULL) !=
            REEL_OK ||
        h.compression != REEL_COMPRESSION_ZSTD ||
        reel_cursor_left(&c) < h.stored_bytes ||
        ZSTD_getFrameHeader(&f, data + REEL_SEGMENT_HEADER_BYTES,
                            h.stored_bytes) != 0)
        return 0;
    return f.windowSize;
}

/* G-9: exactly one frame of the right size, without a dictionary. */
static enum reel_status
check_frame(const uint8_t *stored, const struct reel_segment_header *h,
            const struct reel_cursor *start, struct reel_err *err)
{
    ZSTD_frameHeader f;

    if (ZSTD_getFrameHeader(&f, stored, h->stored_bytes) != 0 ||
        f.frameType != ZSTD_frame)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-9",
                            "stored octets are not a zstd frame");
    if (f.frameContentSize == ZSTD_CONTENTSIZE_UNKNOWN || f.dictID != 0)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-9",
                            "zstd frame has no content size, or needs a "
                            "dictionary");
    if (f.windowSize > REEL_SEGMENT_LIMIT_MAX)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-9",
                            "zstd frame needs a window of %llu octets",
                            f.windowSize);
    if (f.frameContentSize != h->raw_bytes)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-11",
                            "zstd frame holds %llu octets, raw octets say %u",
                            f.frameContentSize, h->raw_bytes);
    if (ZSTD_findFrameCompressedSize(stored, h->stored_bytes) !=
        h->stored_bytes)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-9",
                            "stored octets are not exactly one zstd frame");
    return REEL_OK;
}

static enum reel_status
unpack_zstd(struct reel_unpacker *u, const uint8_t *stored,
            const struct reel_segment_header *h, uint8_t *raw,
            const struct reel_cursor *start, struct reel_err *err)
{
    size_t n;

    REEL_TRY(check_frame(stored, h, start, err));
    n = ZSTD_decompressDCtx(u->ctx, raw, h->raw_bytes, stored, h->stored_bytes);
    if (ZSTD_isError(n))
        return reel_fail_at(err, REEL_E_INVALID, start, "G-9", "zstd: %s",
                            ZSTD_getErrorName(n));
    if (n != h->raw_bytes)
        return reel_fail_at(err, REEL_E_INVALID, start, "G-11",
                            "unpacked to %zu octets, raw octets say %u", n,
                            h->raw_bytes);
    return REEL_OK;
}

/* Header, lengths and checksum of the segment data[0, len) (G-1 to G-8). */
static enum reel_status
judge(const uint8_t *data, size_t len, uint32_t limit_bytes,
      struct reel_segment_header *h, const struct reel_cursor *start,
      struct reel_err *err)
{
    struct reel_cursor c = *start;

    REEL_TRY(reel_segment_header_decode(h, &c, limit_bytes, err));
    if (reel_cursor_left(&c) < h->stored_bytes)
        return reel_fail_at(err, REEL_E_TRUNCATED, &c, "G-1",
                            "segment of %u stored octets, %zu are there",
                            h->stored_bytes, len - REEL_SEGMENT_HEADER_BYTES);
    if (reel_crc32c(data + CHECKED_FROM, REEL_SEGMENT_HEADER_BYTES -
                                             CHECKED_FROM + h->stored_bytes) !=
        h->checksum)
        return reel_fail_at(err, REEL_E_CORRUPT, start, "G-3",
                            "checksum of the segment does not agree");
    return REEL_OK;
}

enum reel_status
reel_segment_unpack(struct reel_unpacker *u, const uint8_t *data, size_t len,
                    uint8_t *raw, size_t capacity, size_t *raw_bytes,
                    const struct reel_pos *pos, struct reel_err *err)
{
    const struct reel_cursor start = reel_cursor_init(data, len, pos);
    const uint32_t limit           = capacity < REEL_SEGMENT_LIMIT_MAX
                                         ? (uint32_t)capacity
                                         : REEL_SEGMENT_LIMIT_MAX;
    struct reel_segment_header h   = {0};

    REEL_TRY(judge(data, len, limit, &h, &start, err));
    if (h.compression == REEL_COMPRESSION_NONE)
        memcpy(raw, data + REEL_SEGMENT_HEADER_BYTES, h.raw_bytes);
    else
        REEL_TRY(unpack_zstd(u, data + REEL_SEGMENT_HEADER_BYTES, &h, raw,
                             &start, err));
    *raw_bytes = h.raw_bytes;
    return REEL_OK;
}

enum reel_status
reel_segment_open(struct reel_unpacker *u, const uint8_t *data, size_t len,
                  uint8_t *buf, size_t capacity, struct reel_bytes *raw,
                  const struct reel_pos *pos, struct reel_err *err)
{
    const struct reel_cursor start = reel_cursor_init(data, len, pos);
    struct reel_segment_header h   = {0};

    REEL_TRY(judge(data, len, REEL_SEGMENT_LIMIT_MAX, &h, &start, err));
    if (h.compression == REEL_COMPRESSION_NONE) {
        raw->data = data + REEL_SEGMENT_HEADER_BYTES;
        raw->len  = h.raw_bytes;
        return REEL_OK;
    }
    if (h.raw_bytes > capacity)
        return reel_fail_at(err, REEL_E_LIMIT, &start, "G-6",
                            "raw octets %u are more than the limit of %zu",
                            h.raw_bytes, capacity);
    REEL_TRY(
        unpack_zstd(u, data + REEL_SEGMENT_HEADER_BYTES, &h, buf, &start, err));
    raw->data = buf;
    raw->len  = h.raw_bytes;
    return REEL_OK;
}
