/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4, segments; tests of format/segment.c. */
#include <string.h>
#include <zstd.h>

#include "reel/alloc.h"
#include "reel/crc32c.h"
#include "specimen_check.h"
#include "suite.h"

#define HEADER REEL_SEGMENT_HEADER_BYTES
#define RAW_BYTES 4096U
#define ROOM 8192U

static const struct {
    size_t at;
    size_t width;
    uint64_t value;
    enum reel_status status;
    const char *rule;
} faults[] = {
    {0, 1, 's', REEL_E_MAGIC, "G-2"},
    {8, 1, 2, REEL_E_INVALID, "G-4"},
    {9, 1, 1, REEL_E_UNSUPPORTED, "G-5"},
    {12, 4, 30, REEL_E_INVALID, "G-8"},
    {16, 4, 15, REEL_E_INVALID, "G-6"},
    {16, 4, 16777217, REEL_E_INVALID, "G-6"},
    {16, 4, 32, REEL_E_INVALID, "G-8"},
    {8, 1, 1, REEL_E_INVALID, "G-10"},
};

static void
seal(uint8_t *segment, size_t len)
{
    struct reel_builder b = reel_builder_init(segment + 4, 4);

    reel_put_le32(&b, reel_crc32c(segment + 8, len - 8));
}

/* Octets that repeat after 251. */
static void
fill(uint8_t *raw, size_t len)
{
    for (size_t i = 0; i < len; i++)
        raw[i] = (uint8_t)(i % 251);
}

/* A packed segment of RAW_BYTES; its length. */
static size_t
pack(uint8_t out[ROOM])
{
    struct reel_packer *const p = reel_packer_new(3);
    uint8_t raw[RAW_BYTES];
    struct reel_err err;
    size_t len;

    ck_assert_ptr_nonnull(p);
    fill(raw, sizeof(raw));
    ck_assert_int_eq(
        reel_segment_pack(p, raw, sizeof(raw), out, ROOM, &len, &err), REEL_OK);
    reel_packer_free(p);
    ck_assert_uint_lt(len, RAW_BYTES);
    ck_assert_uint_eq(out[8], REEL_COMPRESSION_ZSTD);
    return len;
}

/* Unpack from memory of exactly its length; `rule` is that of a failure. */
static enum reel_status
unpack(const uint8_t *segment, size_t len, uint8_t *raw, size_t capacity,
       const char **rule)
{
    struct reel_unpacker *const u = reel_unpacker_new();
    uint8_t *const exact          = reel_alloc_array(len, 1);
    struct reel_err err           = {.rule = "none"};
    size_t raw_bytes              = 0;
    enum reel_status status;

    ck_assert(u != NULL && exact != NULL);
    memcpy(exact, segment, len);
    status = reel_segment_unpack(u, exact, len, raw, capacity, &raw_bytes, NULL,
                                 &err);
    if (status == REEL_OK)
        ck_assert_uint_le(raw_bytes, capacity);
    else
        ck_assert_uint_eq(raw_bytes, 0);
    *rule = err.rule;
    reel_free(exact);
    reel_unpacker_free(u);
    return status;
}

/* Put the frame[0, frame_bytes) in a sealed segment and unpack that. */
static enum reel_status
unpack_frame(const uint8_t *frame, size_t frame_bytes, uint32_t raw_bytes,
             const char **rule)
{
    uint8_t segment[ROOM] = {'S', 'E', 'G', 'M'};
    uint8_t raw[ROOM];
    struct reel_builder b = reel_builder_init(segment, sizeof(segment));

    b.len = 8;
    reel_put_le32(&b, REEL_COMPRESSION_ZSTD);
    reel_put_le32(&b, (uint32_t)frame_bytes);
    reel_put_le32(&b, raw_bytes);
    reel_put_le32(&b, 0);
    reel_put_bytes(&b, (struct reel_bytes){frame, frame_bytes});
    ck_assert(b.ok);
    seal(segment, b.len);
    return unpack(segment, b.len, raw, sizeof(raw), rule);
}

START_TEST(each_rule_is_kept)
{
    const struct specimen *const s = specimen_find("SEGMENTS");
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;

    ck_assert_uint_gt(specimen_encode(s, buf, &payload), 0);
    for (size_t i = 0; i < faults[_i].width; i++)
        buf[faults[_i].at + i] = (uint8_t)(faults[_i].value >> (8 * i));
    specimen_check_refused(s, buf, HEADER, faults[_i].status, faults[_i].rule);
}
END_TEST

START_TEST(header_prefixes_are_truncated)
{
    const struct specimen *const s = specimen_find("SEGMENTS");
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;

    ck_assert_uint_gt(specimen_encode(s, buf, &payload), 0);
    for (size_t n = 0; n < HEADER; n++)
        specimen_check_refused(s, buf, n, REEL_E_TRUNCATED, "G-1");
}
END_TEST

