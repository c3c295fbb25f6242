/* SPDX-License-Identifier: Apache-2.0 */
/* Raw streams one by one: shapes that are legal, and where others end. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "raw_streams.h"
#include "reel/builder.h"
#include "suite.h"

static uint8_t file[8192];
static struct reel_builder b;
static struct reel_raw_streams s;
static struct reel_err err;

static void
setup(void)
{
    b = reel_builder_init(file, sizeof(file));
}

static void
add(uint32_t id, uint32_t attributes, const char *name, const char *body)
{
    const struct reel_stream_header h = {id, attributes, strlen(body),
                                         reel_bytes_of(name)};

    reel_stream_header_put(&h, &b);
    reel_put_bytes(&b, reel_bytes_of(body));
}

static void
add_block(uint64_t at, const char *octets)
{
    const struct reel_stream_header h = {
        REEL_STREAM_SPARSE_BLOCK, 8, 8 + strlen(octets), {NULL, 0}};

    reel_stream_header_put(&h, &b);
    reel_put_le64(&b, at);
    reel_put_bytes(&b, reel_bytes_of(octets));
}

static int
descriptor(size_t len)
{
    const int fd = memfd_create("raw", 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, file, len), (ssize_t)len);
    return fd;
}

/* All streams of the first `len` octets; what it ends with. */
static enum reel_status
walk(size_t len, bool link, unsigned int *count)
{
    const int fd = descriptor(len);
    enum reel_status status;

    *count = 0;
    reel_raw_streams_begin(&s, fd, len, link);
    while ((status = reel_raw_streams_next(&s, &err)) == REEL_OK)
        (*count)++;
    (void)close(fd);
    return status;
}

/* What was added is legal: so many streams, with so much content. */
static void
legal(unsigned int streams, uint64_t content)
{
    unsigned int count;

    ck_assert(b.ok);
    ck_assert_msg(walk(b.len, false, &count) == REEL_END, "%s", err.text);
    ck_assert_uint_eq(count, streams);
    ck_assert_uint_eq(s.content_bytes, content);
}

static void
illegal(enum reel_status status, const char *rule, const char *text)
{
    unsigned int count;

    ck_assert(b.ok);
    ck_assert_int_eq(walk(b.len, false, &count), status);
    ck_assert_int_eq(err.status, status);
    if (rule == NULL)
        ck_assert_ptr_null(err.rule);
    else
        ck_assert_str_eq(err.rule, rule);
    ck_assert_msg(strstr(err.text, text) != NULL, "%s", err.text);
}

START_TEST(five_shapes_of_sparse_files)
{
    legal(0, 0); /* of size 0, from an old Windows */
    setup();
    add(1, 8, "", ""); /* the same from a newer one, */
    legal(1, 0);
    add_block(0, ""); /* and from the newest */
    legal(2, 0);
    setup();
    add(1, 8, "", "");
    add_block(1U << 20, ""); /* one hole */
    legal(2, 1U << 20);
    setup();
    add(1, 8, "", "all of it"); /* no hole */
    legal(1, 9);
    setup();
    add(1, 8, "", "");
    add_block(65536, "abc");
    add_block(65539, "def"); /* next to each other */
    add_block(1ULL << 40, "");
    legal(4, 1ULL << 40);
    setup();
    add(1, 8, "", "");
    add_block(4096, "no last block");
    legal(2, 4096 + 13);
    setup();
    add(1, 0, "", "body");
    add_block(4, "and block");
    legal(2, 13);
}
END_TEST

START_TEST(streams_in_any_order_and_of_any_kind)
{
    add(3, 2, "", "odd");
    add(0xFFFFFFFF, 0xFFFFFFFF, "x", "?");
    add(0, 0, "", "");
    add(4, 8, ":\0", "");
    add_block(7, "named");
    add(1, 0, "n", "named DATA is not the content");
    add(1, 0, "", "first");
    add(1, 0, "", "second DATA");
    add(2, 0, "", "EA behind DATA");
    add_block(0, "astray");
    legal(10, 5);
    setup();
    add_block(9, "first of all");
    add_block(21, "");
    add(1, 0, "", "content");
    legal(3, 7);
}
END_TEST

