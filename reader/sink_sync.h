/* SPDX-License-Identifier: Apache-2.0 */
/* At the end of a restore: that it stays. Private to reader/. */
#ifndef REEL_READER_SINK_SYNC_H
#define REEL_READER_SINK_SYNC_H

#include "reel/note.h"
#include "sink_calls.h"

/* Have the file system of `dir_fd` keep what was written; noted where it could
   not. One that has no such call keeps it in its own time. */
void reel_sink_sync(const struct reel_sink_calls *calls, int dir_fd,
                    const struct reel_reporter *report);

#endif
