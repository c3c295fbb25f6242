/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of ours that stand apart from `reel` and are started by it: the
   other end of a relay (reel/relay.h). */
#ifndef CLI_HELPER_PROGRAM_H
#define CLI_HELPER_PROGRAM_H

#include <sys/types.h>

#include "reel/err.h"

struct cli_helper {
    const char *name; /* borrowed */
    pid_t pid;        /* 0: it is not running */
    int to;           /* its standard input; -1: closed, or /dev/null */
    int from;         /* its standard output; -1: closed */
};

/*
 * Start the program words[0] with these words, the array ending with NULL. It
 * is looked for beside `reel` itself, in ../libexec/reel from there, and in
 * PATH. `package` says in a word or two what it comes with. Its standard error
 * is ours. It is in a process group of its own: signals of the terminal are for
 * us to act upon.
 * Fails with MEDIUM (it is not there, cannot be started), MEMORY.
 */
enum reel_status cli_helper_start(struct cli_helper *h,
                                  const char *const *words, const char *package,
                                  bool with_input,
                                  struct reel_err *err) REEL_MUST_CHECK;

/*
 * Close what is open of its pipes, tell it to end unless it is `expected` to do
 * that by itself, and wait. Fails with MEDIUM where it was expected to, and
 * died or said by its exit code that not all was well.
 */
enum reel_status cli_helper_end(struct cli_helper *h, bool expected,
                                struct reel_err *err) REEL_MUST_CHECK;

#endif
