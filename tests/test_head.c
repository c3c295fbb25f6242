/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.3 and 5.4, SOURCE, EARLIER VOLUME, EARLIER ARCHIVE; tests of
 * format/head.c. */
#include <string.h>

#include "reel/head.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault source_faults[] = {
    {0, 1, 0, REEL_E_INVALID, "R-20", "role", 0},
    {0, 1, 3, REEL_E_INVALID, "R-20", "role", 0},
    {1, 1, 0, REEL_E_INVALID, "R-20", "encoding", 0},
    {1, 1, 3, REEL_E_INVALID, "R-20", "encoding", 0},
    {0, 0, 0, REEL_E_INVALID, "R-20", "text", 0}, /* the empty one is below */
    {0, 0, 65536, REEL_E_INVALID, "R-20", "text", 'x'},
};

START_TEST(source_each_rule_is_kept)
{
    specimen_check_fault("SOURCE", &source_faults[_i]);
}
END_TEST

START_TEST(source_goes_round)
{
    specimen_check_round_trip("SOURCE");
    specimen_check_room("SOURCE");
}
END_TEST

START_TEST(source_other_lengths_are_refused)
{
    specimen_check_lengths("SOURCE", REEL_E_INVALID, "R-6");
}
END_TEST

static const struct specimen_fault volume_faults[] = {
    {0, 4, 0, REEL_E_INVALID, "R-21", "volume", 0},
};

START_TEST(volume_each_rule_is_kept)
{
    specimen_check_fault("EARLIER VOLUME", &volume_faults[_i]);
}
END_TEST

START_TEST(volume_goes_round)
{
    specimen_check_round_trip("EARLIER VOLUME");
    specimen_check_room("EARLIER VOLUME");
}
END_TEST

START_TEST(volume_other_lengths_are_refused)
{
    specimen_check_lengths("EARLIER VOLUME", REEL_E_INVALID, "R-6");
}
END_TEST

static const struct specimen_fault archive_faults[] = {
    {0, 4, 0, REEL_E_INVALID, "R-21", "archive", 0},
    {4, 4, 0, REEL_E_INVALID, "R-22", "state", 0}, /* with facts */
    {4, 4, 2, REEL_E_INVALID, "R-22", NULL, 0},
    {40, 4, 1000000000, REEL_E_INVALID, "C-4", "created ns", 0},
    {44, 2, 65, REEL_E_INVALID, "R-18", "name", 'x'},
    {96, 1, 9, REEL_E_INVALID, "C-5", NULL, 0},
};

START_TEST(archive_each_rule_is_kept)
{
    specimen_check_fault("EARLIER ARCHIVE", &archive_faults[_i]);
}
END_TEST

START_TEST(archive_goes_round)
{
    specimen_check_round_trip("EARLIER ARCHIVE");
    specimen_check_room("EARLIER ARCHIVE");
}
END_TEST

START_TEST(archive_other_lengths_are_refused)
{
    specimen_check_lengths("EARLIER ARCHIVE", REEL_E_INVALID, "R-6");
}
END_TEST

START_TEST(empty_source_is_refused)
{
    static const uint8_t empty[] = {1, 1, 0, 0};

    specimen_check_refused(specimen_find("SOURCE"), empty, sizeof(empty),
                           REEL_E_INVALID, "R-20");
}
END_TEST

/* offsets of one octet of each field of an incomplete archive. */
static const size_t facts[] = {8, 16, 24, 32, 40, 48, 56, 64, 95};

START_TEST(incomplete_archive_has_no_facts)
{
    const struct specimen *const s = specimen_find("EARLIER ARCHIVE");
    uint8_t payload[96]            = {5};
    struct reel_cursor c = reel_cursor_init(payload, sizeof(payload), NULL);
    struct reel_earlier_archive a;
    struct reel_err err;

    ck_assert_int_eq(reel_earlier_archive_decode(&a, &c, &err), REEL_OK);
    ck_assert_uint_eq(a.archive, 5);
    ck_assert(!a.complete);
    payload[facts[_i]] = 1;
    specimen_check_refused(s, payload, sizeof(payload), REEL_E_INVALID, "R-22");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, source_each_rule_is_kept, 0,
                        SUITE_COUNT(source_faults));
    tcase_add_test(tcase, source_goes_round);
    tcase_add_test(tcase, source_other_lengths_are_refused);
    tcase_add_loop_test(tcase, volume_each_rule_is_kept, 0,
                        SUITE_COUNT(volume_faults));
    tcase_add_test(tcase, volume_goes_round);
    tcase_add_test(tcase, volume_other_lengths_are_refused);
    tcase_add_loop_test(tcase, archive_each_rule_is_kept, 0,
                        SUITE_COUNT(archive_faults));
    tcase_add_test(tcase, archive_goes_round);
    tcase_add_test(tcase, archive_other_lengths_are_refused);
    tcase_add_test(tcase, empty_source_is_refused);
    tcase_add_loop_test(tcase, incomplete_archive_has_no_facts, 0,
                        SUITE_COUNT(facts));
}

int
main(void)
{
    return suite_run("head", add_tests);
}
