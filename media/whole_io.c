/* SPDX-License-Identifier: Apache-2.0 */
/* Whole reads and writes for the image backends; no spec chapter. */
#include "whole_io.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t io_call(int fd, const struct iovec *iov, int count,
                        uint64_t off);

static ssize_t
read_some(int fd, const struct iovec *iov, int count, uint64_t off)
{
    if (off == REEL_IO_STREAM)
        return readv(fd, iov, count);
    return preadv(fd, iov, count, (off_t)off);
}

static ssize_t
write_some(int fd, const struct iovec *iov, int count, uint64_t off)
{
    if (off == REEL_IO_STREAM)
        return writev(fd, iov, count);
    return pwritev(fd, iov, count, (off_t)off);
}

/* Take `bytes` off the front of the buffers; true while any are left. */
static bool
advance(struct iovec **iov, int *count, size_t bytes)
{
    while (*count > 0 && bytes >= (*iov)->iov_len) {
        bytes -= (*iov)->iov_len;
        (*iov)++;
        (*count)--;
    }
    if (*count == 0)
        return false;
    (*iov)->iov_base = (char *)(*iov)->iov_base + bytes;
    (*iov)->iov_len -= bytes;
    return true;
}

/* 1: all moved; 0: a call moved nothing; -1: errno says. */
static int
move_all(io_call *call, int fd, struct iovec *iov, int count, uint64_t off,
         size_t *done)
{
    size_t moved = 0;

    *done = 0;
    while (advance(&iov, &count, moved)) {
        const uint64_t at = off == REEL_IO_STREAM ? off : off + *done;
        const ssize_t n   = call(fd, iov, count, at);

        moved = 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? 0 : -1;
        moved = (size_t)n;
        *done += moved;
    }
    return 1;
}

bool
reel_io_read(int fd, struct iovec *iov, int count, uint64_t off, size_t *done)
{
    return move_all(read_some, fd, iov, count, off, done) >= 0;
}

bool
reel_io_write(int fd, struct iovec *iov, int count, uint64_t off, size_t *done)
{
    const int result = move_all(write_some, fd, iov, count, off, done);

    if (result == 0)
        errno = EIO; /* a write of something that writes nothing */
    return result > 0;
}

enum reel_status
reel_io_fail(struct reel_err *err, const struct reel_pos *pos, const char *what,
             int error)
{
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;

    return reel_fail(err, full ? REEL_E_FULL : REEL_E_MEDIUM, pos, NULL,
                     "%s failed: %s", what, strerror(error));
}