START_TEST(goes_round)
{
    uint8_t segment[ROOM];
    uint8_t raw[RAW_BYTES];
    uint8_t wanted[RAW_BYTES];
    const size_t len = pack(segment);
    const char *rule;

    specimen_check_round_trip("SEGMENTS");
    fill(wanted, sizeof(wanted));
    ck_assert_int_eq(unpack(segment, len, raw, sizeof(raw), &rule), REEL_OK);
    ck_assert_mem_eq(raw, wanted, sizeof(raw));
    /* What stands behind a segment is not its own. */
    ck_assert_int_eq(unpack(segment, len + 1, raw, sizeof(raw), &rule),
                     REEL_OK);
}
END_TEST

START_TEST(same_octets_each_time)
{
    uint8_t first[ROOM];
    uint8_t second[ROOM];
    const size_t len = pack(first);

    ck_assert_uint_eq(pack(second), len);
    ck_assert_mem_eq(first, second, len);
}
END_TEST

START_TEST(what_does_not_shrink_is_stored)
{
    struct reel_packer *const p = reel_packer_new(19);
    uint8_t raw[16];
    uint8_t packed[ROOM];
    uint8_t stored[ROOM];
    struct reel_err err;
    size_t len;
    size_t stored_len;

    ck_assert_ptr_nonnull(p);
    fill(raw, sizeof(raw));
    ck_assert_int_eq(
        reel_segment_pack(p, raw, sizeof(raw), packed, ROOM, &len, &err),
        REEL_OK);
    ck_assert_int_eq(reel_segment_pack(NULL, raw, sizeof(raw), stored, ROOM,
                                       &stored_len, &err),
                     REEL_OK);
    reel_packer_free(p);
    ck_assert_uint_eq(len, HEADER + sizeof(raw));
    ck_assert_uint_eq(len, stored_len);
    ck_assert_mem_eq(packed, stored, len);
}
END_TEST

START_TEST(prefixes_are_truncated)
{
    uint8_t segment[ROOM];
    uint8_t raw[RAW_BYTES];
    const size_t len = pack(segment);
    const char *rule;

    for (size_t n = 0; n < len; n++) {
        ck_assert_int_eq(unpack(segment, n, raw, sizeof(raw), &rule),
                         REEL_E_TRUNCATED);
        ck_assert_str_eq(rule, "G-1");
    }
}
END_TEST

