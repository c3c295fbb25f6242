/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.5: format/wtf8.c. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "reel/wtf8.h"

#define ROOM 64U

static const struct {
    uint16_t units[4];
    size_t count;
    const char *octets;
    size_t len;
} pairs[] = {
    {{0}, 0, "", 0},
    {{0x0000}, 1, "\0", 1},
    {{0x0001}, 1, "\x01", 1},
    {{0x007F}, 1, "\x7F", 1},
    {{0x0080}, 1, "\xC2\x80", 2},
    {{0x07FF}, 1, "\xDF\xBF", 2},
    {{0x0800}, 1, "\xE0\xA0\x80", 3},
    {{0xD7FF}, 1, "\xED\x9F\xBF", 3},
    {{0xD800}, 1, "\xED\xA0\x80", 3},
    {{0xDBFF}, 1, "\xED\xAF\xBF", 3},
    {{0xDC00}, 1, "\xED\xB0\x80", 3},
    {{0xDFFF}, 1, "\xED\xBF\xBF", 3},
    {{0xE000}, 1, "\xEE\x80\x80", 3},
    {{0xFFFF}, 1, "\xEF\xBF\xBF", 3},
    {{0xD800, 0xDC00}, 2, "\xF0\x90\x80\x80", 4},
    {{0xDBFF, 0xDFFF}, 2, "\xF4\x8F\xBF\xBF", 4},
    {{0xD83D, 0xDE00}, 2, "\xF0\x9F\x98\x80", 4},
    {{0xDC00, 0xD800}, 2, "\xED\xB0\x80\xED\xA0\x80", 6},
    {{0xD800, 0xD800, 0xDC00}, 3, "\xED\xA0\x80\xF0\x90\x80\x80", 7},
    {{0xD800, 'a', 0xDC00},
     3,
     "\xED\xA0\x80"
     "a\xED\xB0\x80",
     7},
    {{'a', 0xD800}, 2, "a\xED\xA0\x80", 4},
};

static struct reel_bytes
units_of(uint8_t *out, const uint16_t *units, size_t count)
{
    struct reel_builder b = reel_builder_init(out, 2 * count);

    for (size_t i = 0; i < count; i++)
        reel_put_le16(&b, units[i]);
    return (struct reel_bytes){out, b.len};
}

START_TEST(known_pairs)
{
    uint8_t units[ROOM];
    uint8_t out[ROOM];
    uint8_t back[ROOM];
    struct reel_builder b = reel_builder_init(back, sizeof(back));
    const struct reel_bytes in =
        units_of(units, pairs[_i].units, pairs[_i].count);

    ck_assert_uint_eq(reel_wtf8_from_units(out, in), pairs[_i].len);
    ck_assert_mem_eq(out, pairs[_i].octets, pairs[_i].len);
    ck_assert_int_eq(
        reel_wtf8_to_units(&b, (struct reel_bytes){out, pairs[_i].len}, NULL),
        REEL_OK);
    ck_assert_uint_eq(b.len, in.len);
    ck_assert_mem_eq(back, units, in.len);
}
END_TEST

static const struct {
    const char *octets;
    size_t len;
} wrong[] = {
    {"\x80", 1},                     /* no lead */
    {"\xBF", 1},                     /* no lead */
    {"\xC0\x80", 2},                 /* a long zero */
    {"\xC1\xBF", 2},                 /* a long 0x7F */
    {"\xE0\x80\xAF", 3},             /* a long "/" */
    {"\xE0\x9F\xBF", 3},             /* a long 0x7FF */
    {"\xF0\x80\x80\xAF", 4},         /* a long "/" */
    {"\xF0\x8F\xBF\xBF", 4},         /* a long 0xFFFF */
    {"\xF4\x90\x80\x80", 4},         /* above 0x10FFFF */
    {"\xF5\x80\x80\x80", 4},         /* above 0x10FFFF */
    {"\xFF", 1},                     /* no lead */
    {"\xC2", 1},                     /* cut short */
    {"\xE1\x80", 2},                 /* cut short */
    {"\xF1\x80\x80", 3},             /* cut short */
    {"\xC2\x41", 2},                 /* no octet that goes on */
    {"\xE1\x80\xC0", 3},             /* no octet that goes on */
    {"\xED\xA0\x80\xED\xB0\x80", 6}, /* a pair in two pieces */
    {"\xED\xAF\xBF\xED\xBF\xBF", 6}, /* a pair in two pieces */
};

