/* SPDX-License-Identifier: Apache-2.0 */
/* Program: volumes are opened to be read; no spec chapter. */
#include "volume_open.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/medium_tap.h"

int
cli_volume_open(const char *name, int flags)
{
    if ((flags & O_ACCMODE) != O_RDONLY) {
        errno = EPERM;
        return -1;
    }
    return reel_medium_opener_open(NULL, name, O_RDONLY | (flags & O_NONBLOCK));
}

/* Does the name mean to us what the keeper opened? It does not where it is one
   of our own descriptors: /dev/stdin, /dev/fd/3. */
static bool
is_that(const char *name, int fd)
{
    struct stat there;
    struct stat opened;

    return stat(name, &there) == 0 && fstat(fd, &opened) == 0 &&
           there.st_dev == opened.st_dev && there.st_ino == opened.st_ino;
}

int
cli_volume_open_by(struct cli_keeper *k, uint32_t number, const char *name,
                   int flags)
{
    struct stat st;
    int fd;

    /* Who waits for a writer does not see that we are gone. */
    if (stat(name, &st) == 0 && S_ISFIFO(st.st_mode))
        return cli_volume_open(name, flags);
    fd = cli_keeper_open(k, number, flags);
    if ((fd >= 0 && is_that(name, fd)) || (fd < 0 && errno != ENOENT))
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return cli_volume_open(name, flags);
}
