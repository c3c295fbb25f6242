/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of streams: sizes, and what both digests are over (7.3). */
#include <string.h>

#include "reel/group.h"
#include "suite.h"

static struct reel_group g;
static const struct reel_cursor nowhere;

static enum reel_status
stream(uint32_t ordinal, uint32_t id, uint64_t size, struct reel_err *err)
{
    struct reel_stream s;

    memset(&s, 0, sizeof(s));
    s.ordinal     = ordinal;
    s.header.id   = id;
    s.header.size = size;
    return reel_group_stream(&g, &s, &nowhere, err);
}

static enum reel_status
data(uint64_t offset, uint64_t sparse, const void *octets, size_t len,
     struct reel_err *err)
{
    const struct reel_data d = {g.ordinal, 0, offset, sparse, {octets, len}};

    return reel_group_data(&g, &d, &nowhere, err);
}

/* A SPARSE_BLOCK at `at`, in pieces of `piece` octets. */
static void
block(uint32_t ordinal, uint64_t at, const char *text, size_t piece)
{
    uint8_t body[64];
    struct reel_builder b = reel_builder_init(body, sizeof(body));
    size_t i;

    reel_put_le64(&b, at);
    reel_put_bytes(&b, reel_bytes_of(text));
    ck_assert_int_eq(stream(ordinal, REEL_STREAM_SPARSE_BLOCK, b.len, NULL),
                     REEL_OK);
    for (i = 0; i < b.len; i += piece)
        ck_assert_int_eq(
            data(i, at, body + i, b.len - i < piece ? b.len - i : piece, NULL),
            REEL_OK);
}

START_TEST(a_plain_stream_has_one_digest)
{
    struct reel_group_end e;
    uint8_t digest[REEL_DIGEST_BYTES];

    reel_group_init(&g, true);
    ck_assert_int_eq(stream(0, REEL_STREAM_DATA, 6, NULL), REEL_OK);
    ck_assert_int_eq(data(0, REEL_NONE64, "abc", 3, NULL), REEL_OK);
    ck_assert_uint_eq(reel_group_left(&g), 3);
    ck_assert_int_eq(data(3, REEL_NONE64, "def", 3, NULL), REEL_OK);
    ck_assert_int_eq(reel_group_finish(&g, &e, &nowhere, NULL), REEL_OK);
    reel_sha256("abcdef", 6, digest);
    ck_assert_mem_eq(e.stream_digest, digest, sizeof(digest));
    ck_assert_mem_eq(e.content_digest, digest, sizeof(digest));
    ck_assert_uint_eq(e.content_bytes, 6);
    ck_assert_uint_eq(e.allocated_bytes, 6);
    ck_assert_uint_eq(e.body_bytes, 6);
    ck_assert_uint_eq(e.flags, REEL_GROUP_HAS_CONTENT_DIGEST);
}
END_TEST

START_TEST(sparse_content_is_hashed_with_its_holes)
{
    struct reel_group_end e;
    uint8_t content[40] = {0};
    uint8_t digest[REEL_DIGEST_BYTES];

    memcpy(content + 10, "hello", 5);
    memcpy(content + 20, "you", 3);
    reel_group_init(&g, true);
    ck_assert_int_eq(stream(0, REEL_STREAM_DATA, 0, NULL), REEL_OK);
    block(1, 10, "hello", (size_t)_i);
    block(2, 20, "you", (size_t)_i);
    block(3, 40, "", (size_t)_i);
    ck_assert_int_eq(reel_group_finish(&g, &e, &nowhere, NULL), REEL_OK);
    reel_sha256(content, sizeof(content), digest);
    ck_assert_mem_eq(e.content_digest, digest, sizeof(digest));
    ck_assert_uint_eq(e.content_bytes, sizeof(content));
    ck_assert_uint_eq(e.allocated_bytes, 8);
    ck_assert_uint_eq(e.body_bytes, 13 + 11 + 8);
    ck_assert_uint_eq(e.streams, 4);
}
END_TEST

