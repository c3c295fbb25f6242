/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening paths strictly beneath a directory, without following any link
 * (N-5). Private to reader/.
 *
 * Paths are relative, with harmless components only (reel_sink_path_set says
 * so), of any length; the empty path is the directory itself.
 */
#ifndef REEL_READER_BENEATH_H
#define REEL_READER_BENEATH_H

#include <stdbool.h>

#include "sink_calls.h"

struct reel_beneath {
    const struct reel_sink_calls *calls; /* borrowed */
    int dir_fd;                          /* borrowed */
    bool has_openat2; /* false: component by component instead */
};

/* Find out what the kernel offers. Cannot fail. */
void reel_beneath_init(struct reel_beneath *b, int dir_fd,
                       const struct reel_sink_calls *calls);

/*
 * Open path[0, len) with `flags` (O_NOFOLLOW and O_CLOEXEC are added). The
 * caller closes the descriptor; -1 with errno set on failure.
 */
int reel_beneath_open(const struct reel_beneath *b, const char *path,
                      size_t len, int flags);

/*
 * Open the directory path[0, len) with O_PATH, and make with mode 0700 what is
 * missing of it. As above.
 */
int reel_beneath_make(const struct reel_beneath *b, const char *path,
                      size_t len);

#endif
