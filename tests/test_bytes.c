/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes layer; tests of format/bytes.c. */
#include "reel/bytes.h"
#include "suite.h"

static const struct reel_bytes nothing = {NULL, 0};

START_TEST(equal_octets)
{
    const struct reel_bytes a = reel_bytes_of("abc");

    ck_assert(reel_bytes_equal(a, reel_bytes_of("abc")));
    ck_assert(!reel_bytes_equal(a, reel_bytes_of("abd")));
    ck_assert(!reel_bytes_equal(a, reel_bytes_of("ab")));
    ck_assert(!reel_bytes_equal(a, nothing));
    ck_assert(reel_bytes_equal(nothing, nothing));
    ck_assert(reel_bytes_equal(nothing, reel_bytes_of("")));
}
END_TEST

START_TEST(order_is_that_of_octets)
{
    static const char *const ascending[] = {"",      "A",     "A!", "a",
                                            "a\x7F", "a\x80", "b",  "\xFF"};
    const int count                      = SUITE_COUNT(ascending);

    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            const int order = reel_bytes_compare(reel_bytes_of(ascending[i]),
                                                 reel_bytes_of(ascending[j]));

            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
        }
    ck_assert_int_eq(reel_bytes_compare(nothing, nothing), 0);
    ck_assert_int_lt(reel_bytes_compare(nothing, reel_bytes_of("a")), 0);
}
END_TEST

START_TEST(zeros_are_found)
{
    uint8_t data[40] = {0};

    ck_assert(reel_bytes_zero(NULL, 0));
    for (size_t len = 0; len <= sizeof(data); len++)
        ck_assert(reel_bytes_zero(data, len));
    for (size_t at = 0; at < sizeof(data); at++) {
        data[at] = 0x80;
        for (size_t len = 0; len <= sizeof(data); len++)
            ck_assert(reel_bytes_zero(data, len) == (len <= at));
        data[at] = 0;
    }
}
END_TEST

START_TEST(of_a_string)
{
    const struct reel_bytes b = reel_bytes_of("four");

    ck_assert_uint_eq(b.len, 4);
    ck_assert_uint_eq(b.data[3], 'r');
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, equal_octets);
    tcase_add_test(tcase, order_is_that_of_octets);
    tcase_add_test(tcase, zeros_are_found);
    tcase_add_test(tcase, of_a_string);
}

int
main(void)
{
    return suite_run("bytes", add_tests);
}
