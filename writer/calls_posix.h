/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls of the POSIX source, as a table, so that a test can make
 * the n-th one fail. Each behaves as the call it is named after.
 */
#ifndef REEL_WRITER_CALLS_POSIX_H
#define REEL_WRITER_CALLS_POSIX_H

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/types.h>

struct reel_calls_posix {
    int (*openat)(int dir, const char *name, int flags);
    int (*close)(int fd);
    int (*statx)(int dir, const char *name, int flags, unsigned mask,
                 struct statx *out);
    ssize_t (*getdents)(int fd, void *buf, size_t len);
    ssize_t (*readlinkat)(int dir, const char *name, char *buf, size_t len);
    ssize_t (*pread)(int fd, void *buf, size_t len, off_t off);
    off_t (*lseek)(int fd, off_t off, int whence);
    ssize_t (*flistxattr)(int fd, char *list, size_t len);
    ssize_t (*fgetxattr)(int fd, const char *name, void *value, size_t len);
    ssize_t (*listxattr)(const char *path, char *list, size_t len);
    ssize_t (*getxattr)(const char *path, const char *name, void *value,
                        size_t len);
    int (*getpwuid_r)(uid_t uid, struct passwd *entry, char *buf, size_t len,
                      struct passwd **found);
    int (*getgrgid_r)(gid_t gid, struct group *entry, char *buf, size_t len,
                      struct group **found);
};

/* The real ones. */
extern const struct reel_calls_posix reel_calls_posix_real;

#endif
