/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.2, XATTR; tests of format/xattr.c. */
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {8, 1, 0, REEL_E_INVALID, "O-11", NULL, 0},
    {16, 1, 0, REEL_E_INVALID, "O-11", NULL, 0}, /* its last octet */
    {0, 2, 256, REEL_E_INVALID, "O-11", "name", 'x'},
    {0, 0, 0, REEL_E_INVALID, "O-11", "name", 0},
    {0, 0, 131072 - 8 - 9 + 1, REEL_E_LIMIT, "R-3", "value", 'x'},
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("XATTR", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("XATTR");
    specimen_check_room("XATTR");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("XATTR", REEL_E_INVALID, "R-6");
}
END_TEST

START_TEST(empty_name_is_refused)
{
    static const uint8_t unnamed[] = {0, 0, 0, 0, 1, 0, 0, 0, 'v'};

    specimen_check_refused(specimen_find("XATTR"), unnamed, sizeof(unnamed),
                           REEL_E_INVALID, "O-11");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, empty_name_is_refused);
}

int
main(void)
{
    return suite_run("xattr", add_tests);
}