START_TEST(a_header_may_stand_at_any_octet)
{
    static const char body[] = "0123456789abcdef";
    unsigned int i;

    for (i = 0; i < 17; i++) {
        setup();
        add(77, 0, "", body + i);
        add(1, 0, "", "x");
        legal(2, 1);
        ck_assert_uint_eq(s.body, 20 + (16 - i) + 20);
    }
}
END_TEST

START_TEST(each_prefix_is_whole_streams_or_refused)
{
    size_t ends[8] = {0};
    size_t next    = 1;
    size_t len;
    unsigned int count;

    add(3, 2, "", "security");
    ends[1] = b.len;
    add(1, 8, "", "");
    ends[2] = b.len;
    add_block(3, "abc");
    ends[3] = b.len;
    add_block(6, "");
    ends[4] = b.len;
    add(4, 0, ":name:$DATA!", "named");
    ends[5] = b.len;
    ck_assert_int_eq(walk(0, false, &count), REEL_END);
    for (len = 1; len <= b.len; len++) {
        const enum reel_status status = walk(len, false, &count);

        if (len == ends[next]) {
            ck_assert_int_eq(status, REEL_END);
            ck_assert_uint_eq(count, next);
            next++;
        } else {
            ck_assert_int_eq(status, REEL_E_TRUNCATED);
            ck_assert_uint_eq(count, next - 1);
        }
    }
    ck_assert_uint_eq(next, 6);
}
END_TEST

START_TEST(what_breaks_a_rule_is_named_with_its_place)
{
    const struct reel_stream_header large = {1, 0, 1ULL << 63, {NULL, 0}};
    static char name[REEL_STREAM_NAME_BYTES_MAX + 2];
    const struct reel_stream_header long_name = {
        4, 0, 0, {(const uint8_t *)name, 8000}};

    add(2, 0, "", "ea");
    reel_stream_header_put(&large, &b);
    illegal(REEL_E_INVALID, "S-1",
            "at octet 22: stream of 9223372036854775808");
    setup();
    reel_stream_header_put(&long_name, &b);
    file[16] = 1; /* 32001: S-2 before the file is found too short */
    file[17] = 0x7D;
    illegal(REEL_E_INVALID, "S-2", "at octet 0: stream name of 32001");
    setup();
    add(9, 0, "", "1234567");
    illegal(REEL_E_INVALID, "S-7", "at octet 0: ");
    setup();
    add(1, 0, "", "abcd");
    add_block(3, "d");
    illegal(REEL_E_INVALID, "S-8", "at octet 24: ");
    setup();
    add(1, 0, "", "");
    add_block(INT64_MAX, "d");
    illegal(REEL_E_INVALID, "S-8", "at octet 20: ");
    setup();
    add(1, 0, "", "");
    add_block(3, "");
    add_block(3, "");
    illegal(REEL_E_INVALID, "S-9", "at octet 48: ");
    setup();
    add(5, 0, "", "LINK");
    illegal(REEL_E_INVALID, "K-5", "at octet 0: ");
}
END_TEST

START_TEST(a_link_has_one_stream)
{
    unsigned int count;

    ck_assert_int_eq(walk(0, true, &count), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "K-3");
    add(5, 0, "", "path");
    ck_assert_int_eq(walk(b.len, true, &count), REEL_END);
    add(3, 0, "", "x");
    ck_assert_int_eq(walk(b.len, true, &count), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "K-3");
    ck_assert_uint_eq(count, 1);
}
END_TEST

static void
add_all(TCase *c)
{
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, five_shapes_of_sparse_files);
    tcase_add_test(c, streams_in_any_order_and_of_any_kind);
    tcase_add_test(c, a_header_may_stand_at_any_octet);
    tcase_add_test(c, each_prefix_is_whole_streams_or_refused);
    tcase_add_test(c, what_breaks_a_rule_is_named_with_its_place);
    tcase_add_test(c, a_link_has_one_stream);
}

int
main(void)
{
    return suite_run("raw_streams", add_all);
}
