/* SPDX-License-Identifier: Apache-2.0 */
/* Program: times as people read them (spec 1.4). */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "when.h"

const char *
cli_when_print(char *text, const struct reel_time *t)
{
    const time_t seconds = (time_t)t->s;
    struct tm local;

    if (seconds != t->s || !localtime_r(&seconds, &local) ||
        strftime(text, CLI_WHEN_TEXT_BYTES, "%Y-%m-%d %H:%M:%S", &local) == 0)
        (void)snprintf(text, CLI_WHEN_TEXT_BYTES, "@%" PRId64, t->s);
    return text;
}
