/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the decoders of what drives answer (no spec chapter): each answer
 * whole, each cut short at every octet, and answers that lie about lengths.
 */
#include "drive_pages.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

static struct reel_drive_facts facts;

static void
setup(void)
{
    memset(&facts, 0, sizeof(facts));
}

typedef void (*page_fn)(struct reel_drive_facts *out, const uint8_t *data,
                        size_t bytes);

/* Every prefix, in memory of exactly its length, so that a sanitizer sees one
   octet too many. */
static void
cut_everywhere(page_fn decode, const uint8_t *data, size_t bytes)
{
    for (size_t len = 0; len < bytes; len++) {
        uint8_t *copy = malloc(len > 0 ? len : 1);

        ck_assert_ptr_nonnull(copy);
        memcpy(copy, data, len);
        setup();
        decode(&facts, copy, len);
        free(copy);
    }
    setup();
}

static void
errors_page(struct reel_drive_facts *out, const uint8_t *data, size_t bytes)
{
    reel_drive_page_errors(&out->writing, data, bytes);
}

START_TEST(inquiry)
{
    static const uint8_t page[36] = "\x01\x80\x06\x02\x1F\0\0\x02"
                                    "IBM     "
                                    "ULT3580-TD9     "
                                    "N2M0";

    cut_everywhere(reel_drive_page_inquiry, page, sizeof(page));
    reel_drive_page_inquiry(&facts, page, 35);
    ck_assert_str_eq(facts.vendor, "");
    reel_drive_page_inquiry(&facts, page, sizeof(page));
    ck_assert_str_eq(facts.vendor, "IBM");
    ck_assert_str_eq(facts.product, "ULT3580-TD9");
    ck_assert_str_eq(facts.revision, "N2M0");
}
END_TEST

START_TEST(serial)
{
    static const uint8_t page[] = {1,   0x80, 0,    8,   ' ', ' ',
                                   '1', '0',  0x1B, '9', ' ', ' '};
    uint8_t other[sizeof(page)];

    cut_everywhere(reel_drive_page_serial, page, sizeof(page));
    reel_drive_page_serial(&facts, page, sizeof(page));
    ck_assert_str_eq(facts.serial, "10?9"); /* no control character */
    setup();
    memcpy(other, page, sizeof(page));
    other[1] = 0x83;
    reel_drive_page_serial(&facts, other, sizeof(other));
    ck_assert_str_eq(facts.serial, "");
}
END_TEST

START_TEST(long_text_is_cut)
{
    uint8_t page[4 + 200] = {1, 0x80, 0, 200};

    memset(page + 4, 'x', 200);
    reel_drive_page_serial(&facts, page, sizeof(page));
    ck_assert_uint_eq(strlen(facts.serial), REEL_DRIVE_TEXT_BYTES - 1);
}
END_TEST

START_TEST(limits)
{
    static const uint8_t page[] = {0, 0x80, 0, 0, 0, 1};

    cut_everywhere(reel_drive_page_limits, page, sizeof(page));
    ck_assert(!facts.has_block_limits);
    reel_drive_page_limits(&facts, page, sizeof(page));
    ck_assert(facts.has_block_limits);
    ck_assert_uint_eq(facts.block_bytes_max, 0x800000);
}
END_TEST

START_TEST(alerts)
{
    static const uint8_t page[] = {0x2E, 0, 0, 20, 0, 1, 3, 1, 0,  0, 20, 3,
                                   1,    1, 0, 64, 3, 1, 1, 0, 65, 3, 1,  1};

    cut_everywhere(reel_drive_page_alerts, page, sizeof(page));
    reel_drive_page_alerts(&facts, page, sizeof(page));
    ck_assert(facts.has_alerts);
    ck_assert_uint_eq(facts.alerts, (uint64_t)1 << 19 | (uint64_t)1 << 63);
    ck_assert_ptr_nonnull(strstr(reel_drive_alert_text(20), "cleaned"));
    for (unsigned int flag = 0; flag < 70; flag++)
        ck_assert_uint_gt(strlen(reel_drive_alert_text(flag)), 10);
}
END_TEST

