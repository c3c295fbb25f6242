/* SPDX-License-Identifier: Apache-2.0 */
/* Program: tapes, catalogs and directories that the user names. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stable_name.h"
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
    REEL_TRY(open_catalog(t, reading->catalog, err));
    if (!medium)
        return REEL_OK;
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

/* What is to be written, before anything of the tape can ask for it. */
static bool
open_writes(struct cli_tape *t, const struct cli_reading *reading)
{
    const struct cli_writes *w = &reading->writes;

    if (w->directory) {
        t->dir_fd = cli_directory_open(&reading->common, &t->report);
        if (t->dir_fd < 0)
            return false;
    }
    if (w->beside) {
        t->dir_fd = reel_directory_open_of(w->beside);
        if (t->dir_fd < 0) {
            cli_report_system(&t->report, w->beside, errno);
            return false;
        }
    }
    if (w->open && !w->open(w->open_ctx, &t->report))
        return false;
    if (!cli_kept_file_begin(&t->kept, w->kept)) {
        cli_report_system(&t->report, w->kept, errno);
        return false;
    }
    return true;
}

static bool
take_shelter(struct cli_tape *t, const struct cli_reading *reading,
             const char *name)
{
    const struct cli_writes *w           = &reading->writes;
    const struct cli_shelter_needs needs = {
        .wish    = reading->sandbox,
        .dir_fd  = t->dir_fd,
        .writes  = (w->touches || w->beside) && t->dir_fd >= 0,
        .devices = w->devices,
        .verbose = reading->common.verbose,
        .drive   = name && t->volumes.drive ? name : NULL,
        .work    = {.volumes = name ? &t->volumes : NULL,
                    .kept    = t->kept.name ? &t->kept : NULL,
                    .ntfs    = w->ntfs}};

    if (!cli_shelter_enter(&t->shelter, &needs, &t->report))
        return false;
    t->volumes.keeper = cli_shelter_keeper(&t->shelter);
    return true;
}

static bool
begin(struct cli_tape *t, const struct cli_reading *reading, const char *name)
{
    const struct reel_medium_open_opts opts = {0};

    if (name)
        cli_volumes_init(&t->volumes, &reading->common, &t->report,
                         REEL_MEDIUM_READ, CLI_FIRST_LOWEST, &opts);
    return open_writes(t, reading) && take_shelter(t, reading, name);
}

int
cli_tape_open(struct cli_tape *t, const struct cli_reading *reading,
              bool catalog_only)
{
    const struct cli_common *common = &reading->common;
    const char *name                = cli_tape_name(common);
    struct reel_err err             = {0};
    enum reel_status status;
    int code;

    memset(t, 0, sizeof(*t));
    t->catalog_fd        = -1;
    t->dir_fd            = -1;
    t->kept.fd           = -1;
    t->shelter.keeper.fd = -1;
    if (catalog_only && reading->catalog)
        name = common->tape;
    else if ((code = cli_tape_check(common, false)) != CLI_GO_ON)
        return code;
    cli_report_init(&t->report, common);
    if (!begin(t, reading, name))
        return cli_tape_end(t, REEL_OK, NULL);
    status = open_both(t, reading, name != NULL, &err);
    if (status != REEL_OK)
        return cli_tape_end(t, status, &err);
    t->access = (struct reel_access){
        .medium       = t->medium,
        .volumes      = name ? cli_volumes_offer(&t->volumes) : NULL,
        .catalog_fd   = t->catalog_fd,
        .archive      = reading->archive,
        .all_archives = reading->all,
        .no_scan      = reading->no_scan,
        .temporary_dir =
            t->shelter.temporary ? t->shelter.temporary : cli_temporary_dir(),
        .owners = t->volumes.keeper ? &t->volumes.keeper->owners : NULL,
        .report = cli_report_reporter(&t->report)};
    t->selection =
        (struct reel_selection){common->operands, common->operand_count};
    return CLI_GO_ON;
}

bool
cli_tape_keep(struct cli_tape *t, bool whole)
{
    struct cli_keeper *const keeper = cli_shelter_keeper(&t->shelter);

    if (!t->kept.name)
        return true;
    return keeper ? cli_keeper_end_kept(keeper, whole)
                  : cli_kept_file_end(&t->kept, whole);
}

int
cli_tape_end(struct cli_tape *t, enum reel_status status,
             const struct reel_err *err)
{
    const char *const kept    = t->kept.name;
    struct reel_err close_err = {0};
    enum reel_status closed;
    int error;

    closed = cli_volumes_close(&t->volumes, &close_err);
    cli_volumes_fini(&t->volumes);
    if (t->catalog_fd >= 0)
        (void)close(t->catalog_fd);
    if (t->dir_fd >= 0)
        (void)close(t->dir_fd);
    error = cli_tape_keep(t, false) ? 0 : errno; /* if the verb did not */
    cli_shelter_fini(&t->shelter);
    cli_report_status(&t->report, status, err);
    if (status == REEL_OK)
        cli_report_status(&t->report, closed, &close_err);
    if (error != 0)
        cli_report_system(&t->report, kept, error);
    return cli_report_end(&t->report);
}
