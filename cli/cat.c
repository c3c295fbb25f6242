/* SPDX-License-Identifier: Apache-2.0 */
/* reel cat: content of files to standard output. */
#include <unistd.h>

#include "reel/restore.h"
#include "tape.h"
#include "verbs.h"

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    CLI_OPTION_ARCHIVE,
    CLI_OPTION_CATALOG,
    CLI_OPTION_NO_SCAN,
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

static int
run(int argc, char **argv)
{
    struct cli_reading s              = {0};
    struct reel_restore_result result = {0};
    struct reel_err err               = {0};
    enum reel_status status;
    struct cli_tape tape;
    int code = cli_options_parse(&cli_cat_verb, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    if (s.common.operand_count == 0)
        return cli_usage(&cli_cat_verb, "no path is named");
    if ((code = cli_tape_open(&tape, &s, false)) != CLI_GO_ON)
        return code;
    status =
        reel_cat(&tape.access, &tape.selection, STDOUT_FILENO, &result, &err);
    cli_report_lost(&tape.report, result.lost);
    return cli_tape_end(&tape, status, &err);
}

const struct cli_verb cli_cat_verb = {
    "cat",
    "print the content of files",
    "[OPTION]... PATH...",
    "PATH is a pattern as in the shell; * does not cross /.\n",
    options,
    run};
