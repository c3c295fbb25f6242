/* SPDX-License-Identifier: Apache-2.0 */
/* The extended attributes of one object (spec 6.2). Private to writer/. */
#ifndef REEL_WRITER_XATTRS_POSIX_H
#define REEL_WRITER_XATTRS_POSIX_H

#include "calls_posix.h"
#include "reel/xattr.h"

struct reel_xattrs_posix {
    const struct reel_calls_posix *calls;
    int fd;
    bool by_path;  /* fd was opened with O_PATH: go through /proc */
    char path[32]; /* then: of the descriptor there */
    char *list;    /* names as the kernel gives them */
    size_t list_room;
    uint8_t *value;
    size_t value_room;
    const char **names; /* into list, ascending */
    size_t name_room;
    size_t name_count;
    size_t name_next;
};

/* Fails with MEMORY; reel_xattrs_posix_fini is due in any case. */
enum reel_status reel_xattrs_posix_init(struct reel_xattrs_posix *x,
                                        const struct reel_calls_posix *calls,
                                        struct reel_err *err) REEL_MUST_CHECK;
void reel_xattrs_posix_fini(struct reel_xattrs_posix *x);

/*
 * Ask for the names of the attributes of `fd`, which stays open until the
 * last reel_xattrs_posix_next. *error is 0 or the errno why there is none to
 * be had; a file system without attributes is no error. Fails with MEMORY.
 */
enum reel_status reel_xattrs_posix_list(struct reel_xattrs_posix *x, int fd,
                                        bool by_path, int *error,
                                        struct reel_err *err) REEL_MUST_CHECK;

/*
 * The next attribute, names ascending; REEL_END. *error is 0, or the errno
 * why the value could not be had: then out has the name only.
 * *out is valid until the next call. Fails with MEMORY.
 */
enum reel_status reel_xattrs_posix_next(struct reel_xattrs_posix *x,
                                        struct reel_xattr *out, int *error,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
