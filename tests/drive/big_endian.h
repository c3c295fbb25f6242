/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as SCSI and iSCSI have them: the highest octet first. */
#ifndef DRIVE_BIG_ENDIAN_H
#define DRIVE_BIG_ENDIAN_H

#include <stddef.h>
#include <stdint.h>

/* Put the low `octets` octets of `value` at p. */
static inline void
put_be(uint8_t *p, uint64_t value, size_t octets)
{
    while (octets > 0) {
        p[--octets] = (uint8_t)value;
        value >>= 8;
    }
}

/* The number in `octets` (at most 8) octets at p. */
static inline uint64_t
get_be(const uint8_t *p, size_t octets)
{
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < octets; i++)
        value = value << 8 | p[i];
    return value;
}

static inline uint32_t
get_be32(const uint8_t *p)
{
    return (uint32_t)get_be(p, 4);
}

#endif
