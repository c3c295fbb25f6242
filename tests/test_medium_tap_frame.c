/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reel/tap_frame.h: each kind of word, from both sides. */
#include <check.h>
#include <stdlib.h>

#include "reel/tap_frame.h"

static const struct {
    uint8_t octets[4];
    struct reel_tap_word word;
} words[] = {
    {{0, 0, 0, 0}, {REEL_TAP_MARK, 0}},
    {{0xFF, 0xFF, 0xFF, 0xFF}, {REEL_TAP_MEDIUM_END, 0}},
    {{0xFE, 0xFF, 0xFF, 0xFF}, {REEL_TAP_GAP, 0}},
    {{1, 0, 0, 0}, {REEL_TAP_RECORD, 1}},
    {{0xFF, 0xFF, 0xFF, 0}, {REEL_TAP_RECORD, 0xFFFFFF}},
    {{0x78, 0x56, 0x34, 0}, {REEL_TAP_RECORD, 0x345678}},
    {{0, 0, 0, 0x80}, {REEL_TAP_BAD_RECORD, 0}},
    {{0xFF, 0xFF, 0xFF, 0x80}, {REEL_TAP_BAD_RECORD, 0xFFFFFF}},
    {{0, 0, 0, 1}, {REEL_TAP_RESERVED, 0x01000000}},
    {{0, 0, 0, 0x81}, {REEL_TAP_RESERVED, 0x81000000}},
    {{0xFD, 0xFF, 0xFF, 0xFF}, {REEL_TAP_RESERVED, 0xFFFFFFFD}},
    {{0xFF, 0xFF, 0xFE, 0xFF}, {REEL_TAP_RESERVED, 0xFFFEFFFF}},
};

START_TEST(word_both_ways)
{
    const struct reel_tap_word got = reel_tap_word_decode(words[_i].octets);
    uint8_t octets[4];

    ck_assert_int_eq(got.kind, words[_i].word.kind);
    ck_assert_uint_eq(got.bytes, words[_i].word.bytes);
    reel_tap_word_encode(octets, words[_i].word);
    ck_assert_mem_eq(octets, words[_i].octets, sizeof(octets));
}
END_TEST

START_TEST(span)
{
    ck_assert_uint_eq(reel_tap_record_span(0), 8);
    ck_assert_uint_eq(reel_tap_record_span(1), 10);
    ck_assert_uint_eq(reel_tap_record_span(2), 10);
    ck_assert_uint_eq(reel_tap_record_span(REEL_TAP_RECORD_BYTES_MAX),
                      0x1000008);
    ck_assert_uint_eq(reel_tap_filling(7), 1);
    ck_assert_uint_eq(reel_tap_filling(8), 0);
}
END_TEST

int
main(void)
{
    Suite *s = suite_create("medium_tap_frame");
    TCase *t = tcase_create("frame");
    SRunner *r;
    int failed;

    tcase_add_loop_test(t, word_both_ways, 0,
                        (int)(sizeof(words) / sizeof(words[0])));
    tcase_add_test(t, span);
    suite_add_tcase(s, t);
    r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
