/* SPDX-License-Identifier: Apache-2.0 */
/* Segments: units of compression, of parallel work and of loss (chapter 4). */
#ifndef REEL_SEGMENT_H
#define REEL_SEGMENT_H

#include "reel/builder.h"
#include "reel/cursor.h"
#include "reel/limits.h"

enum reel_compression { REEL_COMPRESSION_NONE = 0, REEL_COMPRESSION_ZSTD = 1 };

struct reel_segment_header {
    uint32_t checksum;
    uint8_t compression; /* enum reel_compression */
    uint8_t encryption;  /* 0 */
    uint16_t key;        /* 0 */
    uint32_t stored_bytes;
    uint32_t raw_bytes;
    uint32_t zero;
};

/*
 * Decode the 24 octets at `c` (G-2, G-4 to G-8, G-10), with `limit_bytes` the
 * largest raw length taken (REEL_SEGMENT_LIMIT_MAX if nothing is known).
 * The checksum is not judged here. out set only on REEL_OK; `c` stands behind.
 * Fails with TRUNCATED, MAGIC, UNSUPPORTED, INVALID, LIMIT. Pure.
 */
REEL_API enum reel_status
reel_segment_header_decode(struct reel_segment_header *out,
                           struct reel_cursor *c, uint32_t limit_bytes,
                           struct reel_err *err) REEL_MUST_CHECK;

/* What a segment of `raw_bytes` may need at most, header and all. */
REEL_API size_t reel_segment_bound(size_t raw_bytes);

struct reel_packer; /* a compressor's working memory; one thread at a time */

/* level 1 … 19 for zstd. NULL when memory runs out. */
REEL_API struct reel_packer *reel_packer_new(int level);
REEL_API void reel_packer_free(struct reel_packer *p);

/*
 * Pack raw[0, raw_bytes) into out[0, capacity), header first; capacity is at
 * least reel_segment_bound(raw_bytes). `packer` NULL: stored as it is; with a
 * packer, too, when packing does not make it shorter.
 * out_bytes set on REEL_OK. The same input gives the same octets.
 * Fails with MISUSE (raw_bytes out of range, capacity), MEMORY.
 */
REEL_API enum reel_status
reel_segment_pack(struct reel_packer *packer, const uint8_t *raw,
                  size_t raw_bytes, uint8_t *out, size_t capacity,
                  size_t *out_bytes, struct reel_err *err) REEL_MUST_CHECK;

/*
 * The same without a copy where nothing is packed: the records stand at
 * frame[24, 24 + raw_bytes), and the 24 octets before them are free. *packed is
 * `frame` then, else in out[0, capacity); borrowed from whichever it is. The
 * records stay as they are. Fails as reel_segment_pack does.
 */
REEL_API enum reel_status
reel_segment_pack_framed(struct reel_packer *packer, uint8_t *frame,
                         size_t raw_bytes, uint8_t *out, size_t capacity,
                         struct reel_bytes *packed,
                         struct reel_err *err) REEL_MUST_CHECK;

struct reel_unpacker; /* a decompressor's working memory; one thread */

/* NULL when memory runs out. */
REEL_API struct reel_unpacker *reel_unpacker_new(void);
REEL_API void reel_unpacker_free(struct reel_unpacker *u);

/*
 * Judge the segment data[0, len), header and stored octets (G-1 to G-13), and
 * unpack it into raw[0, capacity). `pos` says where the segment begins.
 * raw_bytes set on REEL_OK. Nothing of raw may be used otherwise.
 * Fails with TRUNCATED, MAGIC, CORRUPT, UNSUPPORTED, INVALID, LIMIT (raw does
 * not fit), MEMORY.
 */
REEL_API enum reel_status
reel_segment_unpack(struct reel_unpacker *u, const uint8_t *data, size_t len,
                    uint8_t *raw, size_t capacity, size_t *raw_bytes,
                    const struct reel_pos *pos,
                    struct reel_err *err) REEL_MUST_CHECK;

/*
 * As reel_segment_unpack, but nothing is copied: *raw is borrowed from `data`
 * when the segment is stored as it is, and from buf[0, capacity), which is not
 * touched otherwise, when it is packed. *raw set only on REEL_OK.
 */
REEL_API enum reel_status
reel_segment_open(struct reel_unpacker *u, const uint8_t *data, size_t len,
                  uint8_t *buf, size_t capacity, struct reel_bytes *raw,
                  const struct reel_pos *pos,
                  struct reel_err *err) REEL_MUST_CHECK;

/* The window that the zstd frame of the segment data[0, len) needs (G-9); 0: it
   has no such frame. Pure. */
REEL_API uint64_t reel_segment_window(const uint8_t *data, size_t len);

#endif
