/* SPDX-License-Identifier: Apache-2.0 */
/* Which paths a pattern selects (reel/access.h). */
#include "suite.h"

#include <string.h>

#include "reel/alloc.h"
#include "selection.h"

static bool
matches_bytes(const char *pattern, uint8_t encoding, struct reel_bytes path)
{
    const struct reel_selection selection = {&pattern, 1};
    struct reel_matcher m;
    bool match;

    ck_assert_int_eq(reel_matcher_init(&m, &selection, NULL), REEL_OK);
    ck_assert_int_eq(reel_matcher_match(&m, encoding, path, &match, NULL),
                     REEL_OK);
    ck_assert_int_eq(match, m.patterns[0].matched);
    reel_matcher_fini(&m);
    return match;
}

static bool
matches(const char *pattern, const char *path)
{
    return matches_bytes(pattern, REEL_ENCODING_POSIX, reel_bytes_of(path));
}

START_TEST(a_name_is_itself_and_what_is_in_it)
{
    ck_assert(matches("a", "a"));
    ck_assert(matches("a", "a/b/c"));
    ck_assert(matches("a/b", "a/b/c"));
    ck_assert(!matches("a", "ab"));
    ck_assert(!matches("a", "b/a"));
    ck_assert(!matches("a/b", "a"));
    ck_assert(!matches("a", ""));
}
END_TEST

START_TEST(what_means_nothing_means_nothing)
{
    ck_assert(matches("./a", "a"));
    ck_assert(matches("/a", "a"));
    ck_assert(matches(".//./a//", "a/b"));
    ck_assert(matches(".", "a"));
    ck_assert(matches("", ""));
    ck_assert(matches("/", "a/b"));
    ck_assert(!matches(".a", "a"));
    ck_assert(matches(".a", ".a"));
}
END_TEST

START_TEST(stars_do_not_cross_a_slash)
{
    ck_assert(matches("*", "a"));
    ck_assert(matches("*.c", "x.c"));
    ck_assert(!matches("*.c", "d/x.c"));
    ck_assert(matches("*/*.c", "d/x.c"));
    ck_assert(!matches("*/*.c", "x.c"));
    ck_assert(matches("d*", "dir/x.c")); /* a directory means its tree */
    ck_assert(matches("d?r/*", "dir/x/y/z"));
    ck_assert(!matches("d?r/*", "dir"));
    ck_assert(matches("[ab]", "a"));
    ck_assert(!matches("[ab]", "c"));
}
END_TEST

START_TEST(names_that_look_like_patterns_are_found)
{
    ck_assert(matches("c[1]", "c[1]"));
    ck_assert(matches("c[1]", "c1"));
    ck_assert(matches("a*b", "a*b"));
    ck_assert(matches("back\\slash", "back\\slash"));
    ck_assert(matches("\\*", "*"));
    ck_assert(!matches("\\*", "a"));
}
END_TEST

START_TEST(octets_that_are_no_text_are_octets)
{
    ck_assert(matches("\xff\xfe", "\xff\xfe/x"));
    ck_assert(matches("*\xff", "a\xff"));
    ck_assert(matches("a\nb", "a\nb"));
}
END_TEST

START_TEST(sixteen_bit_paths_are_compared_as_text)
{
    /* "ä/x", and a lone surrogate as in WTF-8. */
    static const uint8_t units[]     = {0xE4, 0, '/', 0, 'x', 0};
    static const uint8_t surrogate[] = {0x00, 0xD8};
    const struct reel_bytes path     = {units, sizeof(units)};
    const struct reel_bytes lone     = {surrogate, sizeof(surrogate)};

    ck_assert(matches_bytes("\xc3\xa4", REEL_ENCODING_UTF16, path));
    ck_assert(matches_bytes("*/x", REEL_ENCODING_UTF16, path));
    ck_assert(!matches_bytes("x", REEL_ENCODING_UTF16, path));
    ck_assert(matches_bytes("\xed\xa0\x80", REEL_ENCODING_UTF16, lone));
}
END_TEST

START_TEST(without_patterns_everything_is_selected)
{
    struct reel_matcher m;
    bool match = false;

    ck_assert_int_eq(reel_matcher_init(&m, NULL, NULL), REEL_OK);
    ck_assert_int_eq(reel_matcher_match(&m, REEL_ENCODING_POSIX,
                                        reel_bytes_of("a"), &match, NULL),
                     REEL_OK);
    ck_assert(match);
    reel_matcher_fini(&m);
}
END_TEST

START_TEST(each_pattern_knows_whether_it_matched)
{
    const char *const patterns[]          = {"a", "*", "b"};
    const struct reel_selection selection = {patterns, 3};
    struct reel_matcher m;
    bool match;

    ck_assert_int_eq(reel_matcher_init(&m, &selection, NULL), REEL_OK);
    ck_assert_int_eq(reel_matcher_match(&m, REEL_ENCODING_POSIX,
                                        reel_bytes_of("a"), &match, NULL),
                     REEL_OK);
    ck_assert(match);
    ck_assert(m.patterns[0].matched);
    ck_assert(m.patterns[1].matched);
    ck_assert(!m.patterns[2].matched);
    reel_matcher_fini(&m);
}
END_TEST

START_TEST(memory_can_run_out)
{
    const char *const patterns[]          = {"a", "b"};
    const struct reel_selection selection = {patterns, 2};
    struct reel_matcher m;
    unsigned long n;

    for (n = 1; n <= 3; n++) {
        reel_alloc_fail_at(n, 0);
        ck_assert_int_eq(reel_matcher_init(&m, &selection, NULL),
                         REEL_E_MEMORY);
        reel_alloc_fail_at(0, 0);
        reel_matcher_fini(&m);
    }
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_test(t, a_name_is_itself_and_what_is_in_it);
    tcase_add_test(t, what_means_nothing_means_nothing);
    tcase_add_test(t, stars_do_not_cross_a_slash);
    tcase_add_test(t, names_that_look_like_patterns_are_found);
    tcase_add_test(t, octets_that_are_no_text_are_octets);
    tcase_add_test(t, sixteen_bit_paths_are_compared_as_text);
    tcase_add_test(t, without_patterns_everything_is_selected);
    tcase_add_test(t, each_pattern_knows_whether_it_matched);
    tcase_add_test(t, memory_can_run_out);
}

int
main(void)
{
    return suite_run("reader_selection", add);
}