START_TEST(what_is_no_wtf8_is_refused)
{
    const struct reel_bytes in = {(const uint8_t *)wrong[_i].octets,
                                  wrong[_i].len};
    uint8_t back[ROOM];
    struct reel_builder b = reel_builder_init(back, sizeof(back));
    struct reel_err err;

    ck_assert_int_eq(reel_wtf8_to_units(&b, in, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "N-6");
}
END_TEST

/* Each unit alone, and beside each kind of neighbour. */
START_TEST(all_units_come_back)
{
    static const uint16_t beside[] = {'a',    0xD7FF, 0xD800, 0xDBFF,
                                      0xDC00, 0xDFFF, 0xE000};
    uint8_t units[4];
    uint8_t out[REEL_WTF8_BYTES_MAX(sizeof(units))];
    uint8_t back[sizeof(units)];

    for (uint32_t unit = 0; unit <= UINT16_MAX; unit++) {
        for (size_t i = 0; i < 2 * sizeof(beside) / sizeof(beside[0]); i++) {
            const uint16_t other = beside[i / 2];
            const uint16_t two[] = {i % 2 ? other : (uint16_t)unit,
                                    i % 2 ? (uint16_t)unit : other};
            const struct reel_bytes in     = units_of(units, two, 2);
            const struct reel_bytes octets = {out,
                                              reel_wtf8_from_units(out, in)};
            struct reel_builder b = reel_builder_init(back, sizeof(back));

            ck_assert_int_eq(reel_wtf8_to_units(&b, octets, NULL), REEL_OK);
            ck_assert_uint_eq(b.len, sizeof(units));
            ck_assert_mem_eq(back, units, sizeof(units));
        }
    }
}
END_TEST

START_TEST(all_points_come_back)
{
    for (uint32_t point = 0; point <= REEL_WTF8_POINT_MAX; point++) {
        uint8_t octets[REEL_WTF8_POINT_BYTES_MAX];
        const struct reel_bytes in = {octets, reel_wtf8_put(octets, point)};
        uint32_t back              = UINT32_MAX;

        if (reel_wtf8_get(in, 0, &back) != in.len || back != point)
            ck_abort_msg("code point %X", (unsigned int)point);
    }
}
END_TEST

START_TEST(room_and_odd_octets)
{
    static const uint8_t odd[] = {'a', 0, 'b'};
    uint8_t out[ROOM];
    uint8_t back[3];
    uint32_t point        = 7;
    struct reel_builder b = reel_builder_init(back, sizeof(back));

    ck_assert_uint_eq(
        reel_wtf8_from_units(out, (struct reel_bytes){odd, sizeof(odd)}), 1);
    ck_assert_uint_eq(
        reel_wtf8_get_units((struct reel_bytes){odd, sizeof(odd)}, 2, &point),
        0);
    ck_assert_uint_eq(point, 7);
    ck_assert_int_eq(reel_wtf8_to_units(&b, reel_bytes_of("ab"), NULL),
                     REEL_E_LIMIT);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("wtf8");
    TCase *tcase = tcase_create("wtf8");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(tcase, known_pairs, 0,
                        sizeof(pairs) / sizeof(pairs[0]));
    tcase_add_loop_test(tcase, what_is_no_wtf8_is_refused, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_test(tcase, all_units_come_back);
    tcase_add_test(tcase, all_points_come_back);
    tcase_add_test(tcase, room_and_odd_octets);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
