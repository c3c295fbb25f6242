/* SPDX-License-Identifier: Apache-2.0 */
/* What the program says by its exit code. */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

#include "reel/note.h"

enum cli_exit {
    CLI_EXIT_WELL        = 0,
    CLI_EXIT_DAMAGE      = 1,   /* damage found, nothing lost */
    CLI_EXIT_LOST        = 2,   /* something is lost */
    CLI_EXIT_SKIPPED     = 3,   /* finished; inputs or outputs were skipped */
    CLI_EXIT_REFUSED     = 4,   /* not Reel, or not as the text has it */
    CLI_EXIT_STOPPED     = 5,   /* device, system or memory stopped it */
    CLI_EXIT_WANTED      = 6,   /* another volume is wanted */
    CLI_EXIT_USAGE       = 64,  /* the command line */
    CLI_EXIT_INTERNAL    = 70,  /* a fault of this program */
    CLI_EXIT_INTERRUPTED = 130, /* by a signal */
};

/* Codes met so far; begins as 0. */
typedef uint32_t cli_exit_set;

void cli_exit_add(cli_exit_set *set, enum cli_exit code);

/* The one to exit with: the first of 130, 70, 64, 5, 2, 6, 4, 3, 1; else 0. */
enum cli_exit cli_exit_first(cli_exit_set set);

/*
 * What it means that an operation ended with `status`. A catalog that was
 * refused as damaged (--no-scan) is no loss: nothing was looked at, so it
 * counts as an archive not taken, 4. An operation that ended with a full
 * medium or file system was stopped, 5; where it went on, notes say 3.
 */
enum cli_exit cli_exit_of_status(enum reel_status status);

enum cli_exit cli_exit_of_note(enum reel_note_kind kind);

#endif
