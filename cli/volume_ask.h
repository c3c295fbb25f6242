/* SPDX-License-Identifier: Apache-2.0 */
/* Ask a command or a person to put a volume in. */
#ifndef CLI_VOLUME_ASK_H
#define CLI_VOLUME_ASK_H

#include <stdio.h>

#include "reel/volumes.h"

/*
 * Run `command` with the wish in its environment. REEL_OK: it says that the
 * volume is in. REEL_END: it cannot be had; a sentence stands in err->text.
 * Fails as cli_command_run does.
 */
enum reel_status cli_volume_ask_command(const char *command, const char *drive,
                                        const struct reel_volume_wish *wish,
                                        const volatile int *stop,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* Ask at the terminal. REEL_OK and REEL_END as above; STOPPED, MEMORY. */
enum reel_status cli_volume_ask_person(const char *drive,
                                       const struct reel_volume_wish *wish,
                                       const volatile int *stop,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* The question that is asked there, on to `out`. */
void cli_volume_question(FILE *out, const char *drive,
                         const struct reel_volume_wish *wish);

#endif
