/* SPDX-License-Identifier: Apache-2.0 */
/* At the end of a restore: that it stays. Private to reader/. */
#ifndef REEL_READER_SINK_SYNC_H
#define REEL_READER_SINK_SYNC_H

#include <sys/types.h>

#include "reel/note.h"
#include "sink_calls.h"

#define REEL_SINK_MOUNTS_MAX 16U

/* File systems below the directory that is restored into, which something was
   put on. Zeroed is none. */
struct reel_sink_mounts {
    struct reel_sink_mount {
        dev_t dev;
        int fd; /* of a directory on it; -1: it cannot be opened */
    } list[REEL_SINK_MOUNTS_MAX];
    size_t count;
    bool more; /* than are kept */
};

/* Something is put into the directory `fd`, maybe O_PATH, on file system
   `dev`. */
void reel_sink_mounts_note(struct reel_sink_mounts *m,
                           const struct reel_sink_calls *calls, int fd,
                           dev_t dev);
void reel_sink_mounts_fini(struct reel_sink_mounts *m,
                           const struct reel_sink_calls *calls);

/* Have the file system of `dir_fd`, and those of `m` (NULL: none), keep what
   was written; noted where they could not. One that has no such call keeps it
   in its own time. */
void reel_sink_sync(const struct reel_sink_calls *calls, int dir_fd,
                    const struct reel_sink_mounts *m,
                    const struct reel_reporter *report);

#endif
