/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of numbers: whatever the order, what was added is in, and nothing
   else. */
#include <string.h>

#include "number_set.h"
#include "suite.h"

#define NUMBERS 64U

static void
add(struct reel_number_set *s, uint64_t number)
{
    ck_assert_int_eq(reel_number_set_add(s, number, NULL), REEL_OK);
}

START_TEST(any_order_gives_the_same)
{
    static const unsigned int steps[] = {1, 3, 5, 7, 63};
    struct reel_number_set s          = {0};
    bool in[NUMBERS + 2]              = {false};
    unsigned int n;
    unsigned int i;
    size_t r;

    for (n = 0; n < NUMBERS; n++) {
        const unsigned int number = 1 + n * steps[_i] % NUMBERS;

        add(&s, number);
        in[number] = true;
        for (i = 0; i < NUMBERS + 2; i++)
            ck_assert_int_eq(reel_number_set_has(&s, i), in[i]);
        for (r = 1; r < s.count; r++)
            ck_assert_uint_lt(s.ranges[r - 1].to, s.ranges[r].from);
    }
    ck_assert_uint_eq(s.count, 1);
    ck_assert_uint_eq(s.ranges[0].from, 1);
    ck_assert_uint_eq(s.ranges[0].to, NUMBERS + 1);
    reel_number_set_fini(&s);
}
END_TEST

START_TEST(twice_is_once)
{
    struct reel_number_set s = {0};

    add(&s, 7);
    add(&s, 7);
    add(&s, 5);
    ck_assert_uint_eq(s.count, 2);
    ck_assert(!reel_number_set_has(&s, 6));
    add(&s, 6);
    ck_assert_uint_eq(s.count, 1);
    reel_number_set_fini(&s);
    ck_assert(!reel_number_set_has(&s, 6));
}
END_TEST

START_TEST(the_next_one_is_found)
{
    struct reel_number_set s = {0};

    ck_assert_uint_eq(reel_number_set_from(&s, 0), UINT64_MAX);
    ck_assert(!reel_number_set_has(&s, UINT64_MAX));
    add(&s, 5);
    add(&s, 6);
    add(&s, UINT32_MAX);
    ck_assert_uint_eq(reel_number_set_from(&s, 0), 5);
    ck_assert_uint_eq(reel_number_set_from(&s, 5), 5);
    ck_assert_uint_eq(reel_number_set_from(&s, 6), 6);
    ck_assert_uint_eq(reel_number_set_from(&s, 7), UINT32_MAX);
    ck_assert_uint_eq(reel_number_set_from(&s, UINT64_C(1) << 32), UINT64_MAX);
    ck_assert(!reel_number_set_has(&s, UINT64_MAX));
    reel_number_set_fini(&s);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_loop_test(t, any_order_gives_the_same, 0, 5);
    tcase_add_test(t, twice_is_once);
    tcase_add_test(t, the_next_one_is_found);
}

int
main(void)
{
    return suite_run("number_set", add_tests);
}
