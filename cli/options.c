/* SPDX-License-Identifier: Apache-2.0 */
/* Program: command lines, driven by the tables of the verbs; no spec
   chapter. */
#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "escape.h"
#include "nearest.h"
#include "options.h"
#include "reel/alloc.h"
#include "reel/path.h"
#include "size.h"

/* Options of one verb with the common ones, and 1 for --help. */
#define OPTIONS_MAX 48
/* getopt's value for the n-th option; above any letter. */
#define VALUE_BASE 256
#define VALUE_HELP (VALUE_BASE + OPTIONS_MAX)

const struct cli_option cli_common_options[] = {
    {"quiet", 'q', CLI_FLAG, NULL, "tell only what went wrong",
     offsetof(struct cli_common, quiet), NULL},
    {"verbose", 'v', CLI_FLAG, NULL,
     "tell more: verify, of every object; all, how many notes there were",
     offsetof(struct cli_common, verbose), NULL},
    {"json", 0, CLI_FLAG, NULL, "tell it in JSON, one object a line",
     offsetof(struct cli_common, json), NULL},
    {"progress", 0, CLI_FLAG, NULL,
     "show a line of progress even where standard error is no terminal",
     offsetof(struct cli_common, progress), NULL},
    {0}};

/* What getopt_long wants, made from both tables. */
struct getopt_tables {
    const struct cli_option *options[OPTIONS_MAX];
    struct option longs[OPTIONS_MAX + 2];
    char letters[2 * OPTIONS_MAX + 3];
    int count;
};

static void
add_table(struct getopt_tables *t, const struct cli_option *o, char **letter)
{
    for (; o->name && t->count < OPTIONS_MAX; o++) {
        t->options[t->count] = o;
        t->longs[t->count]   = (struct option){
              o->name, o->kind == CLI_FLAG ? no_argument : required_argument,
              NULL, VALUE_BASE + t->count};
        t->count++;
        if (!o->letter)
            continue;
        *(*letter)++ = o->letter;
        if (o->kind != CLI_FLAG)
            *(*letter)++ = ':';
    }
}

static void
make_tables(struct getopt_tables *t, const struct cli_verb *verb)
{
    char *letter = t->letters;

    memset(t, 0, sizeof(*t));
    *letter++ = ':'; /* tell a missing argument from an unknown option */
    add_table(t, verb->options, &letter);
    add_table(t, cli_common_options, &letter);
    *letter++          = 'h';
    t->longs[t->count] = (struct option){"help", no_argument, NULL, VALUE_HELP};
}

static const struct cli_option *
find_option(const struct getopt_tables *t, int value)
{
    if (value >= VALUE_BASE && value < VALUE_BASE + t->count)
        return t->options[value - VALUE_BASE];
    for (int i = 0; i < t->count; i++) {
        if (t->options[i]->letter == value)
            return t->options[i];
    }
    return NULL;
}

int
cli_usage(const struct cli_verb *verb, const char *fmt, ...)
{
    char text[400];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)fprintf(stderr, "reel %s: ", verb->name);
    cli_escape_text(stderr, REEL_ENCODING_POSIX, reel_bytes_of(text));
    (void)fprintf(stderr, " (see reel %s --help)\n", verb->name);
    return CLI_EXIT_USAGE;
}

/* `typed` begins with "--"; an argument may follow behind '='. */
static int
unknown_long(const struct cli_verb *verb, const struct getopt_tables *t,
             const char *typed)
{
    char word[40];
    struct cli_nearest near = {.word = word};

    (void)snprintf(word, sizeof(word), "%.*s",
                   (int)(strcspn(typed + 2, "=") & 0xFFFF), typed + 2);
    for (int i = 0; i <= t->count; i++) {
        /* getopt refuses an argument for a flag in the same way. */
        if (strcmp(t->longs[i].name, word) == 0)
            return cli_usage(verb, "option --%s takes no argument", word);
        cli_nearest_offer(&near, t->longs[i].name);
    }
    if (near.best)
        return cli_usage(verb, "no option %s is known; is --%s meant?", typed,
                         near.best);
    return cli_usage(verb, "no option %s is known", typed);
}

