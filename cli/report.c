/* SPDX-License-Identifier: Apache-2.0 */
/* Program: diagnostics and their sum (spec chapter 12, table of errors). */
#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "escape.h"
#include "json.h"
#include "output.h"
#include "reel/path.h"
#include "report.h"
#include "size.h"

static const char *const kind_names[CLI_NOTE_KINDS] = {
    "info",   "omitted", "skipped", "flawed",
    "damage", "lost",    "invalid", "wanted"};

void
cli_report_init(struct cli_report *r, const struct cli_common *common)
{
    *r = (struct cli_report){.verb    = common->verb->name,
                             .out     = stderr,
                             .json    = common->json,
                             .quiet   = common->quiet,
                             .verbose = common->verbose};
    cli_progress_init(&r->progress, common->progress, common->quiet);
}

static void
tell_progress(void *ctx, uint64_t bytes, uint64_t objects)
{
    struct cli_report *r = ctx;

    cli_progress_tell(&r->progress, bytes, objects);
}

struct reel_reporter
cli_report_reporter(struct cli_report *r)
{
    return (struct reel_reporter){.fn       = cli_report_note,
                                  .ctx      = r,
                                  .stop     = cli_stop_flag(),
                                  .progress = tell_progress};
}

/* "; volume 1, block 17, byte 96; rule B-3", as far as it is known. */
static void
print_place(FILE *out, const struct reel_err *err)
{
    const struct reel_pos *pos = &err->pos;
    const char *open           = " (";

    if (pos->volume != 0 || pos->block != 0 || pos->byte != 0) {
        (void)fputs(open, out);
        if (pos->volume != 0)
            (void)fprintf(out, "volume %" PRIu32 ", ", pos->volume);
        (void)fprintf(out, "block %" PRIu64 ", byte %" PRIu32, pos->block,
                      pos->byte);
        if (pos->in_segment)
            (void)fprintf(out, ", segment byte %" PRIu32, pos->segment_byte);
        open = "; ";
    }
    if (err->rule) {
        (void)fprintf(out, "%srule %s", open, err->rule);
        open = "; ";
    }
    if (open[0] == ';')
        (void)fputc(')', out);
}

static void
json_error(struct cli_json *j, const struct reel_err *err)
{
    cli_json_text(j, "status", reel_status_name(err->status));
    cli_json_text(j, "text", err->text);
    if (err->rule)
        cli_json_text(j, "rule", err->rule);
    cli_json_u64(j, "volume", err->pos.volume);
    cli_json_u64(j, "block", err->pos.block);
    cli_json_u64(j, "byte", err->pos.byte);
    if (err->pos.in_segment)
        cli_json_u64(j, "segment_byte", err->pos.segment_byte);
}

static void
note_json(const struct cli_report *r, const struct reel_note *note)
{
    struct cli_json j = cli_json_init(r->out);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "note");
    cli_json_text(&j, "kind", kind_names[note->kind]);
    if (note->encoding != 0)
        cli_json_path(&j, note->encoding, note->path);
    if (note->object != 0)
        cli_json_u64(&j, "object", note->object);
    json_error(&j, &note->err);
    cli_json_line(&j);
}

/* Sentences of the libraries can hold names, so they are made safe, too. */
static void
print_sentence(FILE *out, const char *text)
{
    cli_escape_text(out, REEL_ENCODING_POSIX, reel_bytes_of(text));
}

static void
note_text(const struct cli_report *r, const struct reel_note *note)
{
    (void)fputs("reel: ", r->out);
    if (note->encoding != 0) {
        cli_escape_text(r->out, note->encoding, note->path);
        (void)fputs(": ", r->out);
    } else if (note->object != 0) {
        (void)fprintf(r->out, "object %" PRIu64 ": ", note->object);
    }
    if (note->kind >= REEL_NOTE_DAMAGE)
        (void)fprintf(r->out, "%s: ", kind_names[note->kind]);
    print_sentence(r->out, note->err.text);
    print_place(r->out, &note->err);
    (void)fputc('\n', r->out);
}

static void
take_note(struct cli_report *r, const struct reel_note *note)
{
    r->counts[note->kind]++;
    if (note->kind != REEL_NOTE_FLAWED || !r->flawed_is_well)
        cli_exit_add(&r->codes, cli_exit_of_note(note->kind));
    if (r->quiet && note->kind <= REEL_NOTE_OMITTED)
        return;
    cli_progress_clear(&r->progress);
    if (r->json)
        note_json(r, note);
    else
        note_text(r, note);
}

/* Notes come from the thread of the medium, too. */
static pthread_mutex_t noting = PTHREAD_MUTEX_INITIALIZER;

void
cli_report_note(void *ctx, const struct reel_note *note)
{
    (void)pthread_mutex_lock(&noting);
    take_note(ctx, note);
    (void)pthread_mutex_unlock(&noting);
}

