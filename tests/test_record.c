/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 5, records; tests of format/record.c. */
#include <string.h>

#include "reel/record.h"
#include "specimen_check.h"
#include "suite.h"

static const struct reel_pos somewhere = {2, 9, 100, 3000, true};

static const uint16_t with_object[] = {
    REEL_RECORD_OBJECT,    REEL_RECORD_XATTR,     REEL_RECORD_STREAM,
    REEL_RECORD_DATA,      REEL_RECORD_GROUP_END, REEL_RECORD_OBJECT_END,
    REEL_RECORD_CONTINUED, REEL_RECORD_ENTRY,
};

static const uint16_t without_object[] = {
    REEL_RECORD_VOLUME,
    REEL_RECORD_ARCHIVE,
    REEL_RECORD_SOURCE,
    REEL_RECORD_EARLIER_VOLUME,
    REEL_RECORD_EARLIER_ARCHIVE,
    REEL_RECORD_CHECKPOINT,
    REEL_RECORD_END,
};

/* Decode a record of `len` octets of payload that says `type` and `object`. */
static enum reel_status
next(uint16_t type, uint64_t object, size_t len, const char **rule)
{
    static uint8_t buf[REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX + 1];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_err err   = {.rule = "none"};
    const size_t mark     = reel_record_open(&b, type, object);
    enum reel_status status;
    struct reel_record r;
    struct reel_cursor c;

    reel_put_zeros(&b, len);
    reel_record_close(&b, mark);
    ck_assert(b.ok);
    c      = reel_cursor_init(buf, b.len, NULL);
    status = reel_record_next(&r, &c, &err);
    *rule  = err.rule;
    return status;
}

START_TEST(goes_round)
{
    specimen_check_round_trip("RECORDS");
    specimen_check_room("RECORDS");
}
END_TEST

START_TEST(prefixes_are_truncated)
{
    const struct specimen *const s = specimen_find("RECORDS");
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;
    const size_t len = specimen_encode(s, buf, &payload);

    for (size_t n = 1; n < len; n++)
        specimen_check_refused(s, buf, n, REEL_E_TRUNCATED, "R-1");
}
END_TEST

START_TEST(length_is_judged_before_it_is_used)
{
    uint8_t buf[REEL_RECORD_HEADER_BYTES] = {0x13, 0x80, 0,    0, 0xFF,
                                             0xFF, 0xFF, 0xFF, 1};

    specimen_check_refused(specimen_find("RECORDS"), buf, sizeof(buf),
                           REEL_E_TRUNCATED, "R-1");
}
END_TEST

