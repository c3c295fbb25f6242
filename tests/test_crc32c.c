/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 10, CRC-32C; tests of format/crc32c.c, in both of its forms. */
#include <string.h>

#include "reel/crc32c.h"
#include "suite.h"

/* The portable form, whichever one the library was built with. */
uint32_t portable_crc32c(const void *data, size_t len);
uint32_t portable_crc32c_more(uint32_t crc, const void *data, size_t len);
#define reel_crc32c portable_crc32c
#define reel_crc32c_more portable_crc32c_more
#include "crc32c.c"
#undef reel_crc32c
#undef reel_crc32c_more

#define SAMPLE_BYTES 600U

typedef uint32_t crc_fn(uint32_t crc, const void *data, size_t len);
static crc_fn *const forms[] = {reel_crc32c_more, portable_crc32c_more};

/* In steps, as the text has it. */
static uint32_t
as_written(const uint8_t *data, size_t len)
{
    uint32_t c = 0xFFFFFFFFU;

    for (size_t i = 0; i < len; i++) {
        c ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            c = (c & 1U) ? (c >> 1) ^ 0x82F63B78U : c >> 1;
    }
    return c ^ 0xFFFFFFFFU;
}

static void
fill(uint8_t *data, size_t len)
{
    uint32_t x = 0x12345678U;

    for (size_t i = 0; i < len; i++) {
        x       = x * 1664525U + 1013904223U;
        data[i] = (uint8_t)(x >> 24);
    }
}

START_TEST(check_values_of_the_text)
{
    static const uint8_t zeros[32];

    ck_assert_uint_eq(forms[_i](0, "123456789", 9), 0xE3069283U);
    ck_assert_uint_eq(forms[_i](0, zeros, sizeof(zeros)), 0x8A9136AAU);
    ck_assert_uint_eq(forms[_i](0, "", 0), 0);
    ck_assert_uint_eq(forms[_i](0, NULL, 0), 0);
    ck_assert_uint_eq(forms[_i](77, NULL, 0), 77);
}
END_TEST

START_TEST(one_call_does_it_too)
{
    ck_assert_uint_eq(reel_crc32c("123456789", 9), 0xE3069283U);
    ck_assert_uint_eq(portable_crc32c("123456789", 9), 0xE3069283U);
}
END_TEST

START_TEST(all_lengths_and_alignments)
{
    uint8_t data[16 + SAMPLE_BYTES];

    fill(data, sizeof(data));
    for (size_t at = 0; at < 16; at++)
        for (size_t len = 0; len <= SAMPLE_BYTES; len++)
            ck_assert_uint_eq(forms[_i](0, data + at, len),
                              as_written(data + at, len));
}
END_TEST

START_TEST(all_splits)
{
    uint8_t data[SAMPLE_BYTES];
    uint32_t whole;

    fill(data, sizeof(data));
    whole = as_written(data, sizeof(data));
    for (size_t at = 0; at <= sizeof(data); at++) {
        const uint32_t front = forms[_i](0, data, at);

        ck_assert_uint_eq(forms[_i](front, data + at, sizeof(data) - at),
                          whole);
    }
}
END_TEST

START_TEST(forms_agree_on_a_block)
{
    static uint8_t data[1048576 - 12];

    fill(data, sizeof(data));
    ck_assert_uint_eq(forms[0](0, data, sizeof(data)),
                      forms[1](0, data, sizeof(data)));
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, check_values_of_the_text, 0, SUITE_COUNT(forms));
    tcase_add_test(tcase, one_call_does_it_too);
    tcase_add_loop_test(tcase, all_lengths_and_alignments, 0,
                        SUITE_COUNT(forms));
    tcase_add_loop_test(tcase, all_splits, 0, SUITE_COUNT(forms));
    tcase_add_test(tcase, forms_agree_on_a_block);
}

int
main(void)
{
    return suite_run("crc32c", add_tests);
}
