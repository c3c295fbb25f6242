/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program (LD_PRELOAD), it makes one call of the file system
 * fail: the one with the number FAILING_AT, from 1, with the errno
 * FAILING_WITH, or half done with FAILING_WITH=short. FAILING_COUNT names a
 * file that gets, at the end, the number of calls there were. Calls by number
 * (syscall) count too. Where a program begins another, each counts for itself.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

static atomic_ulong calls;
static unsigned long fail_at;
static int fail_with;     /* 0: short */
static int count_fd = -1; /* opened early: later it may not be allowed */

static const struct {
    const char *name;
    int error;
} errors[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EINTR", EINTR},
              {"EACCES", EACCES}, {"EMFILE", EMFILE}, {"short", 0}};

__attribute__((constructor)) static void
begin(void)
{
    const char *const at   = getenv("FAILING_AT");
    const char *const with = getenv("FAILING_WITH");
    const char *const name = getenv("FAILING_COUNT");

    if (name)
        count_fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    atomic_store(&calls, 0);

    if (at)
        fail_at = strtoul(at, NULL, 10);
    for (size_t i = 0; with && i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (strcmp(errors[i].name, with) == 0)
            fail_with = errors[i].error;
    }
}

__attribute__((destructor)) static void
end(void)
{
    const unsigned long made = atomic_load(&calls);

    fail_at = 0;
    if (count_fd >= 0)
        (void)dprintf(count_fd, "%lu\n", made);
}

/* Is it the turn of this one? `transfers`: it can be half done. */
static bool
fails(bool transfers)
{
    const bool turn = atomic_fetch_add(&calls, 1) + 1 == fail_at;

    if (!turn || (fail_with == 0 && !transfers))
        return false;
    errno = fail_with ? fail_with : EIO;
    return true;
}

/* The function that would have been called; `out` is a pointer to it. */
static void
find(void *out, const char *name)
{
    void *const found = dlsym(RTLD_NEXT, name);

    if (!found)
        abort();
    memcpy(out, &found, sizeof(found));
}

