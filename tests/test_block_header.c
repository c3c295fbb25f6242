/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3, blocks; tests of format/block_header.c. */
#include <string.h>

#include "reel/crc32c.h"
#include "specimen_check.h"
#include "suite.h"

#define BLOCK_BYTES 512U

/* One field changed in a sealed block, which is then sealed again. */
static const struct {
    size_t at;
    size_t width;
    uint64_t value;
    enum reel_status status;
    const char *rule;
} faults[] = {
    {0, 1, 0x8B, REEL_E_MAGIC, "B-2"},
    {7, 1, 0x1B, REEL_E_MAGIC, "B-2"},
    {12, 2, 0, REEL_E_UNSUPPORTED, "B-4"},
    {12, 2, 2, REEL_E_UNSUPPORTED, "B-4"},
    {14, 2, REEL_BLOCK_PARITY, REEL_E_UNSUPPORTED, "X-4"},
    {14, 2, REEL_BLOCK_LIBRARY_INDEX, REEL_E_UNSUPPORTED, "X-4"},
    {16, 4, 1, REEL_E_UNSUPPORTED, "X-3"},
    {16, 4, 0x80000000, REEL_E_UNSUPPORTED, "X-3"},
    {20, 4, 0, REEL_E_INVALID, "B-5"},
    {20, 4, 511, REEL_E_INVALID, "B-5"},
    {20, 4, 1048576 + 512, REEL_E_INVALID, "B-5"},
    {20, 4, 1024, REEL_E_TRUNCATED, "B-1"},
    {20, 4, 507, REEL_E_INVALID, "B-5"},
    {24, 4, 0, REEL_E_INVALID, "B-6"},
    {24, 4, BLOCK_BYTES - 96 + 1, REEL_E_INVALID, "B-6"},
    {24, 4, UINT32_MAX, REEL_E_INVALID, "B-6"},
    {28, 4, 21, REEL_E_INVALID, "B-7"},
    {28, 4, UINT32_MAX - 1, REEL_E_INVALID, "B-7"},
    {32, 4, 0, REEL_E_INVALID, "B-9"},
    {36, 4, 0, REEL_E_INVALID, "B-9"},
};

static const struct specimen *
sealed(uint8_t block[SPECIMEN_BYTES_MAX])
{
    const struct specimen *const s = specimen_find("BLOCKS");
    size_t payload;

    ck_assert_uint_eq(specimen_encode(s, block, &payload), BLOCK_BYTES);
    return s;
}

static void
seal(uint8_t *block, size_t len)
{
    struct reel_builder b = reel_builder_init(block + 8, 4);

    reel_put_le32(&b, reel_crc32c(block + 12, len - 12));
}

START_TEST(each_rule_is_kept)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    const struct specimen *const s = sealed(block);
    struct reel_cursor c           = reel_cursor_init(block + 20, 4, NULL);
    uint32_t block_bytes;

    for (size_t i = 0; i < faults[_i].width; i++)
        block[faults[_i].at + i] = (uint8_t)(faults[_i].value >> (8 * i));
    block_bytes = reel_get_le32(&c);
    if (block_bytes > BLOCK_BYTES)
        block_bytes = BLOCK_BYTES;
    seal(block, block_bytes > 12 ? block_bytes : 12);
    specimen_check_refused(s, block, BLOCK_BYTES, faults[_i].status,
                           faults[_i].rule);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("BLOCKS");
    specimen_check_room("BLOCKS");
}
END_TEST

START_TEST(prefixes_are_truncated)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    const struct specimen *const s = sealed(block);

    for (size_t n = 0; n < BLOCK_BYTES; n++)
        specimen_check_refused(s, block, n, REEL_E_TRUNCATED, "B-1");
}
END_TEST

START_TEST(each_flipped_bit_is_noticed)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    struct reel_block_header h;
    struct reel_err err;

    (void)sealed(block);
    for (size_t bit = 0; bit < BLOCK_BYTES * 8; bit++) {
        enum reel_status status;

        block[bit / 8] ^= (uint8_t)(1U << bit % 8);
        status = reel_block_decode(&h, block, BLOCK_BYTES, NULL, &err);
        if (bit < 64)
            ck_assert_int_eq(status, REEL_E_MAGIC);
        else if (bit / 8 >= 20 && bit / 8 < 24 && status != REEL_E_CORRUPT)
            ck_assert_int_eq(status, REEL_E_TRUNCATED);
        else
            ck_assert_int_eq(status, REEL_E_CORRUPT);
        block[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES, NULL, &err),
                     REEL_OK);
}
END_TEST

