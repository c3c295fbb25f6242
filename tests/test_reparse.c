/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.4: format/reparse.c. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "reel/object.h"
#include "reel/reparse.h"

static const uint8_t symlink_body[] = {
    0x1D, 0x00, 0x00, 0xA0, /* tag */
    0x07, 0x00,             /* 4 + 3 */
    0x00, 0x00,             /* reserved */
    0x02, 0x00, 0x00, 0x00, /* version */
    0xFF, '/',  'b'         /* target, of any octets */
};
static const uint8_t fifo_body[] = {0x24, 0x00, 0x00, 0x80, 0, 0, 0, 0};

static enum reel_status
decode(struct reel_reparse *r, const uint8_t *data, size_t len)
{
    struct reel_cursor c = reel_cursor_init(data, len, NULL);
    struct reel_err err;
    enum reel_status status;

    memset(&err, 0, sizeof(err));
    status = reel_reparse_decode(r, &c, &err);
    if (status != REEL_OK) {
        ck_assert_int_eq(err.status, status);
        ck_assert_str_eq(err.rule, "S-15");
    }
    return status;
}

static void
assert_encodes(const struct reel_reparse *r, const uint8_t *data, size_t len)
{
    uint8_t again[64];
    struct reel_builder b = reel_builder_init(again, sizeof(again));

    ck_assert_int_eq(reel_reparse_encode(r, &b, NULL), REEL_OK);
    ck_assert_uint_eq(b.len, len);
    ck_assert_mem_eq(again, data, len);
}

START_TEST(symlink_is_decoded)
{
    struct reel_reparse r;

    ck_assert_int_eq(decode(&r, symlink_body, sizeof(symlink_body)), REEL_OK);
    ck_assert_uint_eq(r.tag, REEL_REPARSE_SYMLINK);
    ck_assert_uint_eq(r.version, REEL_REPARSE_VERSION);
    ck_assert_uint_eq(r.target.len, 3);
    ck_assert_mem_eq(r.target.data, "\xFF/b", 3);
    assert_encodes(&r, symlink_body, sizeof(symlink_body));
}
END_TEST

START_TEST(special_files_are_decoded)
{
    static const struct {
        uint8_t low;
        uint8_t kind;
    } cases[] = {{0x23, REEL_KIND_SOCKET},
                 {0x24, REEL_KIND_FIFO},
                 {0x25, REEL_KIND_CHARACTER},
                 {0x26, REEL_KIND_BLOCK}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t body[sizeof(fifo_body)];
        struct reel_reparse r;

        memcpy(body, fifo_body, sizeof(body));
        body[0] = cases[i].low;
        ck_assert_int_eq(decode(&r, body, sizeof(body)), REEL_OK);
        ck_assert_uint_eq(reel_reparse_kind(r.tag), cases[i].kind);
        ck_assert_uint_eq(reel_reparse_tag(cases[i].kind), r.tag);
        ck_assert_uint_eq(r.target.len, 0);
        assert_encodes(&r, body, sizeof(body));
    }
    ck_assert_uint_eq(reel_reparse_kind(0xA000000C), 0);
    ck_assert_uint_eq(reel_reparse_tag(REEL_KIND_FILE), 0);
}
END_TEST

START_TEST(swapped_version_is_read)
{
    uint8_t body[sizeof(symlink_body)];
    struct reel_reparse r;

    memcpy(body, symlink_body, sizeof(body));
    body[8]  = 0;
    body[11] = 2;
    ck_assert_int_eq(decode(&r, body, sizeof(body)), REEL_OK);
    ck_assert_uint_eq(r.version, REEL_REPARSE_VERSION_SWAPPED);
    ck_assert_uint_eq(r.target.len, 3);
    assert_encodes(&r, body, sizeof(body));
}
END_TEST

START_TEST(prefixes_are_truncated)
{
    struct reel_reparse r;

    for (size_t len = 0; len < sizeof(symlink_body); len++)
        ck_assert_int_eq(decode(&r, symlink_body, len), REEL_E_TRUNCATED);
    for (size_t len = 0; len < sizeof(fifo_body); len++)
        ck_assert_int_eq(decode(&r, fifo_body, len), REEL_E_TRUNCATED);
}
END_TEST

