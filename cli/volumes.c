/* SPDX-License-Identifier: Apache-2.0 */
/* Program: the volumes of a set, one at a time (spec 2.1, 9.7). */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keeper.h"
#include "reel/alloc.h"
#include "tape.h"
#include "volume_ask.h"
#include "volume_open.h"
#include "volumes.h"

/* A command that brings the wrong volume again and again is given up. */
#define REFUSALS_MAX 16

/* A robot says that it has loaded a tape before the drive is ready. */
#define LOAD_WAIT_SECONDS 300

bool
cli_volumes_drive(const char *name)
{
    struct stat st;

    return stat(name, &st) == 0 && S_ISCHR(st.st_mode);
}

int
cli_volumes_check(const struct cli_common *common)
{
    const char *name = cli_tape_name(common);
    struct cli_volume_name parsed;

    if (!cli_volume_name_parse(&parsed, name))
        return cli_usage(common->verb,
                         "%s is no name of a set; it has one %%d, and %%%% for "
                         "a percent sign",
                         name);
    if (common->next_volume && common->changer)
        return cli_usage(common->verb,
                         "either --next-volume or --changer can be had");
    if (!common->next_volume && !common->changer)
        return CLI_GO_ON;
    if (parsed.set)
        return cli_usage(common->verb,
                         "the volumes of %s are files; nobody changes them",
                         name);
    if (strcmp(name, "-") == 0)
        return cli_usage(common->verb, "the volume in a pipe is not changed");
    return CLI_GO_ON;
}

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the name of a volume");
}

/* Open the volume with this name, whatever is in it. */
static enum reel_status
open_as(struct cli_volumes *v, uint32_t number, const char *name,
        const struct reel_medium_open_opts *opts, struct reel_err *err)
{
    struct reel_medium_open_opts with = *opts;

    v->opening  = number;
    with.opener = v->keeper ? &v->opener : NULL;
    REEL_TRY(reel_medium_open_with(&v->medium, name, v->mode, &with, err));
    return v->avoid && !cli_avoid_name(v->avoid, name) ? no_memory(err)
                                                       : REEL_OK;
}

static enum reel_status
open_name(struct cli_volumes *v, const struct reel_medium_open_opts *opts,
          struct reel_err *err)
{
    return open_as(v, 0, v->name.text, opts, err);
}

static enum reel_status
open_number(struct cli_volumes *v, uint32_t number,
            const struct reel_medium_open_opts *opts, struct reel_err *err)
{
    char *name = cli_volume_name_of(&v->name, number);
    enum reel_status status;

    if (!name)
        return no_memory(err);
    status = open_as(v, number, name, opts, err);
    reel_free(name);
    return status;
}

/* The number of the last image, below `below`; with `lowest` of the first; 0:
   there is none. */
static enum reel_status
find_number(const struct cli_volumes *v, uint32_t below, bool lowest,
            uint32_t *number, struct reel_err *err)
{
    uint32_t *numbers = NULL;
    size_t count      = 0;

    REEL_TRY(cli_volume_name_find(&v->name, &numbers, &count, err));
    *number = 0;
    for (size_t i = 0; i < count && numbers[i] < below; i++) {
        if (*number == 0 || !lowest)
            *number = numbers[i];
    }
    reel_free(numbers);
    return REEL_OK;
}

/* Whoever begins a set anew with this name gives up what had it. */
static enum reel_status
remove_number(struct cli_volumes *v, uint32_t number, struct reel_err *err)
{
    char *name              = cli_volume_name_of(&v->name, number);
    enum reel_status status = REEL_OK;

    if (!name)
        return no_memory(err);
    if (unlink(name) != 0)
        status =
            reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                      "%.60s cannot be removed: %s", name, strerror(errno));
    reel_free(name);
    return status;
}

/* Volumes behind the first would be taken for those of the new set. */
static enum reel_status
remove_further(void *ctx, struct reel_err *err)
{
    struct cli_volumes *const v = ctx;
    enum reel_status status     = REEL_OK;
    uint32_t *numbers           = NULL;
    size_t count                = 0;

    REEL_TRY(cli_volume_name_find(&v->name, &numbers, &count, err));
    for (size_t i = 0; i < count && status == REEL_OK; i++) {
        if (numbers[i] > 1)
            status = remove_number(v, numbers[i], err);
    }
    reel_free(numbers);
    return status;
}

static enum reel_status
avoid_number(const struct cli_volumes *v, uint32_t number, struct reel_err *err)
{
    char *name    = cli_volume_name_of(&v->name, number);
    const bool ok = name && cli_avoid_name(v->avoid, name);

    reel_free(name);
    return ok ? REEL_OK : no_memory(err);
}