static int
refuse_unknown(const struct cli_verb *verb, const struct getopt_tables *t,
               char **argv)
{
    /* optopt is the letter, or for a flag given "=…" its value. */
    if (optopt > 0 && optopt < VALUE_BASE)
        return cli_usage(verb, "no option -%c is known", optopt);
    return unknown_long(verb, t, argv[optind - 1]);
}

static int
append(const struct cli_verb *verb, struct cli_list *list, const char *text)
{
    const char **items = reel_realloc_array(
        (void *)list->items, list->count + 1, sizeof(*list->items));

    if (!items) {
        (void)fprintf(stderr, "reel %s: no memory for options\n", verb->name);
        return CLI_EXIT_STOPPED;
    }
    items[list->count++] = text;
    list->items          = items;
    return CLI_GO_ON;
}

void
cli_list_fini(struct cli_list *list)
{
    reel_free((void *)list->items);
    *list = (struct cli_list){0};
}

static int
choose(const struct cli_verb *verb, const struct cli_option *o, int *out,
       const char *text)
{
    char known[120] = "";
    size_t len      = 0;

    for (int i = 0; o->choices[i]; i++) {
        if (strcmp(o->choices[i], text) == 0) {
            *out = i;
            return CLI_GO_ON;
        }
        (void)snprintf(known + len, sizeof(known) - len, "%s%s", i ? ", " : "",
                       o->choices[i]);
        len = strlen(known);
    }
    return cli_usage(verb, "--%s is one of %s, not %s", o->name, known, text);
}

/* `text` is NULL for a flag. */
static int
store(const struct cli_verb *verb, const struct cli_option *o, void *settings,
      const char *text)
{
    void *field = (char *)settings + o->offset;
    uint64_t number;

    switch (o->kind) {
    case CLI_FLAG:
        *(bool *)field = true;
        return CLI_GO_ON;
    case CLI_STRING:
        *(const char **)field = text;
        return CLI_GO_ON;
    case CLI_U32:
        if (!cli_number_parse(text, UINT32_MAX, &number))
            return cli_usage(verb, "--%s takes a number, not %s", o->name,
                             text);
        *(uint32_t *)field = (uint32_t)number;
        return CLI_GO_ON;
    case CLI_SIZE:
        if (!cli_size_parse(text, &number))
            return cli_usage(verb,
                             "--%s takes a size as 4096, 512K or 1G, "
                             "not %s",
                             o->name, text);
        *(uint64_t *)field = number;
        return CLI_GO_ON;
    case CLI_CHOICE:
        return choose(verb, o, field, text);
    case CLI_LIST:
        return append(verb, field, text);
    }
    return CLI_EXIT_INTERNAL;
}

static int
missing_argument(const struct cli_verb *verb, const struct getopt_tables *t)
{
    const struct cli_option *o = find_option(t, optopt);

    if (!o)
        return CLI_EXIT_INTERNAL;
    return cli_usage(verb, "--%s needs an argument, %s", o->name, o->argument);
}

int
cli_options_parse(const struct cli_verb *verb, void *settings, int argc,
                  char **argv)
{
    struct cli_common *common = settings;
    const struct cli_option *o;
    struct getopt_tables t;
    int value, code = CLI_GO_ON;

    make_tables(&t, verb);
    common->verb = verb;
    opterr       = 0;
    optind       = 0; /* glibc: begin anew */
    while (code == CLI_GO_ON &&
           (value = getopt_long(argc, argv, t.letters, t.longs, NULL)) != -1) {
        if (value == 'h' || value == VALUE_HELP) {
            cli_help_verb(stdout, verb);
            return CLI_EXIT_WELL;
        }
        if (value == ':')
            return missing_argument(verb, &t);
        if (value == '?')
            return refuse_unknown(verb, &t, argv);
        o    = find_option(&t, value);
        code = o ? store(verb, o, settings, optarg) : CLI_EXIT_INTERNAL;
    }
    common->operands      = (const char *const *)(argv + optind);
    common->operand_count = (size_t)(argc - optind);
    return code;
}
