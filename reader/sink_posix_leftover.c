/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 8.1 (N-9), temporary names that could not be removed when they should
 * have been: in a directory that was moved out of DIR a sandbox lets nothing be
 * removed, and perhaps it is moved back. Policy layer.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sink_posix_state.h"

/* Remove what stands in the directory `own_fd`, which is our own and flat. */
static void
empty(const struct reel_sink_posix *s, int own_fd)
{
    const int fd =
        s->calls->openat(own_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    DIR *const d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (d == NULL) {
        if (fd >= 0)
            (void)s->calls->close(fd);
        return;
    }
    while ((entry = readdir(d)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)s->calls->unlinkat(dirfd(d), entry->d_name, 0);
    }
    (void)closedir(d);
}

static bool
gone(const struct reel_sink_posix *s, const struct reel_sink_posix_leftover *l)
{
    if (l->own_fd >= 0)
        empty(s, l->own_fd);
    return s->calls->unlinkat(l->dir_fd, l->name, l->flags) == 0 ||
           errno == ENOENT;
}

static void
close_both(const struct reel_sink_posix *s,
           const struct reel_sink_posix_leftover *l)
{
    (void)s->calls->close(l->dir_fd);
    if (l->own_fd >= 0)
        (void)s->calls->close(l->own_fd);
}

/* Try all again; those that stay close ranks. */
static void
try_again(struct reel_sink_posix *s)
{
    size_t stay = 0;
    size_t i;

    for (i = 0; i < s->leftover_count; i++) {
        if (gone(s, &s->leftovers[i]))
            close_both(s, &s->leftovers[i]);
        else
            s->leftovers[stay++] = s->leftovers[i];
    }
    s->leftover_count = stay;
}

static void
note(const struct reel_sink_subject *about, const char *name, int error)
{
    reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                   "its temporary name %s cannot be removed: %s", name,
                   strerror(error));
}

/* Takes own_fd. */
static void
remove_or_keep(struct reel_sink_posix *s, const struct reel_sink_subject *about,
               struct reel_sink_posix_leftover *l)
{
    int error;

    if (s->leftover_count > 0)
        try_again(s);
    l->dir_fd = s->parent.fd;
    if (gone(s, l)) {
        if (l->own_fd >= 0)
            (void)s->calls->close(l->own_fd);
        return;
    }
    error = errno;
    if (s->leftover_count < REEL_LEFTOVERS_MAX)
        l->dir_fd = s->calls->openat(s->parent.fd, ".",
                                     O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (s->leftover_count < REEL_LEFTOVERS_MAX && l->dir_fd >= 0) {
        s->leftovers[s->leftover_count++] = *l;
        return;
    }
    note(about, l->name, error);
    if (l->own_fd >= 0)
        (void)s->calls->close(l->own_fd);
}

void
reel_sink_posix_remove(struct reel_sink_posix *s,
                       const struct reel_sink_subject *about,
                       const char name[REEL_TEMPORARY_BYTES])
{
    struct reel_sink_posix_leftover l = {.own_fd = -1};

    memcpy(l.name, name, sizeof(l.name));
    remove_or_keep(s, about, &l);
}

void
reel_sink_posix_remove_directory(struct reel_sink_posix *s,
                                 const struct reel_sink_subject *about,
                                 const char name[REEL_TEMPORARY_BYTES], int fd)
{
    struct reel_sink_posix_leftover l = {.own_fd = fd, .flags = AT_REMOVEDIR};

    memcpy(l.name, name, sizeof(l.name));
    remove_or_keep(s, about, &l);
}

void
reel_sink_posix_leftovers_last(struct reel_sink_posix *s)
{
    const struct reel_sink_subject about = {.report = s->options.report};
    size_t i;

    for (i = 0; i < s->leftover_count; i++) {
        const struct reel_sink_posix_leftover *l = &s->leftovers[i];

        if (!gone(s, l))
            note(&about, l->name, errno);
        close_both(s, l);
    }
    s->leftover_count = 0;
}
