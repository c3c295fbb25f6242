/* SPDX-License-Identifier: Apache-2.0 */
/* Program: help, out of the same tables that parse; no spec chapter. */
#include <string.h>

#include "options.h"

#define HELP_COLUMN 27 /* where sentences begin */
#define HELP_WIDTH 79

/* Words of `text` from `column` on, further lines indented. */
static void
print_wrapped(FILE *out, const char *text, int column, int indent)
{
    while (*text) {
        const int len = (int)strcspn(text, " ");

        if (column > indent && column + 1 + len > HELP_WIDTH) {
            (void)fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            (void)fputc(' ', out);
            column++;
        }
        (void)fprintf(out, "%.*s", len, text);
        column += len;
        text += len + (text[len] == ' ');
    }
    (void)fputc('\n', out);
}

static void
print_option(FILE *out, const char *name, char letter, const char *argument,
             const char *help)
{
    int column;

    if (letter)
        column = fprintf(out, "  -%c, --%s", letter, name);
    else
        column = fprintf(out, "      --%s", name);
    if (argument)
        column += fprintf(out, " %s", argument);
    if (column > HELP_COLUMN - 2)
        (void)fprintf(out, "\n%*s", HELP_COLUMN, "");
    else
        (void)fprintf(out, "%*s", HELP_COLUMN - column, "");
    print_wrapped(out, help, HELP_COLUMN, HELP_COLUMN);
}

static void
print_table(FILE *out, const struct cli_option *o)
{
    for (; o->name; o++)
        print_option(out, o->name, o->letter, o->argument, o->help);
}

void
cli_help_verb(FILE *out, const struct cli_verb *verb)
{
    const int column = fprintf(out, "usage: reel %s", verb->name);

    print_wrapped(out, verb->operands, column, 7);
    (void)fputc('\n', out);
    print_wrapped(out, verb->summary, 0, 0);
    (void)fputc('\n', out);
    print_table(out, verb->options);
    print_table(out, cli_common_options);
    print_option(out, "help", 'h', NULL, "show this");
    if (verb->more)
        (void)fprintf(out, "\n%s", verb->more);
}
