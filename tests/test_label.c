/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.2 and 2.3, label and leader; tests of format/label.c. */
#include <stdio.h>
#include <string.h>

#include "reel/label.h"
#include "suite.h"

#define PAGE_BYTES 4096U

static const char wanted[REEL_LABEL_BYTES + 1] =
    "VOL1"
    "AB12  "        /* volume id */
    " "             /* accessibility */
    "             " /* reserved */
    "REEL         "
    "              "               /* owner */
    "                            " /* reserved */
    "4";

static void
label(uint8_t out[REEL_LABEL_BYTES + 1])
{
    memcpy(out, wanted, REEL_LABEL_BYTES + 1);
}

static enum reel_status
decode(const uint8_t *data, size_t len, struct reel_err *err)
{
    struct reel_label l;

    return reel_label_decode(&l, data, len, NULL, err);
}

START_TEST(label_goes_round)
{
    uint8_t buf[REEL_LABEL_BYTES + 1];
    struct reel_builder b = reel_builder_init(buf, REEL_LABEL_BYTES);
    struct reel_label l;
    struct reel_err err;

    label(buf);
    ck_assert_int_eq(reel_label_decode(&l, buf, REEL_LABEL_BYTES, NULL, &err),
                     REEL_OK);
    ck_assert_mem_eq(l.volume_id, "AB12  ", 6);
    memset(buf, 0, sizeof(buf));
    ck_assert_int_eq(reel_label_encode(&l, &b, &err), REEL_OK);
    ck_assert_uint_eq(b.len, REEL_LABEL_BYTES);
    ck_assert_mem_eq(buf, wanted, REEL_LABEL_BYTES);
}
END_TEST

START_TEST(label_lengths)
{
    uint8_t buf[REEL_LABEL_BYTES + 1];
    struct reel_err err;

    label(buf);
    for (size_t n = 0; n < REEL_LABEL_BYTES; n++) {
        ck_assert_int_eq(decode(buf, n, &err), REEL_E_TRUNCATED);
        ck_assert_str_eq(err.rule, "L-5");
    }
    ck_assert_int_eq(decode(buf, REEL_LABEL_BYTES + 1, &err), REEL_E_INVALID);
}
END_TEST

START_TEST(each_octet_of_the_label_counts)
{
    uint8_t buf[REEL_LABEL_BYTES + 1];
    struct reel_err err;

    for (size_t at = 0; at < REEL_LABEL_BYTES; at++) {
        const bool magic = at < 4 || (at >= 24 && at < 28);

        label(buf);
        buf[at] = '.';
        ck_assert_int_eq(decode(buf, REEL_LABEL_BYTES, &err),
                         magic ? REEL_E_MAGIC : REEL_E_INVALID);
        ck_assert_str_eq(err.rule, "L-5");
    }
}
END_TEST

START_TEST(other_software_is_named)
{
    uint8_t buf[REEL_LABEL_BYTES + 1];
    struct reel_err err;

    label(buf);
    memcpy(buf + 24, "LTFS", 4);
    ck_assert_int_eq(decode(buf, REEL_LABEL_BYTES, &err), REEL_E_MAGIC);
    ck_assert_ptr_nonnull(strstr(err.text, "LTFS"));
}
END_TEST

static const struct {
    const char *id;
    bool legal;
} ids[] = {
    {"A     ", true},   {"Z09AZ9", true},  {"000001", true},  {"      ", false},
    {" A    ", false},  {"A B   ", false}, {"a     ", false}, {"AB-1  ", false},
    {"ABCDE\t", false}, {"@ABCDE", false}, {"[BCDEF", false}, {":12345", false},
};

START_TEST(volume_id_is_letters_and_digits)
{
    uint8_t buf[REEL_LABEL_BYTES];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_label l;
    struct reel_err err;

    memcpy(l.volume_id, ids[_i].id, sizeof(l.volume_id));
    ck_assert(reel_volume_id_legal(l.volume_id) == ids[_i].legal);
    ck_assert_int_eq(reel_label_encode(&l, &b, &err),
                     ids[_i].legal ? REEL_OK : REEL_E_INVALID);
    ck_assert_uint_eq(b.len, ids[_i].legal ? REEL_LABEL_BYTES : 0);
}
END_TEST

START_TEST(label_needs_its_room)
{
    const struct reel_label l = {{'A', ' ', ' ', ' ', ' ', ' '}};
    uint8_t buf[REEL_LABEL_BYTES];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf) - 1);
    struct reel_err err;

    ck_assert_int_eq(reel_label_encode(&l, &b, &err), REEL_E_LIMIT);
}
END_TEST

static struct reel_leader
identity(void)
{
    struct reel_leader l = {.volume_id   = {'T', 'A', 'P', 'E', '0', '7'},
                            .volume      = 4000000000U,
                            .block_bytes = 1048576,
                            .created     = {0, 5},
                            .set_name    = reel_bytes_of("my set"),
                            .software    = reel_bytes_of("reel 0.1")};

    for (uint8_t i = 0; i < REEL_SET_ID_BYTES; i++)
        l.set_id[i] = (uint8_t)(0xF0 + i);
    return l;
}

/* The page as a string, judged by L-7 and its lines of at most 80. */
static void
page(const struct reel_leader *l, char out[PAGE_BYTES])
{
    struct reel_builder b = reel_builder_init(out, PAGE_BYTES - 1);
    struct reel_err err;
    size_t column = 0;

    ck_assert_int_eq(reel_leader_page(l, &b, &err), REEL_OK);
    out[b.len] = '\0';
    ck_assert_int_eq(reel_leader_check(b.buf, b.len, true, NULL, &err),
                     REEL_OK);
    ck_assert_int_eq(out[b.len - 1], '\n');
    for (size_t i = 0; i < b.len; i++) {
        column = out[i] == '\n' ? 0 : column + 1;
        ck_assert_msg(column <= 80, "a line is too long");
    }
}

