/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.3, GROUP END; tests of format/group_end.c. */
#include <string.h>

#include "reel/group_end.h"
#include "reel/stream.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {16, 4, 3, REEL_E_INVALID, "S-10", "flags", 0},
    {4, 4, 0, REEL_E_INVALID, "S-10", "streams", 0},
    {20, 4, 32769, REEL_E_INVALID, "S-10", "name", 'x'},
    {40, 8, 0x4142434445464749, REEL_E_INVALID, "S-10", "allocated",
     0}, /* more than the content */
    {32, 8, UINT64_C(1) << 63, REEL_E_INVALID, "S-10", "content octets", 0},
    {8, 4, 3, REEL_E_INVALID, "S-10", "stream id",
     0}, /* content of a stream that has none */
    {16, 4, 0, REEL_E_INVALID, "S-12", "flags", 0}, /* the digest is wanted */
    {40, 8, 0x0042434445464748, REEL_E_INVALID, "S-12", "allocated",
     0}, /* holes too large for the digest */
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("GROUP END", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("GROUP END");
    specimen_check_room("GROUP END");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("GROUP END", REEL_E_INVALID, "R-6");
}
END_TEST

static enum reel_status
encode(const struct reel_group_end *g, struct reel_err *err)
{
    uint8_t buf[256];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));

    return reel_group_end_encode(g, 1, &b, err);
}

START_TEST(digest_is_wanted_by_the_size_of_holes)
{
    const uint64_t most = 65536;

    ck_assert(reel_group_digest_wanted(0, 0));
    ck_assert(reel_group_digest_wanted(most, 0));
    ck_assert(!reel_group_digest_wanted(most + 1, 0));
    ck_assert(reel_group_digest_wanted(2 * most + 2, most + 1));
    ck_assert(!reel_group_digest_wanted(2 * most + 3, most + 1));
    ck_assert(reel_group_digest_wanted(INT64_MAX, INT64_MAX));
}
END_TEST

START_TEST(absent_digest_is_zero)
{
    struct reel_group_end g = {.streams   = 1,
                               .stream_id = REEL_STREAM_SECURITY_DATA};
    struct reel_err err;

    ck_assert_int_eq(encode(&g, &err), REEL_OK);
    g.content_digest[31] = 1;
    ck_assert_int_eq(encode(&g, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-12");
    g.content_digest[31] = 0;
    g.flags              = REEL_GROUP_HAS_CONTENT_DIGEST;
    ck_assert_int_eq(encode(&g, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-12");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, digest_is_wanted_by_the_size_of_holes);
    tcase_add_test(tcase, absent_digest_is_zero);
}

int
main(void)
{
    return suite_run("group_end", add_tests);
}
