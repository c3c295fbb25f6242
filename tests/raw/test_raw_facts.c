/* SPDX-License-Identifier: Apache-2.0 */
/* Facts as JSON and back: the same object, whatever its names hold. */
#include <string.h>

#include "raw_facts.h"
#include "raw_print.h"
#include "reel/alloc.h"
#include "reel/object_end.h"
#include "reel/raw.h"
#include "suite.h"

static struct reel_raw_print print;
static struct reel_raw_facts facts;
static struct reel_err err;

static struct reel_bytes
bytes(const char *text, size_t len)
{
    const struct reel_bytes v = {(const uint8_t *)text, len};

    return v;
}

/* Every fact there is, with names that text cannot say. */
static struct reel_object
full(uint8_t encoding)
{
    static const char odd[] = "a\0\"\0\\\0\x3D\xD8\x00\xDE\x00\xD8/\0\x01\0";
    struct reel_object o;

    memset(&o, 0, sizeof(o));
    o.kind        = REEL_KIND_FILE;
    o.encoding    = encoding;
    o.facts       = REEL_FACTS_KNOWN & ~(unsigned int)REEL_FACT_OUTSIDE;
    o.attributes  = UINT32_MAX;
    o.size        = INT64_MAX;
    o.link_count  = UINT32_MAX;
    o.mode        = 0100644;
    o.uid         = UINT32_MAX;
    o.gid         = 1;
    o.major       = 8;
    o.minor       = 0;
    o.birth       = (struct reel_time){INT64_MIN, REEL_TIME_NS_MAX};
    o.modified    = (struct reel_time){INT64_MAX, 0};
    o.accessed    = (struct reel_time){-1, 1};
    o.changed     = (struct reel_time){0, 0};
    o.file_system = UINT64_MAX;
    memset(o.file_id, 0xA5, sizeof(o.file_id));
    o.path       = encoding == REEL_ENCODING_UTF16 ? bytes(odd, 16)
                                                   : bytes("x/\xff\"\n", 5);
    o.user       = bytes("\xC3\xA4", 2);
    o.group      = bytes("\xC3", 1);
    o.short_name = bytes("A\0~\0001\0", 6);
    return o;
}

static size_t
record(uint8_t *out, size_t capacity, const struct reel_object *o)
{
    struct reel_builder b = reel_builder_init(out, capacity);

    ck_assert_int_eq(reel_object_encode(o, 1, &b, NULL), REEL_OK);
    return b.len;
}

/* The text has no NUL at its end. */
static bool
says(const char *text)
{
    return memmem(print.text, print.len, text, strlen(text)) != NULL;
}

/* The record of the object is the same behind JSON. */
static void
round_trip(const struct reel_object *o, uint32_t flags)
{
    static uint8_t before[70000], after[70000];
    size_t len;

    reel_raw_print_object(&print, o);
    reel_raw_print_end(&print, flags);
    ck_assert(!print.failed);
    ck_assert_msg(reel_raw_facts_parse(&facts, bytes(print.text, print.len),
                                       &err) == REEL_OK,
                  "%s in %.*s", err.text, (int)print.len, print.text);
    len = record(before, sizeof(before), o);
    ck_assert_uint_eq(record(after, sizeof(after), &facts.object), len);
    ck_assert_int_eq(memcmp(before, after, len), 0);
    ck_assert_uint_eq(facts.flags, flags);
    reel_raw_facts_fini(&facts);
}

START_TEST(every_fact_comes_back)
{
    struct reel_object o = full(REEL_ENCODING_UTF16);

    round_trip(&o, REEL_OBJECT_CHANGED | REEL_OBJECT_GREW);
    o = full(REEL_ENCODING_POSIX);
    round_trip(&o, 0);
    o.kind   = REEL_KIND_LINK;
    o.target = UINT64_MAX;
    o.facts |= REEL_FACT_OUTSIDE;
    round_trip(&o, REEL_OBJECT_GREW);
}
END_TEST

START_TEST(what_is_not_known_stays_so)
{
    struct reel_object o;
    int kind;

    for (kind = REEL_KIND_FILE; kind < REEL_KIND_LINK; kind++) {
        memset(&o, 0, sizeof(o));
        o.kind     = (uint8_t)kind;
        o.encoding = REEL_ENCODING_POSIX;
        o.path     = bytes("p", kind == REEL_KIND_DIRECTORY ? 0 : 1);
        round_trip(&o, 0);
        ck_assert(!says("birth"));
        ck_assert(!says("mode"));
        ck_assert(!says("file_id"));
    }
}
END_TEST

