/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.3, OBJECT END; tests of format/object_end.c. */
#include "reel/object_end.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {12, 4, 4, REEL_E_INVALID, "O-15", "flags", 0},
    {8, 4, 0, REEL_E_INVALID, "O-14", "xattrs", 0}, /* with a digest */
    {24, 4, 5459, REEL_E_INVALID, "R-6", NULL,
     0}, /* more than a record holds */
    {64 + 4, 4, 0, REEL_E_INVALID, "O-17", NULL, 0},
    {64 + 4, 4, 3, REEL_E_INVALID, "O-17", NULL, 0},
    {64 + 28, 4, 3, REEL_E_INVALID, "O-17", NULL, 0},
    {64 + 16, 8, 0, REEL_E_INVALID, "O-16", NULL, 0}, /* empty */
    {64 + 16, 8, 3, REEL_E_INVALID, "O-16", NULL, 0}, /* overlaps the next */
    {64 + 16, 8, UINT64_C(1) << 63, REEL_E_INVALID, "O-16", NULL, 0},
    {64 + 8, 8, UINT64_MAX, REEL_E_INVALID, "O-16", NULL, 0},
    {64 + 32, 8, 10, REEL_E_INVALID, "O-16", NULL,
     0}, /* begins inside the one before */
    {64 + 48, 4, 2, REEL_E_INVALID, "O-16", NULL,
     0}, /* an ordinal that descends */
    {0, 0, 48, REEL_E_LIMIT, "R-3", "bad ranges",
     0}, /* not as many as it counts */
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("OBJECT END", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("OBJECT END");
    specimen_check_room("OBJECT END");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("OBJECT END", REEL_E_INVALID, "R-6");
}
END_TEST

START_TEST(bad_ranges_are_handed_out)
{
    const struct reel_object_end *const e = specimen_find("OBJECT END")->sample;
    uint8_t buf[3 * REEL_BAD_RANGE_BYTES];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));

    for (uint32_t i = 0; i < e->bad_ranges; i++) {
        const struct reel_bad_range r = reel_object_end_bad_range(e, i);

        reel_bad_range_put(&r, &b);
        if (i == 1) {
            ck_assert_uint_eq(r.ordinal, 3);
            ck_assert_uint_eq(r.reason, REEL_BAD_CUT);
            ck_assert_uint_eq(r.offset, 11);
            ck_assert_uint_eq(r.len, 1);
        }
    }
    ck_assert_uint_eq(b.len, e->bad_range_bytes.len);
    ck_assert_mem_eq(buf, e->bad_range_bytes.data, b.len);
}
END_TEST

START_TEST(as_many_ranges_as_a_record_holds)
{
    static uint8_t ranges[(REEL_BAD_RANGES_MAX + 1) * REEL_BAD_RANGE_BYTES];
    static uint8_t buf[REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX];
    struct reel_builder r    = reel_builder_init(ranges, sizeof(ranges));
    struct reel_object_end e = {.bad_ranges = REEL_BAD_RANGES_MAX};
    struct reel_builder b    = reel_builder_init(buf, sizeof(buf));
    struct reel_err err;

    for (uint32_t i = 0; i <= REEL_BAD_RANGES_MAX; i++) {
        const struct reel_bad_range range = {0, REEL_BAD_CUT, i, 1};

        reel_bad_range_put(&range, &r);
    }
    e.bad_range_bytes.data = ranges;
    e.bad_range_bytes.len  = sizeof(ranges) - REEL_BAD_RANGE_BYTES;
    ck_assert_int_eq(reel_object_end_encode(&e, 1, &b, &err), REEL_OK);
    e.bad_ranges++;
    e.bad_range_bytes.len += REEL_BAD_RANGE_BYTES;
    b = reel_builder_init(buf, sizeof(buf));
    ck_assert_int_eq(reel_object_end_encode(&e, 1, &b, &err), REEL_E_LIMIT);
    ck_assert_str_eq(err.rule, "R-3");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, bad_ranges_are_handed_out);
    tcase_add_test(tcase, as_many_ranges_as_a_record_holds);
}

int
main(void)
{
    return suite_run("object_end", add_tests);
}
