/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 12, a restore that is not kept is reported; policy layer. */
#include <errno.h>

#include "sink_note.h"
#include "sink_sync.h"

void
reel_sink_sync(const struct reel_sink_calls *calls, int dir_fd,
               const struct reel_reporter *report)
{
    const struct reel_sink_subject about = {.report = report};

    if (calls->syncfs(dir_fd) != 0 && errno != EBADF && errno != ENOSYS)
        reel_sink_note_errno(&about, errno,
                             "the file system could not keep what was "
                             "restored");
}