START_TEST(hexadecimal_stands_only_where_text_does_not_do)
{
    struct reel_object o = full(REEL_ENCODING_UTF16);

    o.path = bytes("\xE4\0/\0\x3D\xD8\x00\xDE", 8);
    round_trip(&o, 0);
    ck_assert(says("\"path\": \"\xC3\xA4/\xF0\x9F\x98\x80\",\n"));
    ck_assert(!says("path_hex"));
    o.path = bytes("\x00\xD8", 2);
    round_trip(&o, 0);
    ck_assert(says("\"path\": \"\xEF\xBF\xBD\", \"path_hex\": \"00d8\""));
}
END_TEST

START_TEST(attributes_come_back)
{
    const struct reel_xattr x[] = {{0, bytes("user.a\xff", 7), bytes("", 0)},
                                   {0, bytes("user.b", 6), bytes("\0\xff", 2)}};
    const struct reel_object o  = full(REEL_ENCODING_POSIX);
    size_t i;

    reel_raw_print_object(&print, &o);
    for (i = 0; i < 2; i++)
        reel_raw_print_xattr(&print, &x[i]);
    reel_raw_print_end(&print, 0);
    ck_assert_int_eq(
        reel_raw_facts_parse(&facts, bytes(print.text, print.len), &err),
        REEL_OK);
    ck_assert_uint_eq(facts.xattr_count, 2);
    for (i = 0; i < 2; i++) {
        ck_assert(reel_bytes_equal(facts.xattrs[i].name, x[i].name));
        ck_assert(reel_bytes_equal(facts.xattrs[i].value, x[i].value));
    }
    reel_raw_facts_fini(&facts);
}
END_TEST

START_TEST(without_memory_it_says_so)
{
    const struct reel_object o = full(REEL_ENCODING_UTF16);
    enum reel_status status    = REEL_E_MEMORY;
    unsigned long n;

    reel_alloc_fail_at(1, 1);
    reel_raw_print_object(&print, &o);
    reel_raw_print_end(&print, 0);
    reel_alloc_fail_at(0, 0);
    ck_assert(print.failed);
    reel_raw_print_object(&print, &o);
    reel_raw_print_end(&print, 0);
    ck_assert(!print.failed);
    for (n = 1; status != REEL_OK; n++) {
        reel_alloc_fail_at(n, 0);
        status =
            reel_raw_facts_parse(&facts, bytes(print.text, print.len), &err);
        reel_alloc_fail_at(0, 0);
        ck_assert(status == REEL_OK || status == REEL_E_MEMORY);
    }
    ck_assert_uint_gt(n, 2);
    reel_raw_facts_fini(&facts);
}
END_TEST

START_TEST(names_of_files_are_of_one_form)
{
    static const char *const wrong[] = {
        "00000000.bkr",  "0000001.bkr",   "000000001.bkr", "00000001.BKR",
        "00000001.bkr~", "00000001",      "x00000001.bkr", "-0000001.bkr",
        ".json",         "00000001.json2"};
    const uint64_t numbers[] = {1, 99999999, 100000000, UINT64_MAX};
    char name[REEL_RAW_NAME_BYTES];
    enum reel_raw_part part;
    uint64_t number;
    size_t i;

    for (i = 0; i < 4; i++) {
        reel_raw_name(name, numbers[i], REEL_RAW_FACTS);
        ck_assert(reel_raw_name_parse(name, &number, &part));
        ck_assert_uint_eq(number, numbers[i]);
        ck_assert_int_eq(part, REEL_RAW_FACTS);
    }
    ck_assert(reel_raw_name_parse("00000001.bkr", &number, &part));
    ck_assert_int_eq(part, REEL_RAW_STREAMS);
    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        ck_assert(!reel_raw_name_parse(wrong[i], &number, &part));
    /* 2^64 + 1 */
    ck_assert(!reel_raw_name_parse("18446744073709551617.bkr", &number, &part));
}
END_TEST

static void
teardown(void)
{
    reel_raw_print_fini(&print);
}

static void
add_all(TCase *c)
{
    tcase_add_checked_fixture(c, NULL, teardown);
    tcase_add_test(c, every_fact_comes_back);
    tcase_add_test(c, what_is_not_known_stays_so);
    tcase_add_test(c, hexadecimal_stands_only_where_text_does_not_do);
    tcase_add_test(c, attributes_come_back);
    tcase_add_test(c, without_memory_it_says_so);
    tcase_add_test(c, names_of_files_are_of_one_form);
}

int
main(void)
{
    return suite_run("raw_facts", add_all);
}