static const struct {
    size_t at;
    uint8_t value;
    size_t len; /* handed over, of 17 octets */
    enum reel_status status;
} faults[] = {
    {0, 0x0C, 15, REEL_E_UNSUPPORTED}, /* the tag of Windows' own symlinks */
    {0, 0x24, 15, REEL_E_UNSUPPORTED}, /* 0xA0000024 */
    {8, 0x01, 15, REEL_E_UNSUPPORTED}, /* another version */
    {13, 0x00, 15, REEL_E_INVALID},    /* zero octet in the target */
    {4, 0x03, 11, REEL_E_INVALID},     /* no room for the version */
    {4, 0x07, 16, REEL_E_INVALID},     /* an octet left over */
};

START_TEST(faults_are_told_apart)
{
    uint8_t body[sizeof(symlink_body) + 2] = {0};
    struct reel_reparse r;

    memcpy(body, symlink_body, sizeof(symlink_body));
    body[faults[_i].at] = faults[_i].value;
    ck_assert_int_eq(decode(&r, body, faults[_i].len), faults[_i].status);
}
END_TEST

START_TEST(special_file_has_no_data)
{
    uint8_t body[sizeof(fifo_body) + 1] = {0};
    struct reel_reparse r;

    memcpy(body, fifo_body, sizeof(fifo_body));
    body[4] = 1;
    ck_assert_int_eq(decode(&r, body, sizeof(body)), REEL_E_INVALID);
}
END_TEST

START_TEST(encode_refuses)
{
    static uint8_t out[REEL_REPARSE_BYTES_MAX + 1];
    static uint8_t target[REEL_REPARSE_TARGET_BYTES_MAX + 1];
    struct reel_reparse r = {REEL_REPARSE_SYMLINK,
                             0,
                             REEL_REPARSE_VERSION,
                             {target, REEL_REPARSE_TARGET_BYTES_MAX}};
    struct reel_builder b = reel_builder_init(out, sizeof(out));

    memset(target, 'x', sizeof(target));
    ck_assert_int_eq(reel_reparse_encode(&r, &b, NULL), REEL_OK);
    ck_assert_uint_eq(b.len, REEL_REPARSE_BYTES_MAX);
    r.target.len++;
    b = reel_builder_init(out, sizeof(out));
    ck_assert_int_eq(reel_reparse_encode(&r, &b, NULL), REEL_E_INVALID);
    ck_assert_uint_eq(b.len, 0);
    r.target.len = 8;
    b            = reel_builder_init(out, 12);
    ck_assert_int_eq(reel_reparse_encode(&r, &b, NULL), REEL_E_LIMIT);
    r.tag = REEL_REPARSE_FIFO;
    b     = reel_builder_init(out, sizeof(out));
    ck_assert_int_eq(reel_reparse_encode(&r, &b, NULL), REEL_E_INVALID);
}
END_TEST

/* A relative link to "a\\b" that is shown as "a". */
static const uint8_t windows_body[] = {
    0x0C, 0x00, 0x00, 0xA0, /* tag */
    0x14, 0x00, 0x00, 0x00, /* 12 + 8, reserved */
    0x02, 0x00, 0x06, 0x00, /* substitute name: at 2, 6 octets */
    0x00, 0x00, 0x02, 0x00, /* print name: at 0, 2 octets */
    0x01, 0x00, 0x00, 0x00, /* relative */
    'a',  0,    'a',  0,    '\\', 0, 'b', 0};

static enum reel_status
decode_names(struct reel_reparse_names *r, const uint8_t *data, size_t len)
{
    struct reel_cursor c = reel_cursor_init(data, len, NULL);
    struct reel_err err;
    const enum reel_status status = reel_reparse_names_decode(r, &c, &err);

    if (status != REEL_OK)
        ck_assert_int_eq(err.status, status);
    return status;
}

