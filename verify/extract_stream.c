/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.2 and V-2; verify: bodies of streams into files. */
#include "extract_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Three decimal numbers. */
#define NAME_BYTES 48

void
reel_extract_stream_init(struct reel_extract_stream *s, int dir_fd,
                         struct reel_extract_log *log)
{
    memset(s, 0, sizeof(*s));
    s->dir_fd = dir_fd;
    s->log    = log;
    s->fd     = -1;
}

void
reel_extract_stream_fini(struct reel_extract_stream *s)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
}

static enum reel_status
failed(const struct reel_extract_stream *s, int error, struct reel_err *err)
{
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;

    return reel_fail(err, full ? REEL_E_FULL : REEL_E_MEDIUM, NULL, NULL,
                     "%" PRIu32 ".%" PRIu64 ".%" PRIu32
                     " cannot be written: %.60s",
                     s->archive, s->object, s->ordinal, strerror(error));
}

static enum reel_status
tell_range(struct reel_extract_stream *s, struct reel_err *err)
{
    const struct reel_extract_item range = {
        .type = REEL_EXTRACT_RANGE, .from = s->from, .to = s->to};

    if (s->from == s->to)
        return REEL_OK;
    s->from = s->to;
    return reel_extract_log_add(s->log, &range, err);
}

enum reel_status
reel_extract_stream_close(struct reel_extract_stream *s, struct reel_err *err)
{
    struct reel_extract_item end = {.type = REEL_EXTRACT_STREAM_END};
    int fd                       = s->fd;

    if (!s->open)
        return REEL_OK;
    s->open = false;
    s->fd   = -1;
    if (fd >= 0 && close(fd) != 0)
        return failed(s, errno, err);
    REEL_TRY(tell_range(s, err));
    reel_sha256_final(&s->digest, end.digest);
    return reel_extract_log_add(s->log, &end, err);
}

enum reel_status
reel_extract_stream_begin(struct reel_extract_stream *s, uint32_t archive,
                          uint64_t object, const struct reel_stream *of,
                          struct reel_err *err)
{
    const struct reel_extract_item item = {.type       = REEL_EXTRACT_STREAM,
                                           .ordinal    = of->ordinal,
                                           .id         = of->header.id,
                                           .attributes = of->header.attributes,
                                           .size       = of->header.size,
                                           .octets     = of->header.name};

    if (s->open && s->archive == archive && s->object == object &&
        s->ordinal == of->ordinal)
        return REEL_OK;
    REEL_TRY(reel_extract_stream_close(s, err));
    s->open    = true;
    s->archive = archive;
    s->object  = object;
    s->ordinal = of->ordinal;
    s->from = s->to = 0;
    reel_sha256_init(&s->digest);
    return reel_extract_log_add(s->log, &item, err);
}

static enum reel_status
make_file(struct reel_extract_stream *s, struct reel_err *err)
{
    char name[NAME_BYTES];

    if (s->fd >= 0)
        return REEL_OK;
    (void)snprintf(name, sizeof(name), "%" PRIu32 ".%" PRIu64 ".%" PRIu32,
                   s->archive, s->object, s->ordinal);
    s->fd = openat(s->dir_fd, name,
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    return s->fd >= 0 ? REEL_OK : failed(s, errno, err);
}

static enum reel_status
write_all(struct reel_extract_stream *s, const uint8_t *data, size_t len,
          struct reel_err *err)
{
    while (len > 0) {
        const ssize_t n = write(s->fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(s, n < 0 ? errno : ENOSPC, err);
        data += n;
        len -= (size_t)n;
    }
    return REEL_OK;
}

enum reel_status
reel_extract_stream_data(struct reel_extract_stream *s,
                         const struct reel_data *d, struct reel_err *err)
{
    if (!s->open || d->ordinal != s->ordinal || d->bytes.len == 0 ||
        d->stream_offset < s->to)
        return REEL_OK;
    if (d->stream_offset != s->to) {
        REEL_TRY(tell_range(s, err));
        s->from = s->to = d->stream_offset;
    }
    REEL_TRY(make_file(s, err));
    REEL_TRY(write_all(s, d->bytes.data, d->bytes.len, err));
    reel_sha256_update(&s->digest, d->bytes.data, d->bytes.len);
    s->to += d->bytes.len;
    s->bytes += d->bytes.len;
    return REEL_OK;
}
