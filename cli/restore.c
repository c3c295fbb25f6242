/* SPDX-License-Identifier: Apache-2.0 */
/* reel restore: out of an archive on to disk. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "escape.h"
#include "json.h"
#include "ntfs.h"
#include "reel/path.h"
#include "reel/restore.h"
#include "salvage_report.h"
#include "size.h"
#include "tape.h"
#include "total.h"
#include "verbs.h"

struct settings {
    struct cli_reading reading;
    int existing; /* index into existing_words */
    bool preserve;
    bool numeric_owner;
    bool dry_run;
    bool plan;
    bool side_files;
    uint32_t strip;
    const char *ntfs;
    const char *raw;
    bool copies;
    bool salvage;
    const char *report;
    struct cli_salvage_report salvaged; /* what goes there */
};

/* In the order of enum reel_existing_policy. */
static const char *const existing_words[] = {"refuse", "skip", "replace", NULL};

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    CLI_OPTION_DIRECTORY("restore into DIR; default: the current directory"),
    {"existing", 0, CLI_CHOICE, "refuse|skip|replace",
     "what to do where something stands already; default: refuse. skip leaves "
     "alone what has the same content",
     offsetof(struct settings, existing), existing_words},
    {"preserve", 0, CLI_FLAG, NULL,
     "also owners, set-id bits, capabilities, trusted.* and device nodes",
     offsetof(struct settings, preserve), NULL},
    {"numeric-owner", 0, CLI_FLAG, NULL, "owners by number, not by name",
     offsetof(struct settings, numeric_owner), NULL},
    {"dry-run", 0, CLI_FLAG, NULL, "read and prove all, but write nothing",
     offsetof(struct settings, dry_run), NULL},
    {"plan", 0, CLI_FLAG, NULL,
     "only say which volumes are needed, in the order in which they are asked "
     "for",
     offsetof(struct settings, plan), NULL},
    {"ntfs", 0, CLI_STRING, "IMAGE",
     "restore on to the NTFS volume in IMAGE, a file or device that is not "
     "mounted; -C is then a directory in it",
     offsetof(struct settings, ntfs), NULL},
    {"copies", 0, CLI_FLAG, NULL,
     "of NTFS: where a file has more than the 1024 names Windows knows of, "
     "make "
     "copies for the rest",
     offsetof(struct settings, copies), NULL},
    {"raw", 0, CLI_STRING, "DIR",
     "put raw BackupRead streams, and the facts of each object as JSON, into "
     "files in DIR instead",
     offsetof(struct settings, raw), NULL},
    {"side-files", 0, CLI_FLAG, NULL,
     "from a Windows archive, put streams that the target does not take into "
     "files in NAME.reel-streams",
     offsetof(struct settings, side_files), NULL},
    {"salvage", 0, CLI_FLAG, NULL,
     "put what is left of objects that are not whole into NAME.reel-partial, "
     "with holes where nothing is; the data are read once more for that",
     offsetof(struct settings, salvage), NULL},
    {"report", 0, CLI_STRING, "FILE",
     "with --salvage: what is left and what is missing, in JSON, one object a "
     "line",
     offsetof(struct settings, report), NULL},
    {"strip", 0, CLI_U32, "N", "leave out the first N components of paths",
     offsetof(struct settings, strip), NULL},
    CLI_OPTION_ARCHIVE,
    CLI_OPTION_CATALOG,
    CLI_OPTION_NO_SCAN,
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

static void
print_json(const struct settings *s, const struct reel_restore_result *result)
{
    struct cli_json j = cli_json_init(stdout);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "restored");
    cli_json_bool(&j, "dry_run", s->dry_run);
    cli_json_u64(&j, "objects", result->objects);
    cli_json_u64(&j, "links", result->links);
    cli_json_u64(&j, "bytes", result->bytes);
    cli_json_u64(&j, "lost", result->lost);
    cli_json_bool(&j, "scanned", result->scanned);
    cli_json_line(&j);
}

