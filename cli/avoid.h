/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are being written, so that no archive takes itself in. */
#ifndef CLI_AVOID_H
#define CLI_AVOID_H

#include <pthread.h>

#include "reel/write.h"

/* Begin with CLI_AVOID_INIT. Any thread may use it. */
struct cli_avoid {
    pthread_mutex_t lock;
    struct reel_file_identity *files;
    size_t count;
};

#define CLI_AVOID_INIT                                                         \
    {                                                                          \
        .lock = PTHREAD_MUTEX_INITIALIZER                                      \
    }

/* Add a regular file by descriptor or by name; what is none is passed over.
   False: no memory. */
bool cli_avoid_fd(struct cli_avoid *a, int fd);
bool cli_avoid_name(struct cli_avoid *a, const char *name);

/* Is it one of them? For struct reel_write_options; ctx is a cli_avoid. */
bool cli_avoid_has(void *ctx, const struct reel_file_identity *file);

void cli_avoid_fini(struct cli_avoid *a);

#endif
