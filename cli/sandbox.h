/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fence around whatever parses a tape: from cli_sandbox_enter on this
 * process, and every thread it begins, can create, change and remove files only
 * where the fence lets it, run nothing, and reach nobody. Made of Landlock and
 * seccomp, as far as the kernel at hand has them.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>
#include <stdio.h>

/* What --sandbox asks for. */
enum cli_sandbox_wish { CLI_SANDBOX_BEST, CLI_SANDBOX_NEED, CLI_SANDBOX_OFF };

extern const char *const cli_sandbox_words[]; /* in that order, then NULL */

/* What stays open behind the fence. */
struct cli_fence {
    int dir_fd;            /* directory to write in; -1: none */
    bool devices;          /* devices may be made there */
    const char *temporary; /* our own directory for unnamed files, or NULL */
    const char *drive;     /* tape drive that is read, or NULL */
};

struct cli_sandbox_level {
    int landlock; /* version of its interface; 0: not there */
    bool seccomp;
};

/* From this version on Landlock fences off all that it can of files: renaming
   between directories, cutting files, orders to devices. */
#define CLI_SANDBOX_LANDLOCK_FULL 5

/* What the kernel offers. */
struct cli_sandbox_level cli_sandbox_offered(void);

/* Close the fence, for good; what of it is closed. One thread, the only one. */
struct cli_sandbox_level cli_sandbox_enter(const struct cli_fence *fence);

/* "Landlock 7, seccomp", "none"; static or in `text`. */
#define CLI_SANDBOX_TEXT_BYTES 40
const char *cli_sandbox_print(char text[CLI_SANDBOX_TEXT_BYTES],
                              const struct cli_sandbox_level *level);

#endif
