/* SPDX-License-Identifier: Apache-2.0 */
/* Program: tapes, catalogs and directories that the user names. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tape.h"

static const char *
from_environment(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

const char *
cli_tape_name(const struct cli_common *common)
{
    return common->tape ? common->tape : from_environment("TAPE");
}

const char *
cli_temporary_dir(void)
{
    const char *dir = from_environment("TMPDIR");

    return dir ? dir : "/tmp";
}

int
cli_tape_check(const struct cli_common *common, bool writing)
{
    const char *name = cli_tape_name(common);

    if (!name)
        return cli_usage(common->verb,
                         "no tape is named; give -f NAME or set TAPE");
    if (strcmp(name, "-") != 0)
        return cli_volumes_check(common);
    if (isatty(writing ? STDOUT_FILENO : STDIN_FILENO) == 1)
        return cli_usage(common->verb,
                         "the tape - is a terminal; use a pipe or a file");
    return cli_volumes_check(common);
}

int
cli_directory_open(const struct cli_common *common, struct cli_report *r)
{
    const char *name = common->directory ? common->directory : ".";
    const int fd     = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        cli_report_system(r, name, errno);
    return fd;
}

static enum reel_status
open_catalog(struct cli_tape *t, const char *name, struct reel_err *err)
{
    if (!name)
        return REEL_OK;
    t->catalog_fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (t->catalog_fd < 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "catalog %.80s: %s",
                         name, strerror(errno));
    return REEL_OK;
}

static enum reel_status
open_both(struct cli_tape *t, const struct cli_reading *reading, bool medium,
          struct reel_err *err)
{
    const struct reel_medium_open_opts opts = {0};

    REEL_TRY(open_catalog(t, reading->catalog, err));
    if (!medium)
        return REEL_OK;
    cli_volumes_init(&t->volumes, &reading->common, &t->report,
                     REEL_MEDIUM_READ, CLI_FIRST_LOWEST, &opts);
    REEL_TRY(cli_volumes_open(&t->volumes, err));
    t->medium = t->volumes.medium;
    return REEL_OK;
}

enum reel_status
cli_tape_again(struct cli_tape *t, struct reel_err *err)
{
    if (t->medium) {
        t->medium = t->access.medium = NULL;
        REEL_TRY(cli_volumes_close(&t->volumes, err));
        REEL_TRY(cli_volumes_open(&t->volumes, err));
        t->medium = t->access.medium = t->volumes.medium;
    }
    if (t->catalog_fd >= 0 && lseek(t->catalog_fd, 0, SEEK_SET) < 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the catalog cannot be read again; give a file");
    return REEL_OK;
}

int
cli_tape_open(struct cli_tape *t, const struct cli_reading *reading,
              bool catalog_only)
{
    const struct cli_common *common = &reading->common;
    struct reel_err err             = {0};
    const char *name                = cli_tape_name(common);
    enum reel_status status;
    int code;

    memset(t, 0, sizeof(*t));
    t->catalog_fd = -1;
    if (catalog_only && reading->catalog)
        name = common->tape;
    else if ((code = cli_tape_check(common, false)) != CLI_GO_ON)
        return code;
    cli_report_init(&t->report, common);
    status = open_both(t, reading, name != NULL, &err);
    if (status != REEL_OK)
        return cli_tape_end(t, status, &err);
    t->access = (struct reel_access){
        .medium        = t->medium,
        .volumes       = name ? cli_volumes_offer(&t->volumes) : NULL,
        .catalog_fd    = t->catalog_fd,
        .archive       = reading->archive,
        .all_archives  = reading->all,
        .no_scan       = reading->no_scan,
        .temporary_dir = cli_temporary_dir(),
        .report        = cli_report_reporter(&t->report)};
    t->selection =
        (struct reel_selection){common->operands, common->operand_count};
    return CLI_GO_ON;
}

int
cli_tape_end(struct cli_tape *t, enum reel_status status,
             const struct reel_err *err)
{
    struct reel_err close_err = {0};
    enum reel_status closed;

    closed = cli_volumes_close(&t->volumes, &close_err);
    cli_volumes_fini(&t->volumes);
    if (t->catalog_fd >= 0)
        (void)close(t->catalog_fd);
    cli_report_status(&t->report, status, err);
    if (status == REEL_OK)
        cli_report_status(&t->report, closed, &close_err);
    return cli_report_end(&t->report);
}
