/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog made from records, and read back into objects. */
#include <string.h>

#include "image_objects.h"
#include "reel/alloc.h"
#include "suite.h"

/* The record of an object and its END as bytes, with a place. */
struct row {
    uint8_t octets[8192];
    size_t len;
};

static struct row made; /* what the catalog gave out */
static struct row data;

static enum reel_status
keep(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct row *const row = ctx;

    (void)err;
    ck_assert_uint_le(row->len + record.len, sizeof(row->octets));
    memcpy(row->octets + row->len, record.data, record.len);
    row->len += record.len;
    return REEL_OK;
}

static void
put_object(uint64_t number, const char *path, uint32_t names, uint64_t target)
{
    struct reel_object o =
        image_facts(target == 0 ? REEL_KIND_FILE : REEL_KIND_LINK, path);
    struct reel_builder b = reel_builder_init(data.octets + data.len,
                                              sizeof(data.octets) - data.len);

    o.link_count = names;
    o.target     = target;
    ck_assert_int_eq(reel_object_encode(&o, number, &b, NULL), REEL_OK);
    data.len += b.len;
}

static void
put_end(uint64_t number, uint64_t stream_bytes, uint32_t flags)
{
    struct reel_object_end e;
    struct reel_builder b = reel_builder_init(data.octets + data.len,
                                              sizeof(data.octets) - data.len);

    memset(&e, 0, sizeof(e));
    e.stream_bytes = stream_bytes;
    e.flags        = flags;
    ck_assert_int_eq(reel_object_end_encode(&e, number, &b, NULL), REEL_OK);
    data.len += b.len;
}

/* 1 whole; 2 torn; 3 a link to 1; 4 open at the end. */
static void
put_all(void)
{
    data.len = made.len = 0;
    put_object(1, "a", 2, 0);
    put_end(1, 10, 0);
    put_object(2, "b", 1, 0);
    put_object(3, "c", 2, 1);
    put_end(3, 1, REEL_OBJECT_CHANGED);
    put_object(4, "d", 1, 0);
}

static struct reel_catalog *
run(void)
{
    const struct reel_place place = {1, 40, 7, 99, 0, 0};
    struct reel_catalog *const k  = reel_catalog_new(keep, &made);

    put_all();
    ck_assert_int_eq(
        reel_catalog_segment(k, data.octets, data.len, &place, NULL), REEL_OK);
    return k;
}

START_TEST(totals_are_those_of_the_records)
{
    struct reel_catalog *const k = run();
    struct reel_catalog_totals t;
    uint8_t digest[REEL_DIGEST_BYTES];
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint8_t expected[REEL_DIGEST_BYTES];

    ck_assert_int_eq(reel_catalog_finish(k, &t, digest, fingerprint, NULL),
                     REEL_OK);
    ck_assert_uint_eq(t.objects, 2);
    ck_assert_uint_eq(t.torn, 2);
    ck_assert_uint_eq(t.flawed, 1);
    ck_assert_uint_eq(t.stream_bytes, 11);
    ck_assert_uint_eq(t.records, 10);
    ck_assert_uint_eq(t.bytes, made.len);
    ck_assert_uint_eq(t.next_object, 5);
    reel_sha256(made.octets, made.len, expected);
    ck_assert_mem_eq(digest, expected, sizeof(digest));
    reel_catalog_free(k);
}
END_TEST

START_TEST(the_fingerprint_is_of_the_facts_alone)
{
    struct reel_catalog *const k = run();
    struct reel_catalog_totals t;
    uint8_t digest[REEL_DIGEST_BYTES];
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint8_t expected[REEL_DIGEST_BYTES];
    struct reel_cursor c = reel_cursor_init(data.octets, data.len, NULL);
    struct reel_record object;
    struct reel_record end;
    struct reel_sha256 all;
    struct reel_sha256 one;
    uint8_t copy[512];
    int i;

    /* As 9.5 has it, in so many words. */
    reel_sha256_init(&all);
    for (i = 0; i < 2; i++) {
        do
            ck_assert_int_eq(reel_record_next(&object, &c, NULL), REEL_OK);
        while (object.object == 2);
        ck_assert_int_eq(reel_record_next(&end, &c, NULL), REEL_OK);
        memcpy(copy, object.payload.data, object.payload.len);
        memset(copy + REEL_OBJECT_TARGET_AT, 0, 8);
        reel_sha256_init(&one);
        reel_sha256_update(&one, copy, object.payload.len);
        reel_sha256_update(&one, end.payload.data, end.payload.len);
        reel_sha256_final(&one, expected);
        reel_sha256_update(&all, expected, sizeof(expected));
    }
    reel_sha256_final(&all, expected);
    ck_assert_int_eq(reel_catalog_finish(k, &t, digest, fingerprint, NULL),
                     REEL_OK);
    ck_assert_mem_eq(fingerprint, expected, sizeof(expected));
    reel_catalog_free(k);
}
END_TEST

