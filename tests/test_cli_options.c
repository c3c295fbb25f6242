/* SPDX-License-Identifier: Apache-2.0 */
/* cli/options.c: command lines by a table. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nearest.h"
#include "options.h"

static const char *const words[] = {"red", "green", NULL};

struct settings {
    struct cli_common common;
    bool flag;
    uint32_t number;
    uint64_t size;
    int choice;
    struct cli_list list;
};

#define AT(field) offsetof(struct settings, field)

static const struct cli_option options[] = {
    CLI_OPTION_TAPE,
    {"flag", 'x', CLI_FLAG, NULL, "a flag", AT(flag), NULL},
    {"number", 'n', CLI_U32, "N", "a number", AT(number), NULL},
    {"size", 0, CLI_SIZE, "SIZE", "a size", AT(size), NULL},
    {"choice", 0, CLI_CHOICE, "WORD", "a word", AT(choice), words},
    {"list", 0, CLI_LIST, "ITEM", "an item", AT(list), NULL},
    {0}};

static const struct cli_verb verb = {"try", "tries", "X", NULL, options, NULL};

static struct settings s;

static void
set_up(void)
{
    memset(&s, 0, sizeof(s));
    /* What is printed is judged by cli.sh. */
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stdout));
}

static void
tear_down(void)
{
    cli_list_fini(&s.list);
}

/* Words end with NULL. */
static int
parse(char **argv)
{
    int argc = 0;

    while (argv[argc])
        argc++;
    return cli_options_parse(&verb, &s, argc, argv);
}

/* Operands are gone behind it; the words of options stay. */
#define PARSE(...) parse((char *[]){word_try, __VA_ARGS__, NULL})

static char word_try[] = "try";
static char arg_f[] = "-f", arg_name[] = "name", arg_a[] = "a", arg_b[] = "b";
static char arg_x[] = "-x", arg_dashes[] = "--", arg_nf[] = "-n5";

START_TEST(options_stand_anywhere)
{
    char size[] = "--size=4K", choice[] = "--choice", green[] = "green";
    char *argv[] = {word_try, arg_a, arg_f,  arg_name, arg_x, size,
                    choice,   green, arg_nf, arg_b,    NULL};

    ck_assert_int_eq(parse(argv), CLI_GO_ON);
    ck_assert_str_eq(s.common.tape, "name");
    ck_assert(s.flag);
    ck_assert_uint_eq(s.size, 4096);
    ck_assert_int_eq(s.choice, 1);
    ck_assert_uint_eq(s.number, 5);
    ck_assert_uint_eq(s.common.operand_count, 2);
    ck_assert_str_eq(s.common.operands[0], "a");
    ck_assert_str_eq(s.common.operands[1], "b");
    ck_assert_ptr_eq(s.common.verb, &verb);
}
END_TEST

START_TEST(dashes_end_options)
{
    char *argv[] = {word_try, arg_dashes, arg_x, arg_dashes, NULL};

    ck_assert_int_eq(parse(argv), CLI_GO_ON);
    ck_assert(!s.flag);
    ck_assert_uint_eq(s.common.operand_count, 2);
    ck_assert_str_eq(s.common.operands[0], "-x");
    ck_assert_str_eq(s.common.operands[1], "--");
}
END_TEST

START_TEST(lists_grow)
{
    char one[] = "--list=1", two[] = "--list=2", quiet[] = "-q";

    ck_assert_int_eq(PARSE(one, quiet, two), CLI_GO_ON);
    ck_assert_uint_eq(s.list.count, 2);
    ck_assert_str_eq(s.list.items[0], "1");
    ck_assert_str_eq(s.list.items[1], "2");
    ck_assert(s.common.quiet);
}
END_TEST

START_TEST(wrong_usage_is_64)
{
    static const char *const wrong[] = {
        "-Z",          "--nothing",  "--flag=1",     "-n",
        "--number=-1", "--number=x", "--size=1.5",   "--number=4294967296",
        "--choice=no", "--choice",   "--quiet=much", "--help=x"};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[40];

        (void)snprintf(text, sizeof(text), "%s", wrong[i]);
        ck_assert_msg(PARSE(text) == CLI_EXIT_USAGE, "%s", wrong[i]);
    }
}
END_TEST

START_TEST(help_is_no_failure)
{
    char help[] = "--help", letter[] = "-h";

    ck_assert_int_eq(PARSE(arg_a, help), CLI_EXIT_WELL);
    ck_assert_int_eq(PARSE(letter), CLI_EXIT_WELL);
}
END_TEST

static const char *
nearest_to(const char *word)
{
    struct cli_nearest near = {.word = word};

    cli_nearest_offer(&near, "write");
    cli_nearest_offer(&near, "list");
    cli_nearest_offer(&near, "restore");
    return near.best ? near.best : "";
}

START_TEST(the_nearest_word_is_found)
{
    ck_assert_str_eq(nearest_to("wirte"), "write");
    ck_assert_str_eq(nearest_to("lst"), "list");
    ck_assert_str_eq(nearest_to("rest"), "restore");
    ck_assert_str_eq(nearest_to("extract"), "");
    ck_assert_str_eq(nearest_to(""), "");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("options");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, options_stand_anywhere);
    tcase_add_test(tcase, dashes_end_options);
    tcase_add_test(tcase, lists_grow);
    tcase_add_test(tcase, wrong_usage_is_64);
    tcase_add_test(tcase, help_is_no_failure);
    tcase_add_test(tcase, the_nearest_word_is_found);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
