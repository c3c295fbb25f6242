/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.1 and 7.2, stream header, STREAM, DATA; tests of format/stream.c. */
#include "reel/stream.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault header_faults[] = {
    {8, 8, UINT64_C(1) << 63, REEL_E_INVALID, "S-1", NULL, 0},
    {16, 4, 32769, REEL_E_INVALID, "S-2", NULL, 0},
    {16, 4, UINT32_MAX, REEL_E_INVALID, "S-2", NULL, 0},
    {16, 4, 9, REEL_E_TRUNCATED, "S-5", NULL, 0},
};

START_TEST(header_each_rule_is_kept)
{
    specimen_check_fault("The stream header (WIN32_STREAM_ID)",
                         &header_faults[_i]);
}
END_TEST

START_TEST(header_goes_round)
{
    specimen_check_round_trip("The stream header (WIN32_STREAM_ID)");
    specimen_check_room("The stream header (WIN32_STREAM_ID)");
}
END_TEST

static const struct specimen_fault stream_faults[] = {
    {4 + 8, 8, UINT64_C(1) << 63, REEL_E_INVALID, "S-1", NULL, 0},
    {4 + 16, 4, 32769, REEL_E_INVALID, "S-2", NULL, 0},
    {4 + 16, 4, 7, REEL_E_INVALID, "S-5", NULL, 0},
    {4 + 16, 4, 9, REEL_E_INVALID, "S-5", NULL, 0},
};

START_TEST(stream_each_rule_is_kept)
{
    specimen_check_fault("STREAM", &stream_faults[_i]);
}
END_TEST

START_TEST(stream_goes_round)
{
    specimen_check_round_trip("STREAM");
    specimen_check_room("STREAM");
}
END_TEST

START_TEST(stream_other_lengths_are_refused)
{
    specimen_check_lengths("STREAM", REEL_E_INVALID, "S-5");
}
END_TEST

static const struct specimen_fault data_faults[] = {
    {0, 0, 0, REEL_E_INVALID, "S-4", "octets", 0},
};

START_TEST(data_each_rule_is_kept)
{
    specimen_check_fault("DATA", &data_faults[_i]);
}
END_TEST

START_TEST(data_goes_round)
{
    specimen_check_round_trip("DATA");
    specimen_check_room("DATA");
}
END_TEST

START_TEST(header_prefixes_are_truncated)
{
    const struct specimen *const s =
        specimen_find("The stream header (WIN32_STREAM_ID)");
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;
    const size_t len = specimen_encode(s, buf, &payload);

    ck_assert_uint_eq(len, 28);
    for (size_t n = 0; n < len; n++)
        specimen_check_refused(s, buf, n, REEL_E_TRUNCATED, "S-5");
}
END_TEST

/* It stands in front of its body: what comes behind is left alone. */
START_TEST(header_takes_its_octets_only)
{
    const struct specimen *const s =
        specimen_find("The stream header (WIN32_STREAM_ID)");
    uint8_t buf[SPECIMEN_BYTES_MAX];
    struct reel_stream_header h;
    struct reel_cursor c;
    struct reel_err err;
    size_t payload;
    const size_t len = specimen_encode(s, buf, &payload);

    buf[len] = 0;
    c        = reel_cursor_init(buf, len + 1, NULL);
    ck_assert_int_eq(reel_stream_header_decode(&h, &c, &err), REEL_OK);
    ck_assert_uint_eq(reel_cursor_left(&c), 1);
}
END_TEST

START_TEST(encode_refuses_what_decode_refuses)
{
    struct reel_stream s =
        *(const struct reel_stream *)specimen_find("STREAM")->sample;
    static uint8_t name[REEL_STREAM_NAME_BYTES_MAX + 1];
    static uint8_t buf[2 * REEL_STREAM_NAME_BYTES_MAX];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_err err;

    s.header.size = UINT64_C(1) << 63;
    ck_assert_int_eq(reel_stream_encode(&s, 1, &b, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-1");
    s.header.size      = INT64_MAX;
    s.header.name.data = name;
    s.header.name.len  = sizeof(name);
    ck_assert_int_eq(reel_stream_encode(&s, 1, &b, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-2");
    s.header.name.len--;
    ck_assert_int_eq(reel_stream_encode(&s, 1, &b, &err), REEL_OK);
}
END_TEST

START_TEST(data_has_fields_and_an_octet)
{
    const struct specimen *const s = specimen_find("DATA");
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;

    ck_assert_uint_gt(specimen_encode(s, buf, &payload), 0);
    for (size_t n = 0; n < REEL_DATA_HEADER_BYTES; n++)
        specimen_check_refused(s, buf + payload, n, REEL_E_INVALID, "R-6");
    specimen_check_refused(s, buf + payload, REEL_DATA_HEADER_BYTES,
                           REEL_E_INVALID, "S-4");
}
END_TEST

START_TEST(data_can_be_put_in_parts)
{
    const struct specimen *const s  = specimen_find("DATA");
    const struct reel_data *const d = s->sample;
    uint8_t whole[SPECIMEN_BYTES_MAX];
    uint8_t parts[SPECIMEN_BYTES_MAX];
    struct reel_builder b = reel_builder_init(parts, sizeof(parts));
    size_t payload;
    const size_t len  = specimen_encode(s, whole, &payload);
    const size_t mark = reel_data_open(d, 0x1112131415161718, &b);

    reel_put_bytes(&b, d->bytes);
    reel_record_close(&b, mark);
    ck_assert_uint_eq(b.len, len);
    ck_assert_mem_eq(parts, whole, len);
}
END_TEST

START_TEST(ids_have_names_and_content)
{
    ck_assert_str_eq(reel_stream_id_name(0), "unknown");
    ck_assert_str_eq(reel_stream_id_name(REEL_STREAM_DATA), "DATA");
    ck_assert_str_eq(reel_stream_id_name(REEL_STREAM_SPARSE_BLOCK),
                     "SPARSE_BLOCK");
    ck_assert_str_eq(reel_stream_id_name(12), "unknown");
    for (uint32_t id = 0; id < 13; id++)
        ck_assert(reel_stream_has_content(id) == (id == 1 || id == 4));
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, header_each_rule_is_kept, 0,
                        SUITE_COUNT(header_faults));
    tcase_add_test(tcase, header_goes_round);
    tcase_add_loop_test(tcase, stream_each_rule_is_kept, 0,
                        SUITE_COUNT(stream_faults));
    tcase_add_test(tcase, stream_goes_round);
    tcase_add_test(tcase, stream_other_lengths_are_refused);
    tcase_add_loop_test(tcase, data_each_rule_is_kept, 0,
                        SUITE_COUNT(data_faults));
    tcase_add_test(tcase, data_goes_round);
    tcase_add_test(tcase, header_prefixes_are_truncated);
    tcase_add_test(tcase, header_takes_its_octets_only);
    tcase_add_test(tcase, encode_refuses_what_decode_refuses);
    tcase_add_test(tcase, data_has_fields_and_an_octet);
    tcase_add_test(tcase, data_can_be_put_in_parts);
    tcase_add_test(tcase, ids_have_names_and_content);
}

int
main(void)
{
    return suite_run("stream", add_tests);
}
