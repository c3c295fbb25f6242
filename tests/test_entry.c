/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.1 and 9.2, PLACE and ENTRY; tests of format/entry.c. */
#include "reel/entry.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {0, 4, 3, REEL_E_INVALID, "A-3", "flags", 0},
    {0, 4, 4, REEL_E_INVALID, "A-3", "flags", 0},
    {0, 4, 0x80000000, REEL_E_INVALID, "A-3", "flags", 0},
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("ENTRY", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("ENTRY");
    specimen_check_room("ENTRY");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("ENTRY", REEL_E_INVALID, "R-6");
}
END_TEST

START_TEST(places_are_compared)
{
    const struct reel_place p = {1, 2, 3, 4, 5, 0};
    struct reel_place q[6]    = {p, p, p, p, p, p};

    q[0].zero = 9; /* has no meaning */
    ck_assert(reel_place_equal(&p, &q[0]));
    q[1].volume++;
    q[2].payload_offset++;
    q[3].sequence++;
    q[4].address++;
    q[5].record_offset++;
    for (size_t i = 1; i < 6; i++)
        ck_assert(!reel_place_equal(&p, &q[i]));
}
END_TEST

START_TEST(place_goes_round)
{
    const struct reel_place p = {1, UINT32_MAX, 3, UINT64_MAX, 5, 6};
    uint8_t buf[REEL_PLACE_BYTES];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_cursor c  = reel_cursor_init(buf, sizeof(buf), NULL);
    struct reel_place out;

    reel_place_put(&p, &b);
    ck_assert(b.ok);
    ck_assert_uint_eq(b.len, REEL_PLACE_BYTES);
    reel_place_get(&out, &c);
    ck_assert(reel_place_equal(&p, &out));
    ck_assert_uint_eq(out.zero, 6);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, places_are_compared);
    tcase_add_test(tcase, place_goes_round);
}

int
main(void)
{
    return suite_run("entry", add_tests);
}
