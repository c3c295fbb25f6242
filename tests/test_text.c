/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 1.5, text; tests of format/text.c. */
#include <string.h>

#include "reel/text.h"
#include "suite.h"

/* The UTF-8 of `code`, of `len` octets, needed or not; 0 < len < 5. */
static struct reel_bytes
encode(uint8_t out[4], uint32_t code, size_t len)
{
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    const struct reel_bytes b   = {out, len};

    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80U | (code & 0x3FU));
        code >>= 6;
    }
    out[0] = (uint8_t)(lead[len] | code);
    return b;
}

static size_t
shortest(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* Every number that 21 bits hold, in every length that holds it. */
START_TEST(each_code_point)
{
    static const uint32_t end[] = {0, 0x80, 0x800, 0x10000, 0x200000};
    uint8_t out[4];

    for (size_t len = 1; len <= 4; len++)
        for (uint32_t code = 0; code < end[len]; code++) {
            const bool legal = len == shortest(code) && code >= 0x20 &&
                               code != 0x7F && code <= 0x10FFFF &&
                               (code < 0xD800 || code > 0xDFFF);

            if (reel_text_legal(encode(out, code, len)) != legal)
                ck_abort_msg("U+%04X in %zu octets", code, len);
        }
}
END_TEST

/* A sequence that breaks off, at the end or before a letter. */
START_TEST(sequences_are_whole)
{
    static const uint32_t codes[] = {0xE4, 0x20AC, 0x1F600};
    uint8_t out[5];

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        struct reel_bytes b = encode(out, codes[i], shortest(codes[i]));

        while (--b.len > 0) {
            struct reel_bytes behind = {out, b.len + 1};

            ck_assert(!reel_text_legal(b));
            out[b.len] = 'x';
            ck_assert(!reel_text_legal(behind));
        }
    }
}
END_TEST

START_TEST(octets_that_never_stand_in_utf8)
{
    for (unsigned int octet = 0x80; octet < 0x100; octet++) {
        const uint8_t text[]      = {'a', (uint8_t)octet, 'b', 'c', 'd'};
        const struct reel_bytes b = {text, sizeof(text)};

        ck_assert(!reel_text_legal(b));
    }
}
END_TEST

START_TEST(refusal_names_the_field)
{
    const struct reel_cursor at   = reel_cursor_init(NULL, 0, NULL);
    const struct reel_bytes empty = {NULL, 0};
    struct reel_err err;

    ck_assert_int_eq(reel_text_check(empty, "host", &at, &err), REEL_OK);
    ck_assert_int_eq(reel_text_check(reel_bytes_of("Stra\xC3\x9F"
                                                   "e 1"),
                                     "host", &at, &err),
                     REEL_OK);
    ck_assert_int_eq(reel_text_check(reel_bytes_of("a\tb"), "host", &at, &err),
                     REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "C-5");
    ck_assert_ptr_nonnull(strstr(err.text, "host"));
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, each_code_point);
    tcase_add_test(tcase, sequences_are_whole);
    tcase_add_test(tcase, octets_that_never_stand_in_utf8);
    tcase_add_test(tcase, refusal_names_the_field);
}

int
main(void)
{
    return suite_run("text", add_tests);
}
