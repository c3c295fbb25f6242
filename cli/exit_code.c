/* SPDX-License-Identifier: Apache-2.0 */
/* Program: exit codes (spec chapter 12 has the table of errors). */
#include "exit_code.h"

/* In the order in which one hides the others. */
static const enum cli_exit precedence[] = {
    CLI_EXIT_INTERRUPTED, CLI_EXIT_INTERNAL, CLI_EXIT_USAGE,
    CLI_EXIT_STOPPED,     CLI_EXIT_LOST,     CLI_EXIT_WANTED,
    CLI_EXIT_REFUSED,     CLI_EXIT_SKIPPED,  CLI_EXIT_DAMAGE};
#define PRECEDENCE_COUNT (sizeof(precedence) / sizeof(precedence[0]))

void
cli_exit_add(cli_exit_set *set, enum cli_exit code)
{
    for (unsigned int i = 0; i < PRECEDENCE_COUNT; i++) {
        if (precedence[i] == code)
            *set |= (cli_exit_set)1 << i;
    }
}

enum cli_exit
cli_exit_first(cli_exit_set set)
{
    for (unsigned int i = 0; i < PRECEDENCE_COUNT; i++) {
        if (set & (cli_exit_set)1 << i)
            return precedence[i];
    }
    return CLI_EXIT_WELL;
}

enum cli_exit
cli_exit_of_status(enum reel_status status)
{
    switch (status) {
    case REEL_OK:
    case REEL_END:
        return CLI_EXIT_WELL;
    case REEL_E_TRUNCATED:
    case REEL_E_MAGIC:
    case REEL_E_CORRUPT:
    case REEL_E_INVALID:
    case REEL_E_UNSUPPORTED:
    case REEL_E_LIMIT:
        return CLI_EXIT_REFUSED;
    case REEL_E_MEDIUM:
    case REEL_E_FULL:
    case REEL_E_MEMORY:
        return CLI_EXIT_STOPPED;
    case REEL_E_STOPPED:
        return CLI_EXIT_INTERRUPTED;
    case REEL_E_MISUSE: /* an archive that is not there, an odd block size */
        return CLI_EXIT_USAGE;
    }
    return CLI_EXIT_INTERNAL;
}

enum cli_exit
cli_exit_of_note(enum reel_note_kind kind)
{
    switch (kind) {
    case REEL_NOTE_INFO:
    case REEL_NOTE_OMITTED:
        return CLI_EXIT_WELL;
    case REEL_NOTE_SKIPPED:
    case REEL_NOTE_FLAWED:
        return CLI_EXIT_SKIPPED;
    case REEL_NOTE_DAMAGE:
        return CLI_EXIT_DAMAGE;
    case REEL_NOTE_LOST:
        return CLI_EXIT_LOST;
    case REEL_NOTE_INVALID:
        return CLI_EXIT_REFUSED;
    case REEL_NOTE_WANTED:
        return CLI_EXIT_WANTED;
    }
    return CLI_EXIT_INTERNAL;
}
