/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report.c, cli/exit_code.c, cli/output.c: what is told, how it goes out,
   and the code it leads to. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "digest_map.h"
#include "output.h"
#include "reel/limits.h"
#include "report.h"

static const struct cli_option no_options[] = {{0}};
static const struct cli_verb verb = {"try", "", "", NULL, no_options, NULL};

static struct cli_report r;
static char *said;
static size_t said_bytes;

static void
begin(bool json)
{
    const struct cli_common common = {
        .verb = &verb, .json = json, .quiet = false};

    cli_report_init(&r, &common);
    r.progress.active = false;
    r.out             = open_memstream(&said, &said_bytes);
    ck_assert_ptr_nonnull(r.out);
}

static int
end(void)
{
    const int code = cli_report_end(&r);

    ck_assert_int_eq(fclose(r.out), 0);
    return code;
}

static void
forget(void)
{
    free(said);
    said = NULL;
}

static void
note(enum reel_note_kind kind)
{
    struct reel_note n = {.kind     = kind,
                          .encoding = 1,
                          .path     = reel_bytes_of("a\nb"),
                          .err      = {.status = REEL_E_CORRUPT,
                                       .pos = {.volume = 1, .block = 17, .byte = 96},
                                       .rule = "B-3",
                                       .text = "it is wrong"}};

    cli_report_note(&r, &n);
}

START_TEST(the_worst_code_wins)
{
    static const enum cli_exit order[] = {
        CLI_EXIT_INTERRUPTED, CLI_EXIT_INTERNAL, CLI_EXIT_STOPPED,
        CLI_EXIT_LOST,        CLI_EXIT_WANTED,   CLI_EXIT_REFUSED,
        CLI_EXIT_SKIPPED,     CLI_EXIT_DAMAGE};
    const size_t count = sizeof(order) / sizeof(order[0]);

    for (size_t i = 0; i < count; i++) {
        for (size_t k = i; k < count; k++) {
            cli_exit_set set = 0;

            cli_exit_add(&set, order[k]);
            cli_exit_add(&set, order[i]);
            cli_exit_add(&set, CLI_EXIT_WELL);
            ck_assert_int_eq((int)cli_exit_first(set), (int)order[i]);
        }
    }
    ck_assert_int_eq((int)cli_exit_first(0), 0);
}
END_TEST

START_TEST(each_note_has_its_code)
{
    static const int codes[CLI_NOTE_KINDS] = {0, 0, 3, 3, 1, 2, 4, 6};

    for (int i = 0; i < CLI_NOTE_KINDS; i++) {
        begin(false);
        note((enum reel_note_kind)i);
        ck_assert_int_eq(end(), codes[i]);
        ck_assert_uint_eq(r.counts[i], 1);
        forget();
    }
}
END_TEST