enum reel_status
cli_volumes_avoid(const struct cli_volumes *v, struct reel_err *err)
{
    enum reel_status status = REEL_OK;
    uint32_t *numbers       = NULL;
    size_t count            = 0;

    if (!v->name.set)
        return REEL_OK;
    REEL_TRY(cli_volume_name_find(&v->name, &numbers, &count, err));
    for (size_t i = 0; i < count && status == REEL_OK; i++)
        status = avoid_number(v, numbers[i], err);
    reel_free(numbers);
    return status;
}

static enum reel_status
open_first_of_set(struct cli_volumes *v, struct reel_err *err)
{
    struct reel_medium_open_opts opts = v->opts;
    uint32_t number                   = 1;

    if (v->first == CLI_FIRST_NEW) {
        opts.begin = (struct reel_medium_begin){v, remove_further};
        return open_number(v, 1, &opts, err);
    }
    REEL_TRY(
        find_number(v, UINT32_MAX, v->first == CLI_FIRST_LOWEST, &number, err));
    if (number == 0 && v->first != CLI_FIRST_LAST)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "%.60s: no volume of this name exists", v->name.text);
    v->below = number;
    return open_number(v, number ? number : 1, &v->opts, err);
}

int
cli_volumes_open_one(const struct cli_volumes *v, uint32_t number, int flags)
{
    char *name = NULL;
    int error;
    int fd;

    if (number == 0)
        return cli_volume_open(v->name.text, flags);
    errno = EPERM;
    if (v->name.set)
        name = cli_volume_name_of(&v->name, number);
    if (!name)
        return -1;
    fd    = cli_volume_open(name, flags);
    error = errno;
    reel_free(name);
    errno = error;
    return fd;
}

static int
open_by_keeper(void *ctx, const char *name, int flags)
{
    const struct cli_volumes *v = ctx;

    return cli_volume_open_by(v->keeper, v->opening, name, flags);
}

void
cli_volumes_fini(struct cli_volumes *v)
{
    struct reel_err err;

    /* Still open only where opening itself failed half-way. */
    if (cli_volumes_close(v, &err) != REEL_OK)
        v->medium = NULL;
    cli_changer_fini(&v->changer);
}

enum reel_status
cli_volumes_open(struct cli_volumes *v, struct reel_err *err)
{
    if (v->name.set)
        return open_first_of_set(v, err);
    return open_name(v, &v->opts, err);
}

enum reel_status
cli_volumes_close(struct cli_volumes *v, struct reel_err *err)
{
    struct reel_medium *m = v->medium;

    v->medium = NULL;
    return reel_medium_close(m, err);
}

/* Why a volume cannot be had, beside what the library will say. */
static void
tell(struct cli_volumes *v, const char *fmt, ...)
{
    struct reel_note note = {.kind = REEL_NOTE_INFO};
    va_list args;

    if (v->mode == REEL_MEDIUM_WRITE)
        note.kind = REEL_NOTE_WANTED;
    va_start(args, fmt);
    (void)vsnprintf(note.err.text, sizeof(note.err.text), fmt, args);
    va_end(args);
    cli_report_note(v->report, &note);
}

/* The next image of the set; nobody can change what is refused. */
static enum reel_status
write_next_image(struct cli_volumes *v, const struct reel_volume_wish *wish,
                 struct reel_err *err)
{
    /* `overwrite` was for the first: what stands here is judged first. */
    struct reel_medium_open_opts opts = v->opts;
    enum reel_status status;

    opts.overwrite = false;
    if (wish->refused) {
        tell(v, "volume %" PRIu32 " of %.30s: %s", wish->number, v->name.text,
             wish->refused);
        return REEL_END;
    }
    status = open_number(v, wish->number, &opts, err);
    if (status != REEL_E_MAGIC)
        return status;
    tell(v, "%s", err->text);
    return REEL_END;
}

static enum reel_status
open_last_image(struct cli_volumes *v, bool again, struct reel_err *err)
{
    uint32_t number = 0;

    if (!again)
        v->below = UINT32_MAX;
    REEL_TRY(find_number(v, v->below, false, &number, err));
    if (number == 0)
        return REEL_END;
    v->below = number;
    return open_number(v, number, &v->opts, err);
}

/* Is there such an image at all? */
static bool
image_exists(const struct cli_volumes *v, uint32_t number)
{
    char *name        = cli_volume_name_of(&v->name, number);
    const bool exists = name && access(name, F_OK) == 0;

    reel_free(name);
    return exists;
}

static enum reel_status
get_image(struct cli_volumes *v, const struct reel_volume_wish *wish,
          struct reel_err *err)
{
    enum reel_status status;

