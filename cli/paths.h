/* SPDX-License-Identifier: Apache-2.0 */
/* Paths to archive: operands, then the lines of a list. */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include "reel/err.h"

struct cli_paths {
    const char *const *operands; /* borrowed */
    size_t operand_count;
    size_t next;
    int list;          /* -1: none; closed by _fini unless standard input */
    char delimiter;    /* '\n' or '\0' */
    char octets[4096]; /* of the list, from `taken` to `have` still to come */
    size_t taken;
    size_t have;
    char *line;
    size_t capacity;
};

/* Open list `name`, "-" for standard input; NULL: no list. False with errno
   set. */
bool cli_paths_init(struct cli_paths *p, const char *name, bool null);

/* For reel_write: the next path, empty ones left out. MEDIUM, MEMORY,
   STOPPED. */
enum reel_status cli_paths_next(void *ctx, const char **path,
                                struct reel_err *err);

void cli_paths_fini(struct cli_paths *p);

#endif
