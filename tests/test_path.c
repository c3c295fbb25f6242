/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1, paths; tests of format/path.c. */
#include <string.h>

#include "reel/limits.h"
#include "reel/path.h"
#include "suite.h"

#define PATH(s)                                                                \
    {                                                                          \
        (const uint8_t *)(s), sizeof(s) - 1                                    \
    }

struct path_case {
    uint8_t encoding;
    struct reel_bytes path;
    const char *rule; /* NULL: legal */
};

static const struct path_case cases[] = {
    {1, PATH(""), NULL},
    {1, PATH("a"), NULL},
    {1, PATH("a/b"), NULL},
    {1, PATH("..."), NULL},
    {1, PATH(".a/..b/a./b.."), NULL},
    {1, PATH("\xFF\xFE/\x01\n"), NULL},
    {1, PATH("a\\b:c"), NULL},
    {1, PATH("/"), "N-2"},
    {1, PATH("/a"), "N-2"},
    {1, PATH("a/"), "N-2"},
    {1, PATH("a//b"), "N-2"},
    {1, PATH("."), "N-2"},
    {1, PATH(".."), "N-2"},
    {1, PATH("./a"), "N-2"},
    {1, PATH("a/."), "N-2"},
    {1, PATH("a/../b"), "N-2"},
    {1, PATH("../a"), "N-2"},
    {1, PATH("a/.."), "N-2"},
    {1, PATH("a\0b"), "N-2"},
    {1, PATH("\0"), "N-2"},
    {2, PATH(""), NULL},
    {2, PATH("a\0/\0b\0"), NULL},
    {2, PATH("\0\xD8/\0\0\xDC"), NULL}, /* lone surrogates */
    {2, PATH("/a"), NULL},              /* one unit, U+612F */
    {2, PATH("a/"), NULL},              /* one unit, U+2F61 */
    {2, PATH("./.\0"), NULL},           /* U+2F2E, "." */
    {2, PATH("\0a"), NULL},             /* U+6100 */
    {2, PATH("a\0b"), "N-3"},
    {2, PATH("a"), "N-3"},
    {2, PATH("/\0"), "N-2"},
    {2, PATH("/\0a\0"), "N-2"},
    {2, PATH("a\0/\0"), "N-2"},
    {2, PATH("a\0/\0/\0b\0"), "N-2"},
    {2, PATH(".\0"), "N-2"},
    {2, PATH(".\0.\0"), "N-2"},
    {2, PATH("a\0/\0.\0.\0/\0b\0"), "N-2"},
    {2, PATH("a\0\0\0"), "N-2"},
};

START_TEST(path_is_judged)
{
    const struct path_case *const k = &cases[_i];
    const struct reel_cursor at     = reel_cursor_init(NULL, 0, NULL);
    struct reel_err err             = {.rule = NULL};

    ck_assert_int_eq(reel_path_check(k->path, k->encoding, &at, &err),
                     k->rule == NULL ? REEL_OK : REEL_E_INVALID);
    if (k->rule != NULL)
        ck_assert_str_eq(err.rule, k->rule);
}
END_TEST

START_TEST(length_is_limited)
{
    static uint8_t octets[REEL_PATH_BYTES_MAX + 1];
    const struct reel_cursor at = reel_cursor_init(NULL, 0, NULL);
    struct reel_bytes path      = {octets, REEL_PATH_BYTES_MAX};
    struct reel_err err;

    memset(octets, 'x', sizeof(octets));
    ck_assert_int_eq(reel_path_check(path, 1, &at, &err), REEL_OK);
    path.len++;
    ck_assert_int_eq(reel_path_check(path, 1, &at, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "N-1");
    ck_assert_int_eq(reel_path_check(path, 2, &at, &err), REEL_E_INVALID);
    ck_assert_str_eq(err.rule, "N-1");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, path_is_judged, 0, SUITE_COUNT(cases));
    tcase_add_test(tcase, length_is_limited);
}

int
main(void)
{
    return suite_run("path", add_tests);
}
