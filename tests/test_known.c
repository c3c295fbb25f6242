/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs that are known beforehand (spec 3.3, B-18): whatever the order they come
 * in, a block is superseded by them or not as the text says; and only a few of
 * them are not in order, so that to ask costs little.
 */
#include "suite.h"

#include "reel/known.h"

#define RUNS (4 * REEL_KNOWN_LOOSE_MAX)
#define ARCHIVES 3U
#define STARTS 997U

static struct reel_known known;
static struct reel_known_run all[RUNS];
static size_t count;

static void
teardown(void)
{
    reel_known_fini(&known);
}

static void
setup(void)
{
    count = 0;
}

static void
add(uint32_t archive, uint32_t run, uint64_t start)
{
    const struct reel_known_run r = {archive, run, start};

    ck_assert_uint_lt(count, RUNS);
    all[count++] = r;
    ck_assert_int_eq(reel_known_add_run(&known, &r, NULL), REEL_OK);
}

/* B-18, word by word. */
static bool
superseded(const struct reel_block_header *h)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].archive == h->archive && all[i].run > h->run &&
            h->sequence >= all[i].start)
            return true;
    return false;
}

static void
check_blocks(uint32_t runs_max)
{
    for (uint32_t n = 0; n < 3000; n++) {
        const struct reel_block_header h = {.archive  = n % (ARCHIVES + 1),
                                            .run      = n * 31 % (runs_max + 2),
                                            .sequence = n * 17 % (STARTS + 2)};

        ck_assert_int_eq(reel_known_superseded(&known, &h), superseded(&h));
    }
}

static void
check_order(void)
{
    ck_assert_uint_le(known.run_count - known.ordered, REEL_KNOWN_LOOSE_MAX);
    for (size_t i = 1; i < known.ordered; i++) {
        const struct reel_known_run *const a = &known.runs[i - 1];
        const struct reel_known_run *const b = &known.runs[i];

        ck_assert_uint_le(a->archive, b->archive);
        if (a->archive != b->archive)
            continue;
        ck_assert_uint_lt(a->run, b->run);
        ck_assert_uint_lt(a->start, b->start);
    }
}

/* Up, down, and as it comes; each archive by itself. */
START_TEST(any_order_says_the_same)
{
    static const uint32_t steps[] = {1, RUNS - 1, 1237};

    for (uint32_t n = 0; n < RUNS; n++) {
        const uint32_t at = n * steps[_i] % RUNS;

        add(at % ARCHIVES, 1 + at / ARCHIVES,
            _i == 2 ? (uint64_t)at * at % STARTS : at / ARCHIVES);
        if (n % REEL_KNOWN_LOOSE_MAX == 100)
            check_blocks(RUNS / ARCHIVES);
    }
    check_blocks(RUNS / ARCHIVES);
    check_order();
}
END_TEST

START_TEST(the_highest_run_is_superseded_by_none)
{
    struct reel_block_header h = {
        .archive = 1, .run = UINT32_MAX, .sequence = UINT64_MAX};

    add(1, UINT32_MAX, 5);
    add(1, 7, 0);
    ck_assert(!reel_known_superseded(&known, &h));
    h.run--;
    ck_assert(reel_known_superseded(&known, &h));
    h.sequence = 4;
    ck_assert(!reel_known_superseded(&known, &h));
    h.run = 6;
    ck_assert(reel_known_superseded(&known, &h));
}
END_TEST

/* Whatever says no more than what is known is not kept. */
START_TEST(what_is_known_is_not_kept_again)
{
    add(1, 3, 10);
    add(1, 3, 10);
    add(1, 2, 10);
    add(1, 3, 11);
    ck_assert_uint_eq(known.run_count, 1);
    add(1, 3, 9);
    add(2, 2, 10);
    ck_assert_uint_eq(known.run_count, 3);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, any_order_says_the_same, 0, 3);
    tcase_add_test(t, the_highest_run_is_superseded_by_none);
    tcase_add_test(t, what_is_known_is_not_kept_again);
}

int
main(void)
{
    return suite_run("known", add_tests);
}