START_TEST(payload_is_limited)
{
    const char *rule;

    ck_assert_int_eq(next(REEL_RECORD_XATTR, 1, REEL_RECORD_BYTES_MAX, &rule),
                     REEL_OK);
    ck_assert_int_eq(
        next(REEL_RECORD_XATTR, 1, REEL_RECORD_BYTES_MAX + 1, &rule),
        REEL_E_INVALID);
    ck_assert_str_eq(rule, "R-3");
    ck_assert_int_eq(next(0x4FFF, 0, REEL_RECORD_BYTES_MAX + 1, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "R-3");
    ck_assert_int_eq(
        next(REEL_RECORD_DATA, 1, REEL_RECORD_BYTES_MAX + 1, &rule), REEL_OK);
}
END_TEST

START_TEST(object_number_is_that_of_an_object)
{
    const uint16_t type = with_object[_i];
    const char *rule;

    ck_assert(reel_record_type_known(type));
    ck_assert_int_eq(next(type, UINT64_MAX, 1, &rule), REEL_OK);
    ck_assert_int_eq(next(type, 0, 1, &rule), REEL_E_INVALID);
    ck_assert_str_eq(rule, "R-7");
}
END_TEST

START_TEST(object_number_is_zero_elsewhere)
{
    const uint16_t type = without_object[_i];
    const char *rule;

    ck_assert(reel_record_type_known(type));
    ck_assert_int_eq(next(type, 0, 1, &rule), REEL_OK);
    ck_assert_int_eq(next(type, 1, 1, &rule), REEL_E_INVALID);
    ck_assert_str_eq(rule, "R-7");
}
END_TEST

START_TEST(unknown_types_are_handed_out)
{
    const char *rule;

    for (uint32_t type = 0; type <= UINT16_MAX; type++) {
        if (reel_record_type_known((uint16_t)type))
            continue;
        ck_assert_int_eq(next((uint16_t)type, 0, 1, &rule), REEL_OK);
        ck_assert_int_eq(next((uint16_t)type, 1, 1, &rule), REEL_OK);
        ck_assert_str_eq(reel_record_type_name((uint16_t)type), "unknown");
    }
}
END_TEST

/* Each specimen of a record has the name of its table. */
START_TEST(types_have_the_names_of_the_text)
{
    size_t records = 0;

    for (size_t i = 0; i < specimen_count; i++) {
        const struct specimen *const s = specimens[i];

        if (s->type == 0)
            continue;
        ck_assert_str_eq(reel_record_type_name(s->type), s->table);
        records++;
    }
    ck_assert_uint_eq(records,
                      sizeof(with_object) / sizeof(with_object[0]) +
                          sizeof(without_object) / sizeof(without_object[0]));
}
END_TEST

START_TEST(records_are_walked)
{
    uint8_t buf[256];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_cursor payload;
    struct reel_cursor c;
    struct reel_record r;
    struct reel_err err;
    size_t mark;

    mark = reel_record_open(&b, REEL_RECORD_DATA, 7);
    reel_put_zeros(&b, 5);
    reel_record_close(&b, mark);
    mark = reel_record_open(&b, 0x0FFF, 0);
    reel_record_close(&b, mark);
    c = reel_cursor_init(buf, b.len, &somewhere);
    ck_assert_int_eq(reel_record_next(&r, &c, &err), REEL_OK);
    ck_assert_uint_eq(r.object, 7);
    ck_assert_ptr_eq(r.whole.data, buf);
    ck_assert_uint_eq(r.whole.len, 21);
    ck_assert_uint_eq(r.pos.segment_byte, 3000);
    payload = reel_record_cursor(&r);
    ck_assert_uint_eq(reel_cursor_left(&payload), 5);
    ck_assert_uint_eq(reel_cursor_pos(&payload).segment_byte, 3016);
    ck_assert_uint_eq(reel_cursor_pos(&payload).byte, 100);
    ck_assert_int_eq(reel_record_next(&r, &c, &err), REEL_OK);
    ck_assert_uint_eq(r.payload.len, 0);
    ck_assert_uint_eq(r.pos.segment_byte, 3021);
    ck_assert_int_eq(reel_record_next(&r, &c, &err), REEL_END);
}
END_TEST

/* C-2: such a field does not make a record wrong; it is kept for C-3. */
START_TEST(zero_is_kept)
{
    uint8_t buf[REEL_RECORD_HEADER_BYTES] = {0x03, 0, 0xCD, 0xAB};
    struct reel_cursor c = reel_cursor_init(buf, sizeof(buf), NULL);
    struct reel_record r;
    struct reel_err err;

    ck_assert_int_eq(reel_record_next(&r, &c, &err), REEL_OK);
    ck_assert_uint_eq(r.zero, 0xABCD);
}
END_TEST

START_TEST(without_room_nothing_is_closed)
{
    uint8_t buf[REEL_RECORD_HEADER_BYTES + 1];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_err err;
    const size_t mark = reel_record_open(&b, REEL_RECORD_SOURCE, 0);

    reel_put_zeros(&b, 2);
    reel_record_close(&b, mark);
    ck_assert(!b.ok);
    ck_assert_int_eq(reel_record_fits(&b, "SOURCE", &err), REEL_E_LIMIT);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, prefixes_are_truncated);
    tcase_add_test(tcase, length_is_judged_before_it_is_used);
    tcase_add_test(tcase, payload_is_limited);
    tcase_add_loop_test(tcase, object_number_is_that_of_an_object, 0,
                        SUITE_COUNT(with_object));
    tcase_add_loop_test(tcase, object_number_is_zero_elsewhere, 0,
                        SUITE_COUNT(without_object));
    tcase_add_test(tcase, unknown_types_are_handed_out);
    tcase_add_test(tcase, types_have_the_names_of_the_text);
    tcase_add_test(tcase, records_are_walked);
    tcase_add_test(tcase, zero_is_kept);
    tcase_add_test(tcase, without_room_nothing_is_closed);
}

int
main(void)
{
    return suite_run("record", add_tests);
}