START_TEST(each_flipped_bit_is_noticed)
{
    uint8_t segment[ROOM];
    uint8_t raw[RAW_BYTES];
    const size_t len = pack(segment);
    const char *rule;

    for (size_t bit = 0; bit < len * 8; bit++) {
        enum reel_status status;

        segment[bit / 8] ^= (uint8_t)(1U << bit % 8);
        status = unpack(segment, len, raw, sizeof(raw), &rule);
        if (bit < 32)
            ck_assert_int_eq(status, REEL_E_MAGIC);
        else if (bit / 8 < 8 || bit / 8 >= 20)
            ck_assert_int_eq(status, REEL_E_CORRUPT);
        else
            ck_assert_int_ne(status, REEL_OK);
        segment[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    ck_assert_int_eq(unpack(segment, len, raw, sizeof(raw), &rule), REEL_OK);
}
END_TEST

START_TEST(limit_is_obeyed)
{
    uint8_t segment[ROOM];
    uint8_t raw[RAW_BYTES];
    const size_t len      = pack(segment);
    struct reel_cursor c  = reel_cursor_init(segment, len, NULL);
    struct reel_cursor c2 = c;
    struct reel_segment_header h;
    struct reel_err err;
    const char *rule;

    ck_assert_int_eq(unpack(segment, len, raw, RAW_BYTES - 1, &rule),
                     REEL_E_LIMIT);
    ck_assert_int_eq(reel_segment_header_decode(&h, &c, RAW_BYTES - 1, &err),
                     REEL_E_LIMIT);
    ck_assert_int_eq(reel_segment_header_decode(&h, &c2, RAW_BYTES, &err),
                     REEL_OK);
    ck_assert_uint_eq(reel_cursor_left(&c2), len - HEADER);
}
END_TEST

START_TEST(frame_is_one_and_says_its_size)
{
    uint8_t frame[ROOM];
    uint8_t raw[RAW_BYTES];
    ZSTD_CCtx *const ctx = ZSTD_createCCtx();
    const char *rule;
    size_t n;

    ck_assert_ptr_nonnull(ctx);
    fill(raw, sizeof(raw));
    n = ZSTD_compress2(ctx, frame, sizeof(frame), raw, sizeof(raw));
    ck_assert_int_eq(unpack_frame(frame, n, RAW_BYTES, &rule), REEL_OK);
    /* Something behind the frame; cut short; empty; another size; garbage. */
    frame[n] = 0;
    ck_assert_int_eq(unpack_frame(frame, n + 1, RAW_BYTES, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
    ck_assert_int_eq(unpack_frame(frame, n - 1, RAW_BYTES, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
    ck_assert_int_eq(unpack_frame(frame, 0, RAW_BYTES, &rule), REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
    ck_assert_int_eq(unpack_frame(frame, n, RAW_BYTES + 1, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-11");
    frame[0] ^= 1;
    ck_assert_int_eq(unpack_frame(frame, n, RAW_BYTES, &rule), REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
    /* Without its size. */
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_contentSizeFlag, 0);
    n = ZSTD_compress2(ctx, frame, sizeof(frame), raw, sizeof(raw));
    ck_assert_int_eq(unpack_frame(frame, n, RAW_BYTES, &rule), REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
    ZSTD_freeCCtx(ctx);
}
END_TEST

/* A skippable frame is one, too, but holds nothing. */
START_TEST(skippable_frame_is_refused)
{
    static const uint8_t frame[] = {0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9};
    const char *rule;

    ck_assert_int_eq(unpack_frame(frame, sizeof(frame), 16, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
}
END_TEST

/* Frame headers by hand: a dictionary, and a window of 32 MiB. */
START_TEST(dictionary_and_window_are_refused)
{
    static const uint8_t dictionary[] = {0x28, 0xB5, 0x2F, 0xFD, 0x21, 0x07,
                                         0x20, 0x03, 0x01, 0x00, 'x'};
    static const uint8_t window[] = {0x28, 0xB5, 0x2F, 0xFD, 0x80, 0x78, 0x20,
                                     0x00, 0x00, 0x00, 0x03, 0x01, 0x00, 'x'};
    uint8_t without[sizeof(dictionary) - 1];
    const char *rule;

    /* The same frame without one is good. */
    memcpy(without, dictionary, 4);
    without[4] = 0x20;
    memcpy(without + 5, dictionary + 6, sizeof(without) - 5);
    ck_assert_int_eq(unpack_frame(without, sizeof(without), 32, &rule),
                     REEL_OK);
    ck_assert_int_eq(unpack_frame(dictionary, sizeof(dictionary), 32, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
    ck_assert_int_eq(unpack_frame(window, sizeof(window), 32, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
}
END_TEST

/* Sealed, with a whole frame of the right size, but its blocks are wrong. */
START_TEST(frame_that_does_not_unpack_is_refused)
{
    /* One compressed block of one octet, which is no block of zstd. */
    static const uint8_t frame[] = {0x28, 0xB5, 0x2F, 0xFD, 0x20,
                                    0x20, 0x0D, 0x00, 0x00, 0xFF};
    const char *rule;

    ck_assert_int_eq(unpack_frame(frame, sizeof(frame), 32, &rule),
                     REEL_E_INVALID);
    ck_assert_str_eq(rule, "G-9");
}
END_TEST

START_TEST(misuse_is_refused)
{
    static uint8_t raw[64];
    uint8_t out[ROOM];
    struct reel_err err;
    size_t len;

    ck_assert_int_eq(reel_segment_pack(NULL, raw, 15, out, ROOM, &len, &err),
                     REEL_E_MISUSE);
    ck_assert_int_eq(reel_segment_pack(NULL, raw, REEL_SEGMENT_LIMIT_MAX + 1U,
                                       out, ROOM, &len, &err),
                     REEL_E_MISUSE);
    ck_assert_int_eq(reel_segment_pack(NULL, raw, sizeof(raw), out,
                                       reel_segment_bound(sizeof(raw)) - 1,
                                       &len, &err),
                     REEL_E_MISUSE);
}
END_TEST

/* The n-th allocation fails, for all n: the call does, and nothing leaks. */
START_TEST(memory_may_run_out)
{
    uint8_t segment[ROOM];
    uint8_t raw[RAW_BYTES];
    struct reel_err err;
    unsigned long n = 0;
    bool done       = false;
    size_t len;

    fill(raw, sizeof(raw));
    while (!done) {
        struct reel_packer *p;
        struct reel_unpacker *u;

        reel_alloc_fail_at(++n, 0);
        p = reel_packer_new(3);
        u = reel_unpacker_new();
        if (p != NULL && u != NULL) {
            const enum reel_status status = reel_segment_pack(
                p, raw, sizeof(raw), segment, ROOM, &len, &err);

            done = status == REEL_OK;
            if (!done)
                ck_assert_int_eq(status, REEL_E_MEMORY);
        }
        reel_packer_free(p);
        reel_unpacker_free(u);
    }
    reel_alloc_fail_at(0, 0);
    ck_assert_uint_ge(n, 4);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, header_prefixes_are_truncated);
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, same_octets_each_time);
    tcase_add_test(tcase, what_does_not_shrink_is_stored);
    tcase_add_test(tcase, prefixes_are_truncated);
    tcase_add_test(tcase, each_flipped_bit_is_noticed);
    tcase_add_test(tcase, limit_is_obeyed);
    tcase_add_test(tcase, frame_is_one_and_says_its_size);
    tcase_add_test(tcase, skippable_frame_is_refused);
    tcase_add_test(tcase, dictionary_and_window_are_refused);
    tcase_add_test(tcase, frame_that_does_not_unpack_is_refused);
    tcase_add_test(tcase, misuse_is_refused);
    tcase_add_test(tcase, memory_may_run_out);
}

int
main(void)
{
    return suite_run("segment", add_tests);
}