START_TEST(octets_behind_are_noticed)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    const struct specimen *const s = sealed(block);

    memset(block + BLOCK_BYTES, 0, 512);
    specimen_check_refused(s, block, BLOCK_BYTES + 1, REEL_E_INVALID, "B-5");
    specimen_check_refused(s, block, BLOCK_BYTES + 512, REEL_E_INVALID, "B-5");
    seal(block, BLOCK_BYTES + 512); /* it ends at block octets */
    specimen_check_refused(s, block, BLOCK_BYTES + 512, REEL_E_CORRUPT, "B-3");
}
END_TEST

/* Four octets more, a drive's own protection, are no fault; five are. */
START_TEST(logical_block_protection_is_left_out)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    const struct specimen *const s = sealed(block);
    struct reel_block_header h;

    memset(block + BLOCK_BYTES, 0xEE, 5);
    ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES + 4, NULL, NULL),
                     REEL_OK);
    ck_assert_uint_eq(h.block_bytes, BLOCK_BYTES);
    specimen_check_refused(s, block, BLOCK_BYTES + 5, REEL_E_INVALID, "B-5");
    block[200] ^= 1;
    specimen_check_refused(s, block, BLOCK_BYTES + 4, REEL_E_CORRUPT, "B-3");
}
END_TEST

/* With the octets of a drive's protection, one may be shorter than its header:
   nothing fits in it. */
START_TEST(a_block_below_its_header_has_no_payload)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    const struct specimen *const s = sealed(block);

    for (uint32_t block_bytes = 92; block_bytes <= 96; block_bytes++) {
        struct reel_builder b = reel_builder_init(block + 20, 12);

        reel_put_le32(&b, block_bytes);
        reel_put_le32(&b, 0x10000000); /* payload octets */
        reel_put_le32(&b, 0);
        seal(block, block_bytes);
        specimen_check_refused(s, block, block_bytes + 4, REEL_E_INVALID,
                               "B-6");
    }
    ck_assert_uint_eq(reel_block_payload_max(0), 0);
    ck_assert_uint_eq(reel_block_payload_max(97), 1);
}
END_TEST

/* B-17 is no reason not to use a block; the verifier tells of it. */
START_TEST(run_start_is_judged_apart)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    struct reel_block_header h;

    (void)sealed(block);
    ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES, NULL, NULL),
                     REEL_OK);
    ck_assert(reel_block_run_start_legal(&h));
    h.run_start = h.sequence + 1;
    ck_assert(!reel_block_run_start_legal(&h));
    h.run       = 0;
    h.run_start = 1;
    ck_assert(!reel_block_run_start_legal(&h));
    h.run_start = 0;
    ck_assert(reel_block_run_start_legal(&h));
}
END_TEST

/* L-3 is no reason not to use a block, either. */
START_TEST(block_size_is_a_multiple_of_512)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    struct reel_builder size = reel_builder_init(block + 20, 4);
    struct reel_block_header h;

    (void)sealed(block);
    memset(block + BLOCK_BYTES, 0, 1);
    reel_put_le32(&size, BLOCK_BYTES + 1);
    seal(block, BLOCK_BYTES + 1);
    ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES + 1, NULL, NULL),
                     REEL_OK);
    ck_assert(!reel_block_bytes_legal(h.block_bytes));
    ck_assert(reel_block_bytes_legal(BLOCK_BYTES));
    ck_assert(!reel_block_bytes_legal(0));
    ck_assert(!reel_block_bytes_legal(REEL_BLOCK_BYTES_MAX + 512));
}
END_TEST

START_TEST(padding_is_told_of)
{
    uint8_t block[SPECIMEN_BYTES_MAX];
    struct reel_block_header h;
    struct reel_err err;

    (void)sealed(block);
    ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES, NULL, &err),
                     REEL_OK);
    ck_assert(reel_block_padding_zero(&h, block));
    block[96 + 21] = 1;
    ck_assert(!reel_block_padding_zero(&h, block));
    block[96 + 21]         = 0;
    block[BLOCK_BYTES - 1] = 1;
    ck_assert(!reel_block_padding_zero(&h, block));
    seal(block, BLOCK_BYTES); /* B-8 is not the decoder's to judge */
    ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES, NULL, &err),
                     REEL_OK);
}
END_TEST

