/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scenarios that only a drive has: how somebody left it, what it adds to
 * blocks, what it tells of itself. In the lab only.
 */
#include "scenario.h"

#include <string.h>

#include "reel/drive.h"
#include "reel/medium_tap.h"
#include "rig_st.h"

/* Fixed blocks of 512 octets are what the last user wanted. */
START_TEST(fixed_blocks_were_left)
{
    struct session s = {.tapes = {1}};

    (void)rig_st_tell("fixed 512\n");
    write_one(&s);
    (void)rig_st_tell("fixed 1024\n");
    check_set(&s, "out", 1);
}
END_TEST

/* The drive adds four octets to each block: nothing is lost by that, and what
   is told is about label and leader, which nothing else proves. */
START_TEST(logical_block_protection)
{
    struct session s = {.tapes = {1}};

    write_one(&s);
    (void)rig_st_tell("octets 1\n");
    ck_assert_int_eq(session_restore(&s, NULL, "out"), REEL_OK);
    ck_assert_uint_gt(tree_count("out", 1), 0);
    (void)rig_st_tell("octets 0\n");
    check_archive(&s, "again", 1);
}
END_TEST

START_TEST(encrypted_without_key)
{
    struct session s = {.tapes = {1}};

    write_one(&s);
    (void)rig_st_tell("encrypted 1\n");
    ck_assert_int_eq(session_restore(&s, NULL, "out"), REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(s.err.text, "encrypted"));
    ck_assert_uint_eq(tree_count("out", 1), 0);
    (void)rig_st_tell("encrypted 0\n"); /* it was given the key */
    check_archive(&s, "again", 1);
}
END_TEST

START_TEST(a_tape_that_is_loading)
{
    struct session s = {.tapes = {1}};

    write_one(&s);
    (void)rig_st_tell("loading 4\n");
    check_archive(&s, "out", 1);
}
END_TEST

/* The drive does not let go of a bad block: it is passed over all the same. */
START_TEST(stuck_before_a_bad_block)
{
    struct session s = {.tapes = {1}};

    write_one(&s);
    (void)rig_st_tell("spoil 1 30 2\n"); /* in "big" */
    OK(&s, session_restore(&s, NULL, "out"));
    ck_assert_uint_ge(s.restored.lost, 1);
    ck_assert_int_ne(tree_compare("out", "big", 1), TREE_SAME);
    ck_assert_int_eq(tree_compare("out", "m/large", 1), TREE_SAME);
    ck_assert_int_eq(tree_compare("out", "z/last", 1), TREE_SAME);
    (void)tree_count("out", 1);
}
END_TEST

START_TEST(no_tape_in_the_drive)
{
    const struct reel_medium_open_opts opts = {.load_wait_seconds = 1};
    struct session s                        = {.tapes = {1}};
    struct reel_medium *m                   = NULL;
    struct reel_err err;

    write_one(&s);
    (void)rig_st_tell("eject\n");
    ck_assert_int_eq(
        reel_medium_open_with(&m, "/dev/nst0", REEL_MEDIUM_READ, &opts, &err),
        REEL_E_MEDIUM);
    ck_assert_ptr_null(m);
    ck_assert_ptr_nonnull(strstr(err.text, "no tape"));
    check_archive(&s, "out", 1);
}
END_TEST

START_TEST(facts_of_drive_and_cartridge)
{
    struct session s = {.tapes = {1}};
    struct reel_drive_facts f;
    struct reel_medium *m;
    struct reel_err err;

    (void)rig_st_tell("blank 1 67108864\n");
    OK(&s, session_write(&s));
    (void)rig_st_tell("protect 1 1\n");
    (void)rig_st_tell("alert 20 1\n"); /* clean now */
    ck_assert_int_eq(rig_open(&m, 1, REEL_MEDIUM_READ, &err), REEL_OK);
    ck_assert(reel_medium_info(m)->drive);
    ck_assert(reel_medium_info(m)->write_protected);
    ck_assert_int_eq(reel_medium_drive_facts(m, &f, &err), REEL_OK);
    ck_assert_int_eq(reel_medium_close(m, &err), REEL_OK);
    (void)rig_st_tell("alert 20 0\n");
    ck_assert(f.online && f.write_protected && f.has_scsi);
    ck_assert_str_eq(f.vendor, "REEL");
    ck_assert_str_eq(f.product, "EMULATED TAPE");
    ck_assert_str_eq(f.serial, "DRIVE00001");
    ck_assert(f.has_alerts);
    ck_assert_uint_eq(f.alerts, (uint64_t)1 << 19);
    ck_assert(f.cartridge.has);
    ck_assert_str_eq(f.cartridge.serial, "VOLUME0001");
    ck_assert_str_eq(f.cartridge.barcode, "TAPE01L8");
    ck_assert(f.cartridge.has_loads);
    ck_assert_uint_eq(f.cartridge.loads, 2);
    ck_assert(f.capacity.has);
    ck_assert_uint_eq(f.capacity.whole_mib, 64);
    ck_assert(f.writing.has && f.reading.has);
    ck_assert_uint_eq(f.writing.uncorrected, 0);
}
END_TEST

START_TEST(compression_is_switched_off)
{
    const struct reel_medium_open_opts opts = {.compression =
                                                   REEL_DRIVE_COMPRESSION_OFF};
    struct reel_drive_facts f;
    struct reel_medium *m;
    struct reel_err err;

    rig_blank(1, NULL);
    ck_assert_int_eq(rig_open(&m, 1, REEL_MEDIUM_WRITE, &err), REEL_OK);
    ck_assert_int_eq(reel_medium_drive_facts(m, &f, &err), REEL_OK);
    ck_assert_int_eq(reel_medium_close(m, &err), REEL_OK);
    ck_assert(f.has_compression && f.compression);
    ck_assert_int_eq(
        reel_medium_open_with(&m, "/dev/nst0", REEL_MEDIUM_WRITE, &opts, &err),
        REEL_OK);
    ck_assert_int_eq(reel_medium_drive_facts(m, &f, &err), REEL_OK);
    ck_assert_int_eq(reel_medium_close(m, &err), REEL_OK);
    ck_assert(f.has_compression && !f.compression);
}
END_TEST

void
rig_scenarios_add(Suite *suite)
{
    scenario_add(suite, fixed_blocks_were_left);
    scenario_add(suite, logical_block_protection);
    scenario_add(suite, encrypted_without_key);
    scenario_add(suite, a_tape_that_is_loading);
    scenario_add(suite, stuck_before_a_bad_block);
    scenario_add(suite, no_tape_in_the_drive);
    scenario_add(suite, compression_is_switched_off);
    scenario_add(suite, facts_of_drive_and_cartridge);
}