    if (wish->number == 0)
        status = open_last_image(v, wish->refused != NULL, err);
    else if (wish->write)
        return write_next_image(v, wish, err);
    else if (wish->refused || !image_exists(v, wish->number))
        return REEL_END;
    else
        status = open_number(v, wish->number, &v->opts, err);
    if (status == REEL_E_MAGIC) {
        tell(v, "%s", err->text);
        return REEL_END;
    }
    return status;
}

enum reel_status
cli_volumes_bring(struct cli_volumes *v, const struct reel_volume_wish *wish,
                  bool again, struct reel_err *err)
{
    if (!v->common->changer && !v->common->next_volume)
        cli_progress_clear(&v->report->progress);
    if (v->keeper)
        return cli_keeper_bring(v->keeper, wish, again, err);
    if (v->common->changer)
        return cli_changer_bring(&v->changer, wish, again, err);
    if (v->common->next_volume)
        return cli_volume_ask_command(v->common->next_volume, v->name.text,
                                      wish, v->changer.stop, err);
    return cli_volume_ask_person(v->name.text, wish, v->changer.stop, err);
}

/* Would it be another one if it were asked for again? */
static bool
worth_asking(struct cli_volumes *v, enum reel_status status)
{
    if (status == REEL_OK || status == REEL_END || status == REEL_E_STOPPED ||
        status == REEL_E_MEMORY || status == REEL_E_MISUSE)
        return false;
    return v->common->changer || ++v->refusals < REFUSALS_MAX;
}

/* Where another volume was not to be had, the one before it is still in: it
   may be what is wanted now, and need not be brought. */
static bool
is_still_in(struct cli_volumes *v, const struct reel_volume_wish *wish)
{
    const bool untouched = v->untouched;
    struct reel_err err;

    v->untouched = false;
    return untouched && !wish->write && !wish->refused &&
           open_name(v, &v->opts, &err) == REEL_OK;
}

static enum reel_status
get_brought(struct cli_volumes *v, const struct reel_volume_wish *wish,
            struct reel_err *err)
{
    struct reel_medium_open_opts opts = v->opts;
    struct reel_volume_wish now       = *wish;
    struct reel_err refused;
    enum reel_status status;

    if (is_still_in(v, wish))
        return REEL_OK;
    opts.overwrite = false;
    v->refusals    = wish->refused ? v->refusals + 1 : 0;
    if (v->refusals >= REFUSALS_MAX && !v->common->changer &&
        v->common->next_volume) {
        tell(v, "the command of --next-volume brings the wrong volume again "
                "and again");
        return REEL_END;
    }
    do {
        status = cli_volumes_bring(v, &now, now.refused != wish->refused, err);
        v->untouched = status == REEL_END && !v->common->changer;
        if (status == REEL_END)
            tell(v, "%s", err->text);
        if (status != REEL_OK)
            return status;
        status      = open_name(v, &opts, err);
        refused     = *err;
        now.refused = refused.text;
    } while (worth_asking(v, status));
    return status;
}

static enum reel_status
get(void *ctx, const struct reel_volume_wish *wish, struct reel_medium **medium,
    struct reel_err *err)
{
    struct cli_volumes *v = ctx;

    REEL_TRY(cli_volumes_close(v, err));
    v->mode = wish->write ? REEL_MEDIUM_WRITE : REEL_MEDIUM_READ;
    REEL_TRY(v->name.set ? get_image(v, wish, err) : get_brought(v, wish, err));
    *medium = v->medium;
    return REEL_OK;
}

void
cli_volumes_init(struct cli_volumes *v, const struct cli_common *common,
                 struct cli_report *report, enum reel_medium_mode mode,
                 enum cli_first first, const struct reel_medium_open_opts *opts)
{
    const char *name = cli_tape_name(common);

    *v = (struct cli_volumes){.fns    = {v, get},
                              .common = common,
                              .report = report,
                              .mode   = mode,
                              .first  = first,
                              .drive  = cli_volumes_drive(name)};
    if (opts)
        v->opts = *opts;
    v->opener            = (struct reel_medium_opener){v, open_by_keeper};
    v->reporter          = cli_report_reporter(report);
    v->opts.report       = &v->reporter;
    v->opts.read_retries = common->read_retries;
    if (common->changer)
        v->opts.load_wait_seconds = LOAD_WAIT_SECONDS;
    if (!cli_volume_name_parse(&v->name, name))
        v->name = (struct cli_volume_name){.text = name};
    v->changer = (struct cli_changer){.program     = common->changer,
                                      .device      = common->changer_device,
                                      .drive       = name,
                                      .drive_index = common->drive_index,
                                      .stop        = cli_stop_flag()};
}

const struct reel_volumes *
cli_volumes_offer(const struct cli_volumes *v)
{
    const bool can =
        v->name.set || v->drive || v->common->next_volume || v->common->changer;

    return can ? &v->fns : NULL;
}
