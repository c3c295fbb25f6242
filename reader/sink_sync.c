/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 12, a restore that is not kept is reported; policy layer. */
#include "sink_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "sink_note.h"

void
reel_sink_mounts_note(struct reel_sink_mounts *m,
                      const struct reel_sink_calls *calls, int fd, dev_t dev)
{
    size_t i;

    for (i = 0; i < m->count; i++)
        if (m->list[i].dev == dev)
            return;
    if (m->count == REEL_SINK_MOUNTS_MAX) {
        m->more = true;
        return;
    }
    m->list[m->count].dev = dev;
    m->list[m->count].fd =
        calls->openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    m->count++;
}

void
reel_sink_mounts_fini(struct reel_sink_mounts *m,
                      const struct reel_sink_calls *calls)
{
    while (m->count > 0)
        if (m->list[--m->count].fd >= 0)
            (void)calls->close(m->list[m->count].fd);
    m->more = false;
}

static void
sync_one(const struct reel_sink_calls *calls, int fd,
         const struct reel_sink_subject *about)
{
    if (calls->syncfs(fd) != 0 && errno != EBADF && errno != ENOSYS)
        reel_sink_note_errno(about, errno,
                             "the file system could not keep what was "
                             "restored");
}

void
reel_sink_sync(const struct reel_sink_calls *calls, int dir_fd,
               const struct reel_sink_mounts *m,
               const struct reel_reporter *report)
{
    const struct reel_sink_subject about = {.report = report};
    struct stat st;
    size_t i;
    bool all;

    sync_one(calls, dir_fd, &about);
    if (m == NULL || calls->fstatat(dir_fd, "", &st, AT_EMPTY_PATH) != 0)
        return;
    all = !m->more;
    for (i = 0; i < m->count; i++) {
        if (m->list[i].dev == st.st_dev)
            continue;
        all = all && m->list[i].fd >= 0;
        if (m->list[i].fd >= 0)
            sync_one(calls, m->list[i].fd, &about);
    }
    if (!all)
        reel_sink_note(&about, REEL_NOTE_INFO, REEL_OK,
                       "not all file systems were waited for; see that they "
                       "kept what was restored");
}
