/* SPDX-License-Identifier: Apache-2.0 */
/* reel write: a tree on to tape. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kept_file.h"
#include "ntfs.h"
#include "paths.h"
#include "reel/alloc.h"
#include "resume_hint.h"
#include "tape.h"
#include "verbs.h"
#include "write_options.h"
#include "write_result.h"

/* What is open while an archive is written. */
struct work {
    const struct cli_write_settings *settings;
    struct cli_report report;
    struct reel_write_options options;
    struct reel_write_result result;
    struct cli_paths paths;
    struct cli_ntfs_source ntfs;
    struct reel_write_relay relay;
    struct cli_kept_file catalog;
    struct cli_volumes volumes;
    char *base_path; /* of realpath */
    char *hint;      /* how to resume */
    const char *tape;
    FILE *out;              /* where results go: not into the tape */
    struct cli_avoid avoid; /* images and catalog */
};

/* What is being written must not be taken into itself. */
static enum reel_status
avoid_outputs(struct work *w, struct reel_err *err)
{
    bool ok = true;

    w->options.avoided     = cli_avoid_has;
    w->options.avoided_ctx = &w->avoid;
    if (strcmp(w->tape, "-") == 0)
        ok = cli_avoid_fd(&w->avoid, STDOUT_FILENO);
    if (ok && w->options.catalog_fd >= 0)
        ok = cli_avoid_fd(&w->avoid, w->options.catalog_fd);
    if (!ok)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for what is not to be archived");
    return cli_volumes_avoid(&w->volumes, err);
}

static bool
failed(struct work *w, const char *what)
{
    cli_report_system(&w->report, what, errno);
    return false;
}

/* Where paths start from; false with the failure told. */
static bool
open_base(struct work *w)
{
    const struct cli_write_settings *s = w->settings;
    const char *base = s->common.directory ? s->common.directory : ".";

    if (s->ntfs) {
        base               = s->ntfs;
        w->ntfs.image      = s->ntfs;
        w->relay           = cli_ntfs_relay(&w->ntfs);
        w->options.relay   = &w->relay;
        w->options.base_fd = -1;
    } else {
        w->options.base_fd = cli_directory_open(&s->common, &w->report);
        if (w->options.base_fd < 0)
            return false;
    }
    w->base_path         = realpath(base, NULL);
    w->options.base_path = w->base_path ? w->base_path : base;
    return true;
}

/* Open all but the tape; false with the failure told. */
static bool
open_sources(struct work *w)
{
    const struct cli_write_settings *s = w->settings;

    if (!open_base(w))
        return false;
    if (!cli_paths_init(&w->paths, s->list, s->null))
        return failed(w, s->list);
    w->paths.operands      = s->common.operands;
    w->paths.operand_count = s->common.operand_count;
    w->options.paths       = cli_paths_next;
    w->options.paths_ctx   = &w->paths;
    if (!cli_kept_file_begin(&w->catalog, s->catalog))
        return failed(w, s->catalog);
    w->options.catalog_fd = w->catalog.fd;
    return true;
}

static enum cli_first
first_volume(const struct cli_write_settings *s)
{
    if (s->resume)
        return CLI_FIRST_FOUND;
    return s->overwrite ? CLI_FIRST_NEW : CLI_FIRST_LAST;
}

static enum reel_status
write_archive(struct work *w, struct reel_err *err)
{
    const struct reel_medium_open_opts opts = {
        .overwrite        = w->options.overwrite,
        .sync             = true,
        .volume_bytes_max = w->settings->volume_bytes,
        .compression = cli_write_drive_compression(w->settings, &w->options)};
    struct reel_err close_err = {0};
    enum reel_status status, closed;

    cli_volumes_init(&w->volumes, &w->settings->common, &w->report,
                     REEL_MEDIUM_WRITE, first_volume(w->settings), &opts);
    w->volumes.avoid = &w->avoid;
    REEL_TRY(cli_volumes_open(&w->volumes, err));
    w->options.medium  = w->volumes.medium;
    w->options.volumes = cli_volumes_offer(&w->volumes);
    status             = avoid_outputs(w, err);
    if (status == REEL_OK)
        status = reel_write(&w->options, &w->result, err);
    closed = cli_volumes_close(&w->volumes, &close_err);
    if (status != REEL_OK || closed == REEL_OK)
        return status;
    *err = close_err;
    return closed;
}

/* Say how to go on, where that is possible. */
static void
advise(struct work *w, enum reel_status status)
{
    if (status == REEL_OK || !w->result.resumable)
        return;
    /* What broke off may end as on a full volume; and there is but one. */
    w->hint =
        cli_resume_hint(w->settings, w->tape, status == REEL_E_FULL,
                        status != REEL_E_STOPPED && w->options.volumes == NULL);
    w->report.advice = w->hint;
}

static void
release(struct work *w)
{
    cli_paths_fini(&w->paths);
    cli_volumes_fini(&w->volumes);
    cli_avoid_fini(&w->avoid);
    reel_free(w->hint);
    free(w->base_path);
    if (w->options.base_fd >= 0)
        (void)close(w->options.base_fd);
}

static int
write_and_tell(struct work *w)
{
    const struct cli_common *common = &w->settings->common;
    struct reel_err err             = {0};
    enum reel_status status         = REEL_OK;
    bool done                       = false;
    int code;

    if (open_sources(w)) {
        status = write_archive(w, &err);
        done   = status == REEL_OK && w->result.complete;
    }
    advise(w, status);
    cli_report_status(&w->report, status, &err);
    if (!cli_kept_file_end(&w->catalog, done))
        (void)failed(w, w->settings->catalog);
    cli_progress_clear(&w->report.progress);
    if (done && common->json)
        cli_write_result_json(w->out, &w->result);
    else if (done && !common->quiet)
        cli_write_result_text(
            w->out, &w->result,
            cli_progress_rate(&w->report.progress, w->result.stream_bytes));
    code = cli_report_end(&w->report);
    release(w);
    return code;
}