START_TEST(seal_clears_the_padding)
{
    const struct specimen_block *const s = specimen_find("BLOCKS")->sample;
    uint8_t block[SPECIMEN_BYTES_MAX];
    uint8_t dirty[BLOCK_BYTES];
    struct reel_err err;

    (void)sealed(block);
    memset(dirty, 0xFF, sizeof(dirty));
    memcpy(dirty + 96, s->payload.data, s->payload.len);
    ck_assert_int_eq(reel_block_seal(&s->header, dirty, &err), REEL_OK);
    ck_assert_mem_eq(dirty, block, BLOCK_BYTES);
}
END_TEST

START_TEST(seal_refuses_what_decode_refuses)
{
    const struct specimen_block *const s = specimen_find("BLOCKS")->sample;
    struct reel_block_header h           = s->header;
    uint8_t block[BLOCK_BYTES]           = {0};
    struct reel_err err;

    h.payload_bytes = BLOCK_BYTES - 95;
    ck_assert_int_eq(reel_block_seal(&h, block, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "B-6");
    h             = s->header;
    h.block_bytes = 768;
    ck_assert_int_eq(reel_block_seal(&h, block, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "L-3");
    h         = s->header;
    h.archive = 0;
    ck_assert_int_eq(reel_block_seal(&h, block, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "B-9");
    ck_assert(reel_bytes_zero(block, sizeof(block)));
}
END_TEST

/* C-2: kept, for whoever reports them. */
START_TEST(zero_fields_are_kept)
{
    struct specimen_block s =
        *(const struct specimen_block *)specimen_find("BLOCKS")->sample;
    uint8_t block[BLOCK_BYTES] = {0};
    struct reel_block_header h;
    struct reel_err err;

    s.header.zero_a        = 0x01020304;
    s.header.zero_b        = 0x1112131415161718;
    s.header.first_segment = REEL_NONE32;
    ck_assert_int_eq(reel_block_seal(&s.header, block, &err), REEL_OK);
    ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES, NULL, &err),
                     REEL_OK);
    ck_assert_uint_eq(h.zero_a, s.header.zero_a);
    ck_assert_uint_eq(h.zero_b, s.header.zero_b);
    ck_assert_uint_eq(h.first_segment, REEL_NONE32);
}
END_TEST

START_TEST(feature_is_named)
{
    static const char *const names[] = {"parity", "encryption", "library index",
                                        "unknown"};
    uint8_t block[SPECIMEN_BYTES_MAX];
    struct reel_block_header h;
    struct reel_err err;

    (void)sealed(block);
    for (size_t i = 0; i < 4; i++) {
        block[16] = (uint8_t)(1U << i);
        seal(block, BLOCK_BYTES);
        ck_assert_int_eq(reel_block_decode(&h, block, BLOCK_BYTES, NULL, &err),
                         REEL_E_UNSUPPORTED);
        ck_assert_ptr_nonnull(strstr(err.text, names[i]));
    }
}
END_TEST

START_TEST(kinds_have_names)
{
    ck_assert_str_eq(reel_block_kind_name(1), "VOLUME");
    ck_assert_str_eq(reel_block_kind_name(2), "DATA");
    ck_assert_str_eq(reel_block_kind_name(3), "CHECKPOINT");
    ck_assert_str_eq(reel_block_kind_name(4), "CATALOG");
    ck_assert_str_eq(reel_block_kind_name(5), "END");
    ck_assert_str_eq(reel_block_kind_name(0x8001), "PARITY");
    ck_assert_str_eq(reel_block_kind_name(0x8002), "LIBRARY INDEX");
    ck_assert_str_eq(reel_block_kind_name(6), "unknown");
    ck_assert_uint_eq(reel_block_payload_max(BLOCK_BYTES), BLOCK_BYTES - 96);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, prefixes_are_truncated);
    tcase_add_test(tcase, each_flipped_bit_is_noticed);
    tcase_add_test(tcase, octets_behind_are_noticed);
    tcase_add_test(tcase, logical_block_protection_is_left_out);
    tcase_add_test(tcase, a_block_below_its_header_has_no_payload);
    tcase_add_test(tcase, run_start_is_judged_apart);
    tcase_add_test(tcase, block_size_is_a_multiple_of_512);
    tcase_add_test(tcase, padding_is_told_of);
    tcase_add_test(tcase, seal_clears_the_padding);
    tcase_add_test(tcase, seal_refuses_what_decode_refuses);
    tcase_add_test(tcase, zero_fields_are_kept);
    tcase_add_test(tcase, feature_is_named);
    tcase_add_test(tcase, kinds_have_names);
}

int
main(void)
{
    return suite_run("block_header", add_tests);
}
