/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1 (N-5), never outside the directory; policy layer. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "beneath.h"

#define WALK_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* One step copies what it opens into this, with a NUL. */
struct step {
    char text[PATH_MAX];
};

/* The length of the longest run of whole components of path[0, len) that
   fits a step: all of it, or up to before a "/". 0 when none fits. */
static size_t
step_len(const char *path, size_t len)
{
    const char *slash;

    if (len < PATH_MAX)
        return len;
    slash = memrchr(path, '/', PATH_MAX - 1);
    return slash == NULL ? 0 : (size_t)(slash - path);
}

/* The same for one component. */
static size_t
component_len(const char *path, size_t len)
{
    const char *slash = memchr(path, '/', len);
    const size_t n    = slash == NULL ? len : (size_t)(slash - path);

    return n < PATH_MAX ? n : 0;
}

static int
open_step(const struct reel_beneath *b, int dir, const char *text, int flags)
{
    int tries = 0;
    int fd;

    if (!b->has_openat2)
        return b->calls->openat(dir, text, flags, 0);
    do { /* EAGAIN: somebody renamed something meanwhile */
        fd = b->calls->openat2(dir, text, flags);
    } while (fd < 0 && (errno == EAGAIN || errno == EINTR) && ++tries < 32);
    return fd;
}

/* As close, but errno stays. */
static void
leave(const struct reel_beneath *b, int fd)
{
    const int error = errno;

    if (fd >= 0 && fd != b->dir_fd)
        (void)b->calls->close(fd);
    errno = error;
}

void
reel_beneath_init(struct reel_beneath *b, int dir_fd,
                  const struct reel_sink_calls *calls)
{
    int fd;

    b->calls       = calls;
    b->dir_fd      = dir_fd;
    b->has_openat2 = true;
    fd             = calls->openat2(dir_fd, ".", WALK_FLAGS);
    if (fd >= 0)
        (void)calls->close(fd);
    else /* older than Linux 5.6, or a sandbox that does not know it */
        b->has_openat2 = false;
}

int
reel_beneath_open(const struct reel_beneath *b, const char *path, size_t len,
                  int flags)
{
    struct step step;
    int dir = b->dir_fd;

    flags |= O_NOFOLLOW | O_CLOEXEC;
    if (len == 0)
        return b->calls->openat(dir, ".", flags, 0);
    for (;;) {
        const size_t n =
            b->has_openat2 ? step_len(path, len) : component_len(path, len);
        int fd;

        if (n == 0) {
            errno = ENAMETOOLONG;
            leave(b, dir);
            return -1;
        }
        memcpy(step.text, path, n);
        step.text[n] = '\0';
        fd = open_step(b, dir, step.text, n == len ? flags : WALK_FLAGS);
        leave(b, dir);
        if (fd < 0 || n == len)
            return fd;
        dir = fd;
        path += n + 1;
        len -= n + 1;
    }
}

/* Open the directory `name`, made if it is missing. */
static int
make_step(const struct reel_beneath *b, int dir, const char *name)
{
    const int fd = b->calls->openat(dir, name, WALK_FLAGS, 0);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (b->calls->mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
        return -1;
    return b->calls->openat(dir, name, WALK_FLAGS, 0);
}

int
reel_beneath_make(const struct reel_beneath *b, const char *path, size_t len)
{
    struct step step;
    int dir = reel_beneath_open(b, path, len, O_PATH | O_DIRECTORY);

    if (dir >= 0 || errno != ENOENT)
        return dir;
    dir = b->dir_fd;
    while (len > 0) {
        const size_t n = component_len(path, len);
        int fd;

        if (n == 0) {
            errno = ENAMETOOLONG;
            leave(b, dir);
            return -1;
        }
        memcpy(step.text, path, n);
        step.text[n] = '\0';
        fd           = make_step(b, dir, step.text);
        leave(b, dir);
        if (fd < 0)
            return -1;
        dir = fd;
        path += n == len ? n : n + 1;
        len -= n == len ? n : n + 1;
    }
    return dir;
}
