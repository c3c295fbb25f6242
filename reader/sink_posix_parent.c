/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 8.1 (N-5), the directory that an object is put into: opened anew
 * beneath DIR for each object, for whoever may write there may move it out at
 * any time. Policy layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "reel/alloc.h"
#include "sink_posix_state.h"

static bool
is_kept(const struct reel_sink_posix_parent *p, const struct stat *st)
{
    return p->fd >= 0 && p->dev == st->st_dev && p->ino == st->st_ino;
}

/* Another directory stood at this path before: somebody moved or removed it.
   What was put into it went with it. */
static void
note_other(const struct reel_sink_posix *s)
{
    const struct reel_sink_posix_parent *p = &s->parent;
    const struct reel_sink_subject about   = {
          .report   = s->options.report,
          .path     = {(const uint8_t *)s->path.text, s->path.parent_len},
          .encoding = REEL_ENCODING_POSIX};

    if (p->fd >= 0 && p->len == s->path.parent_len &&
        memcmp(p->path, s->path.text, p->len) == 0)
        reel_sink_note(&about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "this directory was moved away during the restore: "
                       "what was put into it before is no longer here");
}

/* Remember s->path for that; without memory it will not be told. */
static void
keep_path(struct reel_sink_posix_parent *p, const struct reel_sink_path *path)
{
    p->len = path->parent_len;
    if (p->len > p->capacity) {
        char *larger = reel_realloc_array(p->path, p->len, 1);

        if (larger == NULL) {
            p->len = SIZE_MAX;
            return;
        }
        p->path     = larger;
        p->capacity = p->len;
    }
    if (p->len > 0)
        memcpy(p->path, path->text, p->len);
}

/* Where it cannot be known, what was handed down is looked for in each object;
   but without /proc nothing can. */
static bool
hands_down_acl(const struct reel_sink_calls *calls, const char *proc)
{
    const ssize_t len =
        calls->getxattr(proc, "system.posix_acl_default", NULL, 0);

    return len > 0 || (len < 0 && errno != ENODATA && errno != EOPNOTSUPP &&
                       errno != ENOENT);
}

/* Keep `fd`, or what is kept, if that is the same directory. */
static void
keep(struct reel_sink_posix *s, int fd, const struct stat *st)
{
    struct reel_sink_posix_parent *p = &s->parent;
    char proc[REEL_SINK_PROC_BYTES];

    p->current = true;
    if (is_kept(p, st)) {
        (void)s->calls->close(fd);
        return;
    }
    note_other(s);
    if (p->fd >= 0)
        (void)s->calls->close(p->fd);
    p->fd  = fd;
    p->dev = st->st_dev;
    p->ino = st->st_ino;
    keep_path(p, &s->path);
    reel_sink_mounts_note(&s->mounts, s->calls, fd, st->st_dev);
    reel_sink_proc_path(proc, fd);
    p->hands_down_acl = hands_down_acl(s->calls, proc);
}

int
reel_sink_posix_parent(struct reel_sink_posix *s, bool make)
{
    const size_t len = s->path.parent_len;
    struct stat st;
    int error;
    int fd;

    if (s->parent.current)
        return s->parent.fd;
    if (len == 0 && s->parent.fd >= 0 && s->parent.len == 0) {
        s->parent.current = true; /* DIR itself: nobody moves it */
        return s->parent.fd;
    }
    if (make)
        fd = reel_beneath_make(&s->beneath, s->path.text, len);
    else
        fd = reel_beneath_open(&s->beneath, s->path.text, len,
                               O_PATH | O_DIRECTORY);
    if (fd < 0)
        return -1;
    if (s->calls->fstatat(fd, "", &st, AT_EMPTY_PATH) == 0) {
        keep(s, fd, &st);
        return s->parent.fd;
    }
    error = errno;
    (void)s->calls->close(fd);
    errno = error;
    return -1;
}

/* Open the path once more; 0, or an errno. */
static int
look_again(struct reel_sink_posix *s)
{
    const int fd = reel_beneath_open(&s->beneath, s->path.text,
                                     s->path.parent_len, O_PATH | O_DIRECTORY);
    struct stat st;
    int error = 0;

    if (fd < 0 || s->calls->fstatat(fd, "", &st, AT_EMPTY_PATH) != 0)
        error = errno;
    else if (!is_kept(&s->parent, &st))
        error = ESTALE;
    if (fd >= 0)
        (void)s->calls->close(fd);
    return error;
}

bool
reel_sink_posix_parent_stays(struct reel_sink_posix *s,
                             const struct reel_sink_subject *about)
{
    int error;

    if (!s->parent.current || s->path.parent_len == 0)
        return true; /* not opened yet, or DIR itself */
    error = look_again(s);
    switch (error) {
    case 0:
        return true;
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ESTALE:
        reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "its directory was moved away meanwhile: not put back");
        return false;
    default:
        reel_sink_note_errno(about, error, "its directory cannot be opened");
        return false;
    }
}

void
reel_sink_posix_parent_fini(struct reel_sink_posix *s)
{
    if (s->parent.fd >= 0)
        (void)s->calls->close(s->parent.fd);
    s->parent.fd      = -1;
    s->parent.current = false;
    reel_free(s->parent.path);
    s->parent.path = NULL;
}
