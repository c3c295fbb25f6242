/* SPDX-License-Identifier: Apache-2.0 */
/* reel drive: a tape drive by hand; nothing here changes what is on a tape. */
#include <string.h>

#include "drive_print.h"
#include "reel/medium_tap.h"
#include "size.h"
#include "tape.h"
#include "verbs.h"

struct settings {
    struct cli_common common;
    uint32_t wait_seconds;
};

static const struct cli_option options[] = {
    CLI_OPTION_TAPE,
    {"wait", 0, CLI_U32, "SECONDS",
     "locate: wait so long for a tape that is not there or not ready yet",
     offsetof(struct settings, wait_seconds), NULL},
    {0}};

enum action { ACTION_STATUS, ACTION_REWIND, ACTION_EJECT, ACTION_LOCATE };

static const char *const actions[] = {"status", "rewind", "eject", "locate",
                                      NULL};

static enum reel_status
handle(const char *name, enum action action, bool json, struct reel_err *err)
{
    struct reel_drive *drive = NULL;
    struct reel_drive_facts facts;
    enum reel_status status = reel_drive_open(&drive, name, err);

    if (status != REEL_OK)
        return status;
    if (action == ACTION_REWIND) {
        status = reel_drive_rewind(drive, err);
    } else if (action == ACTION_EJECT) {
        status = reel_drive_eject(drive, err);
    } else {
        status = reel_drive_facts(drive, &facts, err);
        if (status == REEL_OK)
            cli_drive_print(&facts, json);
    }
    reel_drive_close(drive);
    return status;
}

/* By the medium, which knows what the drive's positions are worth. */
static enum reel_status
locate(const char *name, uint64_t address,
       const struct reel_medium_open_opts *opts, struct reel_err *err)
{
    struct reel_medium *m = NULL;
    struct reel_err close_err;
    enum reel_status status, closed;

    REEL_TRY(reel_medium_open_with(&m, name, REEL_MEDIUM_READ, opts, err));
    if (reel_medium_info(m)->drive)
        status = reel_medium_locate(m, address, err);
    else
        status = reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                           "this is no tape drive; name one as /dev/nst0");
    closed = reel_medium_close(m, &close_err);
    if (status != REEL_OK || closed == REEL_OK)
        return status;
    *err = close_err;
    return closed;
}

/* The action that the operands name, with its address. */
static int
parse(const struct cli_common *common, enum action *action, uint64_t *address)
{
    const char *const *words = common->operands;
    size_t i                 = 0;
    const size_t count       = common->operand_count;

    if (count == 0)
        return cli_usage(common->verb,
                         "say what to do: status, rewind, eject or locate N");
    while (actions[i] && strcmp(actions[i], words[0]) != 0)
        i++;
    if (!actions[i])
        return cli_usage(common->verb,
                         "%s is none of status, rewind, eject, locate",
                         words[0]);
    *action = (enum action)i;
    if (*action == ACTION_LOCATE &&
        (count != 2 || !cli_number_parse(words[1], UINT64_MAX, address)))
        return cli_usage(common->verb, "locate takes the address of a block "
                                       "or filemark, counted from 0");
    if (*action != ACTION_LOCATE && count != 1)
        return cli_usage(common->verb, "%s takes nothing behind it", words[0]);
    return CLI_GO_ON;
}

static int
run(int argc, char **argv)
{
    struct settings s   = {0};
    struct reel_err err = {0};
    enum action action  = ACTION_STATUS;
    uint64_t address    = 0;
    struct reel_medium_open_opts opts;
    struct reel_reporter reporter;
    struct cli_report report;
    enum reel_status status;
    const char *name;
    int code = cli_options_parse(&cli_drive_verb, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    if ((code = parse(&s.common, &action, &address)) != CLI_GO_ON)
        return code;
    name = cli_tape_name(&s.common);
    if (!name)
        return cli_usage(&cli_drive_verb,
                         "no drive is named; give -f NAME or set TAPE");
    cli_report_init(&report, &s.common);
    reporter = cli_report_reporter(&report);
    opts   = (struct reel_medium_open_opts){.load_wait_seconds = s.wait_seconds,
                                            .report            = &reporter};
    status = action == ACTION_LOCATE
                 ? locate(name, address, &opts, &err)
                 : handle(name, action, s.common.json, &err);
    cli_report_status(&report, status, &err);
    return cli_report_end(&report);
}

const struct cli_verb cli_drive_verb = {
    "drive",
    "look at a tape drive, rewind it, put its tape out, or go to an address",
    "[OPTION]... status|rewind|eject|locate N",
    "Nothing here changes what is on a tape. The other verbs rewind by "
    "themselves.\n",
    options,
    run};