START_TEST(a_hole_too_large_has_no_content_digest)
{
    struct reel_group_end e;

    reel_group_init(&g, true);
    ck_assert_int_eq(stream(0, REEL_STREAM_DATA, 0, NULL), REEL_OK);
    block(1, 1ULL << (16 + _i), "", 8);
    ck_assert_int_eq(reel_group_finish(&g, &e, &nowhere, NULL), REEL_OK);
    ck_assert_uint_eq(e.flags, _i == 0 ? REEL_GROUP_HAS_CONTENT_DIGEST : 0);
    ck_assert_int_eq(reel_bytes_zero(e.content_digest, REEL_DIGEST_BYTES),
                     _i != 0);
    ck_assert_uint_eq(e.content_bytes, 1ULL << (16 + _i));
}
END_TEST

START_TEST(what_breaks_the_row_is_refused)
{
    struct reel_group_end e;
    struct reel_err err;
    uint8_t body[16] = {4};

    reel_group_init(&g, true);
    ck_assert_int_eq(data(0, REEL_NONE64, "a", 1, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-4");
    ck_assert_int_eq(stream(1, REEL_STREAM_DATA, 1, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-3");
    ck_assert_int_eq(stream(0, REEL_STREAM_DATA, 6, NULL), REEL_OK);
    ck_assert_int_eq(data(1, REEL_NONE64, "a", 1, &err), REEL_E_INVALID);
    ck_assert_int_eq(data(0, REEL_NONE64, "abcdefg", 7, &err), REEL_E_INVALID);
    ck_assert_int_eq(data(0, 0, "a", 1, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-6");
    ck_assert_int_eq(reel_group_finish(&g, &e, &nowhere, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-4");
    ck_assert_int_eq(stream(1, REEL_STREAM_SPARSE_BLOCK, 8, &err),
                     REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-4");
    ck_assert_int_eq(data(0, REEL_NONE64, "abcdef", 6, NULL), REEL_OK);
    ck_assert_int_eq(stream(1, REEL_STREAM_SPARSE_BLOCK, 7, &err),
                     REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-7");
    ck_assert_int_eq(stream(1, REEL_STREAM_SPARSE_BLOCK, 9, NULL), REEL_OK);
    ck_assert_int_eq(data(0, 4, body, 9, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-8"); /* 4 is before the end of content */
}
END_TEST

START_TEST(nothing_stands_behind_the_last_block)
{
    struct reel_err err;

    reel_group_init(&g, true);
    ck_assert_int_eq(stream(0, REEL_STREAM_DATA, 0, NULL), REEL_OK);
    block(1, 40, "", 8);
    ck_assert_int_eq(stream(2, REEL_STREAM_SPARSE_BLOCK, 9, &err),
                     REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-9");
}
END_TEST

/* Behind a loss a SPARSE_BLOCK goes on where its DATA say, and the block behind
   it is judged by that. */
START_TEST(a_block_goes_on_behind_a_loss)
{
    struct reel_err err;

    reel_group_init(&g, true);
    ck_assert_int_eq(stream(0, REEL_STREAM_DATA, 0, NULL), REEL_OK);
    ck_assert_int_eq(stream(1, REEL_STREAM_SPARSE_BLOCK, 8 + 100, NULL),
                     REEL_OK);
    reel_group_resume(&g, _i == 0 ? 3 : 48);
    ck_assert_uint_eq(reel_group_left(&g), _i == 0 ? 105 : 60);
    ck_assert_int_eq(data(g.offset, 1000, "0123456789", 10, NULL), REEL_OK);
    ck_assert_uint_eq(g.content_at, _i == 0 ? 1000 + 5 : 1000 + 50);
    reel_group_resume(&g, 108);
    ck_assert_uint_eq(reel_group_left(&g), 0);
    block(2, 2000, "behind it", 64);
    ck_assert_int_eq(stream(3, REEL_STREAM_SPARSE_BLOCK, 8, NULL), REEL_OK);
    ck_assert_int_eq(data(0, 1, "\1\0\0\0\0\0\0", 8, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "S-8");
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_test(t, a_plain_stream_has_one_digest);
    tcase_add_loop_test(t, sparse_content_is_hashed_with_its_holes, 1, 14);
    tcase_add_loop_test(t, a_hole_too_large_has_no_content_digest, 0, 2);
    tcase_add_test(t, what_breaks_the_row_is_refused);
    tcase_add_test(t, nothing_stands_behind_the_last_block);
    tcase_add_loop_test(t, a_block_goes_on_behind_a_loss, 0, 2);
}

int
main(void)
{
    return suite_run("group", add_tests);
}
