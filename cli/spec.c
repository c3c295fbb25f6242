/* SPDX-License-Identifier: Apache-2.0 */
/* reel spec: the specification that goes on to every tape. */
#include <stdio.h>

#include "reel_spec_embed.h"
#include "verbs.h"

static const struct cli_option options[] = {{0}};

static int
run(int argc, char **argv)
{
    struct cli_common common = {0};
    const int code = cli_options_parse(&cli_spec_verb, &common, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    if (common.operand_count > 0)
        return cli_usage(&cli_spec_verb, "there are no operands");
    (void)fwrite(reel_spec_text, 1, reel_spec_text_bytes, stdout);
    return CLI_EXIT_WELL;
}

const struct cli_verb cli_spec_verb = {
    "spec", "print the specification of the format", "", NULL, options, run};