static void
print_result(const struct settings *s, const struct cli_report *report,
             const struct reel_restore_result *result)
{
    char objects[CLI_SIZE_TEXT_BYTES], links[CLI_SIZE_TEXT_BYTES];
    char bytes[CLI_SIZE_TEXT_BYTES], rate[CLI_SIZE_TEXT_BYTES];

    if (s->reading.common.json) {
        print_json(s, result);
        return;
    }
    if (s->reading.common.quiet)
        return;
    (void)printf("%s %s objects (%s links), %s, %s/s",
                 s->dry_run ? "would restore" : "restored",
                 cli_count_print(objects, result->objects),
                 cli_count_print(links, result->links),
                 cli_size_print(bytes, result->bytes),
                 cli_size_print(rate, cli_progress_rate(&report->progress,
                                                        result->bytes)));
    if (result->objects > 0)
        (void)fputs("; all of it proven", stdout);
    if (result->lost > 0)
        (void)printf("; %s lost", cli_count_print(objects, result->lost));
    (void)putchar('\n');
}

/* Tell of it, and close all. */
static int
end(const struct settings *s, struct cli_tape *tape, enum reel_status status,
    const struct reel_restore_result *result, const struct reel_err *err)
{
    cli_report_lost(&tape->report, result->lost);
    cli_progress_clear(&tape->report.progress);
    if (status == REEL_OK)
        print_result(s, &tape->report, result);
    return cli_tape_end(tape, status, err);
}

static int
restore_ntfs(const struct settings *s, struct cli_tape *tape)
{
    struct reel_restore_result result = {0};
    struct reel_err err               = {0};
    const enum reel_status status     = cli_ntfs_restore(
            s->reading.writes.ntfs, cli_shelter_keeper(&tape->shelter),
            &tape->access, &tape->selection, &result, &err);

    return end(s, tape, status, &result, &err);
}

static int
restore(struct settings *s, struct cli_tape *tape)
{
    struct reel_restore_result result   = {0};
    struct reel_err err                 = {0};
    struct reel_restore_options choices = {
        .dir_fd        = tape->dir_fd,
        .existing      = (enum reel_existing_policy)s->existing,
        .preserve      = s->preserve,
        .numeric_owner = s->numeric_owner,
        .dry_run       = s->dry_run,
        .side_files    = s->side_files,
        .raw           = s->raw != NULL,
        .strip         = s->strip};
    enum reel_status status;

    if (s->salvage) {
        choices.salvage      = true;
        choices.salvaged     = cli_salvage_report_item;
        choices.salvaged_ctx = &s->salvaged;
    }
    status =
        reel_restore(&tape->access, &tape->selection, &choices, &result, &err);
    if (s->salvage)
        (void)cli_salvage_report_close(&s->salvaged);
    if (s->salvage && status == REEL_OK)
        tape->report.advice = cli_salvage_report_advice(&s->salvaged);
    return end(s, tape, status, &result, &err);
}

static void
plan_json(void *ctx, const struct reel_plan_volume *v)
{
    struct cli_json j = cli_json_init(stdout);

    (void)ctx;
    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "needed");
    cli_json_u64(&j, "volume", v->number);
    cli_json_text(&j, "label", v->volume_id);
    cli_json_u64(&j, "objects", v->objects);
    cli_json_u64(&j, "first_block", v->first_address);
    if (v->last_address != UINT64_MAX)
        cli_json_u64(&j, "last_block", v->last_address);
    cli_json_line(&j);
}

static void
plan_text(void *ctx, const struct reel_plan_volume *v)
{
    char objects[CLI_SIZE_TEXT_BYTES];

    (void)ctx;
    (void)printf("volume %" PRIu32 " ", v->number);
    if (v->volume_id[0])
        cli_escape_text(stdout, REEL_ENCODING_POSIX,
                        reel_bytes_of(v->volume_id));
    else
        (void)fputs("(label not known)", stdout);
    (void)printf(": %s objects, blocks %" PRIu64,
                 cli_count_print(objects, v->objects), v->first_address);
    if (v->last_address == UINT64_MAX)
        (void)puts(" to its end");
    else
        (void)printf(" to %" PRIu64 "\n", v->last_address);
}

static int
plan(const struct settings *s, struct cli_tape *tape)
{
    struct reel_err err           = {0};
    const enum reel_status status = reel_restore_plan(
        &tape->access, &tape->selection,
        s->reading.common.json ? plan_json : plan_text, NULL, &err);

    return cli_tape_end(tape, status, &err);
}

