/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 10; bytes layer. ISA-L where it is, else eight tables. */
#include "reel/crc32c.h"

#if defined(REEL_HAVE_ISAL)

#include <isa-l/crc.h>

uint32_t
reel_crc32c_more(uint32_t crc, const void *data, size_t len)
{
    /* crc32_iscsi takes int lengths and does not write through the pointer,
       whatever its prototype says. */
    union {
        const void *in;
        unsigned char *out;
    } p;
    const size_t step = 1U << 30;
    uint32_t c        = ~crc;

    p.in = data;
    while (len > 0) {
        const size_t n = len < step ? len : step;

        c = crc32_iscsi(p.out, (int)n, c);
        p.out += n;
        len -= n;
    }
    return ~c;
}

#else

/* table[k][x]: what octet x does to the CRC when k octets of zero follow.
   Made once, by whoever comes first: making it twice gives the same. */
#include <stdatomic.h>

static uint32_t table[8][256];
static atomic_int ready;

static void
make_tables(void)
{
    uint32_t x;
    uint32_t k;

    for (x = 0; x < 256; x++) {
        uint32_t c = x;
        int bit;

        for (bit = 0; bit < 8; bit++)
            c = (c & 1U) ? (c >> 1) ^ 0x82F63B78U : c >> 1;
        table[0][x] = c;
    }
    for (k = 1; k < 8; k++)
        for (x = 0; x < 256; x++)
            table[k][x] =
                (table[k - 1][x] >> 8) ^ table[0][table[k - 1][x] & 0xFFU];
    atomic_store(&ready, 1);
}

static uint32_t
eight(uint32_t c, const uint8_t *p)
{
    return table[7][(c ^ p[0]) & 0xFFU] ^ table[6][((c >> 8) ^ p[1]) & 0xFFU] ^
           table[5][((c >> 16) ^ p[2]) & 0xFFU] ^
           table[4][((c >> 24) ^ p[3]) & 0xFFU] ^ table[3][p[4]] ^
           table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]];
}

uint32_t
reel_crc32c_more(uint32_t crc, const void *data, size_t len)
{
    const uint8_t *p = data;
    uint32_t c       = ~crc;

    if (!atomic_load(&ready))
        make_tables();
    for (; len >= 8; len -= 8, p += 8)
        c = eight(c, p);
    for (; len > 0; len--, p++)
        c = (c >> 8) ^ table[0][(c ^ *p) & 0xFFU];
    return ~c;
}

#endif

uint32_t
reel_crc32c(const void *data, size_t len)
{
    return reel_crc32c_more(0, data, len);
}
