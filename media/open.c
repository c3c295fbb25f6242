/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a name to a medium, an image or a tape drive; spec chapter 0 names the
 * form of images. Says in one sentence why something cannot be opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "foreign.h"
#include "reel/alloc.h"
#include "reel/medium_tap.h"
#include "st.h"
#include "stable_name.h"
#include "tap_scan.h"
#include "whole_io.h"

/* How much of a name goes into a sentence: its end says more. */
#define NAME_BYTES_MAX 60u

static const char *
name_tail(const char *name)
{
    const size_t len = strlen(name);

    return len <= NAME_BYTES_MAX ? name : name + len - NAME_BYTES_MAX;
}

static enum reel_status
refuse(struct reel_err *err, enum reel_status status, const char *name,
       const char *why)
{
    return reel_fail(err, status, NULL, NULL, "%s %s", name_tail(name), why);
}

static enum reel_status
system_refused(struct reel_err *err, const char *name, int error)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s cannot be opened: %s",
                     name_tail(name), strerror(error));
}

/* Only regular files and FIFOs are opened at all. */
static enum reel_status
check_type(mode_t type, const char *name, struct reel_err *err)
{
    if (S_ISREG(type) || S_ISFIFO(type))
        return REEL_OK;
    if (S_ISDIR(type))
        return refuse(err, REEL_E_MAGIC, name,
                      "is a directory; name a .tap image in it");
    if (S_ISCHR(type) || S_ISBLK(type))
        return refuse(err, REEL_E_UNSUPPORTED, name,
                      "is a device, but no tape drive; name one as /dev/nst0");
    return refuse(err, REEL_E_UNSUPPORTED, name,
                  "is neither a file nor a pipe; name a .tap image");
}

/* Say what the file is; its front decides. */
static enum reel_status
refuse_foreign(int fd, const char *name, struct reel_err *err)
{
    uint8_t *front   = reel_alloc_array(REEL_FOREIGN_BYTES, 1);
    struct iovec iov = {front, REEL_FOREIGN_BYTES};
    enum reel_status status;
    size_t bytes;

    if (!front)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to look at the file");
    if (!reel_io_read(fd, &iov, 1, 0, &bytes))
        status = reel_io_fail(err, NULL, "reading the image", errno);
    else
        status = refuse(err, REEL_E_MAGIC, name,
                        reel_foreign_describe(front, bytes));
    reel_free(front);
    return status;
}

/* Is the first record behind a few marks whole? */
static enum reel_status
front_whole(struct reel_tap_scan *s, bool *whole, struct reel_err *err)
{
    struct reel_tap_object o = {.thing = REEL_TAP_THING_MARK};

    for (int i = 0; i < 4 && o.thing == REEL_TAP_THING_MARK; i++)
        REEL_TRY(reel_tap_scan_look(s, o.next, &o, err));
    *whole = o.thing == REEL_TAP_THING_BLOCK || o.thing == REEL_TAP_THING_BAD;
    return REEL_OK;
}

/* Is it an image? Damage in front leaves the end to tell, and vice versa. */
static enum reel_status
check_image(int fd, const char *name, enum reel_medium_mode mode,
            struct reel_err *err)
{
    struct reel_tap_scan scan = {.fd = fd};
    struct stat st;
    uint64_t off;
    bool whole;

    if (fstat(fd, &st) != 0)
        return system_refused(err, name, errno);
    if (st.st_size == 0 && mode == REEL_MEDIUM_WRITE)
        return REEL_OK;
    scan.bytes = (uint64_t)st.st_size;
    REEL_TRY(front_whole(&scan, &whole, err));
    if (!whole)
        REEL_TRY(reel_tap_scan_tail(&scan, &whole, &off, err));
    return whole ? REEL_OK : refuse_foreign(fd, name, err);
}

