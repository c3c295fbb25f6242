/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.4, CONTINUED; tests of format/continued.c. */
#include "reel/continued.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {0, 1, 0, REEL_E_INVALID, "O-1", "kind", 0},
    {0, 1, 9, REEL_E_INVALID, "O-1", "kind", 0},
    {1, 1, 0, REEL_E_INVALID, "O-2", "encoding", 0},
    {1, 1, 3, REEL_E_INVALID, "O-2", "encoding", 0},
    {0, 0, 65536, REEL_E_INVALID, "N-1", "path", 'x'},
    {24, 1, '/', REEL_E_INVALID, "N-2", NULL, 0},
    {27, 1, 0, REEL_E_INVALID, "N-2", NULL, 0},
    {4, 4, UINT32_MAX, REEL_E_INVALID, "O-21", "group ordinal",
     0}, /* no group, but a stream */
    {8, 4, UINT32_MAX, REEL_E_INVALID, "O-21", "stream ordinal",
     0}, /* no stream, but its header */
    {8, 4, 0x01020304, REEL_E_INVALID, "O-21", "stream ordinal",
     0}, /* the first of the group has no second header */
    {0, 0, 65536, REEL_E_LIMIT, "R-3", "group header", 'x'},
    {0, 0, 65536, REEL_E_LIMIT, "R-3", "stream header", 'x'},
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("CONTINUED", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("CONTINUED");
    specimen_check_room("CONTINUED");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("CONTINUED", REEL_E_INVALID, "R-6");
}
END_TEST

static enum reel_status
encode(const struct reel_continued *k, struct reel_err *err)
{
    uint8_t buf[256];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));

    return reel_continued_encode(k, 1, &b, err);
}

START_TEST(what_is_closed_is_empty)
{
    struct reel_continued k = {.kind           = 1,
                               .encoding       = REEL_ENCODING_UTF16,
                               .group_ordinal  = REEL_NONE32,
                               .stream_ordinal = REEL_NONE32,
                               .path           = {(const uint8_t *)"f", 2}};
    struct reel_err err;

    ck_assert_int_eq(encode(&k, &err), REEL_OK);
    k.stream_offset = 1;
    ck_assert_int_eq(encode(&k, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "O-21");
    k.stream_offset = 0;
    k.group_header  = reel_bytes_of("header");
    ck_assert_int_eq(encode(&k, &err), REEL_E_INVALID);
    k.group_ordinal = 2;
    ck_assert_int_eq(encode(&k, &err), REEL_OK);
    k.path.len = 1;
    ck_assert_int_eq(encode(&k, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "N-3");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, what_is_closed_is_empty);
}

int
main(void)
{
    return suite_run("continued", add_tests);
}
