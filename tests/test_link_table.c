/* SPDX-License-Identifier: Apache-2.0 */
/* The table of open hard links forgets what is complete, and nothing else. */
#include <string.h>

#include "reel/alloc.h"
#include "reel/link_table.h"
#include "suite.h"

#define FILES 5000U

static struct reel_place
place_of(uint64_t number)
{
    struct reel_place p;

    memset(&p, 0, sizeof(p));
    p.volume   = 1;
    p.sequence = number * 3;
    return p;
}

START_TEST(each_name_finds_its_place_and_the_last_one_frees_it)
{
    struct reel_link_table t;
    struct reel_place p;
    uint64_t n;
    uint32_t name;

    reel_link_table_init(&t);
    ck_assert(!reel_link_table_meet(&t, 1, &p));
    for (n = 1; n <= FILES; n++) {
        const struct reel_place at = place_of(n);

        ck_assert_int_eq(
            reel_link_table_add(&t, n, 1 + (uint32_t)(n % 4), &at, NULL),
            REEL_OK);
    }
    ck_assert_uint_eq(t.used, FILES - FILES / 4);
    for (name = 1; name < 4; name++)
        for (n = 1; n <= FILES; n++) {
            const struct reel_place at = place_of(n);
            const bool is              = n % 4 >= name;

            ck_assert_int_eq(reel_link_table_meet(&t, n, &p), is);
            ck_assert_uint_eq(p.volume, is ? 1 : 0);
            if (is)
                ck_assert(reel_place_equal(&p, &at));
        }
    ck_assert_uint_eq(t.used, 0);
    reel_link_table_fini(&t);
}
END_TEST

/* Link count 0: nobody knows how many names there are. */
START_TEST(what_is_not_known_is_never_forgotten)
{
    const struct reel_place at = place_of(7);
    struct reel_link_table t;
    struct reel_place p;
    int name;

    reel_link_table_init(&t);
    ck_assert_int_eq(reel_link_table_add(&t, 7, 0, &at, NULL), REEL_OK);
    for (name = 0; name < 10; name++) {
        ck_assert(reel_link_table_meet(&t, 7, &p));
        ck_assert(reel_place_equal(&p, &at));
    }
    reel_link_table_fini(&t);
}
END_TEST

START_TEST(memory_goes_by_what_is_open)
{
    struct reel_link_table t;
    struct reel_place p = place_of(1);
    uint64_t n;

    reel_link_table_init(&t);
    for (n = 1; n <= 200000; n++) {
        ck_assert_int_eq(reel_link_table_add(&t, n, 2, &p, NULL), REEL_OK);
        if (n > 10)
            ck_assert(reel_link_table_meet(&t, n - 10, &p));
    }
    ck_assert_uint_eq(t.used, 10);
    ck_assert_uint_le(t.capacity, 64);
    reel_link_table_fini(&t);
}
END_TEST

START_TEST(no_memory_is_said_and_changes_nothing)
{
    const struct reel_place p = place_of(1);
    struct reel_link_table t;
    struct reel_err err;

    reel_link_table_init(&t);
    reel_alloc_fail_at(1, 1);
    ck_assert_int_eq(reel_link_table_add(&t, 1, 2, &p, &err), REEL_E_MEMORY);
    ck_assert_int_eq(err.status, REEL_E_MEMORY);
    reel_alloc_fail_at(0, 0);
    ck_assert_uint_eq(t.used, 0);
    ck_assert_int_eq(reel_link_table_add(&t, 1, 2, &p, &err), REEL_OK);
    reel_link_table_fini(&t);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_test(t, each_name_finds_its_place_and_the_last_one_frees_it);
    tcase_add_test(t, what_is_not_known_is_never_forgotten);
    tcase_add_test(t, memory_goes_by_what_is_open);
    tcase_add_test(t, no_memory_is_said_and_changes_nothing);
}

int
main(void)
{
    return suite_run("link_table", add_tests);
}