START_TEST(page_names_the_volume)
{
    const struct reel_leader l = identity();
    char text[PAGE_BYTES];

    page(&l, text);
    ck_assert_int_eq(strncmp(text, "REEL TAPE ARCHIVE, EDITION 1", 28), 0);
    ck_assert_ptr_nonnull(strstr(text, "TAPE07\n"));
    ck_assert_ptr_nonnull(strstr(text, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff\n"));
    ck_assert_ptr_nonnull(strstr(text, "4000000000\n"));
    ck_assert_ptr_nonnull(strstr(text, "1048576 octets\n"));
    ck_assert_ptr_nonnull(strstr(text, "my set\n"));
    ck_assert_ptr_nonnull(strstr(text, "reel 0.1\n"));
}
END_TEST

static const struct {
    int64_t s;
    const char *text;
} times[] = {
    {0, "1970-01-01 00:00:00 UTC"},
    {-1, "1969-12-31 23:59:59 UTC"},
    {951782400, "2000-02-29 00:00:00 UTC"},
    {4107542399, "2100-02-28 23:59:59 UTC"},
    {4107542400, "2100-03-01 00:00:00 UTC"},
    {1753920000 + 3661, "2025-07-31 01:01:01 UTC"},
    {-62135596800, "0001-01-01 00:00:00 UTC"},
    {INT64_MAX, "292277026596-12-04 15:30:07 UTC"},
    {INT64_MIN, "-292277022657-01-27 08:29:52 UTC"},
};

START_TEST(page_tells_the_time)
{
    struct reel_leader l = identity();
    char text[PAGE_BYTES];

    l.created.s = times[_i].s;
    page(&l, text);
    ck_assert_msg(strstr(text, times[_i].text) != NULL, "%s: %s",
                  times[_i].text, strstr(text, "begun"));
}
END_TEST

START_TEST(names_become_ascii_and_fit_their_lines)
{
    struct reel_leader l = identity();
    uint8_t name[128];
    char text[PAGE_BYTES];

    l.set_name = reel_bytes_of("H\xC3\xA4user \xF0\x9F\x98\x80 end");
    page(&l, text);
    ck_assert_ptr_nonnull(strstr(text, "H?user ? end\n"));
    memset(name, 'n', sizeof(name));
    l.set_name.data = name;
    l.set_name.len  = sizeof(name);
    l.software.data = name;
    l.software.len  = 64;
    page(&l, text);
}
END_TEST

START_TEST(page_needs_its_room)
{
    const struct reel_leader l = identity();
    char text[PAGE_BYTES];
    struct reel_err err;

    page(&l, text);
    for (size_t room = 0; room < strlen(text); room += 7) {
        uint8_t small[PAGE_BYTES];
        struct reel_builder b = reel_builder_init(small, room);

        ck_assert_int_eq(reel_leader_page(&l, &b, &err), REEL_E_LIMIT);
    }
}
END_TEST

START_TEST(leader_holds_letters_only)
{
    uint8_t text[64] = REEL_LEADER_TITLE "\nmore";
    const size_t len = sizeof(REEL_LEADER_TITLE) + 4;
    struct reel_err err;

    for (unsigned int octet = 0; octet < 0x100; octet++) {
        const bool legal = octet == '\n' || (octet >= 0x20 && octet <= 0x7E);

        text[len - 1] = (uint8_t)octet;
        ck_assert_int_eq(reel_leader_check(text, len, true, NULL, &err),
                         legal ? REEL_OK : REEL_E_INVALID);
        if (!legal)
            ck_assert_str_eq(err.rule, "L-7");
    }
}
END_TEST

START_TEST(leader_begins_with_its_title)
{
    uint8_t text[64]   = REEL_LEADER_TITLE "\n";
    const size_t title = sizeof(REEL_LEADER_TITLE) - 1;
    struct reel_err err;

    ck_assert_uint_eq(title, 28);
    for (size_t n = 0; n < title; n++) {
        ck_assert_int_eq(reel_leader_check(text, n, true, NULL, &err),
                         REEL_E_INVALID);
        ck_assert_str_eq(err.rule, "L-7");
    }
    text[title - 1] = '2';
    ck_assert_int_eq(reel_leader_check(text, title + 1, true, NULL, &err),
                     REEL_E_INVALID);
    ck_assert_int_eq(reel_leader_check(text, title + 1, false, NULL, &err),
                     REEL_OK);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, label_goes_round);
    tcase_add_test(tcase, label_lengths);
    tcase_add_test(tcase, each_octet_of_the_label_counts);
    tcase_add_test(tcase, other_software_is_named);
    tcase_add_loop_test(tcase, volume_id_is_letters_and_digits, 0,
                        SUITE_COUNT(ids));
    tcase_add_test(tcase, label_needs_its_room);
    tcase_add_test(tcase, page_names_the_volume);
    tcase_add_loop_test(tcase, page_tells_the_time, 0, SUITE_COUNT(times));
    tcase_add_test(tcase, names_become_ascii_and_fit_their_lines);
    tcase_add_test(tcase, page_needs_its_room);
    tcase_add_test(tcase, leader_holds_letters_only);
    tcase_add_test(tcase, leader_begins_with_its_title);
}

int
main(void)
{
    return suite_run("label", add_tests);
}