/* What an archive is made of was said when it was begun. */
static int
check_resume(const struct cli_write_settings *s)
{
    const struct cli_verb *verb = s->common.verb;

    if (s->common.operand_count > 0 || s->list || s->raw)
        return cli_usage(verb, "--resume takes no paths; they are those the "
                               "archive was begun with");
    if (s->overwrite)
        return cli_usage(verb, "either --resume or --overwrite can be had");
    if (s->excludes.count > 0 || s->compress || s->name || s->label ||
        s->set_name || s->set_id || s->block_bytes || s->segment_bytes ||
        s->checkpoint_bytes || s->one_file_system || s->access_times ||
        s->common.directory || s->links >= 0)
        return cli_usage(verb, "--resume goes on with the options the archive "
                               "was begun with; give only -f, --ntfs and "
                               "how volumes are had");
    return cli_tape_check(&s->common, true);
}

/* What goes by the file system of this machine, and what by an image. */
static int
check_ntfs(const struct cli_write_settings *s)
{
    const struct cli_verb *verb = s->common.verb;

    if (!s->ntfs)
        return s->links < 0 ? CLI_GO_ON
                            : cli_usage(verb, "--links is about --ntfs");
    if (s->list || s->null)
        return cli_usage(verb, "with --ntfs, paths are given as PATH, not in a "
                               "list");
    if (s->excludes.count > 0)
        return cli_usage(verb, "with --ntfs nothing can be excluded");
    if (s->common.directory)
        return cli_usage(verb, "with --ntfs, paths start at the root of the "
                               "volume, not from -C");
    if (s->one_file_system || s->access_times)
        return cli_usage(verb,
                         "an NTFS volume is one file system, and its "
                         "times are all stored: --%s is not for --ntfs",
                         s->access_times ? "atime" : "one-file-system");
    return CLI_GO_ON;
}

/* All of a directory of raw streams, and nothing else. */
static int
check_raw(const struct cli_write_settings *s)
{
    const struct cli_verb *verb = s->common.verb;

    if (!s->raw)
        return CLI_GO_ON;
    if (s->ntfs)
        return cli_usage(verb, "either --raw or --ntfs can be had");
    if (s->common.operand_count > 0 || s->list || s->null)
        return cli_usage(verb, "--raw takes no paths; they stand in the files "
                               "of its directory");
    if (s->common.directory)
        return cli_usage(verb, "either -C or --raw can be had");
    if (s->excludes.count > 0 || s->one_file_system || s->access_times)
        return cli_usage(verb,
                         "--%s is not for --raw, which takes all as it is",
                         s->excludes.count > 0 ? "exclude"
                         : s->access_times     ? "atime"
                                               : "one-file-system");
    if (!reel_write_takes_raw())
        return cli_usage(verb, "--raw is not built in; it needs cJSON");
    return CLI_GO_ON;
}

static int
check(const struct cli_write_settings *s)
{
    int code;

    if (s->resume)
        return check_resume(s);
    if ((code = check_ntfs(s)) != CLI_GO_ON ||
        (code = check_raw(s)) != CLI_GO_ON)
        return code;
    if (s->common.operand_count == 0 && !s->list && !s->ntfs && !s->raw)
        return cli_usage(s->common.verb,
                         "nothing to archive; name a PATH, or a list with -T");
    if (s->null && !s->list)
        return cli_usage(s->common.verb, "-0 is about the list of -T");
    return cli_tape_check(&s->common, true);
}

static int
run(int argc, char **argv)
{
    struct cli_write_settings s = {.buffer_bytes = CLI_BUFFER_DEFAULT,
                                   .links        = -1};
    struct work w               = {
                      .settings = &s, .catalog = {.fd = -1}, .avoid = CLI_AVOID_INIT};
    struct cli_write_texts texts;
    int code = cli_options_parse(&cli_write_verb, &s, argc, argv);

    if (code == CLI_GO_ON && (code = check(&s)) == CLI_GO_ON && s.raw)
        s.common.directory = s.raw;
    if (code == CLI_GO_ON)
        code = cli_write_options_fill(&s, &texts, &w.options);
    if (code == CLI_GO_ON) {
        w.tape = cli_tape_name(&s.common);
        w.out  = strcmp(w.tape, "-") == 0 ? stderr : stdout;
        cli_report_init(&w.report, &s.common);
        w.options.report        = cli_report_reporter(&w.report);
        w.options.temporary_dir = cli_temporary_dir();
        w.options.catalog_fd    = -1;
        code                    = write_and_tell(&w);
    }
    cli_list_fini(&s.excludes);
    return code;
}

const struct cli_verb cli_write_verb = {
    "write",
    "write an archive on to a tape",
    "[OPTION]... PATH...",
    "Appends to a tape of Reel; refuses what is not Reel without --overwrite.\n"
    "A full volume is followed by another: of -f 'set-%d.tap' the next file,\n"
    "else whatever --next-volume, --changer or you put into the drive. What\n"
    "was interrupted goes on with --resume -f NAME and no paths.\n"
    "With SOURCE_DATE_EPOCH and --set-id, the same tree gives the same tape.\n",
    cli_write_options,
    run};
