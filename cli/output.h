/* SPDX-License-Identifier: Apache-2.0 */
/* Has standard output taken what was printed? */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "reel/err.h"

/* Flush it. MEDIUM with a sentence if anything printed so far is gone. */
enum reel_status cli_output_check(struct reel_err *err) REEL_MUST_CHECK;

#endif
