/* SPDX-License-Identifier: Apache-2.0 */
/* reel extract: as spec/suite/CONTRACT.txt asks of a reader. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "output.h"
#include "progress.h"
#include "reel/extract.h"
#include "report.h"
#include "shelter.h"
#include "threads.h"
#include "verbs.h"
#include "volume_open.h"

#define CONTRACT 1U

/* What the contract calls them, which is not what the other verbs do. */
enum extract_exit {
    EXTRACT_COMPLETE    = 0,
    EXTRACT_DAMAGE      = 1,
    EXTRACT_UNSUPPORTED = 2,
    EXTRACT_FAILED      = 3,
    EXTRACT_INTERRUPTED = CLI_EXIT_INTERRUPTED
};

struct settings {
    struct cli_common common;
    uint32_t threads;
    int sandbox; /* enum reel_fence_wish */
};

static const struct cli_option options[] = {CLI_OPTION_THREADS(struct settings),
                                            CLI_OPTION_SANDBOX(struct settings),
                                            {0}};

/* In the order of enum reel_extract_status. */
static const char *const status_names[] = {"complete", "flawed", "torn",
                                           "partial", "lost"};

/* Where the one JSON object stands. */
struct printer {
    struct cli_json j;
    bool begun;   /* nothing is printed where nothing may be given out */
    bool objects; /* the list of them was begun … */
    bool notes;   /* … and this one */
    bool object;  /* one is open, in its list of streams, */
    bool bad;     /* or in its list of bad ranges */
};

static void
print_archive(struct printer *p, const struct reel_extract_item *item)
{
    cli_json_object(&p->j, NULL);
    cli_json_u64(&p->j, "archive", item->archive);
    cli_json_bool(&p->j, "complete", item->complete);
    if (item->whole)
        cli_json_hex(&p->j, "fingerprint", item->digest, sizeof(item->digest));
    else
        cli_json_null(&p->j, "fingerprint");
    cli_json_close(&p->j, '}');
}

static void
print_object(struct printer *p, const struct reel_extract_item *item)
{
    cli_json_object(&p->j, NULL);
    cli_json_u64(&p->j, "archive", item->archive);
    cli_json_u64(&p->j, "object", item->object);
    cli_json_u64(&p->j, "kind", item->kind);
    cli_json_u64(&p->j, "encoding", item->encoding);
    if (item->encoding != 0)
        cli_json_hex(&p->j, "path", item->octets.data, item->octets.len);
    else
        cli_json_null(&p->j, "path");
    cli_json_u64(&p->j, "target", item->target);
    cli_json_bool(&p->j, "outside", item->outside);
    cli_json_array(&p->j, "streams");
    p->bad = false;
}

static void
print_stream(struct printer *p, const struct reel_extract_item *item)
{
    cli_json_object(&p->j, NULL);
    cli_json_u64(&p->j, "ordinal", item->ordinal);
    cli_json_u64(&p->j, "id", item->id);
    cli_json_u64(&p->j, "attributes", item->attributes);
    cli_json_u64(&p->j, "size", item->size);
    cli_json_hex(&p->j, "name", item->octets.data, item->octets.len);
    cli_json_array(&p->j, "ranges");
}

static void
print_range(struct printer *p, const struct reel_extract_item *item)
{
    cli_json_array(&p->j, NULL);
    if (item->type == REEL_EXTRACT_BAD)
        cli_json_u64(&p->j, NULL, item->ordinal);
    cli_json_u64(&p->j, NULL, item->from);
    cli_json_u64(&p->j, NULL, item->to);
    cli_json_close(&p->j, ']');
}

/* From the streams of the object at hand to its bad ranges. */
static void
turn_to_bad(struct printer *p)
{
    if (p->bad)
        return;
    p->bad = true;
    cli_json_close(&p->j, ']');
    cli_json_array(&p->j, "bad");
}

static void
print_note(struct printer *p, const struct reel_note *note)
{
    const struct reel_pos *const pos = &note->err.pos;
    const bool placed =
        note->kind != REEL_NOTE_WANTED && (pos->volume != 0 || pos->block != 0);

    cli_json_object(&p->j, NULL);
    if (note->err.rule)
        cli_json_text(&p->j, "rule", note->err.rule);
    else
        cli_json_null(&p->j, "rule");
    cli_json_u64(&p->j, "volume", pos->volume);
    if (placed)
        cli_json_u64(&p->j, "block", pos->block);
    else
        cli_json_null(&p->j, "block");
    if (note->object)
        cli_json_u64(&p->j, "object", note->object);
    else
        cli_json_null(&p->j, "object");
    cli_json_text(&p->j, "text", note->err.text);
    cli_json_close(&p->j, '}');
}

/* From list to list. */
static void
turn_to(struct printer *p, enum reel_extract_type type)
{
    if (!p->begun) {
        p->begun = true;
        p->j     = cli_json_init(stdout);
        cli_json_object(&p->j, NULL);
        cli_json_u64(&p->j, "contract", CONTRACT);
        cli_json_array(&p->j, "archives");
    }
    if (type != REEL_EXTRACT_ARCHIVE && !p->objects) {
        p->objects = true;
        cli_json_close(&p->j, ']');
        cli_json_array(&p->j, "objects");
    }
    if (type == REEL_EXTRACT_NOTE && !p->notes) {
        p->notes = true;
        cli_json_close(&p->j, ']');
        cli_json_array(&p->j, "diagnostics");
    }
}

