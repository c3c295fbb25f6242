/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1 (N-5), how the reader reaches the file system; policy layer. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sink_calls.h"

static int
system_openat(int dir, const char *path, int flags, mode_t mode)
{
    return openat(dir, path, flags, mode);
}

static int
system_openat2(int dir, const char *path, int flags)
{
    struct open_how how;

    memset(&how, 0, sizeof(how));
    how.flags   = (uint64_t)(unsigned int)flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

static int
system_renameat2(int from, const char *old, int to, const char *path,
                 unsigned int flags)
{
    return (int)syscall(SYS_renameat2, from, old, to, path, flags);
}

const struct reel_sink_calls *
reel_sink_calls_system(void)
{
    static const struct reel_sink_calls calls = {
        .openat      = system_openat,
        .openat2     = system_openat2,
        .close       = close,
        .fstatat     = fstatat,
        .statx       = statx,
        .mkdirat     = mkdirat,
        .mknodat     = mknodat,
        .symlinkat   = symlinkat,
        .linkat      = linkat,
        .unlinkat    = unlinkat,
        .renameat2   = system_renameat2,
        .pread       = pread,
        .pwrite      = pwrite,
        .ftruncate   = ftruncate,
        .readlinkat  = readlinkat,
        .fchownat    = fchownat,
        .fchmod      = fchmod,
        .chmod       = chmod,
        .futimens    = futimens,
        .utimensat   = utimensat,
        .fsetxattr   = fsetxattr,
        .setxattr    = setxattr,
        .removexattr = removexattr,
        .getxattr    = getxattr,
        .syncfs      = syncfs,
    };

    return &calls;
}

void
reel_sink_proc_path(char out[REEL_SINK_PROC_BYTES], int fd)
{
    (void)snprintf(out, REEL_SINK_PROC_BYTES, "/proc/self/fd/%d", fd);
}

size_t
reel_sink_write_most(const struct reel_sink_calls *calls, int fd,
                     const void *data, size_t len, uint64_t at)
{
    const unsigned char *p = data;
    size_t done            = 0;

    while (done < len) {
        const ssize_t n =
            calls->pwrite(fd, p + done, len - done, (off_t)(at + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return done;
}

int
reel_sink_write_all(const struct reel_sink_calls *calls, int fd,
                    const void *data, size_t len, uint64_t at)
{
    return reel_sink_write_most(calls, fd, data, len, at) == len ? 0 : -1;
}

ssize_t
reel_sink_read_full(const struct reel_sink_calls *calls, int fd, void *buf,
                    size_t len, uint64_t at)
{
    unsigned char *p = buf;
    size_t got       = 0;

    while (got < len) {
        const ssize_t n =
            calls->pread(fd, p + got, len - got, (off_t)(at + got));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}
