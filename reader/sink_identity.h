/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which object of a file system something is. Device and inode number alone
 * do not say: the number of a file that was removed is given to the next one,
 * often at once. Private to reader/.
 */
#ifndef REEL_READER_SINK_IDENTITY_H
#define REEL_READER_SINK_IDENTITY_H

#include <stdbool.h>

#include "sink_calls.h"

struct reel_sink_identity {
    uint64_t dev;
    uint64_t ino;
    int64_t birth_s; /* zero where the file system does not know */
    uint32_t birth_ns;
    uint32_t type; /* S_IFMT bits */
};

/* Of `path` in `dir`, flags as for statx. -1 with errno set. */
int reel_sink_identity_get(const struct reel_sink_calls *calls, int dir,
                           const char *path, int flags,
                           struct reel_sink_identity *out);

bool reel_sink_identity_same(const struct reel_sink_identity *a,
                             const struct reel_sink_identity *b);

#endif
