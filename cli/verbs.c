/* SPDX-License-Identifier: Apache-2.0 */
/* Program: the verbs, and the verb `help` that knows them all. */
#include <string.h>

#include "escape.h"
#include "json.h"
#include "nearest.h"
#include "reel/path.h"
#include "verbs.h"

const struct cli_verb *const cli_verbs[] = {
    &cli_write_verb,   &cli_list_verb,
    &cli_info_verb,    &cli_cat_verb,
    &cli_restore_verb, &cli_verify_verb,
    &cli_compare_verb, &cli_catalog_verb,
    &cli_dump_verb,    &cli_extract_verb,
    &cli_drive_verb,   &cli_spec_verb,
    &cli_help_itself,  NULL};

const struct cli_verb *
cli_verb_find(const char *name)
{
    for (size_t i = 0; cli_verbs[i]; i++) {
        if (strcmp(cli_verbs[i]->name, name) == 0)
            return cli_verbs[i];
    }
    return NULL;
}

int
cli_verb_unknown(const char *name)
{
    struct cli_nearest near = {.word = name};

    for (size_t i = 0; cli_verbs[i]; i++)
        cli_nearest_offer(&near, cli_verbs[i]->name);
    (void)fputs("reel: ", stderr);
    cli_escape_text(stderr, REEL_ENCODING_POSIX, reel_bytes_of(name));
    (void)fputs(" is no verb of reel", stderr);
    if (near.best)
        (void)fprintf(stderr, "; is %s meant?", near.best);
    (void)fputs(" (see reel --help)\n", stderr);
    return CLI_EXIT_USAGE;
}

void
cli_help_program(FILE *out)
{
    (void)fputs("usage: reel VERB [OPTION]... [OPERAND]...\n\n"
                "Tape archives that prove what they hold.\n\n",
                out);
    for (size_t i = 0; cli_verbs[i]; i++)
        (void)fprintf(out, "  %-9s %s\n", cli_verbs[i]->name,
                      cli_verbs[i]->summary);
    (void)fputs(
        "\nreel VERB --help shows the options of a verb; reel --version the "
        "version.\n\n"
        "Exit codes: 0 all well; 1 damage found, nothing lost (compare:\n"
        "something differs); 2 something is lost; 3 finished, but inputs or\n"
        "outputs were skipped; 4 not Reel, against the specification, newer\n"
        "than this program, or over a limit (also: a catalog refused by\n"
        "--no-scan); 5 device, system or memory error; 6 another volume is\n"
        "wanted; 64 wrong command line; 70 fault of this program;\n"
        "130 interrupted.\n",
        out);
}

static const char *
kind_name(enum cli_option_kind kind)
{
    switch (kind) {
    case CLI_FLAG:
        return "flag";
    case CLI_STRING:
        return "string";
    case CLI_U32:
        return "number";
    case CLI_SIZE:
        return "size";
    case CLI_CHOICE:
        return "choice";
    case CLI_LIST:
        return "list";
    }
    return "unknown";
}

static void
json_option(struct cli_json *j, const struct cli_option *o)
{
    const char letter[2] = {o->letter, '\0'};

    cli_json_object(j, NULL);
    cli_json_text(j, "name", o->name);
    if (o->letter)
        cli_json_text(j, "letter", letter);
    cli_json_text(j, "kind", kind_name(o->kind));
    if (o->argument)
        cli_json_text(j, "argument", o->argument);
    if (o->choices) {
        cli_json_array(j, "choices");
        for (size_t i = 0; o->choices[i]; i++)
            cli_json_text(j, NULL, o->choices[i]);
        cli_json_close(j, ']');
    }
    cli_json_text(j, "help", o->help);
    cli_json_close(j, '}');
}

/* One verb a line. */
static void
print_table(FILE *out)
{
    const struct cli_option *o;

    for (size_t i = 0; cli_verbs[i]; i++) {
        struct cli_json j = cli_json_init(out);

        cli_json_object(&j, NULL);
        cli_json_text(&j, "verb", cli_verbs[i]->name);
        cli_json_text(&j, "operands", cli_verbs[i]->operands);
        cli_json_text(&j, "summary", cli_verbs[i]->summary);
        if (cli_verbs[i]->more)
            cli_json_text(&j, "more", cli_verbs[i]->more);
        cli_json_array(&j, "options");
        for (o = cli_verbs[i]->options; o->name; o++)
            json_option(&j, o);
        for (o = cli_common_options; o->name; o++)
            json_option(&j, o);
        cli_json_close(&j, ']');
        cli_json_line(&j);
    }
}

struct settings {
    struct cli_common common;
    bool table;
};

static const struct cli_option options[] = {
    {"table", 0, CLI_FLAG, NULL,
     "print all verbs and options in JSON, one verb a line",
     offsetof(struct settings, table), NULL},
    {0}};

static int
run(int argc, char **argv)
{
    struct settings s = {0};
    const struct cli_verb *verb;
    int code = cli_options_parse(&cli_help_itself, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    if (s.table) {
        print_table(stdout);
    } else if (s.common.operand_count == 0) {
        cli_help_program(stdout);
    } else {
        verb = cli_verb_find(s.common.operands[0]);
        if (!verb)
            return cli_verb_unknown(s.common.operands[0]);
        cli_help_verb(stdout, verb);
    }
    return CLI_EXIT_WELL;
}

const struct cli_verb cli_help_itself = {
    "help", "show help, also of a verb", "[VERB]", NULL, options, run};