START_TEST(each_status_has_its_code)
{
    static const struct {
        enum reel_status status;
        int code;
    } known[] = {
        {REEL_OK, 0},        {REEL_E_TRUNCATED, 4}, {REEL_E_MAGIC, 4},
        {REEL_E_CORRUPT, 4}, {REEL_E_INVALID, 4},   {REEL_E_UNSUPPORTED, 4},
        {REEL_E_LIMIT, 4},   {REEL_E_MEDIUM, 5},    {REEL_E_FULL, 5},
        {REEL_E_MEMORY, 5},  {REEL_E_MISUSE, 64},   {REEL_E_STOPPED, 130}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        ck_assert_int_eq((int)cli_exit_of_status(known[i].status),
                         known[i].code);
}
END_TEST

START_TEST(flawed_sources_can_be_well)
{
    begin(false);
    r.flawed_is_well = true;
    note(REEL_NOTE_FLAWED);
    ck_assert_int_eq(end(), 0);
}
END_TEST

START_TEST(text_says_where)
{
    begin(false);
    note(REEL_NOTE_SKIPPED);
    ck_assert_int_eq(end(), 3);
    ck_assert_str_eq(said,
                     "reel: a\\nb: it is wrong (volume 1, block 17, byte 96; "
                     "rule B-3)\n"
                     "reel try: finished, but without what is named above; "
                     "mend that and run it again\n");
}
END_TEST

START_TEST(json_says_where)
{
    begin(true);
    note(REEL_NOTE_LOST);
    ck_assert_int_eq(end(), 2);
    ck_assert_str_eq(said, "{\"type\":\"note\",\"kind\":\"lost\",\"path\":"
                           "\"a\\u000ab\",\"status\":\"corrupt\",\"text\":"
                           "\"it is wrong\",\"rule\":\"B-3\",\"volume\":1,"
                           "\"block\":17,\"byte\":96}\n");
}
END_TEST

/* Notes of two of the longest paths, on a socket that keeps apart what was
   written at once. */
static void
write_long_notes(int to, bool json)
{
    const struct cli_common common = {.verb = &verb, .json = json};
    uint8_t path[REEL_PATH_BYTES_MAX];
    struct reel_note n = {.kind     = REEL_NOTE_SKIPPED,
                          .encoding = 1,
                          .path     = {path, sizeof(path)},
                          .err      = {.text = "it is wrong"}};

    memset(path, 'n', sizeof(path));
    if (dup2(to, STDERR_FILENO) != STDERR_FILENO)
        _exit(1);
    cli_output_by_lines();
    cli_report_init(&r, &common);
    r.progress.active = false;
    for (int i = 0; i < 2; i++)
        cli_report_note(&r, &n);
    _exit(0);
}

START_TEST(a_line_is_written_at_once)
{
    static char line[2 * REEL_PATH_BYTES_MAX];
    int ends[2];
    int status;
    pid_t pid;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        write_long_notes(ends[1], _i == 1);
    ck_assert_int_eq(close(ends[1]), 0);
    for (int i = 0; i < 2; i++) {
        const ssize_t n = read(ends[0], line, sizeof(line));

        ck_assert_int_gt(n, REEL_PATH_BYTES_MAX);
        ck_assert_int_eq(line[n - 1], '\n');
        ck_assert_ptr_eq(memchr(line, '\n', (size_t)n), line + n - 1);
    }
    ck_assert_int_eq(read(ends[0], line, sizeof(line)), 0);
    ck_assert_int_eq(close(ends[0]), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_failure_is_one_sentence)
{
    const struct reel_err err = {.status = REEL_E_MAGIC, .text = "x is not it"};

    begin(false);
    cli_report_status(&r, REEL_E_MAGIC, &err);
    ck_assert_int_eq(end(), 4);
    ck_assert_str_eq(said, "reel try: x is not it; check the name given with "
                           "-f\n");
}
END_TEST

START_TEST(loss_hides_no_interruption)
{
    const struct reel_err err = {.status = REEL_E_STOPPED, .text = "stopped"};

    begin(false);
    note(REEL_NOTE_LOST);
    cli_report_status(&r, REEL_E_STOPPED, &err);
    ck_assert_int_eq(end(), 130);
}
END_TEST

START_TEST(digests_are_found_again)
{
    struct cli_digest_map map         = {0};
    uint8_t digest[REEL_DIGEST_BYTES] = {0};

    for (uint64_t n = 200; n > 0; n--) { /* the order does not matter */
        digest[0] = (uint8_t)n;
        ck_assert(cli_digest_map_add(&map, 1 + n % 2, 2 * n, digest));
    }
    ck_assert_uint_eq(map.count, 200);
    for (uint64_t n = 1; n <= 200; n++) {
        const uint8_t *found = cli_digest_map_find(&map, 1 + n % 2, 2 * n);

        ck_assert_ptr_nonnull(found);
        ck_assert_uint_eq(found[0], (uint8_t)n);
        ck_assert_ptr_null(cli_digest_map_find(&map, 1 + n % 2, 2 * n + 1));
        ck_assert_ptr_null(cli_digest_map_find(&map, 2 - n % 2, 2 * n));
    }
    cli_digest_map_fini(&map);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("report");
    TCase *tcase = tcase_create("report");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, NULL, forget);
    tcase_add_test(tcase, the_worst_code_wins);
    tcase_add_test(tcase, each_note_has_its_code);
    tcase_add_test(tcase, each_status_has_its_code);
    tcase_add_test(tcase, flawed_sources_can_be_well);
    tcase_add_test(tcase, text_says_where);
    tcase_add_test(tcase, json_says_where);
    tcase_add_loop_test(tcase, a_line_is_written_at_once, 0, 2);
    tcase_add_test(tcase, a_failure_is_one_sentence);
    tcase_add_test(tcase, loss_hides_no_interruption);
    tcase_add_test(tcase, digests_are_found_again);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
