/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (spec chapter 10), by libcrypto where it is, else portable C. */
#ifndef REEL_SHA256_H
#define REEL_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "reel/compiler.h"

#define REEL_DIGEST_BYTES 32

/* Caller storage; plain memory, may be copied to fork a running digest. */
struct reel_sha256 {
    uint32_t h[8];
    uint64_t bytes; /* taken so far */
    uint8_t block[64];
};

REEL_API void reel_sha256_init(struct reel_sha256 *s);
REEL_API void reel_sha256_update(struct reel_sha256 *s, const void *data,
                                 size_t len);
/* As update with `len` octets of zero. */
REEL_API void reel_sha256_zeros(struct reel_sha256 *s, uint64_t len);
/* Writes the digest; `s` must be initialised before it is used again. */
REEL_API void reel_sha256_final(struct reel_sha256 *s,
                                uint8_t out[REEL_DIGEST_BYTES]);
/* All at once. */
REEL_API void reel_sha256(const void *data, size_t len,
                          uint8_t out[REEL_DIGEST_BYTES]);

#endif
