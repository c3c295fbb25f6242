/* SPDX-License-Identifier: Apache-2.0 */
/* reel write: a tree on to tape. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "kept_file.h"
#include "paths.h"
#include "size.h"
#include "tape.h"
#include "verbs.h"
#include "write_options.h"

/* What is open while an archive is written. */
struct work {
    const struct cli_write_settings *settings;
    struct cli_report report;
    struct reel_write_options options;
    struct reel_write_result result;
    struct cli_paths paths;
    struct cli_kept_file catalog;
    char *base_path; /* of realpath */
    const char *tape;
    FILE *out; /* where results go: not into the tape */
    struct reel_file_identity avoid[2]; /* image and catalog */
};

static void
print_json(const struct work *w)
{
    const struct reel_write_result *r = &w->result;
    struct cli_json j                 = cli_json_init(w->out);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "written");
    cli_json_bool(&j, "complete", r->complete);
    cli_json_bool(&j, "new_set", r->new_set);
    cli_json_hex(&j, "set", r->set_id, REEL_SET_ID_BYTES);
    cli_json_u64(&j, "archive", r->archive);
    cli_json_u64(&j, "objects", r->objects);
    cli_json_u64(&j, "flawed", r->flawed);
    cli_json_u64(&j, "stream_bytes", r->stream_bytes);
    cli_json_u64(&j, "blocks", r->blocks);
    cli_json_u64(&j, "block_bytes", r->block_bytes);
    cli_json_hex(&j, "fingerprint", r->fingerprint, REEL_DIGEST_BYTES);
    cli_json_line(&j);
}

static void
print_text(const struct work *w)
{
    const struct reel_write_result *r = &w->result;
    const uint64_t bytes              = r->stream_bytes;
    char objects[CLI_SIZE_TEXT_BYTES], size[CLI_SIZE_TEXT_BYTES];
    char tape[CLI_SIZE_TEXT_BYTES], rate[CLI_SIZE_TEXT_BYTES];
    char hex[2 * REEL_DIGEST_BYTES + 1];

    (void)fprintf(w->out, "archive %" PRIu32 ": %s objects, %s, %s on tape, ",
                  r->archive, cli_count_print(objects, r->objects),
                  cli_size_print(size, bytes),
                  cli_size_print(tape, r->blocks * r->block_bytes));
    (void)fprintf(
        w->out, "%s/s\n",
        cli_size_print(rate, cli_progress_rate(&w->report.progress, bytes)));
    (void)fprintf(w->out, "set %s (%s)\n",
                  cli_hex_print(hex, r->set_id, REEL_SET_ID_BYTES),
                  r->new_set ? "new" : "appended to");
    (void)fprintf(w->out, "fingerprint %s\n",
                  cli_hex_print(hex, r->fingerprint, REEL_DIGEST_BYTES));
    (void)fputs("Keep the fingerprint: reel verify shows the same as long as "
                "the archive is unchanged.\n",
                w->out);
}

static void
avoid(struct work *w, const struct stat *st)
{
    struct reel_file_identity *const file = &w->avoid[w->options.avoid_count++];

    file->file_system = (uint64_t)st->st_dev;
    file->inode       = (uint64_t)st->st_ino;
    w->options.avoid  = w->avoid;
}

/* What is being written must not be taken into itself. */
static void
avoid_outputs(struct work *w)
{
    struct stat st;
    const bool known = strcmp(w->tape, "-") == 0
                           ? fstat(STDOUT_FILENO, &st) == 0
                           : stat(w->tape, &st) == 0;

    w->options.avoid_count = 0;
    if (known && S_ISREG(st.st_mode))
        avoid(w, &st);
    if (w->options.catalog_fd >= 0 && fstat(w->options.catalog_fd, &st) == 0 &&
        S_ISREG(st.st_mode))
        avoid(w, &st);
}

static bool
failed(struct work *w, const char *what)
{
    cli_report_system(&w->report, what, errno);
    return false;
}

/* Open all but the tape; false with the failure told. */
static bool
open_sources(struct work *w)
{
    const struct cli_write_settings *s = w->settings;
    const char *dir = s->common.directory ? s->common.directory : ".";

    w->options.base_fd = cli_directory_open(&s->common, &w->report);
    if (w->options.base_fd < 0)
        return false;
    w->base_path         = realpath(dir, NULL);
    w->options.base_path = w->base_path ? w->base_path : dir;
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

static enum reel_status
write_archive(struct work *w, struct reel_err *err)
{
    const struct reel_medium_open_opts opts = {.overwrite =
                                                   w->options.overwrite};
    struct reel_err close_err               = {0};
    enum reel_status status, closed;

    REEL_TRY(reel_medium_open_with(&w->options.medium, w->tape,
                                   REEL_MEDIUM_WRITE, &opts, err));
    avoid_outputs(w);
    status = reel_write(&w->options, &w->result, err);
    closed = reel_medium_close(w->options.medium, &close_err);
    if (status != REEL_OK || closed == REEL_OK)
        return status;
    *err = close_err;
    return closed;
}

static void
release(struct work *w)
{
    cli_paths_fini(&w->paths);
    free(w->base_path);
    if (w->options.base_fd >= 0)
        (void)close(w->options.base_fd);
}

static int
write_and_tell(struct work *w)
{
    struct reel_err err     = {0};
    enum reel_status status = REEL_OK;
    bool done               = false;

    if (open_sources(w)) {
        status = write_archive(w, &err);
        done   = status == REEL_OK && w->result.complete;
    }
    cli_report_status(&w->report, status, &err);
    if (!cli_kept_file_end(&w->catalog, done))
        (void)failed(w, w->settings->catalog);
    cli_progress_clear(&w->report.progress);
    if (done && w->settings->common.json)
        print_json(w);
    else if (done && !w->settings->common.quiet)
        print_text(w);
    release(w);
    return cli_report_end(&w->report);
}

static int
check(const struct cli_write_settings *s)
{
    if (s->common.operand_count == 0 && !s->list)
        return cli_usage(s->common.verb,
                         "nothing to archive; name a PATH, or a list with -T");
    if (s->null && !s->list)
        return cli_usage(s->common.verb, "-0 is about the list of -T");
    return cli_tape_check(&s->common, true);
}

static int
run(int argc, char **argv)
{
    struct cli_write_settings s = {0};
    struct work w               = {.settings = &s, .catalog = {.fd = -1}};
    struct cli_write_texts texts;
    int code = cli_options_parse(&cli_write_verb, &s, argc, argv);

    if (code == CLI_GO_ON && (code = check(&s)) == CLI_GO_ON)
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
    "With SOURCE_DATE_EPOCH and --set-id, the same tree gives the same tape.\n",
    cli_write_options,
    run};
