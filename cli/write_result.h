/* SPDX-License-Identifier: Apache-2.0 */
/* What `reel write` tells of an archive it has written. */
#ifndef CLI_WRITE_RESULT_H
#define CLI_WRITE_RESULT_H

#include <stdio.h>

#include "reel/write.h"

void cli_write_result_json(FILE *out, const struct reel_write_result *r);

/* `rate` in octets of content a second. */
void cli_write_result_text(FILE *out, const struct reel_write_result *r,
                           uint64_t rate);

#endif
