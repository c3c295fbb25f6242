/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.5, names of 16-bit units as octets; bytes layer. */
#include <assert.h>

#include "reel/wtf8.h"

static bool
is_high(uint32_t point)
{
    return point >= 0xD800 && point <= 0xDBFF;
}

static bool
is_low(uint32_t point)
{
    return point >= 0xDC00 && point <= 0xDFFF;
}

size_t
reel_wtf8_put(uint8_t out[REEL_WTF8_POINT_BYTES_MAX], uint32_t point)
{
    assert(point <= REEL_WTF8_POINT_MAX);
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xC0U | point >> 6);
        out[1] = (uint8_t)(0x80U | (point & 0x3FU));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xE0U | point >> 12);
        out[1] = (uint8_t)(0x80U | (point >> 6 & 0x3FU));
        out[2] = (uint8_t)(0x80U | (point & 0x3FU));
        return 3;
    }
    out[0] = (uint8_t)(0xF0U | point >> 18);
    out[1] = (uint8_t)(0x80U | (point >> 12 & 0x3FU));
    out[2] = (uint8_t)(0x80U | (point >> 6 & 0x3FU));
    out[3] = (uint8_t)(0x80U | (point & 0x3FU));
    return 4;
}

/* What a lead octet begins: how long, its own bits, and from what point on
   that is the shortest form. 0: it is no lead. */
static size_t
lead(uint8_t octet, uint32_t *bits, uint32_t *least)
{
    if (octet < 0x80) {
        *bits  = octet;
        *least = 0;
        return 1;
    }
    if (octet >= 0xC2 && octet <= 0xDF) {
        *bits  = octet & 0x1FU;
        *least = 0x80;
        return 2;
    }
    if (octet >= 0xE0 && octet <= 0xEF) {
        *bits  = octet & 0x0FU;
        *least = 0x800;
        return 3;
    }
    if (octet >= 0xF0 && octet <= 0xF4) {
        *bits  = octet & 0x07U;
        *least = 0x10000;
        return 4;
    }
    return 0;
}

size_t
reel_wtf8_get(struct reel_bytes octets, size_t off, uint32_t *point)
{
    const uint8_t *const at = octets.data + off;
    uint32_t value          = 0;
    uint32_t least          = 0;
    const size_t len        = lead(at[0], &value, &least);
    size_t i;

    if (len == 0 || len > octets.len - off)
        return 0;
    for (i = 1; i < len; i++) {
        if ((at[i] & 0xC0U) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3FU);
    }
    if (value < least || value > REEL_WTF8_POINT_MAX)
        return 0;
    *point = value;
    return len;
}

/* Pre: two octets stand there. */
static uint32_t
unit_at(struct reel_bytes units, size_t off)
{
    return units.data[off] | (uint32_t)units.data[off + 1] << 8;
}

size_t
reel_wtf8_get_units(struct reel_bytes units, size_t off, uint32_t *point)
{
    const size_t left = units.len - off;
    uint32_t high;
    uint32_t low;

    if (left < 2)
        return 0;
    high   = unit_at(units, off);
    *point = high;
    if (!is_high(high) || left < 4)
        return 2;
    low = unit_at(units, off + 2);
    if (!is_low(low))
        return 2;
    *point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return 4;
}

size_t
reel_wtf8_from_units(uint8_t *out, struct reel_bytes units)
{
    size_t off = 0;
    size_t len = 0;

    while (off < units.len) {
        uint32_t point   = 0;
        const size_t got = reel_wtf8_get_units(units, off, &point);
        uint8_t octets[REEL_WTF8_POINT_BYTES_MAX];
        size_t n;
        size_t i;

        if (got == 0)
            break;
        off += got;
        n = reel_wtf8_put(octets, point);
        for (i = 0; i < n; i++)
            out[len++] = octets[i];
    }
    return len;
}

static void
put_units(struct reel_builder *out, uint32_t point)
{
    if (point < 0x10000) {
        reel_put_le16(out, (uint16_t)point);
        return;
    }
    reel_put_le16(out, (uint16_t)(0xD800 + ((point - 0x10000) >> 10)));
    reel_put_le16(out, (uint16_t)(0xDC00 + (point & 0x3FF)));
}

enum reel_status
reel_wtf8_to_units(struct reel_builder *out, struct reel_bytes octets,
                   struct reel_err *err)
{
    uint32_t before = 0;
    size_t off      = 0;

    while (off < octets.len) {
        uint32_t point   = 0;
        const size_t len = reel_wtf8_get(octets, off, &point);

        if (len == 0)
            return reel_fail(err, REEL_E_INVALID, NULL, "N-6",
                             "octet %zu of a name is no code point", off);
        if (is_low(point) && is_high(before))
            return reel_fail(err, REEL_E_INVALID, NULL, "N-6",
                             "a pair of surrogates at octet %zu of a name",
                             off);
        put_units(out, point);
        before = point;
        off += len;
    }
    if (!out->ok)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "no room for a name of %zu octets", octets.len);
    return REEL_OK;
}