/* Raw streams are given out as they stand on tape. */
static int
check_raw(const struct settings *s)
{
    const struct cli_verb *verb = &cli_restore_verb;

    if (!s->raw)
        return CLI_GO_ON;
    if (s->ntfs)
        return cli_usage(verb, "either --raw or --ntfs can be had");
    if (s->reading.common.directory)
        return cli_usage(verb, "either -C or --raw can be had");
    if (s->preserve || s->numeric_owner || s->side_files || s->strip > 0)
        return cli_usage(verb,
                         "--%s is not for --raw, which gives all as it is",
                         s->preserve        ? "preserve"
                         : s->numeric_owner ? "numeric-owner"
                         : s->side_files    ? "side-files"
                                            : "strip");
    return CLI_GO_ON;
}

static int
check_salvage(const struct settings *s)
{
    if (s->report && !s->salvage)
        return cli_usage(&cli_restore_verb, "--report is about --salvage");
    if (s->salvage && (s->raw || s->ntfs || s->plan))
        return cli_usage(&cli_restore_verb, "--salvage is not for --%s",
                         s->raw    ? "raw"
                         : s->ntfs ? "ntfs"
                                   : "plan");
    return CLI_GO_ON;
}

static int
check(const struct settings *s)
{
    if (!s->ntfs)
        return s->copies
                   ? cli_usage(&cli_restore_verb, "--copies is about --ntfs")
                   : CLI_GO_ON;
    if (s->preserve || s->numeric_owner)
        return cli_usage(&cli_restore_verb,
                         "on to NTFS owners are always restored, by number: "
                         "--%s is not for --ntfs",
                         s->preserve ? "preserve" : "numeric-owner");
    if (s->dry_run || s->strip > 0)
        return cli_usage(&cli_restore_verb, "--%s is not for --ntfs",
                         s->dry_run ? "dry-run" : "strip");
    return CLI_GO_ON;
}

/* Where the report of a salvage goes, before the tape is looked at. */
static bool
open_report(void *ctx, struct cli_report *report)
{
    struct settings *const s = ctx;

    return cli_salvage_report_open(&s->salvaged, s->report, report,
                                   s->reading.common.json,
                                   s->reading.common.quiet);
}

static int
run(int argc, char **argv)
{
    struct settings s = {0};
    struct cli_ntfs_target target;
    struct cli_tape tape;
    int code = cli_options_parse(&cli_restore_verb, &s, argc, argv);

    if (code != CLI_GO_ON || (code = check(&s)) != CLI_GO_ON ||
        (code = check_raw(&s)) != CLI_GO_ON ||
        (code = check_salvage(&s)) != CLI_GO_ON)
        return code;
    if (s.raw)
        s.reading.common.directory = s.raw;
    target = (struct cli_ntfs_target){.image     = s.ntfs,
                                      .directory = s.reading.common.directory,
                                      .existing  = existing_words[s.existing],
                                      .copies    = s.copies,
                                      .sandbox   = s.reading.sandbox};
    s.reading.writes =
        (struct cli_writes){.directory = !s.ntfs && !s.plan,
                            .touches   = !s.dry_run,
                            .devices   = s.preserve,
                            .ntfs      = s.ntfs && !s.plan ? &target : NULL,
                            .open      = s.salvage ? open_report : NULL,
                            .open_ctx  = &s};
    if ((code = cli_tape_open(&tape, &s.reading, false)) != CLI_GO_ON) {
        cli_salvage_report_drop(&s.salvaged);
        return code;
    }
    if (s.plan)
        return plan(&s, &tape);
    cli_total_ask(&tape.report, &s.reading, false);
    return s.ntfs ? restore_ntfs(&s, &tape) : restore(&s, &tape);
}

const struct cli_verb cli_restore_verb = {
    "restore",
    "restore from an archive, nothing unproven under its name",
    "[OPTION]... [PATTERN]...",
    "PATTERN is as in the shell; * does not cross /, a directory means all in\n"
    "it; none means everything. A hard link asked for alone gets the content\n"
    "of its first name. An interrupted restore is completed by running it\n"
    "again with --existing skip.\n",
    options,
    run};