START_TEST(it_reads_back_as_the_same_objects)
{
    static const uint32_t flags[] = {0, REEL_ENTRY_TORN, 0, REEL_ENTRY_TORN};
    struct reel_catalog *const k  = run();
    struct reel_catalog_parser *const p = reel_catalog_parser_new();
    struct reel_catalog_totals t;
    uint8_t digest[2][REEL_DIGEST_BYTES];
    struct reel_catalog_item item;
    struct reel_record r;
    struct reel_cursor c;
    uint64_t number = 0;
    bool have;

    ck_assert_int_eq(reel_catalog_finish(k, &t, digest[0], digest[1], NULL),
                     REEL_OK);
    c = reel_cursor_init(made.octets, made.len, NULL);
    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        ck_assert_int_eq(reel_catalog_parse(p, &r, &item, &have, NULL),
                         REEL_OK);
        if (!have)
            continue;
        ck_assert_uint_eq(item.number, ++number);
        ck_assert_uint_eq(item.entry.flags, flags[number - 1]);
        ck_assert_int_eq(item.has_end, flags[number - 1] == 0);
        ck_assert_uint_eq(item.object.path.len, 1);
        ck_assert_uint_eq(item.object.path.data[0], 'a' + number - 1);
        ck_assert_uint_eq(item.entry.begin.sequence, 7);
        ck_assert_uint_eq(item.entry.end.volume, flags[number - 1] == 0);
        /* A link has the place of its target, and nothing else has one. */
        ck_assert_uint_eq(item.entry.data.volume, number == 3);
        ck_assert_uint_eq(item.entry.data.record_offset, 0);
    }
    ck_assert_uint_eq(number, 4);
    reel_catalog_parser_free(p);
    reel_catalog_free(k);
}
END_TEST

START_TEST(a_slice_ends_with_the_object_that_is_open)
{
    struct reel_catalog *const k = run();
    struct row tail              = {{0}, 0};
    struct reel_checkpoint first;
    struct reel_checkpoint second;
    struct reel_sha256 both;
    uint8_t digest[REEL_DIGEST_BYTES];

    ck_assert_int_eq(reel_catalog_slice(k, &first, keep, &tail, NULL), REEL_OK);
    ck_assert_uint_eq(first.slice_bytes, made.len + tail.len);
    ck_assert_uint_eq(first.slice_records, 10);
    ck_assert_uint_eq(first.objects, 2);
    ck_assert_uint_eq(first.torn, 1);
    ck_assert_uint_eq(first.next_object, 5);
    reel_sha256_init(&both);
    reel_sha256_update(&both, made.octets, made.len);
    reel_sha256_update(&both, tail.octets, tail.len);
    reel_sha256_final(&both, digest);
    ck_assert_mem_eq(first.slice_digest, digest, sizeof(digest));
    tail.len = 0;
    ck_assert_int_eq(reel_catalog_slice(k, &second, keep, &tail, NULL),
                     REEL_OK);
    ck_assert_uint_eq(second.slice_records, 1); /* the open one once more */
    ck_assert_uint_eq(second.slice_bytes, tail.len);
    reel_catalog_free(k);
}
END_TEST

START_TEST(records_out_of_order_make_no_object)
{
    struct reel_catalog_parser *const p = reel_catalog_parser_new();
    struct reel_catalog_item item;
    struct reel_cursor c;
    struct reel_record r;
    struct reel_err err;
    bool have;

    put_all();
    c = reel_cursor_init(data.octets, data.len, NULL);
    ck_assert_int_eq(reel_record_next(&r, &c, NULL), REEL_OK);
    ck_assert_int_eq(reel_catalog_parse(p, &r, &item, &have, &err), REEL_OK);
    ck_assert_int_eq(reel_catalog_parse(p, &r, &item, &have, &err),
                     REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "A-1");
    r.object = 9;
    r.type   = REEL_RECORD_OBJECT_END;
    ck_assert_int_eq(reel_catalog_parse(p, &r, &item, &have, &err),
                     REEL_E_INVALID);
    reel_catalog_parser_free(p);
}
END_TEST

START_TEST(no_memory_is_said)
{
    reel_alloc_fail_at(1, 1);
    ck_assert_ptr_null(reel_catalog_new(NULL, NULL));
    ck_assert_ptr_null(reel_catalog_parser_new());
    reel_alloc_fail_at(0, 0);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_test(t, totals_are_those_of_the_records);
    tcase_add_test(t, the_fingerprint_is_of_the_facts_alone);
    tcase_add_test(t, it_reads_back_as_the_same_objects);
    tcase_add_test(t, a_slice_ends_with_the_object_that_is_open);
    tcase_add_test(t, records_out_of_order_make_no_object);
    tcase_add_test(t, no_memory_is_said);
}

int
main(void)
{
    return suite_run("catalog", add_tests);
}
