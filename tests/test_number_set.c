/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of numbers: whatever the order, what was added is in, and nothing
   else. */
#include <stdlib.h>
#include <string.h>

#include "reel/number_set.h"
#include "suite.h"

#define NUMBERS 64U
#define MANY (3U * 8192)

static void
add(struct reel_number_set *s, uint64_t number)
{
    ck_assert_int_eq(reel_number_set_add(s, number, NULL), REEL_OK);
}

static size_t
range_count(const struct reel_number_set *s)
{
    size_t sum = 0;

    for (size_t i = 0; i < s->count; i++)
        sum += s->pages[i]->count;
    return sum;
}

static void
check_order(const struct reel_number_set *s)
{
    uint64_t behind = 0;

    for (size_t i = 0; i < s->count; i++) {
        const struct reel_number_page *const p = s->pages[i];

        ck_assert_uint_ge(p->count, 1);
        ck_assert_uint_le(p->count, REEL_NUMBER_PAGE_RANGES);
        for (size_t r = 0; r < p->count; r++) {
            ck_assert_uint_lt(p->ranges[r].from, p->ranges[r].to);
            ck_assert_uint_ge(p->ranges[r].from, behind + (r > 0));
            behind = p->ranges[r].to;
        }
    }
}

START_TEST(any_order_gives_the_same)
{
    static const unsigned int steps[] = {1, 3, 5, 7, 63};
    struct reel_number_set s          = {0};
    bool in[NUMBERS + 2]              = {false};
    unsigned int n;
    unsigned int i;

    for (n = 0; n < NUMBERS; n++) {
        const unsigned int number = 1 + n * steps[_i] % NUMBERS;

        add(&s, number);
        in[number] = true;
        for (i = 0; i < NUMBERS + 2; i++)
            ck_assert_int_eq(reel_number_set_has(&s, i), in[i]);
        check_order(&s);
    }
    ck_assert_uint_eq(range_count(&s), 1);
    ck_assert_uint_eq(s.pages[0]->ranges[0].from, 1);
    ck_assert_uint_eq(s.pages[0]->ranges[0].to, NUMBERS + 1);
    reel_number_set_fini(&s);
}
END_TEST

START_TEST(twice_is_once)
{
    struct reel_number_set s = {0};

    add(&s, 7);
    add(&s, 7);
    add(&s, 5);
    ck_assert_uint_eq(range_count(&s), 2);
    ck_assert(!reel_number_set_has(&s, 6));
    add(&s, 6);
    ck_assert_uint_eq(range_count(&s), 1);
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

/* The lowest one in it from `from` on, one by one. */
static uint64_t
plain_from(const bool *in, uint64_t from)
{
    while (from < MANY && !in[from])
        from++;
    return from < MANY ? from : UINT64_MAX;
}

/* Every third number, up, down and in leaps, so that there are many pages; then
   the rest. */
START_TEST(many_pages_are_one_set)
{
    static const uint64_t steps[] = {1, MANY / 3 - 1, 4099};
    struct reel_number_set s      = {0};
    bool *const in                = calloc(MANY, sizeof(*in));

    for (uint64_t third = 0; third < 3; third++)
        for (uint64_t n = 0; n < MANY / 3; n++) {
            const uint64_t number = third + n * steps[_i] % (MANY / 3) * 3;

            add(&s, number);
            in[number] = true;
            ck_assert_uint_eq(reel_number_set_from(&s, n), plain_from(in, n));
        }
    check_order(&s);
    ck_assert_uint_le(range_count(&s), s.count);
    ck_assert_uint_ge(s.count, MANY / 3 / REEL_NUMBER_PAGE_RANGES);
    ck_assert_uint_eq(reel_number_set_from(&s, MANY), UINT64_MAX);
    reel_number_set_fini(&s);
    free(in);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_loop_test(t, any_order_gives_the_same, 0, 5);
    tcase_add_test(t, twice_is_once);
    tcase_add_test(t, the_next_one_is_found);
    tcase_add_loop_test(t, many_pages_are_one_set, 0, 3);
}

int
main(void)
{
    return suite_run("number_set", add_tests);
}
