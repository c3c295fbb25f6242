/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 10; bytes layer. libcrypto where it is, else portable C. */
#if defined(REEL_HAVE_LIBCRYPTO)
/* The low-level calls need no allocation for each digest and cannot fail. */
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include <openssl/sha.h>
#endif

#include <string.h>

#include "reel/sha256.h"

static const uint32_t initial[8] = {0x6A09E667U, 0xBB67AE85U, 0x3C6EF372U,
                                    0xA54FF53AU, 0x510E527FU, 0x9B05688CU,
                                    0x1F83D9ABU, 0x5BE0CD19U};

void
reel_sha256_init(struct reel_sha256 *s)
{
    memset(s, 0, sizeof(*s));
    memcpy(s->h, initial, sizeof(s->h));
}

#if defined(REEL_HAVE_LIBCRYPTO)

_Static_assert(sizeof(SHA_LONG) == 4, "libcrypto keeps 32-bit words");

/* libcrypto's context, made from and put back into ours. */
static void
load(SHA256_CTX *ctx, const struct reel_sha256 *s)
{
    const uint64_t bits = s->bytes * 8;

    memset(ctx, 0, sizeof(*ctx));
    memcpy(ctx->h, s->h, sizeof(ctx->h));
    ctx->Nl     = (SHA_LONG)bits;
    ctx->Nh     = (SHA_LONG)(bits >> 32);
    ctx->num    = (unsigned int)(s->bytes % 64);
    ctx->md_len = SHA256_DIGEST_LENGTH;
    memcpy(ctx->data, s->block, sizeof(s->block));
}

void
reel_sha256_update(struct reel_sha256 *s, const void *data, size_t len)
{
    SHA256_CTX ctx;

    if (len == 0)
        return;
    load(&ctx, s);
    (void)SHA256_Update(&ctx, data, len);
    memcpy(s->h, ctx.h, sizeof(s->h));
    memcpy(s->block, ctx.data, sizeof(s->block));
    s->bytes += len;
}

void
reel_sha256_final(struct reel_sha256 *s, uint8_t out[REEL_DIGEST_BYTES])
{
    SHA256_CTX ctx;

    load(&ctx, s);
    (void)SHA256_Final(out, &ctx);
}

#else

static const uint32_t constant[64] = {
    0x428A2F98U, 0x71374491U, 0xB5C0FBCFU, 0xE9B5DBA5U, 0x3956C25BU,
    0x59F111F1U, 0x923F82A4U, 0xAB1C5ED5U, 0xD807AA98U, 0x12835B01U,
    0x243185BEU, 0x550C7DC3U, 0x72BE5D74U, 0x80DEB1FEU, 0x9BDC06A7U,
    0xC19BF174U, 0xE49B69C1U, 0xEFBE4786U, 0x0FC19DC6U, 0x240CA1CCU,
    0x2DE92C6FU, 0x4A7484AAU, 0x5CB0A9DCU, 0x76F988DAU, 0x983E5152U,
    0xA831C66DU, 0xB00327C8U, 0xBF597FC7U, 0xC6E00BF3U, 0xD5A79147U,
    0x06CA6351U, 0x14292967U, 0x27B70A85U, 0x2E1B2138U, 0x4D2C6DFCU,
    0x53380D13U, 0x650A7354U, 0x766A0ABBU, 0x81C2C92EU, 0x92722C85U,
    0xA2BFE8A1U, 0xA81A664BU, 0xC24B8B70U, 0xC76C51A3U, 0xD192E819U,
    0xD6990624U, 0xF40E3585U, 0x106AA070U, 0x19A4C116U, 0x1E376C08U,
    0x2748774CU, 0x34B0BCB5U, 0x391C0CB3U, 0x4ED8AA4AU, 0x5B9CCA4FU,
    0x682E6FF3U, 0x748F82EEU, 0x78A5636FU, 0x84C87814U, 0x8CC70208U,
    0x90BEFFFAU, 0xA4506CEBU, 0xBEF9A3F7U, 0xC67178F2U};

static uint32_t
turn(uint32_t x, unsigned int n)
{
    return (x >> n) | (x << (32 - n));
}

static void
expand(uint32_t w[64], const uint8_t *p)
{
    int t;

    for (t = 0; t < 16; t++)
        w[t] = (uint32_t)p[4 * t] << 24 | (uint32_t)p[4 * t + 1] << 16 |
               (uint32_t)p[4 * t + 2] << 8 | (uint32_t)p[4 * t + 3];
    for (t = 16; t < 64; t++)
        w[t] = (turn(w[t - 2], 17) ^ turn(w[t - 2], 19) ^ (w[t - 2] >> 10)) +
               w[t - 7] +
               (turn(w[t - 15], 7) ^ turn(w[t - 15], 18) ^ (w[t - 15] >> 3)) +
               w[t - 16];
}

static void
transform(uint32_t h[8], const uint8_t *p)
{
    uint32_t w[64];
    uint32_t v[8];
    int t;

    expand(w, p);
    memcpy(v, h, sizeof(v));
    for (t = 0; t < 64; t++) {
        const uint32_t t1 =
            v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
            ((v[4] & v[5]) ^ (~v[4] & v[6])) + constant[t] + w[t];
        const uint32_t t2 = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) +
                            ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (t = 0; t < 8; t++)
        h[t] += v[t];
}

void
reel_sha256_update(struct reel_sha256 *s, const void *data, size_t len)
{
    const uint8_t *p = data;

    while (len > 0) {
        const size_t used = (size_t)(s->bytes % 64);
        const size_t n    = len < 64 - used ? len : 64 - used;

        memcpy(s->block + used, p, n);
        s->bytes += n;
        p += n;
        len -= n;
        if (used + n == 64)
            transform(s->h, s->block);
    }
}

void
reel_sha256_final(struct reel_sha256 *s, uint8_t out[REEL_DIGEST_BYTES])
{
    static const uint8_t pad[64] = {0x80};
    const uint64_t bits          = s->bytes * 8;
    const size_t used            = (size_t)(s->bytes % 64);
    uint8_t length[8];
    int i;

    for (i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    reel_sha256_update(s, pad, used < 56 ? 56 - used : 120 - used);
    reel_sha256_update(s, length, sizeof(length));
    for (i = 0; i < 32; i++)
        out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

#endif

void
reel_sha256_zeros(struct reel_sha256 *s, uint64_t len)
{
    static const uint8_t zeros[16384];

    while (len > 0) {
        const size_t n = len < sizeof(zeros) ? (size_t)len : sizeof(zeros);

        reel_sha256_update(s, zeros, n);
        len -= n;
    }
}

void
reel_sha256(const void *data, size_t len, uint8_t out[REEL_DIGEST_BYTES])
{
    struct reel_sha256 s;

    reel_sha256_init(&s);
    reel_sha256_update(&s, data, len);
    reel_sha256_final(&s, out);
}