START_TEST(another_page_is_left_alone)
{
    static const uint8_t page[] = {0x2D, 0, 0, 5, 0, 1, 3, 1, 1};

    reel_drive_page_alerts(&facts, page, sizeof(page));
    reel_drive_page_capacity(&facts, page, sizeof(page));
    reel_drive_page_volume(&facts, page, sizeof(page));
    errors_page(&facts, page, sizeof(page));
    ck_assert(!facts.has_alerts);
    ck_assert(!facts.capacity.has);
    ck_assert(!facts.volume.has);
    ck_assert(!facts.writing.has);
}
END_TEST

START_TEST(errors)
{
    static const uint8_t page[] = {
        0x03, 0, 0, 30, 0, 2, 0x60, 4, 0, 0,    0, 9, 0, 3, 0x60, 8,    0,
        0,    0, 1, 0,  0, 0, 2,    0, 6, 0x60, 2, 0, 7, 0, 5,    0x60, 0};

    cut_everywhere(errors_page, page, sizeof(page));
    errors_page(&facts, page, sizeof(page));
    ck_assert(facts.writing.has);
    ck_assert_uint_eq(facts.writing.repeated, 9);
    ck_assert_uint_eq(facts.writing.corrected, ((uint64_t)1 << 32) + 2);
    ck_assert_uint_eq(facts.writing.uncorrected, 7);
}
END_TEST

START_TEST(volume)
{
    static const uint8_t page[] = {
        0x17, 0,   0,   39,   0,   1,    0x03, 4,    0,    0, 0,
        12,   0,   4,   0x03, 4,   0xFF, 0xFF, 0xFF, 0xFF, 0, 0x10,
        0x03, 4,   0,   0,    1,   0,    0,    0x42, 1,    6, 'A',
        'B',  '1', ' ', ' ',  ' ', 0,    0x81, 3,    1,    1};

    cut_everywhere(reel_drive_page_volume, page, sizeof(page));
    reel_drive_page_volume(&facts, page, sizeof(page));
    ck_assert(facts.volume.has);
    ck_assert_uint_eq(facts.volume.mounts, 12);
    ck_assert_uint_eq(facts.volume.write_errors, 0); /* all ones: unknown */
    ck_assert_uint_eq(facts.volume.written_mb, 256);
    ck_assert_str_eq(facts.cartridge.barcode, "AB1");
    ck_assert(facts.has_write_once);
    ck_assert(facts.write_once);
}
END_TEST

START_TEST(capacity)
{
    static const uint8_t page[] = {0x31, 0, 0,    16,   0,    1,   3,
                                   4,    0, 1,    0,    0,    0,   3,
                                   3,    4, 0x00, 0x01, 0x86, 0xA0};

    cut_everywhere(reel_drive_page_capacity, page, sizeof(page));
    reel_drive_page_capacity(&facts, page, sizeof(page));
    ck_assert(facts.capacity.has);
    ck_assert_uint_eq(facts.capacity.remaining_mib, 65536);
    ck_assert_uint_eq(facts.capacity.whole_mib, 100000);
}
END_TEST

START_TEST(cartridge)
{
    static const uint8_t data[] = {
        0,   0,    0,    62,   0,   3,   0x80, 0,    8,    0,    0,
        0,   0,    0,    0,    0,   77,  0x04, 0x00, 0x81, 0,    8,
        'F', 'U',  'J',  'I',  'F', 'I', 'L',  'M',  0x04, 0x01, 0x81,
        0,   10,   'S',  'N',  '1', '2', '3',  ' ',  ' ',  ' ',  ' ',
        ' ', 0x04, 0x08, 0x80, 0,   1,   0x80, 0x08, 0x06, 0x81, 0,
        7,   'R',  'L',  '0',  '0', '1', 'L',  '9'};

    cut_everywhere(reel_drive_page_cartridge, data, sizeof(data));
    reel_drive_page_cartridge(&facts, data, sizeof(data));
    ck_assert(facts.cartridge.has);
    ck_assert(facts.cartridge.has_loads);
    ck_assert_uint_eq(facts.cartridge.loads, 77);
    ck_assert_str_eq(facts.cartridge.manufacturer, "FUJIFILM");
    ck_assert_str_eq(facts.cartridge.serial, "SN123");
    ck_assert_str_eq(facts.cartridge.barcode, "RL001L9");
    ck_assert(facts.has_write_once);
    ck_assert(facts.write_once);
}
END_TEST

