/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3, CHECKPOINT; tests of format/checkpoint.c. */
#include "reel/checkpoint.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {0, 4, 0, REEL_E_INVALID, "A-7", "number", 0},
    {0, 4, 0x01020305, REEL_E_INVALID, "A-7", "number", 0},
    {80, 4, 0x01020304, REEL_E_INVALID, "A-7", "previous number", 0},
    {80, 4, 0, REEL_E_INVALID, "A-7", "previous number", 0},
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("CHECKPOINT", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("CHECKPOINT");
    specimen_check_room("CHECKPOINT");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("CHECKPOINT", REEL_E_INVALID, "R-6");
}
END_TEST

START_TEST(first_one_has_none_before_it)
{
    struct reel_checkpoint k = {.number = 1};
    uint8_t buf[256];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_err err;

    ck_assert_int_eq(reel_checkpoint_encode(&k, &b, &err), REEL_OK);
    k.previous.address = 1;
    ck_assert_int_eq(reel_checkpoint_encode(&k, &b, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "A-7");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, first_one_has_none_before_it);
}

int
main(void)
{
    return suite_run("checkpoint", add_tests);
}
