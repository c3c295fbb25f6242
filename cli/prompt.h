/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to whoever sits at the terminal. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "reel/err.h"

/* The terminal, for reading and writing; -1: there is none. To be closed. */
int cli_prompt_open(void);

/*
 * Print `text` to `fd` and wait for a line from it.
 * REEL_OK: Enter, or anything but a line that begins with q; REEL_END: q, or
 * nobody is there any more. Fails with STOPPED when *stop becomes true, which
 * may be NULL.
 */
enum reel_status cli_prompt_ask(int fd, const char *text,
                                const volatile int *stop,
                                struct reel_err *err) REEL_MUST_CHECK;

#endif
