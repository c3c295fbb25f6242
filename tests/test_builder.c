/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 1.1, numbers; tests of format/builder.c. */
#include <string.h>

#include "reel/builder.h"
#include "suite.h"

START_TEST(lowest_octet_first)
{
    static const uint8_t wanted[] = {
        0x01, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04, 0x0F, 0x0E, 0x0D, 0x0C,
        0x0B, 0x0A, 0x09, 0x08, 0xFE, 0xFF, 0xFF, 0xFF, 0xFD, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 'a',  'b',  0x00, 0x00, 0x00};
    uint8_t buf[sizeof(wanted)];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));

    memset(buf, 0x55, sizeof(buf));
    reel_put_u8(&b, 0x01);
    reel_put_le16(&b, 0x0203);
    reel_put_le32(&b, 0x04050607);
    reel_put_le64(&b, 0x08090A0B0C0D0E0F);
    reel_put_le32s(&b, -2);
    reel_put_le64s(&b, -3);
    reel_put_bytes(&b, reel_bytes_of("ab"));
    reel_put_zeros(&b, 3);
    ck_assert(b.ok);
    ck_assert_uint_eq(b.len, sizeof(wanted));
    ck_assert_uint_eq(reel_builder_left(&b), 0);
    ck_assert_mem_eq(buf, wanted, sizeof(wanted));
}
END_TEST

/* What does not fit leaves no trace, and nothing follows it. */
START_TEST(short_puts_stick)
{
    static const struct reel_bytes nothing = {NULL, 0};

    for (size_t room = 0; room < 8; room++) {
        uint8_t buf[8];
        struct reel_builder b = reel_builder_init(buf, room);

        memset(buf, 0x55, sizeof(buf));
        reel_put_le64(&b, 0);
        ck_assert(!b.ok);
        ck_assert_uint_eq(b.len, 0);
        ck_assert_uint_eq(reel_builder_left(&b), 0);
        reel_put_bytes(&b, nothing);
        reel_put_u8(&b, 0);
        reel_put_zeros(&b, 1);
        ck_assert_uint_eq(b.len, 0);
        for (size_t i = 0; i < sizeof(buf); i++)
            ck_assert_uint_eq(buf[i], 0x55);
    }
}
END_TEST

START_TEST(lengths_do_not_overflow)
{
    uint8_t buf[4];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));

    reel_put_u8(&b, 1);
    reel_put_zeros(&b, SIZE_MAX);
    ck_assert(!b.ok);
    ck_assert_uint_eq(b.len, 1);
}
END_TEST

START_TEST(patch_stays_in_what_was_put)
{
    static const uint8_t wanted[] = {0, 4, 3, 2, 1};
    uint8_t buf[9]                = {0};
    struct reel_builder b         = reel_builder_init(buf, sizeof(buf));

    reel_put_zeros(&b, 5);
    reel_patch_le32(&b, 1, 0x01020304);
    ck_assert(b.ok);
    ck_assert_uint_eq(b.len, 5);
    ck_assert_mem_eq(buf, wanted, sizeof(wanted));
    reel_patch_le32(&b, 2, 0x05060708);
    ck_assert(!b.ok);
    ck_assert_mem_eq(buf, wanted, sizeof(wanted));
    b = reel_builder_init(buf, sizeof(buf));
    reel_patch_le32(&b, SIZE_MAX, 1);
    ck_assert(!b.ok);
}
END_TEST

START_TEST(nothing_needs_no_room)
{
    static const struct reel_bytes nothing = {NULL, 0};
    struct reel_builder b                  = reel_builder_init(NULL, 0);

    reel_put_bytes(&b, nothing);
    reel_put_zeros(&b, 0);
    ck_assert(b.ok);
    reel_put_u8(&b, 1);
    ck_assert(!b.ok);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, lowest_octet_first);
    tcase_add_test(tcase, short_puts_stick);
    tcase_add_test(tcase, lengths_do_not_overflow);
    tcase_add_test(tcase, patch_stays_in_what_was_put);
    tcase_add_test(tcase, nothing_needs_no_room);
}

int
main(void)
{
    return suite_run("builder", add_tests);
}
