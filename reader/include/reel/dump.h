/* SPDX-License-Identifier: Apache-2.0 */
/* Show blocks, segments and records with offsets and field names. */
#ifndef REEL_DUMP_H
#define REEL_DUMP_H

#include "reel/access.h"

struct reel_dump_options {
    bool blocks_only; /* block headers, nothing unpacked */
    bool octets;      /* hex of short fields and of DATA, too */
    bool json;        /* fields one by one, in lines of JSON; cli/dump.c */
};

/* One line of text without newline, borrowed for the call. */
typedef void (*reel_dump_line_fn)(void *ctx, const char *line);

/* From the beginning to the end of the medium, whatever stands there; if no END
   closes it, so on with the volumes behind it that can be had. */
REEL_API enum reel_status reel_dump(const struct reel_access *access,
                                    const struct reel_dump_options *options,
                                    reel_dump_line_fn line, void *ctx,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
