/* SPDX-License-Identifier: Apache-2.0 */
/* cli/escape.c: names of any octets, made safe. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "reel/path.h"

typedef void (*escape_fn)(FILE *out, uint8_t encoding, struct reel_bytes path);

static struct {
    char *text;
    size_t len;
} made;

static void
forget(void)
{
    free(made.text);
    made.text = NULL;
}

static const char *
escaped(escape_fn fn, uint8_t encoding, const void *data, size_t len)
{
    FILE *out;

    forget();
    out = open_memstream(&made.text, &made.len);
    ck_assert_ptr_nonnull(out);
    fn(out, encoding, (struct reel_bytes){data, len});
    ck_assert_int_eq(fclose(out), 0);
    return made.text;
}

#define TEXT(data) escaped(cli_escape_text, 1, data, sizeof(data) - 1)
#define JSON(data) escaped(cli_escape_json, 1, data, sizeof(data) - 1)

START_TEST(text_shows_what_is_safe)
{
    ck_assert_str_eq(TEXT(""), ".");
    ck_assert_str_eq(TEXT("a b\"'"), "a b\"'");
    ck_assert_str_eq(TEXT("gr\xC3\xBC\xC3\x9F\xF0\x9F\x98\x80"),
                     "gr\xC3\xBC\xC3\x9F\xF0\x9F\x98\x80");
}
END_TEST

START_TEST(text_escapes_control_characters)
{
    ck_assert_str_eq(TEXT("a\nb\tc\rd\\e"), "a\\nb\\tc\\rd\\\\e");
    ck_assert_str_eq(TEXT("\x1B[31m\x7F"), "\\033[31m\\177");
    ck_assert_str_eq(TEXT("x\0y"), "x\\000y");
    ck_assert_str_eq(TEXT("\xC2\x9B"), "\\302\\233");          /* U+009B */
    ck_assert_str_eq(TEXT("\xE2\x80\xAE"), "\\342\\200\\256"); /* U+202E */
    ck_assert_str_eq(TEXT("\xE2\x81\xA6"), "\\342\\201\\246"); /* U+2066 */
    ck_assert_str_eq(TEXT("\xD8\x9C"), "\\330\\234");          /* U+061C */
}
END_TEST

START_TEST(text_escapes_what_is_not_utf8)
{
    ck_assert_str_eq(TEXT("\xFFz"), "\\377z");
    ck_assert_str_eq(TEXT("\xC0\xAF"), "\\300\\257"); /* overlong */
    ck_assert_str_eq(TEXT("\xE0\x80\xAF"), "\\340\\200\\257");
    ck_assert_str_eq(TEXT("\xED\xA0\x80"), "\\355\\240\\200"); /* surrogate */
    ck_assert_str_eq(TEXT("\xF4\x90\x80\x80"), "\\364\\220\\200\\200");
    ck_assert_str_eq(TEXT("\xE2\x82"), "\\342\\202"); /* cut */
    ck_assert_str_eq(TEXT("\xE2\x82z"), "\\342\\202z");
}
END_TEST

START_TEST(utf16_becomes_utf8)
{
    static const uint8_t smile[] = {'a', 0, 0x3D, 0xD8, 0x00, 0xDE};
    static const uint8_t lone[]  = {0x00, 0xD8, 'b', 0};
    static const uint8_t odd[]   = {'a', 0, 'b'};

    ck_assert_str_eq(escaped(cli_escape_text, 2, smile, sizeof(smile)),
                     "a\xF0\x9F\x98\x80");
    ck_assert_str_eq(escaped(cli_escape_raw, 2, smile, sizeof(smile)),
                     "a\xF0\x9F\x98\x80");
    ck_assert_str_eq(escaped(cli_escape_text, 2, lone, sizeof(lone)),
                     "\\uD800b");
    ck_assert_str_eq(escaped(cli_escape_text, 2, odd, sizeof(odd)), "a\\142");
    ck_assert(cli_escape_is_unicode(2, (struct reel_bytes){smile, 6}));
    ck_assert(!cli_escape_is_unicode(2, (struct reel_bytes){lone, 4}));
}
END_TEST

START_TEST(json_is_valid_and_safe)
{
    ck_assert_str_eq(JSON(""), "");
    ck_assert_str_eq(JSON("a\"b\\c\n"), "a\\\"b\\\\c\\u000a");
    ck_assert_str_eq(JSON("\xFFz"), "\xEF\xBF\xBDz");
    ck_assert_str_eq(JSON("\xE2\x80\xAE"), "\\u202e");
    ck_assert_str_eq(JSON("\xF3\xA0\x80\x81"), "\\udb40\\udc01"); /* U+E0001 */
    ck_assert(!cli_escape_is_unicode(1, reel_bytes_of("\xFFz")));
    ck_assert(cli_escape_is_unicode(1, reel_bytes_of("\xC3\xBC")));
}
END_TEST

static void
manifest(FILE *out, uint8_t encoding, struct reel_bytes path)
{
    cli_escape_manifest(out, "00", encoding, path);
}

#define MANIFEST(data) escaped(manifest, 1, data, sizeof(data) - 1)

START_TEST(manifest_is_that_of_sha256sum)
{
    ck_assert_str_eq(MANIFEST("a b"), "00  a b\n");
    ck_assert_str_eq(MANIFEST("\xFF"), "00  \xFF\n");
    ck_assert_str_eq(MANIFEST("a\nb\\c\rd"), "\\00  a\\nb\\\\c\\rd\n");
    ck_assert_str_eq(MANIFEST("-"), "00  ./-\n");
    ck_assert_str_eq(MANIFEST("-a"), "00  -a\n");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("escape");
    TCase *tcase = tcase_create("escape");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, NULL, forget);
    tcase_add_test(tcase, text_shows_what_is_safe);
    tcase_add_test(tcase, text_escapes_control_characters);
    tcase_add_test(tcase, text_escapes_what_is_not_utf8);
    tcase_add_test(tcase, utf16_becomes_utf8);
    tcase_add_test(tcase, json_is_valid_and_safe);
    tcase_add_test(tcase, manifest_is_that_of_sha256sum);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