/* What to do about a failure; NULL: the sentence itself says it. */
static const char *
advice_on_status(enum reel_status status)
{
    switch (status) {
    case REEL_E_TRUNCATED:
        return "see with `reel dump` how far it goes";
    case REEL_E_MAGIC:
        return "check the name given with -f";
    case REEL_E_CORRUPT:
        return "`reel verify` tells what is damaged, and another copy or a "
               "scan (without --no-scan) may still help";
    case REEL_E_INVALID:
        return "`reel verify` tells all that is wrong, `reel dump` shows it";
    case REEL_E_UNSUPPORTED:
        return "use a newer version of reel, or another kind of tape";
    case REEL_E_LIMIT:
        return "it is larger than this program takes";
    case REEL_E_MEDIUM:
        return "check name, permissions and device, then run it again";
    case REEL_E_FULL:
        return "make room (temporary files go to $TMPDIR) and run it again";
    case REEL_E_MEMORY:
        return "free some memory, or use fewer --threads, and run it again";
    case REEL_E_MISUSE:
        return "see the options: reel VERB --help";
    case REEL_E_STOPPED:
        return "what was done so far stays; run it again to complete it";
    case REEL_OK:
    case REEL_END:
        break;
    }
    return NULL;
}

static void
tell_failure(struct cli_report *r, const struct reel_err *err,
             const char *advice)
{
    struct cli_json j = cli_json_init(r->out);

    cli_progress_clear(&r->progress);
    r->failed = true;
    if (r->json) {
        cli_json_object(&j, NULL);
        cli_json_text(&j, "type", "failure");
        json_error(&j, err);
        if (advice)
            cli_json_text(&j, "advice", advice);
        cli_json_line(&j);
        return;
    }
    (void)fprintf(r->out, "reel %s: ", r->verb);
    print_sentence(r->out, err->text);
    print_place(r->out, err);
    if (advice)
        (void)fprintf(r->out, "; %s", advice);
    (void)fputc('\n', r->out);
}

void
cli_report_status(struct cli_report *r, enum reel_status status,
                  const struct reel_err *err)
{
    const enum cli_exit code = cli_exit_of_status(status);
    const char *advice       = r->advice;

    cli_exit_add(&r->codes, code);
    if (code == CLI_EXIT_WELL)
        return;
    /* A sentence with a semicolon has advice of its own behind it. */
    if (!advice && !strchr(err->text, ';'))
        advice = advice_on_status(status);
    tell_failure(r, err, advice);
}

void
cli_report_lost(struct cli_report *r, uint64_t objects)
{
    if (objects > 0 && r->counts[REEL_NOTE_WANTED] == 0)
        cli_exit_add(&r->codes, CLI_EXIT_LOST);
}

void
cli_report_system(struct cli_report *r, const char *what, int error)
{
    struct reel_err err = {.status = REEL_E_MEDIUM};

    (void)snprintf(err.text, sizeof(err.text), "%s: %s", what, strerror(error));
    cli_report_status(r, REEL_E_MEDIUM, &err);
}

/* What to do when the operation itself came to its end. */
static const char *
advice_on_code(enum cli_exit code)
{
    switch (code) {
    case CLI_EXIT_DAMAGE:
        return "finished in spite of what is named above; `reel verify` tells "
               "how sound the tape is";
    case CLI_EXIT_LOST:
        return "what is named above is not whole on this tape; look for it on "
               "another copy, or take what there is of it by `reel restore "
               "--salvage`";
    case CLI_EXIT_SKIPPED:
        return "finished, but without what is named above; mend that and run "
               "it again";
    case CLI_EXIT_REFUSED:
        return "the archive is not as the specification has it; `reel dump` "
               "shows the places named above";
    case CLI_EXIT_WANTED:
        return "mount the volume named above and run it again";
    case CLI_EXIT_WELL:
    case CLI_EXIT_STOPPED:
    case CLI_EXIT_USAGE:
    case CLI_EXIT_INTERNAL:
    case CLI_EXIT_INTERRUPTED:
        break;
    }
    return NULL;
}

/* What was printed must have arrived. */
static void
check_output(struct cli_report *r)
{
    struct reel_err err;

    if (cli_output_check(&err) == REEL_OK)
        return;
    if (r->failed)
        cli_exit_add(&r->codes, CLI_EXIT_STOPPED);
    else
        cli_report_status(r, err.status, &err);
}

static void
print_counts(const struct cli_report *r)
{
    char count[CLI_SIZE_TEXT_BYTES];
    bool any = false;

    for (size_t i = 0; i < CLI_NOTE_KINDS; i++) {
        if (r->counts[i] == 0)
            continue;
        if (any)
            (void)fputs(", ", r->out);
        else
            (void)fprintf(r->out, "reel %s: notes: ", r->verb);
        (void)fprintf(r->out, "%s %s", cli_count_print(count, r->counts[i]),
                      kind_names[i]);
        any = true;
    }
    if (any)
        (void)fputc('\n', r->out);
}

int
cli_report_end(struct cli_report *r)
{
    const char *advice;
    enum cli_exit code;

    cli_progress_clear(&r->progress);
    check_output(r);
    code   = cli_exit_first(r->codes);
    advice = r->advice ? r->advice : advice_on_code(code);
    if (r->verbose && !r->json)
        print_counts(r);
    if (advice && code != CLI_EXIT_WELL && !r->failed && !r->json)
        (void)fprintf(r->out, "reel %s: %s\n", r->verb, advice);
    return (int)code;
}