START_TEST(mode)
{
    static const uint8_t on[]   = {0,    22,   0,    0x10, 0, 0, 0, 0,
                                   0x0F, 0x0E, 0xC0, 0x80, 0, 0, 0, 1,
                                   0,    0,    0,    1,    0, 0, 0, 0};
    static const uint8_t once[] = {0,    14, 0,    0, 0, 0, 0, 0,
                                   0x1D, 6,  0x01, 0, 0, 0, 0, 0};
    uint8_t device[24]          = {0, 22, 0, 0x10, 0, 0, 0, 0, 0x90, 0x0E};

    cut_everywhere(reel_drive_page_mode, on, sizeof(on));
    reel_drive_page_mode(&facts, on, sizeof(on));
    ck_assert(facts.has_compression);
    ck_assert(facts.compression);
    setup();
    reel_drive_page_mode(&facts, device, sizeof(device));
    ck_assert(facts.has_compression);
    ck_assert(!facts.compression);
    reel_drive_page_mode(&facts, once, sizeof(once));
    ck_assert(facts.has_write_once);
    ck_assert(facts.write_once);
}
END_TEST

START_TEST(mode_behind_block_descriptors)
{
    static const uint8_t page[] = {
        0,    30,   0,    0x10, 0, 0, 0, 8, 0x58, 0, 0, 0, 0, 0, 0, 0,
        0x0F, 0x0E, 0x40, 0x80, 0, 0, 0, 0, 0,    0, 0, 0, 0, 0, 0, 0};

    reel_drive_page_mode(&facts, page, sizeof(page));
    ck_assert(facts.has_compression);
    ck_assert(!facts.compression);
}
END_TEST

START_TEST(key)
{
    uint8_t page[16] = {0, 0x21, 0, 12};

    static const enum reel_drive_key expected[7] = {
        REEL_DRIVE_KEY_UNKNOWN, REEL_DRIVE_KEY_UNKNOWN, REEL_DRIVE_KEY_UNKNOWN,
        REEL_DRIVE_KEY_FINE,    REEL_DRIVE_KEY_MISSING, REEL_DRIVE_KEY_FINE,
        REEL_DRIVE_KEY_MISSING};

    for (uint8_t state = 0; state < 7; state++) {
        page[12] = 0x10 | state;
        ck_assert_int_eq(reel_drive_page_key(page, sizeof(page)),
                         expected[state]);
        ck_assert_int_eq(reel_drive_page_key(page, 12), REEL_DRIVE_KEY_UNKNOWN);
    }
    page[1] = 0x20;
    ck_assert_int_eq(reel_drive_page_key(page, sizeof(page)),
                     REEL_DRIVE_KEY_UNKNOWN);
}
END_TEST

static void
add(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, NULL);
    tcase_add_test(tc, inquiry);
    tcase_add_test(tc, serial);
    tcase_add_test(tc, long_text_is_cut);
    tcase_add_test(tc, limits);
    tcase_add_test(tc, alerts);
    tcase_add_test(tc, another_page_is_left_alone);
    tcase_add_test(tc, errors);
    tcase_add_test(tc, volume);
    tcase_add_test(tc, capacity);
    tcase_add_test(tc, cartridge);
    tcase_add_test(tc, mode);
    tcase_add_test(tc, mode_behind_block_descriptors);
    tcase_add_test(tc, key);
}

int
main(void)
{
    return suite_run("drive pages", add);
}
