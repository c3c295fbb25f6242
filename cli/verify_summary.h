/* SPDX-License-Identifier: Apache-2.0 */
/* The sum of a verification, understood at once. */
#ifndef CLI_VERIFY_SUMMARY_H
#define CLI_VERIFY_SUMMARY_H

#include <stdio.h>

#include "exit_code.h"
#include "reel/verify.h"

/* One word in capitals and what it rests on. `codes` is what was met. */
void cli_verify_summary_text(FILE *out, enum reel_verify_depth depth,
                             cli_exit_set codes,
                             const struct reel_verify_result *result);

void cli_verify_summary_json(FILE *out, enum reel_verify_depth depth,
                             cli_exit_set codes,
                             const struct reel_verify_result *result);

#endif
