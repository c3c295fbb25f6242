/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; files for what must not grow in memory. */
#include "temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"

void
reel_temporary_init(struct reel_temporary *t, const char *directory)
{
    t->fd = -1;
    t->directory =
        directory == NULL || directory[0] == '\0' ? "/tmp" : directory;
}

void
reel_temporary_fini(struct reel_temporary *t)
{
    if (t->fd >= 0)
        (void)close(t->fd);
    t->fd = -1;
}

static enum reel_status
failed(const struct reel_temporary *t, const char *what, int error,
       struct reel_err *err)
{
    const bool full = error == ENOSPC || error == EDQUOT;

    return reel_fail(err, full ? REEL_E_FULL : REEL_E_MEDIUM, NULL, NULL,
                     "a temporary file in %.60s cannot be %s: %.60s",
                     t->directory, what, strerror(error));
}

enum reel_status
reel_temporary_open(struct reel_temporary *t, struct reel_err *err)
{
    char *name;

    if (t->fd >= 0)
        return REEL_OK;
    t->fd = open(t->directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (t->fd >= 0)
        return REEL_OK;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)
        return failed(t, "made", errno, err);
    /* The file system has none without a name: take it away at once. */
    name = reel_alloc_joined(t->directory, "/reel-XXXXXX");
    if (name == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a name");
    t->fd = mkostemp(name, O_CLOEXEC);
    if (t->fd >= 0)
        (void)unlink(name);
    reel_free(name);
    return t->fd >= 0 ? REEL_OK : failed(t, "made", errno, err);
}

enum reel_status
reel_temporary_write(const struct reel_temporary *t, uint64_t at,
                     const void *data, size_t len, struct reel_err *err)
{
    const uint8_t *p = data;
    size_t done      = 0;

    while (done < len) {
        const ssize_t n =
            pwrite(t->fd, p + done, len - done, (off_t)(at + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(t, "written", n < 0 ? errno : ENOSPC, err);
        done += (size_t)n;
    }
    return REEL_OK;
}

enum reel_status
reel_temporary_read(const struct reel_temporary *t, uint64_t at, void *out,
                    size_t len, struct reel_err *err)
{
    uint8_t *p  = out;
    size_t done = 0;

    while (done < len) {
        const ssize_t n =
            pread(t->fd, p + done, len - done, (off_t)(at + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(t, "read", n < 0 ? errno : EIO, err);
        done += (size_t)n;
    }
    return REEL_OK;
}
