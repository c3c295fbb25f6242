/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.1, facts of directories put back last; policy layer. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pending_dirs.h"
#include "reel/alloc.h"

/* In memory: at most this, or one directory that is larger alone. */
#define MEMORY_BYTES 1048576U

/*
 * One entry is its path, user, group and attributes, the struct itself, and
 * so it is read from the end. The file holds runs of entries, each followed
 * by its length as u64. Neither outlives the process.
 */
#define RUN_TAIL_BYTES sizeof(uint64_t)

void
reel_pending_dirs_init(struct reel_pending_dirs *p, const char *temporary_dir,
                       const struct reel_sink_calls *calls)
{
    memset(p, 0, sizeof(*p));
    p->calls         = calls;
    p->temporary_dir = temporary_dir == NULL ? "/tmp" : temporary_dir;
    p->fd            = -1;
}

void
reel_pending_dirs_fini(struct reel_pending_dirs *p)
{
    if (p->fd >= 0)
        (void)p->calls->close(p->fd);
    p->fd = -1;
    reel_free(p->data);
    p->data = NULL;
}

static enum reel_status
fail_file(struct reel_err *err)
{
    const int error = errno;

    return reel_fail(
        err, error == ENOSPC || error == EDQUOT ? REEL_E_FULL : REEL_E_MEDIUM,
        NULL, NULL, "temporary file for the facts of directories: %s",
        strerror(error));
}

/* Where the file system has no O_TMPFILE. */
static int
open_named(struct reel_pending_dirs *p)
{
    static const char name[] = ".reel-directories.tmp";
    const int dir            = p->calls->openat(AT_FDCWD, p->temporary_dir,
                                                O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    int fd;

    if (dir < 0)
        return -1;
    fd = p->calls->openat(
        dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)p->calls->unlinkat(dir, name, 0);
    (void)p->calls->close(dir);
    return fd;
}

static enum reel_status
open_file(struct reel_pending_dirs *p, struct reel_err *err)
{
    if (p->fd >= 0)
        return REEL_OK;
    p->fd = p->calls->openat(AT_FDCWD, p->temporary_dir,
                             O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (p->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
        p->fd = open_named(p);
    return p->fd < 0 ? fail_file(err) : REEL_OK;
}

/* Move what is in memory to the end of the file. */
static enum reel_status
spill(struct reel_pending_dirs *p, struct reel_err *err)
{
    const uint64_t len = p->len;

    if (len == 0)
        return REEL_OK;
    REEL_TRY(open_file(p, err));
    if (reel_sink_write_all(p->calls, p->fd, p->data, p->len, p->file_len) !=
            0 ||
        reel_sink_write_all(p->calls, p->fd, &len, RUN_TAIL_BYTES,
                            p->file_len + len) != 0)
        return fail_file(err);
    p->file_len += len + RUN_TAIL_BYTES;
    p->len = 0;
    return REEL_OK;
}

static enum reel_status
reserve(struct reel_pending_dirs *p, size_t bytes, struct reel_err *err)
{
    size_t capacity = p->capacity == 0 ? 4096 : p->capacity;
    uint8_t *data;

    while (capacity < bytes)
        capacity *= 2;
    if (capacity == p->capacity)
        return REEL_OK;
    data = reel_realloc_array(p->data, capacity, 1);
    if (data == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the facts of directories");
    p->data     = data;
    p->capacity = capacity;
    return REEL_OK;
}

static void
put(struct reel_pending_dirs *p, const void *data, size_t len)
{
    if (len > 0)
        memcpy(p->data + p->len, data, len);
    p->len += len;
}

enum reel_status
reel_pending_dirs_add(struct reel_pending_dirs *p,
                      const struct reel_pending_dir *d, struct reel_err *err)
{
    const struct reel_facts *f = &d->facts;
    const size_t bytes         = d->path.len + f->user.len + f->group.len +
                         f->xattrs.len + f->reparse.len + sizeof(*d);

    if (p->len + bytes > MEMORY_BYTES)
        REEL_TRY(spill(p, err));
    REEL_TRY(reserve(p, p->len + bytes, err));
    put(p, d->path.data, d->path.len);
    put(p, f->user.data, f->user.len);
    put(p, f->group.data, f->group.len);
    put(p, f->xattrs.data, f->xattrs.len);
    put(p, f->reparse.data, f->reparse.len);
    put(p, d, sizeof(*d));
    return REEL_OK;
}

static enum reel_status
read_exactly(struct reel_pending_dirs *p, void *out, size_t len, uint64_t at,
             struct reel_err *err)
{
    const ssize_t n = reel_sink_read_full(p->calls, p->fd, out, len, at);

    if (n >= 0 && (size_t)n != len)
        errno = EIO;
    return n < 0 || (size_t)n != len ? fail_file(err) : REEL_OK;
}

/* Bring the last run of the file back into memory, which is empty. */
static enum reel_status
unspill(struct reel_pending_dirs *p, struct reel_err *err)
{
    uint64_t len = 0;

    REEL_TRY(read_exactly(p, &len, RUN_TAIL_BYTES, p->file_len - RUN_TAIL_BYTES,
                          err));
    if (len > p->file_len - RUN_TAIL_BYTES) {
        errno = EIO;
        return fail_file(err);
    }
    REEL_TRY(reserve(p, (size_t)len, err));
    REEL_TRY(read_exactly(p, p->data, (size_t)len,
                          p->file_len - RUN_TAIL_BYTES - len, err));
    p->file_len -= len + RUN_TAIL_BYTES;
    p->len = (size_t)len;
    return REEL_OK;
}

/* Point `b` to its octets, the last ones of the memory, and take them off. */
static void
take(struct reel_pending_dirs *p, struct reel_bytes *b)
{
    p->len -= b->len;
    b->data = p->data + p->len;
}

enum reel_status
reel_pending_dirs_next(struct reel_pending_dirs *p,
                       struct reel_pending_dir *out, struct reel_err *err)
{
    if (p->len == 0 && p->file_len == 0)
        return REEL_END;
    if (p->len == 0)
        REEL_TRY(unspill(p, err));
    p->len -= sizeof(*out);
    memcpy(out, p->data + p->len, sizeof(*out));
    take(p, &out->facts.reparse);
    take(p, &out->facts.xattrs);
    take(p, &out->facts.group);
    take(p, &out->facts.user);
    take(p, &out->path);
    return REEL_OK;
}
