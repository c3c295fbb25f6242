/* SPDX-License-Identifier: Apache-2.0 */
/* reel dump: blocks, segments and records as they stand. */
#include <stdio.h>

#include "reel/dump.h"
#include "tape.h"
#include "verbs.h"

struct settings {
    struct cli_reading reading;
    bool blocks;
    bool octets;
};

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    {"blocks", 0, CLI_FLAG, NULL, "only the headers of blocks",
     offsetof(struct settings, blocks), NULL},
    {"octets", 0, CLI_FLAG, NULL, "short fields and content in hex, too",
     offsetof(struct settings, octets), NULL},
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

static void
print_line(void *ctx, const char *line)
{
    (void)ctx;
    (void)puts(line);
}

static int
run(int argc, char **argv)
{
    struct settings s   = {0};
    struct reel_err err = {0};
    struct reel_dump_options what;
    struct cli_tape tape;
    int code = cli_options_parse(&cli_dump_verb, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    if (s.reading.common.operand_count > 0)
        return cli_usage(&cli_dump_verb, "there are no operands; name the "
                                         "tape with -f");
    if ((code = cli_tape_open(&tape, &s.reading, false)) != CLI_GO_ON)
        return code;
    what = (struct reel_dump_options){.blocks_only = s.blocks,
                                      .octets      = s.octets,
                                      .json        = s.reading.common.json};
    return cli_tape_end(
        &tape, reel_dump(&tape.access, &what, print_line, NULL, &err), &err);
}

const struct cli_verb cli_dump_verb = {
    "dump",        "show blocks, segments and records with their offsets",
    "[OPTION]...", NULL,
    options,       run};
