/* SPDX-License-Identifier: Apache-2.0 */
/* Program: standard output that is full or closed is an error like others; what
   stands on standard error are lines. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "output.h"

/* A path has at most 65,535 octets; one of them takes up to eight in JSON. */
#define LINE_BYTES (1U << 20)

enum reel_status
cli_output_check(struct reel_err *err)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "standard output does not take all of it%s%s; give it "
                     "room, or a reader that stays to the end",
                     errno ? ": " : "", errno ? strerror(errno) : "");
}

void
cli_output_by_lines(void)
{
    static char line[LINE_BYTES];

    (void)setvbuf(stderr, line, _IOLBF, sizeof(line));
}
