/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed: does it go out as it should? */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "reel/err.h"

/* Flush it. MEDIUM with a sentence if anything printed so far is gone. */
enum reel_status cli_output_check(struct reel_err *err) REEL_MUST_CHECK;

/* From here on each line of standard error goes out in one piece, however long
   the name in it. Called once, before anything is written there. */
void cli_output_by_lines(void);

#endif
