/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only way to write wire octets: bounded and sticky. A put that does not
 * fit clears `ok` and writes nothing; later puts do nothing.
 */
#ifndef REEL_BUILDER_H
#define REEL_BUILDER_H

#include "reel/bytes.h"

struct reel_builder {
    uint8_t *buf; /* the caller's */
    size_t len;   /* octets written */
    size_t capacity;
    bool ok;
};

REEL_API struct reel_builder reel_builder_init(void *buf, size_t capacity);

REEL_API void reel_put_u8(struct reel_builder *b, uint8_t v);
REEL_API void reel_put_le16(struct reel_builder *b, uint16_t v);
REEL_API void reel_put_le32(struct reel_builder *b, uint32_t v);
REEL_API void reel_put_le64(struct reel_builder *b, uint64_t v);
REEL_API void reel_put_le32s(struct reel_builder *b, int32_t v);
REEL_API void reel_put_le64s(struct reel_builder *b, int64_t v);
REEL_API void reel_put_bytes(struct reel_builder *b, struct reel_bytes v);
REEL_API void reel_put_zeros(struct reel_builder *b, size_t len);

/* Overwrite four octets put earlier, at offset `at` from the start of buf. */
REEL_API void reel_patch_le32(struct reel_builder *b, size_t at, uint32_t v);

REEL_API size_t reel_builder_left(const struct reel_builder *b);

#endif
