/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.4, VOLUME; tests of format/volume.c. */
#include "reel/volume.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {86, 2, 2, REEL_E_INVALID, "R-14", "edition", 0},
    {86, 2, 0, REEL_E_INVALID, "R-14", "edition", 0},
    {32, 4, 1000000000, REEL_E_INVALID, "C-4", "created ns", 0},
    {88, 2, 129, REEL_E_INVALID, "L-12", "set name", 'x'},
    {90, 2, 65, REEL_E_INVALID, "L-12", "software", 'x'},
    {96, 1, 0x1F, REEL_E_INVALID, "C-5", NULL, 0},      /* in the set name */
    {96 + 20, 1, 0xFF, REEL_E_INVALID, "C-5", NULL, 0}, /* in the software */
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("VOLUME", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("VOLUME");
    specimen_check_room("VOLUME");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("VOLUME", REEL_E_INVALID, "R-6");
}
END_TEST

START_TEST(block_must_agree)
{
    const struct reel_cursor at            = reel_cursor_init(NULL, 0, NULL);
    const struct reel_volume *const sample = specimen_find("VOLUME")->sample;
    struct reel_block_header h             = {.volume      = sample->volume,
                                              .block_bytes = sample->block_bytes};
    struct reel_err err;

    for (size_t i = 0; i < sizeof(h.set_id); i++)
        h.set_id[i] = sample->set_id[i];
    ck_assert_int_eq(reel_volume_check_block(sample, &h, &at, &err), REEL_OK);
    h.volume++;
    ck_assert_int_eq(reel_volume_check_block(sample, &h, &at, &err),
                     REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "L-10");
    h.volume--;
    h.block_bytes++;
    ck_assert_int_eq(reel_volume_check_block(sample, &h, &at, &err),
                     REEL_E_INVALID);
    h.block_bytes--;
    h.set_id[15] ^= 0x80;
    ck_assert_int_eq(reel_volume_check_block(sample, &h, &at, &err),
                     REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "L-10");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, block_must_agree);
}

int
main(void)
{
    return suite_run("volume", add_tests);
}
