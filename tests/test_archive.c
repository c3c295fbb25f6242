/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.2, ARCHIVE; tests of format/archive.c. */
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {0, 2, 2, REEL_E_INVALID, "R-14", "edition", 0},
    {2, 1, 0, REEL_E_INVALID, "R-15", "source", 0},
    {2, 1, 4, REEL_E_INVALID, "R-15", "source", 0},
    {3, 1, 2, REEL_E_INVALID, "G-4", "compression", 0},
    {4, 4, 262143, REEL_E_INVALID, "G-7", "segment limit", 0},
    {4, 4, 16777217, REEL_E_INVALID, "G-7", "segment limit", 0},
    {16, 4, 1000000000, REEL_E_INVALID, "C-4", "created ns", 0},
    {28, 4, 0x21222324, REEL_E_INVALID, "R-17", "previous archive",
     0}, /* itself */
    {28, 4, 0, REEL_E_INVALID, "R-17", "previous archive",
     0}, /* none, with a place */
    {60, 2, 65, REEL_E_INVALID, "R-18", "name", 'x'},
    {62, 2, 65, REEL_E_INVALID, "R-18", "host", 'x'},
    {64, 2, 256, REEL_E_INVALID, "R-18", "system", 'x'},
    {66, 2, 65, REEL_E_INVALID, "R-18", "software", 'x'},
    {68, 2, 4097, REEL_E_INVALID, "R-18", "options", 'x'},
    {0, 0, 65536, REEL_E_INVALID, "R-18", "base",
     'x'}, /* its length field cannot say it */
    {72, 1, 0, REEL_E_INVALID, "R-19", "base encoding", 0},
    {72, 1, 3, REEL_E_INVALID, "R-19", "base encoding", 0},
    {80, 1, 0, REEL_E_INVALID, "C-5", NULL, 0},     /* name */
    {90, 1, 0, REEL_E_INVALID, "C-5", NULL, 0},     /* host */
    {97, 1, 0x7F, REEL_E_INVALID, "C-5", NULL, 0},  /* system */
    {105, 1, 0xC0, REEL_E_INVALID, "C-5", NULL, 0}, /* software */
    {111, 1, 0x80, REEL_E_INVALID, "C-5", NULL, 0}, /* options */
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("ARCHIVE", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("ARCHIVE");
    specimen_check_room("ARCHIVE");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("ARCHIVE", REEL_E_INVALID, "R-6");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
}

int
main(void)
{
    return suite_run("archive", add_tests);
}
