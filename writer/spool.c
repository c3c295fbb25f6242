/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2; writer: the catalog until its place on the medium is known. */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/limits.h"

/* In front of each segment: its length, in the machine's own order. */
#define FRAME_BYTES sizeof(uint32_t)

static enum reel_status
failed(const char *what, struct reel_err *err)
{
    const bool full = errno == ENOSPC || errno == EDQUOT;

    return reel_fail(err, full ? REEL_E_FULL : REEL_E_MEDIUM, NULL, NULL,
                     "temporary file for the catalog: cannot %s: %s", what,
                     strerror(errno));
}

enum reel_status
reel_spool_init(struct reel_spool *s, const char *directory,
                struct reel_err *err)
{
    char name[4096];
    const char *const dir = directory == NULL ? "/tmp" : directory;

    memset(s, 0, sizeof(*s));
    s->fd = open(dir, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (s->fd >= 0)
        return REEL_OK;
    if ((size_t)snprintf(name, sizeof(name), "%s/reel-XXXXXX", dir) >=
        sizeof(name)) {
        errno = ENAMETOOLONG;
        return failed("be made", err);
    }
    s->fd = mkostemp(name, O_CLOEXEC);
    if (s->fd < 0)
        return failed("be made", err);
    (void)unlink(name);
    return REEL_OK;
}

void
reel_spool_fini(struct reel_spool *s)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    reel_free(s->buf);
    s->fd  = -1;
    s->buf = NULL;
}

static enum reel_status
write_at(struct reel_spool *s, const void *data, size_t len,
         struct reel_err *err)
{
    const uint8_t *p = data;

    while (len > 0) {
        const ssize_t n = pwrite(s->fd, p, len, (off_t)s->written);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed("be written", err);
        p += n;
        len -= (size_t)n;
        s->written += (uint64_t)n;
    }
    return REEL_OK;
}

enum reel_status
reel_spool_add(struct reel_spool *s, struct reel_bytes packed,
               struct reel_err *err)
{
    const uint32_t len = (uint32_t)packed.len;

    REEL_TRY(write_at(s, &len, sizeof(len), err));
    return write_at(s, packed.data, packed.len, err);
}

static enum reel_status
read_at(const struct reel_spool *s, uint64_t at, void *out, size_t len,
        struct reel_err *err)
{
    uint8_t *p = out;

    while (len > 0) {
        const ssize_t n = pread(s->fd, p, len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            return failed("be read", err);
        p += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return REEL_OK;
}

enum reel_status
reel_spool_next(struct reel_spool *s, uint64_t *at, struct reel_bytes *packed,
                struct reel_err *err)
{
    uint32_t len;

    if (*at >= s->written)
        return REEL_END;
    REEL_TRY(read_at(s, *at, &len, sizeof(len), err));
    if (len > s->capacity) {
        uint8_t *const bigger = reel_realloc_array(s->buf, len, 1);

        if (bigger == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for a segment of the catalog");
        s->buf      = bigger;
        s->capacity = len;
    }
    REEL_TRY(read_at(s, *at + FRAME_BYTES, s->buf, len, err));
    *at += FRAME_BYTES + len;
    packed->data = s->buf;
    packed->len  = len;
    return REEL_OK;
}
