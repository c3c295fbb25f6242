/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls of the operating system that sinks make, in one table, so that
 * tests can make the n-th one fail. Private to reader/.
 */
#ifndef REEL_READER_SINK_CALLS_H
#define REEL_READER_SINK_CALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/* Each answers as the call it is named after, errno included. */
struct reel_sink_calls {
    int (*openat)(int dir, const char *path, int flags, mode_t mode);
    /* With RESOLVE_BENEATH, NO_SYMLINKS and NO_MAGICLINKS. */
    int (*openat2)(int dir, const char *path, int flags);
    int (*close)(int fd);
    int (*fstatat)(int dir, const char *path, struct stat *st, int flags);
    int (*statx)(int dir, const char *path, int flags, unsigned int mask,
                 struct statx *out);
    int (*mkdirat)(int dir, const char *path, mode_t mode);
    int (*mknodat)(int dir, const char *path, mode_t mode, dev_t device);
    int (*symlinkat)(const char *target, int dir, const char *path);
    int (*linkat)(int from, const char *old, int to, const char *path,
                  int flags);
    int (*unlinkat)(int dir, const char *path, int flags);
    int (*renameat2)(int from, const char *old, int to, const char *path,
                     unsigned int flags);
    ssize_t (*pread)(int fd, void *buf, size_t len, off_t at);
    ssize_t (*pwrite)(int fd, const void *buf, size_t len, off_t at);
    int (*ftruncate)(int fd, off_t len);
    ssize_t (*readlinkat)(int dir, const char *path, char *buf, size_t len);
    int (*fchownat)(int dir, const char *path, uid_t uid, gid_t gid, int flags);
    int (*fchmod)(int fd, mode_t mode);
    int (*chmod)(const char *path, mode_t mode);
    int (*futimens)(int fd, const struct timespec times[2]);
    int (*utimensat)(int dir, const char *path, const struct timespec times[2],
                     int flags);
    int (*fsetxattr)(int fd, const char *name, const void *value, size_t len,
                     int flags);
    int (*setxattr)(const char *path, const char *name, const void *value,
                    size_t len, int flags);
    int (*removexattr)(const char *path, const char *name);
    ssize_t (*getxattr)(const char *path, const char *name, void *value,
                        size_t len);
    int (*syncfs)(int fd);
};

/* The real ones; static storage. */
const struct reel_sink_calls *reel_sink_calls_system(void);

/* "/proc/self/fd/N": the way to what a descriptor opened with O_PATH stands
   for, where a call takes no such descriptor. */
#define REEL_SINK_PROC_BYTES 32
void reel_sink_proc_path(char out[REEL_SINK_PROC_BYTES], int fd);

/* Write as much of it as can be; the number of octets, with errno set when
   they are fewer than `len`. */
size_t reel_sink_write_most(const struct reel_sink_calls *calls, int fd,
                            const void *data, size_t len, uint64_t at);

/* Write all of it; -1 with errno set when that failed. */
int reel_sink_write_all(const struct reel_sink_calls *calls, int fd,
                        const void *data, size_t len, uint64_t at);

/* Read up to `len` octets, fewer only at the end of the file; -1 on error. */
ssize_t reel_sink_read_full(const struct reel_sink_calls *calls, int fd,
                            void *buf, size_t len, uint64_t at);

#endif
