/* SPDX-License-Identifier: Apache-2.0 */
/* reel catalog rebuild: a lost catalog out of the data. */
#include <errno.h>
#include <string.h>

#include "reel/catalog_file.h"
#include "tape.h"
#include "total.h"
#include "verbs.h"

struct settings {
    struct cli_reading reading;
    const char *out;
};

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    CLI_OPTION_ARCHIVE,
    {"catalog", 0, CLI_STRING, "FILE", "write the catalog to FILE",
     offsetof(struct settings, out), NULL},
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

static int
check(const struct settings *s)
{
    const struct cli_common *common = &s->reading.common;

    if (common->operand_count != 1 ||
        strcmp(common->operands[0], "rebuild") != 0)
        return cli_usage(common->verb, "say what to do: catalog rebuild");
    if (!s->out)
        return cli_usage(common->verb, "say with --catalog FILE where the "
                                       "catalog goes");
    return CLI_GO_ON;
}

static int
rebuild(struct cli_tape *tape, const char *out)
{
    struct reel_err err = {0};
    enum reel_status status;

    status = reel_catalog_rebuild(&tape->access, tape->kept.fd, &err);
    if (!cli_tape_keep(tape, status == REEL_OK))
        cli_report_system(&tape->report, out, errno);
    return cli_tape_end(tape, status, &err);
}

static int
run(int argc, char **argv)
{
    struct settings s = {0};
    struct cli_tape tape;
    int code = cli_options_parse(&cli_catalog_verb, &s, argc, argv);

    if (code != CLI_GO_ON || (code = check(&s)) != CLI_GO_ON)
        return code;
    s.reading.writes.kept = s.out;
    if ((code = cli_tape_open(&tape, &s.reading, false)) != CLI_GO_ON)
        return code;
    tape.report.flawed_is_well     = true;
    s.reading.common.operand_count = 0; /* "rebuild" selects nothing */
    cli_total_ask(&tape.report, &s.reading, false);
    return rebuild(&tape, s.out);
}

const struct cli_verb cli_catalog_verb = {
    "catalog",
    "make a lost catalog again by reading all data",
    "rebuild [OPTION]... --catalog FILE",
    NULL,
    options,
    run};
