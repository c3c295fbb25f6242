/* SPDX-License-Identifier: Apache-2.0 */
/* What is known by number. */
#include "reel/number_map.h"

#include "reel/alloc.h"
#include "suite.h"

#define NUMBERS 5000U

static struct reel_number_map map;

static uint64_t
number_of(uint64_t n)
{
    return 1 + n * n * 7919;
}

START_TEST(each_number_keeps_what_it_was_given_last)
{
    uint64_t n;

    ck_assert_uint_eq(reel_number_map_get(&map, 1), 0);
    for (n = 0; n < NUMBERS; n++)
        ck_assert_int_eq(reel_number_map_set(&map, number_of(n), n + 1, NULL),
                         REEL_OK);
    for (n = 0; n < NUMBERS; n += 2)
        ck_assert_int_eq(reel_number_map_set(&map, number_of(n), n + 2, NULL),
                         REEL_OK);
    ck_assert_uint_eq(map.used, NUMBERS);
    for (n = 0; n < NUMBERS; n++) {
        ck_assert_uint_eq(reel_number_map_get(&map, number_of(n)),
                          n % 2 == 0 ? n + 2 : n + 1);
        ck_assert_uint_eq(reel_number_map_get(&map, number_of(n) + 1), 0);
    }
    reel_number_map_fini(&map);
    ck_assert_uint_eq(reel_number_map_get(&map, 1), 0);
}
END_TEST

/* A tape can state it, where it means nothing. */
START_TEST(number_0_is_not_kept)
{
    ck_assert_int_eq(reel_number_map_set(&map, 0, 5, NULL), REEL_OK);
    ck_assert_uint_eq(reel_number_map_get(&map, 0), 0);
    ck_assert_int_eq(reel_number_map_set(&map, 1, 5, NULL), REEL_OK);
    ck_assert_int_eq(reel_number_map_set(&map, 0, 6, NULL), REEL_OK);
    ck_assert_uint_eq(reel_number_map_get(&map, 0), 0);
    ck_assert_uint_eq(reel_number_map_get(&map, 1), 5);
    ck_assert_uint_eq(map.used, 1);
    reel_number_map_fini(&map);
}
END_TEST

START_TEST(without_memory_what_is_kept_stays)
{
    enum reel_status status = REEL_OK;
    uint64_t n;

    ck_assert_int_eq(reel_number_map_set(&map, 1, 1, NULL), REEL_OK);
    reel_alloc_fail_at(1, 0);
    for (n = 2; n < NUMBERS && status == REEL_OK; n++)
        status = reel_number_map_set(&map, n, n, NULL);
    reel_alloc_fail_at(0, 0);
    ck_assert_int_eq(status, REEL_E_MEMORY);
    ck_assert_uint_eq(reel_number_map_get(&map, 1), 1);
    ck_assert_uint_eq(reel_number_map_get(&map, n - 1), 0);
    reel_number_map_fini(&map);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_test(t, each_number_keeps_what_it_was_given_last);
    tcase_add_test(t, number_0_is_not_kept);
    tcase_add_test(t, without_memory_what_is_kept_stays);
}

int
main(void)
{
    return suite_run("number_map", add_tests);
}