/* Read or write: an error, or half of it. */
#define TRANSFER(name, parameters, whole, half)                                \
    ssize_t name parameters                                                    \
    {                                                                          \
        __typeof__(&name) there;                                               \
        const bool turn = fails(true);                                         \
                                                                               \
        if (turn && (fail_with != 0 || len < 2))                               \
            return -1;                                                         \
        find(&there, #name);                                                   \
        return turn ? there half : there whole;                                \
    }

TRANSFER(read, (int fd, void *buf, size_t len), (fd, buf, len),
         (fd, buf, len / 2))
TRANSFER(write, (int fd, const void *buf, size_t len), (fd, buf, len),
         (fd, buf, len / 2))
TRANSFER(pread, (int fd, void *buf, size_t len, off_t at), (fd, buf, len, at),
         (fd, buf, len / 2, at))
TRANSFER(pwrite, (int fd, const void *buf, size_t len, off_t at),
         (fd, buf, len, at), (fd, buf, len / 2, at))

/* The same for several pieces: half of the first. */
#define TRANSFER_PIECES(name, single, parameters, whole, half)                 \
    ssize_t name parameters                                                    \
    {                                                                          \
        __typeof__(&name) there;                                               \
        __typeof__(&single) alone;                                             \
        const bool turn = fails(true);                                         \
                                                                               \
        if (turn && (fail_with != 0 || piece->iov_len < 2))                    \
            return -1;                                                         \
        find(&there, #name);                                                   \
        find(&alone, #single);                                                 \
        return turn ? alone half : there whole;                                \
    }

TRANSFER_PIECES(preadv, pread,
                (int fd, const struct iovec *piece, int count, off_t at),
                (fd, piece, count, at),
                (fd, piece->iov_base, piece->iov_len / 2, at))
TRANSFER_PIECES(pwritev, pwrite,
                (int fd, const struct iovec *piece, int count, off_t at),
                (fd, piece, count, at),
                (fd, piece->iov_base, piece->iov_len / 2, at))
TRANSFER_PIECES(readv, read, (int fd, const struct iovec *piece, int count),
                (fd, piece, count), (fd, piece->iov_base, piece->iov_len / 2))
TRANSFER_PIECES(writev, write, (int fd, const struct iovec *piece, int count),
                (fd, piece, count), (fd, piece->iov_base, piece->iov_len / 2))

/* Those that give a length or a place, and those that give nothing else. */
#define QUESTION(type, name, parameters, arguments)                            \
    type name parameters                                                       \
    {                                                                          \
        __typeof__(&name) there;                                               \
                                                                               \
        if (fails(false))                                                      \
            return -1;                                                         \
        find(&there, #name);                                                   \
        return there arguments;                                                \
    }

#define CALL(name, parameters, arguments)                                      \
    QUESTION(int, name, parameters, arguments)

/* And those that give a pointer. */
#define POINTER(type, name, parameters, arguments)                             \
    type *name parameters                                                      \
    {                                                                          \
        __typeof__(&name) there;                                               \
                                                                               \
        if (fails(false))                                                      \
            return NULL;                                                       \
        find(&there, #name);                                                   \
        return there arguments;                                                \
    }

/* It is closed all the same: so Linux does it. */
int
close(int fd)
{
    const bool turn = fails(false);
    __typeof__(&close) there;
    int result;

    find(&there, "close");
    result = there(fd);
    errno  = turn ? (fail_with ? fail_with : EIO) : errno;
    return turn ? -1 : result;
}

/* The same for a stream. */
int
fclose(FILE *stream)
{
    const bool turn = fails(false);
    __typeof__(&fclose) there;
    int result;

    find(&there, "fclose");
    result = there(stream);
    errno  = turn ? (fail_with ? fail_with : EIO) : errno;
    return turn ? EOF : result;
}

CALL(fsync, (int fd), (fd))
CALL(fdatasync, (int fd), (fd))
CALL(syncfs, (int fd), (fd))
CALL(ftruncate, (int fd, off_t len), (fd, len))
CALL(fstat, (int fd, struct stat *st), (fd, st))
CALL(fstatat, (int dir, const char *path, struct stat *st, int flags),
     (dir, path, st, flags))
CALL(stat, (const char *path, struct stat *st), (path, st))
CALL(statx,
     (int dir, const char *path, int flags, unsigned int mask,
      struct statx *st),
     (dir, path, flags, mask, st))
CALL(mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode))
CALL(mknodat, (int dir, const char *path, mode_t mode, dev_t dev),
     (dir, path, mode, dev))
CALL(symlinkat, (const char *to, int dir, const char *path), (to, dir, path))
CALL(linkat, (int from, const char *old, int to, const char *path, int flags),
     (from, old, to, path, flags))
CALL(unlinkat, (int dir, const char *path, int flags), (dir, path, flags))
CALL(unlink, (const char *path), (path))
CALL(rename, (const char *old, const char *path), (old, path))
CALL(fchmod, (int fd, mode_t mode), (fd, mode))
CALL(chmod, (const char *path, mode_t mode), (path, mode))
CALL(futimens, (int fd, const struct timespec times[2]), (fd, times))
CALL(utimensat,
     (int dir, const char *path, const struct timespec times[2], int flags),
     (dir, path, times, flags))
CALL(fchownat, (int dir, const char *path, uid_t uid, gid_t gid, int flags),
     (dir, path, uid, gid, flags))

CALL(fsetxattr,
     (int fd, const char *name, const void *value, size_t len, int flags),
     (fd, name, value, len, flags))
CALL(setxattr,
     (const char *path, const char *name, const void *value, size_t len,
      int flags),
     (path, name, value, len, flags))
CALL(removexattr, (const char *path, const char *name), (path, name))

QUESTION(ssize_t, flistxattr, (int fd, char *list, size_t len), (fd, list, len))
QUESTION(ssize_t, fgetxattr,
         (int fd, const char *name, void *value, size_t len),
         (fd, name, value, len))
QUESTION(ssize_t, listxattr, (const char *path, char *list, size_t len),
         (path, list, len))
QUESTION(ssize_t, getxattr,
         (const char *path, const char *name, void *value, size_t len),
         (path, name, value, len))
QUESTION(ssize_t, readlinkat,
         (int dir, const char *path, char *out, size_t len),
         (dir, path, out, len))
QUESTION(ssize_t, getdents64, (int fd, void *out, size_t len), (fd, out, len))
QUESTION(off_t, lseek, (int fd, off_t to, int whence), (fd, to, whence))

CALL(rmdir, (const char *path), (path))
CALL(mkostemp, (char *name, int flags), (name, flags))
CALL(dup, (int fd), (fd))
POINTER(char, mkdtemp, (char *name), (name))
POINTER(DIR, opendir, (const char *path), (path))
POINTER(DIR, fdopendir, (int fd), (fd))
POINTER(struct dirent, readdir, (DIR * dir), (dir))
POINTER(FILE, fopen, (const char *path, const char *mode), (path, mode))

/* What goes to and from the one outside of the fence. */
CALL(socketpair, (int domain, int type, int protocol, int ends[2]),
     (domain, type, protocol, ends))
QUESTION(pid_t, fork, (void), ())
QUESTION(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags),
         (fd, message, flags))
QUESTION(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags),
         (fd, message, flags))

#define OPEN(name, parameters, last, arguments)                                \
    int name parameters                                                        \
    {                                                                          \
        __typeof__(&name) there;                                               \
        va_list list;                                                          \
        mode_t mode;                                                           \
                                                                               \
        va_start(list, last);                                                  \
        mode = va_arg(list, mode_t);                                           \
        va_end(list);                                                          \
        if (fails(false))                                                      \
            return -1;                                                         \
        find(&there, #name);                                                   \
        return there arguments;                                                \
    }

OPEN(open, (const char *path, int flags, ...), flags, (path, flags, mode))
OPEN(openat, (int dir, const char *path, int flags, ...), flags,
     (dir, path, flags, mode))

static bool
is_of_files(long number)
{
    return number == SYS_renameat2 || number == SYS_openat2;
}

long
syscall(long number, ...)
{
    __typeof__(&syscall) to;
    long a[6];
    va_list list;

    va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    if (is_of_files(number) && fails(false))
        return -1;
    find(&to, "syscall");
    return to(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
