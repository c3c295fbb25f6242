/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls of Linux' st driver; no spec chapter. The driver can be
 * interrupted only before it does anything, so that doing it again is right.
 */
#include "st_calls.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int
call(int fd, unsigned long request, void *argument)
{
    int result;

    do
        result = ioctl(fd, request, argument);
    while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

int
reel_st_op(int fd, short op, int count)
{
    struct mtop what = {op, count};

    return call(fd, MTIOCTOP, &what);
}

int
reel_st_status(int fd, struct mtget *out)
{
    struct mtget status;
    int error;

    memset(&status, 0, sizeof(status));
    error = call(fd, MTIOCGET, &status);
    if (error != 0)
        memset(&status, 0, sizeof(status));
    *out = status;
    return error;
}

int
reel_st_position(int fd, uint64_t *out)
{
    struct mtpos pos = {0};
    const int error  = call(fd, MTIOCPOS, &pos);

    if (error == 0)
        *out = (uint32_t)pos.mt_blkno; /* the drive gives 32 bits */
    return error;
}

ssize_t
reel_st_read(int fd, void *buf, size_t bytes)
{
    ssize_t got;

    do
        got = read(fd, buf, bytes);
    while (got < 0 && errno == EINTR);
    return got;
}

ssize_t
reel_st_write(int fd, const void *buf, size_t bytes)
{
    ssize_t put;

    do
        put = write(fd, buf, bytes);
    while (put < 0 && errno == EINTR);
    return put;
}
