/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 1.1, numbers; tests of format/cursor.c. */
#include <string.h>

#include "reel/cursor.h"
#include "suite.h"

static const uint8_t octets[16] = {0x81, 0x82, 0x83, 0x84, 0x85, 0x86,
                                   0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C,
                                   0x8D, 0x8E, 0x8F, 0x90};

static struct reel_cursor
over(size_t len)
{
    return reel_cursor_init(octets, len, NULL);
}

START_TEST(lowest_octet_first)
{
    struct reel_cursor c = over(15);

    ck_assert_uint_eq(reel_get_u8(&c), 0x81);
    ck_assert_uint_eq(reel_get_le16(&c), 0x8382);
    ck_assert_uint_eq(reel_get_le32(&c), 0x87868584U);
    ck_assert_uint_eq(reel_get_le64(&c), 0x8F8E8D8C8B8A8988U);
    ck_assert(c.ok);
    ck_assert_uint_eq(reel_cursor_left(&c), 0);
}
END_TEST

START_TEST(signed_numbers)
{
    static const uint8_t minus[12] = {0xFE, 0xFF, 0xFF, 0xFF, 0, 0,
                                      0,    0,    0,    0,    0, 0x80};
    struct reel_cursor c = reel_cursor_init(minus, sizeof(minus), NULL);

    ck_assert_int_eq(reel_get_le32s(&c), -2);
    ck_assert(reel_get_le64s(&c) == INT64_MIN);
    ck_assert(c.ok);
}
END_TEST

/* Each get where its octets are not there: 0, and the cursor stays so. */
START_TEST(short_gets_stick)
{
    for (size_t len = 0; len < 8; len++) {
        struct reel_cursor c = over(len);

        ck_assert_uint_eq(reel_get_le64(&c), 0);
        ck_assert(!c.ok);
        ck_assert_uint_eq(reel_cursor_left(&c), 0);
        ck_assert_uint_eq(reel_get_u8(&c), 0);
        ck_assert_uint_eq(reel_get_bytes(&c, 0).len, 0);
        ck_assert_ptr_null(reel_get_bytes(&c, 0).data);
        ck_assert(!reel_get_cursor(&c, 0).ok);
    }
    for (size_t len = 0; len < 4; len++) {
        struct reel_cursor c = over(len);

        ck_assert_uint_eq(reel_get_le32(&c), 0);
        ck_assert(!c.ok);
        c = over(len);
        ck_assert_int_eq(reel_get_le32s(&c), 0);
        ck_assert(!c.ok);
    }
}
END_TEST

START_TEST(bytes_and_copies_are_bounded)
{
    struct reel_cursor c = over(8);
    struct reel_bytes b  = reel_get_bytes(&c, 3);
    uint8_t out[16];

    ck_assert_ptr_eq(b.data, octets);
    ck_assert_uint_eq(b.len, 3);
    memset(out, 0x55, sizeof(out));
    reel_get_copy(&c, out, 5);
    ck_assert(c.ok);
    ck_assert_mem_eq(out, octets + 3, 5);
    ck_assert_uint_eq(out[5], 0x55);
    reel_get_copy(&c, out + 8, 1);
    ck_assert(!c.ok);
    ck_assert_uint_eq(out[8], 0x55);
    c = over(8);
    b = reel_get_bytes(&c, SIZE_MAX);
    ck_assert(!c.ok);
    ck_assert_uint_eq(b.len, 0);
}
END_TEST

START_TEST(nested_cursor_has_its_own_end)
{
    const struct reel_pos pos = {1, 2, 10, 20, false};
    struct reel_cursor c      = reel_cursor_init(octets, 8, &pos);
    struct reel_cursor sub;

    (void)reel_get_u8(&c);
    sub = reel_get_cursor(&c, 2);
    ck_assert(sub.ok && c.ok);
    ck_assert_uint_eq(reel_cursor_left(&sub), 2);
    ck_assert_uint_eq(reel_cursor_pos(&sub).byte, 11);
    ck_assert_uint_eq(reel_get_le16(&sub), 0x8382);
    ck_assert_uint_eq(reel_get_u8(&sub), 0);
    ck_assert(!sub.ok);
    ck_assert_uint_eq(reel_get_u8(&c), 0x84); /* the outer one goes on */
    sub = reel_get_cursor(&c, 5);
    ck_assert(!sub.ok && !c.ok);
}
END_TEST

START_TEST(position_counts_in_block_or_segment)
{
    struct reel_pos pos  = {1, 2, 10, 20, false};
    struct reel_cursor c = reel_cursor_init(octets, 8, &pos);

    (void)reel_get_le32(&c);
    ck_assert_uint_eq(reel_cursor_pos(&c).byte, 14);
    ck_assert_uint_eq(reel_cursor_pos(&c).segment_byte, 20);
    pos.in_segment = true;
    c              = reel_cursor_init(octets, 8, &pos);
    (void)reel_get_le32(&c);
    ck_assert_uint_eq(reel_cursor_pos(&c).byte, 10);
    ck_assert_uint_eq(reel_cursor_pos(&c).segment_byte, 24);
    ck_assert_uint_eq(reel_cursor_pos(&c).block, 2);
}
END_TEST

START_TEST(nothing_can_be_walked)
{
    struct reel_cursor c = reel_cursor_init(NULL, 0, NULL);

    ck_assert(c.ok);
    ck_assert_uint_eq(reel_cursor_left(&c), 0);
    ck_assert_uint_eq(reel_get_bytes(&c, 0).len, 0);
    ck_assert(c.ok);
    ck_assert_uint_eq(reel_get_u8(&c), 0);
    ck_assert(!c.ok);
}
END_TEST

START_TEST(failure_knows_its_place)
{
    const struct reel_pos pos = {1, 2, 10, 0, false};
    struct reel_cursor c      = reel_cursor_init(octets, 8, &pos);
    struct reel_err err;

    (void)reel_get_u8(&c);
    ck_assert_int_eq(reel_fail_at(&err, REEL_E_INVALID, &c, "X-0", "no %d", 7),
                     REEL_E_INVALID);
    ck_assert_int_eq(err.status, REEL_E_INVALID);
    ck_assert_uint_eq(err.pos.byte, 11);
    ck_assert_str_eq(err.rule, "X-0");
    ck_assert_str_eq(err.text, "no 7");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, lowest_octet_first);
    tcase_add_test(tcase, signed_numbers);
    tcase_add_test(tcase, short_gets_stick);
    tcase_add_test(tcase, bytes_and_copies_are_bounded);
    tcase_add_test(tcase, nested_cursor_has_its_own_end);
    tcase_add_test(tcase, position_counts_in_block_or_segment);
    tcase_add_test(tcase, nothing_can_be_walked);
    tcase_add_test(tcase, failure_knows_its_place);
}

int
main(void)
{
    return suite_run("cursor", add_tests);
}
