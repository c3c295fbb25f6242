/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of the user that change volumes: the one place where this program
   starts another. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "reel/err.h"

/* Everything is borrowed for the call. */
struct cli_command {
    const char *text;               /* for sh -c, as the user wrote it */
    const char *const *arguments;   /* $1 and so on, ends with NULL; or NULL */
    const char *const *environment; /* NAME=VALUE beside what we have, ends
                                       with NULL; or NULL */
    const volatile int *stop;       /* as in struct reel_reporter; or NULL */
};

/*
 * Run it and wait. Its standard input is empty; its standard output goes to
 * *output, which the caller gives to reel_free, or with NULL to our standard
 * error, so that it never mixes with what a verb prints.
 * code  its exit code; 128 and more: it died by a signal. Set on REEL_OK.
 * Fails with STOPPED when asked to stop, after the command was told so and
 * has ended; MEDIUM, MEMORY, LIMIT (it prints more than 16 MiB).
 */
enum reel_status cli_command_run(const struct cli_command *c, char **output,
                                 int *code,
                                 struct reel_err *err) REEL_MUST_CHECK;

#endif
