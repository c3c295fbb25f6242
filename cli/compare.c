/* SPDX-License-Identifier: Apache-2.0 */
/* reel compare: what differs between an archive and a tree. */
#include <stdio.h>
#include <unistd.h>

#include "escape.h"
#include "json.h"
#include "reel/restore.h"
#include "size.h"
#include "tape.h"
#include "total.h"
#include "verbs.h"

struct settings {
    struct cli_reading reading;
    uint64_t differences;
};

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    CLI_OPTION_DIRECTORY("the tree to compare; default: the current "
                         "directory"),
    CLI_OPTION_ARCHIVE,
    CLI_OPTION_CATALOG,
    CLI_OPTION_NO_SCAN,
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

static void
print_difference(void *ctx, uint8_t encoding, struct reel_bytes path,
                 const char *what)
{
    struct settings *s = ctx;
    struct cli_json j  = cli_json_init(stdout);

    s->differences++;
    if (s->reading.common.json) {
        cli_json_object(&j, NULL);
        cli_json_text(&j, "type", "difference");
        cli_json_path(&j, encoding, path);
        cli_json_text(&j, "text", what);
        cli_json_line(&j);
        return;
    }
    cli_escape_text(stdout, encoding, path);
    (void)fputs(": ", stdout);
    cli_escape_text(stdout, 0, reel_bytes_of(what));
    (void)putchar('\n');
}

static void
print_result(const struct settings *s, const struct reel_restore_result *result)
{
    char objects[CLI_SIZE_TEXT_BYTES], count[CLI_SIZE_TEXT_BYTES];
    char bytes[CLI_SIZE_TEXT_BYTES];
    struct cli_json j = cli_json_init(stdout);

    if (s->reading.common.json) {
        cli_json_object(&j, NULL);
        cli_json_text(&j, "type", "compared");
        cli_json_u64(&j, "objects", result->objects);
        cli_json_u64(&j, "bytes", result->bytes);
        cli_json_u64(&j, "lost", result->lost);
        cli_json_u64(&j, "differences", s->differences);
        cli_json_line(&j);
    } else if (!s->reading.common.quiet) {
        (void)printf("compared %s objects, %s: %s differences\n",
                     cli_count_print(objects, result->objects),
                     cli_size_print(bytes, result->bytes),
                     cli_count_print(count, s->differences));
    }
}

static int
compare(struct settings *s, struct cli_tape *tape)
{
    struct reel_restore_result result = {0};
    struct reel_err err               = {0};
    enum reel_status status;

    status = reel_compare(&tape->access, &tape->selection, tape->dir_fd,
                          print_difference, s, &result, &err);
    cli_report_lost(&tape->report, result.lost);
    if (s->differences > 0 && tape->report.codes == 0)
        tape->report.advice = "archive and tree differ as listed";
    if (s->differences > 0)
        cli_exit_add(&tape->report.codes, CLI_EXIT_DAMAGE);
    cli_progress_clear(&tape->report.progress);
    if (status == REEL_OK)
        print_result(s, &result);
    return cli_tape_end(tape, status, &err);
}

static int
run(int argc, char **argv)
{
    struct settings s         = {0};
    struct cli_common *common = &s.reading.common;
    struct cli_tape tape;
    int code = cli_options_parse(&cli_compare_verb, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    /* compare TAPE DIR */
    if (!common->tape && !common->directory && common->operand_count == 2) {
        common->tape          = common->operands[0];
        common->directory     = common->operands[1];
        common->operand_count = 0;
    }
    s.reading.writes.directory = true; /* which it only reads */
    if ((code = cli_tape_open(&tape, &s.reading, false)) != CLI_GO_ON)
        return code;
    tape.report.flawed_is_well = true;
    cli_total_ask(&tape.report, &s.reading, false);
    return compare(&s, &tape);
}

const struct cli_verb cli_compare_verb = {
    "compare",
    "tell what differs between an archive and a tree",
    "[OPTION]... [PATTERN]... | TAPE DIR",
    "Without -f and -C, two operands are the tape and the tree. Differences\n"
    "alone lead to exit code 1.\n",
    options,
    run};
