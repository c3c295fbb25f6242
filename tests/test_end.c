/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.4, END; tests of format/end.c. */
#include "reel/end.h"
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
    {96, 4, 0x21222324, REEL_E_INVALID, "R-17", "previous archive", 0},
    {96, 4, 0, REEL_E_INVALID, "R-17", "previous archive",
     0}, /* none, with a place */
    {208, 2, 65, REEL_E_INVALID, "R-18", "name", 'x'},
    {210, 2, 65, REEL_E_INVALID, "R-18", "host", 'x'},
    {216, 1, 0x0A, REEL_E_INVALID, "C-5", NULL, 0}, /* name */
    {224, 1, 0xFE, REEL_E_INVALID, "C-5", NULL, 0}, /* host */
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("END", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("END");
    specimen_check_room("END");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("END", REEL_E_INVALID, "R-6");
}
END_TEST

/* DESIGN: END fits the smallest block, whatever it says. */
START_TEST(fits_the_smallest_block)
{
    struct reel_end e = *(const struct reel_end *)specimen_find("END")->sample;
    uint8_t text[REEL_HOST_BYTES_MAX];
    uint8_t buf[REEL_BLOCK_BYTES_MIN - REEL_BLOCK_HEADER_BYTES -
                REEL_SEGMENT_HEADER_BYTES];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_err err;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = 'x';
    e.name.data = e.host.data = text;
    e.name.len = e.host.len = sizeof(text);
    ck_assert_int_eq(reel_end_encode(&e, &b, &err), REEL_OK);
}
END_TEST

/* 9.4: valid whatever else it breaks; what could harm is left out. */
START_TEST(is_used_whatever_it_breaks)
{
    const struct reel_end *const sample = specimen_find("END")->sample;
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;
    const size_t len = specimen_encode(specimen_find("END"), buf, &payload);
    struct reel_cursor c;
    struct reel_end e;

    buf[payload + 2]   = 4;    /* */
    buf[payload + 99]  = 0xFF; /* previous archive */
    buf[payload + 216] = 0x0A; /* C-5: name */
    c                  = reel_cursor_init(buf + payload, len - payload, NULL);
    ck_assert_int_eq(reel_end_accept(&e, UINT32_MAX, &c, NULL), REEL_OK);
    ck_assert_uint_eq(e.source, 4);
    ck_assert_uint_eq(e.previous_archive, sample->archive - 1);
    ck_assert_uint_eq(e.name.len, 0);
    ck_assert_uint_eq(e.host.len, sample->host.len);
    ck_assert_uint_eq(e.objects, sample->objects);
    c = reel_cursor_init(buf + payload, len - payload, NULL);
    ck_assert_int_eq(reel_end_accept(&e, 3, &c, NULL), REEL_OK);
    ck_assert_uint_eq(e.previous_archive, 2); /* its block is of 3 */
    c = reel_cursor_init(buf + payload, len - payload - 1, NULL);
    ck_assert_int_eq(reel_end_accept(&e, 3, &c, NULL), REEL_E_INVALID);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, is_used_whatever_it_breaks);
    tcase_add_test(tcase, fits_the_smallest_block);
}

int
main(void)
{
    return suite_run("end", add_tests);
}