static void
print_item(void *ctx, const struct reel_extract_item *item)
{
    struct printer *p = ctx;

    turn_to(p, item->type);
    switch (item->type) {
    case REEL_EXTRACT_ARCHIVE:
        print_archive(p, item);
        break;
    case REEL_EXTRACT_OBJECT:
        print_object(p, item);
        break;
    case REEL_EXTRACT_STREAM:
        print_stream(p, item);
        break;
    case REEL_EXTRACT_BAD:
        turn_to_bad(p);
        print_range(p, item);
        break;
    case REEL_EXTRACT_RANGE:
        print_range(p, item);
        break;
    case REEL_EXTRACT_STREAM_END:
        cli_json_close(&p->j, ']');
        cli_json_hex(&p->j, "sha256", item->digest, sizeof(item->digest));
        cli_json_close(&p->j, '}');
        break;
    case REEL_EXTRACT_OBJECT_END:
        turn_to_bad(p);
        cli_json_close(&p->j, ']');
        cli_json_text(&p->j, "status", status_names[item->status]);
        cli_json_close(&p->j, '}');
        break;
    case REEL_EXTRACT_NOTE:
        print_note(p, &item->note);
        break;
    }
}

/* Why nothing is given out. */
static void
print_refusal(struct printer *p, const struct reel_err *err)
{
    const struct reel_extract_item item = {
        .type = REEL_EXTRACT_NOTE,
        .note = {.kind = REEL_NOTE_INVALID, .err = *err}};

    print_item(p, &item);
}

static void
finish(struct printer *p, enum extract_exit code)
{
    turn_to(p, REEL_EXTRACT_NOTE);
    cli_json_close(&p->j, ']');
    cli_json_u64(&p->j, "exit", code);
    cli_json_line(&p->j);
}

/* Where the images are opened by the keeper. */
struct opener {
    const struct cli_common *common;
    struct cli_keeper *keeper;
};

static int
open_image(void *ctx, const char *name, int flags)
{
    const struct opener *o = ctx;
    uint32_t number        = 0;

    while (o->common->operands[number] != name)
        number++;
    return cli_volume_open_by(o->keeper, number, name, flags);
}

static enum extract_exit
extract(const struct settings *s, struct cli_keeper *keeper,
        struct cli_report *report)
{
    struct opener o                           = {&s->common, keeper};
    const struct reel_medium_opener opener    = {&o, open_image};
    const struct cli_common *common           = &s->common;
    const struct reel_extract_options choices = {
        .images      = common->operands,
        .image_count = common->operand_count - 1,
        .directory   = common->operands[common->operand_count - 1],
        .opener      = keeper ? &opener : NULL,
        .threads     = cli_threads(s->threads),
        .report      = cli_report_reporter(report)};
    struct printer p                  = {0};
    struct reel_extract_result result = {0};
    struct reel_err err               = {0};
    enum extract_exit code            = EXTRACT_FAILED;
    enum reel_status status;

    status = reel_extract(&choices, print_item, &p, &result, &err);
    cli_progress_clear(&report->progress);
    if (status == REEL_OK)
        code = result.damage ? EXTRACT_DAMAGE : EXTRACT_COMPLETE;
    else if (status == REEL_E_UNSUPPORTED)
        code = EXTRACT_UNSUPPORTED;
    if (status != REEL_OK)
        cli_report_status(report, status, &err);
    if (code == EXTRACT_UNSUPPORTED)
        print_refusal(&p, &err);
    if (code != EXTRACT_FAILED)
        finish(&p, code);
    if (status == REEL_E_STOPPED)
        return EXTRACT_INTERRUPTED;
    if (cli_output_check(&err) == REEL_OK)
        return code;
    cli_report_status(report, err.status, &err);
    return EXTRACT_FAILED;
}

/* Only the directory stays open for writing. */
static enum extract_exit
extract_fenced(const struct settings *s)
{
    const struct cli_common *common = &s->common;
    const char *name = common->operands[common->operand_count - 1];
    const int fd     = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int reason = errno;
    const struct cli_shelter_needs needs = {
        .wish    = s->sandbox,
        .dir_fd  = fd,
        .writes  = true,
        .verbose = common->verbose,
        .work    = {.images      = common->operands,
                    .image_count = common->operand_count - 1}};
    enum extract_exit code   = EXTRACT_FAILED;
    struct cli_report report = {0};
    struct cli_shelter shelter;

    cli_report_init(&report, common);
    report.json = false; /* standard error is for people */
    if (fd < 0) {
        cli_report_system(&report, name, reason);
        return EXTRACT_FAILED;
    }
    if (cli_shelter_enter(&shelter, &needs, &report)) {
        code = extract(s, cli_shelter_keeper(&shelter), &report);
        cli_shelter_fini(&shelter);
    }
    (void)close(fd);
    return code;
}

static int
run(int argc, char **argv)
{
    struct settings s = {0};
    int code          = cli_options_parse(&cli_extract_verb, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code == CLI_EXIT_USAGE ? EXTRACT_FAILED : code;
    if (s.common.operand_count < 2) {
        (void)cli_usage(&cli_extract_verb,
                        "name at least one .tap image and an empty directory");
        return EXTRACT_FAILED;
    }
    return (int)extract_fenced(&s);
}

const struct cli_verb cli_extract_verb = {
    "extract",
    "give out all streams of images as they stand, as the suite asks",
    "[OPTION]... IMAGE... EMPTYDIR",
    "IMAGE are volumes of one set, in any order; some may be missing. Each\n"
    "stream becomes a file ARCHIVE.OBJECT.ORDINAL in EMPTYDIR; what is known\n"
    "of them is one JSON object on standard output. Exit codes are those of\n"
    "the conformance suite: 0 complete; 1 damage, all that can be had was\n"
    "given out; 2 refused as unsupported; 3 wrong usage, or input and output\n"
    "that failed. To restore files use `reel restore`.\n",
    options,
    run};
