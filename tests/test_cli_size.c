/* SPDX-License-Identifier: Apache-2.0 */
/* cli/size.c: amounts as people write and read them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "size.h"

static uint64_t
size_of(const char *text)
{
    uint64_t value = 77;

    ck_assert_msg(cli_size_parse(text, &value), "%s", text);
    return value;
}

START_TEST(sizes_are_parsed)
{
    ck_assert_uint_eq(size_of("0"), 0);
    ck_assert_uint_eq(size_of("4096"), 4096);
    ck_assert_uint_eq(size_of("512K"), 524288);
    ck_assert_uint_eq(size_of("4m"), 4194304);
    ck_assert_uint_eq(size_of("1GiB"), 1073741824);
    ck_assert_uint_eq(size_of("2T"), UINT64_C(2) << 40);
    ck_assert_uint_eq(size_of("18446744073709551615"), UINT64_MAX);
    ck_assert_uint_eq(size_of("15E"), UINT64_C(15) << 60);
}
END_TEST

START_TEST(wrong_sizes_are_refused)
{
    static const char *const wrong[] = {
        "",    "K",   "-1",  "+1",  " 1",  "1 ",
        "1.5", "1KB", "1Ki", "1KK", "0x1", "18446744073709551616",
        "16E", "1Q"};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        uint64_t value = 77;

        ck_assert_msg(!cli_size_parse(wrong[i], &value), "%s", wrong[i]);
        ck_assert_uint_eq(value, 77);
    }
}
END_TEST

START_TEST(numbers_are_bounded)
{
    uint64_t value = 77;

    ck_assert(cli_number_parse("10", 10, &value));
    ck_assert_uint_eq(value, 10);
    ck_assert(!cli_number_parse("11", 10, &value));
    ck_assert(!cli_number_parse("1K", 10, &value));
    ck_assert(!cli_number_parse("", 10, &value));
}
END_TEST

START_TEST(hex_goes_there_and_back)
{
    static const uint8_t wanted[] = {0x00, 0xAB, 0xFF};
    uint8_t octets[3]             = {1, 1, 1};
    char text[7];

    ck_assert(cli_hex_parse("00aBfF", octets, 3));
    ck_assert_mem_eq(octets, wanted, 3);
    ck_assert_str_eq(cli_hex_print(text, octets, 3), "00abff");
    ck_assert(!cli_hex_parse("00abf", octets, 3));
    ck_assert(!cli_hex_parse("00abfff", octets, 3));
    ck_assert(!cli_hex_parse("00abfg", octets, 3));
    ck_assert_mem_eq(octets, wanted, 3);
}
END_TEST

START_TEST(amounts_are_printed)
{
    char text[CLI_SIZE_TEXT_BYTES];

    ck_assert_str_eq(cli_size_print(text, 0), "0 B");
    ck_assert_str_eq(cli_size_print(text, 1023), "1023 B");
    ck_assert_str_eq(cli_size_print(text, 1024), "1.0 KiB");
    ck_assert_str_eq(cli_size_print(text, 1536), "1.5 KiB");
    ck_assert_str_eq(cli_size_print(text, 1048575), "1023.9 KiB");
    ck_assert_str_eq(cli_size_print(text, UINT64_MAX), "15.9 EiB");
    ck_assert_str_eq(cli_count_print(text, 0), "0");
    ck_assert_str_eq(cli_count_print(text, 999), "999");
    ck_assert_str_eq(cli_count_print(text, 12345), "12,345");
    ck_assert_str_eq(cli_count_print(text, UINT64_MAX),
                     "18,446,744,073,709,551,615");
    ck_assert_str_eq(cli_duration_print(text, 59), "59s");
    ck_assert_str_eq(cli_duration_print(text, 185), "3m05s");
    ck_assert_str_eq(cli_duration_print(text, 7380), "2h03m");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("size");
    TCase *tcase = tcase_create("size");
    SRunner *runner;
    int failed;

    tcase_add_test(tcase, sizes_are_parsed);
    tcase_add_test(tcase, wrong_sizes_are_refused);
    tcase_add_test(tcase, numbers_are_bounded);
    tcase_add_test(tcase, hex_goes_there_and_back);
    tcase_add_test(tcase, amounts_are_printed);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