/* Keep other writers out. */
static enum reel_status
claim(int fd, const char *name, struct reel_err *err)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return refuse(err, REEL_E_MEDIUM, name,
                          "is being written by another program");
        /* Some network file systems know no locks; that is no reason. */
    }
    return REEL_OK;
}

static enum reel_status
open_file(struct reel_medium **out, int fd, const char *name,
          enum reel_medium_mode mode, const struct reel_medium_open_opts *opts,
          struct reel_err *err)
{
    const bool write = mode == REEL_MEDIUM_WRITE;

    if (write)
        REEL_TRY(claim(fd, name, err));
    if (!write || !opts || !opts->overwrite)
        REEL_TRY(check_image(fd, name, mode, err));
    return reel_medium_tap_file_new(out, fd, mode, opts, err);
}

static enum reel_status
open_fd(struct reel_medium **out, int fd, const char *name,
        enum reel_medium_mode mode, const struct reel_medium_open_opts *opts,
        struct reel_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return system_refused(err, name, errno);
    REEL_TRY(check_type(st.st_mode, name, err));
    if (S_ISFIFO(st.st_mode))
        return reel_medium_tap_pipe_new(out, fd, true, mode, err);
    return open_file(out, fd, name, mode, opts, err);
}

/* A drive that is not there must not become a file of its name. */
static bool
names_device(const char *name)
{
    return strncmp(name, "/dev/", 5) == 0 && strncmp(name, "/dev/shm/", 9) != 0;
}

/* Look at the type first: opening a device may already move its tape. *made: it
   was not there. */
static enum reel_status
open_name(int *fd, bool *made, const char *name, enum reel_medium_mode mode,
          const struct reel_medium_opener *opener, struct reel_err *err)
{
    const bool write = mode == REEL_MEDIUM_WRITE;
    struct stat st;
    int flags = write ? O_RDWR : O_RDONLY;

    if (stat(name, &st) == 0) {
        REEL_TRY(check_type(st.st_mode, name, err));
        if (write && S_ISFIFO(st.st_mode))
            flags = O_WRONLY;
    } else if (errno != ENOENT) {
        return system_refused(err, name, errno);
    } else if (!write || names_device(name)) {
        return refuse(err, REEL_E_MEDIUM, name, "does not exist");
    } else {
        flags |= O_CREAT;
    }
    *made = (flags & O_CREAT) != 0;
    *fd   = reel_medium_opener_open(opener, name, flags);
    return *fd >= 0 ? REEL_OK : system_refused(err, name, errno);
}

static enum reel_status
keep_name(const char *name, struct reel_err *err)
{
    const int error = reel_stable_name(name);

    return error == 0 ? REEL_OK : system_refused(err, name, error);
}

enum reel_status
reel_medium_open_with(struct reel_medium **out, const char *name,
                      enum reel_medium_mode mode,
                      const struct reel_medium_open_opts *opts,
                      struct reel_err *err)
{
    const bool write = mode == REEL_MEDIUM_WRITE;
    enum reel_status status;
    struct stat st;
    bool made = false;
    int fd    = -1;

    if (!out || !name)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a name and a result are needed");
    if (strcmp(name, "-") == 0)
        return reel_medium_tap_pipe_new(
            out, write ? STDOUT_FILENO : STDIN_FILENO, false, mode, err);
    if (stat(name, &st) == 0 && reel_st_is_tape(&st))
        return reel_st_new(out, name, mode, opts, err);
    REEL_TRY(
        open_name(&fd, &made, name, mode, opts ? opts->opener : NULL, err));
    status = made && opts && opts->sync ? keep_name(name, err) : REEL_OK;
    if (status == REEL_OK)
        status = open_fd(out, fd, name, mode, opts, err);
    if (status != REEL_OK)
        (void)close(fd);
    return status;
}

enum reel_status
reel_medium_open(struct reel_medium **out, const char *name,
                 enum reel_medium_mode mode, struct reel_err *err)
{
    return reel_medium_open_with(out, name, mode, NULL, err);
}
