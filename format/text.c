/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 1.5, text; records layer. */
#include "reel/text.h"

/* Length of the UTF-8 sequence at p[0, left), 0 if it is not one. */
static size_t
sequence_len(const uint8_t *p, size_t left)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t v;
    size_t n;
    size_t i;

    if (p[0] < 0x80)
        return p[0] < 0x20 || p[0] == 0x7F ? 0 : 1;
    n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC0 || p[0] > 0xF7 || n > left)
        return 0;
    v = p[0] & (0xFFU >> (n + 1));
    for (i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        v = v << 6 | (p[i] & 0x3FU);
    }
    if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000))
        return 0;
    return n;
}

bool
reel_text_legal(struct reel_bytes text)
{
    size_t i = 0;

    while (i < text.len) {
        const size_t n = sequence_len(text.data + i, text.len - i);

        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

enum reel_status
reel_text_check(struct reel_bytes text, const char *field,
                const struct reel_cursor *at, struct reel_err *err)
{
    if (!reel_text_legal(text))
        return reel_fail_at(err, REEL_E_INVALID, at, "C-5",
                            "%s is not UTF-8 text without control octets",
                            field);
    return REEL_OK;
}
