/* SPDX-License-Identifier: Apache-2.0 */
/* reel list: what an archive holds, from its catalog. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "escape.h"
#include "list_line.h"
#include "manifest.h"
#include "output.h"
#include "tape.h"
#include "verbs.h"

struct settings {
    struct cli_reading reading;
    bool all_facts;
    bool null;
    const char *manifest;
    struct cli_digest_map known; /* digests that links repeat */
};

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    {"long", 'l', CLI_FLAG, NULL,
     "mode, links, owner, group, size, time and path",
     offsetof(struct settings, all_facts), NULL},
    {"null", '0', CLI_FLAG, NULL,
     "paths as they are, a NUL behind each, nothing escaped",
     offsetof(struct settings, null), NULL},
    {"manifest", 0, CLI_STRING, "sha256",
     "digests in the form that sha256sum -c takes after a restore; to a "
     "terminal, names are escaped",
     offsetof(struct settings, manifest), NULL},
    CLI_OPTION_ARCHIVE,
    {"all", 0, CLI_FLAG, NULL, "all archives",
     offsetof(struct cli_reading, all), NULL},
    CLI_OPTION_CATALOG,
    CLI_OPTION_NO_SCAN,
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

/* Whoever prints to a full disk or a closed pipe need not read on. */
static enum reel_status
stop_if_unheard(struct reel_err *err)
{
    return ferror(stdout) ? cli_output_check(err) : REEL_OK;
}

static enum reel_status
note_digest(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    struct settings *s = ctx;

    if (!cli_manifest_note(&s->known, item))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the digests of hard links");
    return REEL_OK;
}

static enum reel_status
print_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    struct settings *s          = ctx;
    const struct reel_object *o = item->object;

    if (s->manifest) {
        REEL_TRY(note_digest(s, item, err));
        cli_manifest_print(stdout, &s->known, item);
    } else if (s->reading.common.json) {
        cli_list_json(stdout, item);
    } else if (s->all_facts) {
        cli_list_long(stdout, item);
    } else if (s->null) {
        cli_escape_raw(stdout, o->encoding, o->path);
        (void)putchar('\0');
    } else {
        cli_escape_text(stdout, o->encoding, o->path);
        (void)putchar('\n');
    }
    return stop_if_unheard(err);
}

/*
 * A link that is selected alone repeats the digest of an object that is not:
 * read the catalog once before without patterns. Not from a pipe, which can
 * be read once only; then the manifest says what it lacks.
 */
static enum reel_status
gather_digests(struct settings *s, struct cli_tape *tape, struct reel_err *err)
{
    const struct reel_selection everything = {0};
    struct reel_access access              = tape->access;

    access.report.fn = NULL; /* the list itself will tell */
    if (tape->medium && !reel_medium_info(tape->medium)->can_locate)
        return REEL_OK;
    REEL_TRY(reel_list(&access, &everything, note_digest, s, err));
    return cli_tape_again(tape, err);
}

static int
check(const struct settings *s)
{
    const struct cli_verb *verb = s->reading.common.verb;
    const int forms =
        (s->manifest != NULL) + s->null + s->all_facts + s->reading.common.json;

    if (s->manifest && strcmp(s->manifest, "sha256") != 0)
        return cli_usage(verb, "--manifest is sha256, not %s", s->manifest);
    if (forms > 1)
        return cli_usage(
            verb, "only one of -l, -0, --json and --manifest can be had");
    if (s->reading.all && s->reading.archive != 0)
        return cli_usage(verb, "either --all or --archive can be had");
    return CLI_GO_ON;
}

static int
run(int argc, char **argv)
{
    struct settings s       = {0};
    struct reel_err err     = {0};
    enum reel_status status = REEL_OK;
    struct cli_tape tape;
    int code = cli_options_parse(&cli_list_verb, &s, argc, argv);

    if (code != CLI_GO_ON || (code = check(&s)) != CLI_GO_ON)
        return code;
    if ((code = cli_tape_open(&tape, &s.reading, true)) != CLI_GO_ON)
        return code;
    tape.report.flawed_is_well = true;
    if (s.manifest && tape.selection.pattern_count > 0)
        status = gather_digests(&s, &tape, &err);
    if (status == REEL_OK)
        status = reel_list(&tape.access, &tape.selection, print_item, &s, &err);
    cli_digest_map_fini(&s.known);
    return cli_tape_end(&tape, status, &err);
}

const struct cli_verb cli_list_verb = {
    "list",
    "list what an archive holds",
    "[OPTION]... [PATTERN]...",
    "PATTERN is as in the shell; * does not cross /, a directory means all in\n"
    "it. Names are escaped as ls -b does; -0 prints them as they are.\n",
    options,
    run};