START_TEST(windows_symlink_is_decoded)
{
    struct reel_reparse_names r;

    ck_assert_int_eq(decode_names(&r, windows_body, sizeof(windows_body)),
                     REEL_OK);
    ck_assert_uint_eq(r.tag, REEL_REPARSE_WINDOWS_SYMLINK);
    ck_assert_uint_eq(r.flags, REEL_REPARSE_RELATIVE);
    ck_assert_uint_eq(r.substitute.len, 6);
    ck_assert_mem_eq(r.substitute.data, "a\0\\\0b\0", 6);
    ck_assert_uint_eq(r.print.len, 2);
    ck_assert_mem_eq(r.print.data, "a\0", 2);
    for (size_t len = 0; len < sizeof(windows_body); len++)
        ck_assert_int_eq(decode_names(&r, windows_body, len), REEL_E_TRUNCATED);
}
END_TEST

START_TEST(mount_point_has_no_flags)
{
    static const uint8_t body[] = {0x03, 0, 0, 0xA0, 0x0A, 0, 0, 0,   0,
                                   0,    2, 0, 2,    0,    0, 0, 'c', 0};
    struct reel_reparse_names r;

    ck_assert_int_eq(decode_names(&r, body, sizeof(body)), REEL_OK);
    ck_assert_uint_eq(r.flags, 0);
    ck_assert_uint_eq(r.substitute.len, 2);
    ck_assert_mem_eq(r.substitute.data, "c\0", 2);
    ck_assert_uint_eq(r.print.len, 0);
}
END_TEST

static const struct {
    size_t at;
    uint8_t value;
    enum reel_status status;
} windows_faults[] = {
    {0, 0x1D, REEL_E_UNSUPPORTED}, /* another tag */
    {4, 0x0B, REEL_E_INVALID},     /* no room for the fields */
    {4, 0x13, REEL_E_INVALID},     /* the name is cut, octets are left over */
    {8, 0x03, REEL_E_INVALID},     /* leads out of the body by one */
    {9, 0xFF, REEL_E_INVALID},     /* far out */
    {10, 0x05, REEL_E_INVALID},    /* half a unit */
    {10, 0x08, REEL_E_INVALID},    /* too long */
    {14, 0x03, REEL_E_INVALID},    /* half a unit, of the print name */
    {15, 0x01, REEL_E_INVALID},    /* too long, of the print name */
};

START_TEST(windows_faults_are_told_apart)
{
    uint8_t body[sizeof(windows_body)];
    struct reel_reparse_names r;

    memcpy(body, windows_body, sizeof(body));
    body[windows_faults[_i].at] = windows_faults[_i].value;
    ck_assert_int_eq(decode_names(&r, body, sizeof(body)),
                     windows_faults[_i].status);
}
END_TEST

START_TEST(octets_behind_a_windows_link)
{
    uint8_t body[sizeof(windows_body) + 1] = {0};
    struct reel_reparse_names r;

    memcpy(body, windows_body, sizeof(windows_body));
    ck_assert_int_eq(decode_names(&r, body, sizeof(body)), REEL_E_INVALID);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("reparse");
    TCase *tcase = tcase_create("reparse");
    SRunner *runner;
    int failed;

    tcase_add_test(tcase, symlink_is_decoded);
    tcase_add_test(tcase, special_files_are_decoded);
    tcase_add_test(tcase, swapped_version_is_read);
    tcase_add_test(tcase, prefixes_are_truncated);
    tcase_add_loop_test(tcase, faults_are_told_apart, 0,
                        sizeof(faults) / sizeof(faults[0]));
    tcase_add_test(tcase, special_file_has_no_data);
    tcase_add_test(tcase, encode_refuses);
    tcase_add_test(tcase, windows_symlink_is_decoded);
    tcase_add_test(tcase, mount_point_has_no_flags);
    tcase_add_loop_test(tcase, windows_faults_are_told_apart, 0,
                        sizeof(windows_faults) / sizeof(windows_faults[0]));
    tcase_add_test(tcase, octets_behind_a_windows_link);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
