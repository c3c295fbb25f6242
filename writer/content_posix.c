/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source layer: a regular file as DATA and SPARSE_BLOCKs (spec 7.3, 7.4). What
 * a stream promised is always given, with zeros for what the file has not
 * (O-16 to O-18).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "content_posix.h"
#include "reel/builder.h"
#include "reel/limits.h"
#include "reel/object_end.h"

#define PAGE_BYTES 4096U /* the step behind a read that failed */
#define SEQUENTIAL_BYTES_MIN (UINT64_C(1) << 20)
#define READ_BYTES_MAX ((size_t)1 << 30) /* Linux gives no more at once */

void
reel_content_posix_begin(struct reel_content_posix *c,
                         const struct reel_calls_posix *calls, int fd,
                         const struct statx *stat)
{
    memset(c, 0, sizeof(*c));
    c->calls       = calls;
    c->fd          = fd;
    c->size        = stat->stx_size;
    c->sparse      = reel_holes_posix_any(calls, fd, stat);
    c->stage       = c->size == 0 ? REEL_CONTENT_DONE : REEL_CONTENT_FIRST;
    c->holes.calls = calls;
    c->holes.fd    = fd;
    c->holes.size  = c->size;
    if (c->size >= SEQUENTIAL_BYTES_MIN)
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* a hint */
}

static void
open_block(struct reel_content_posix *c, uint64_t from, uint64_t to,
           struct reel_stream_header *out, uint64_t *sparse_offset)
{
    struct reel_builder b = reel_builder_init(c->head, sizeof(c->head));

    reel_put_le64(&b, from);
    c->head_left    = sizeof(c->head);
    c->at           = from;
    c->end          = to;
    out->id         = REEL_STREAM_SPARSE_BLOCK;
    out->attributes = REEL_STREAM_SPARSE;
    out->size       = REEL_SPARSE_OFFSET_BYTES + (to - from);
    *sparse_offset  = from;
}

enum reel_status
reel_content_posix_next(struct reel_content_posix *c,
                        struct reel_stream_header *out, uint64_t *sparse_offset)
{
    /* cppcheck-suppress duplicateAssignExpression ; both begin at the end */
    uint64_t from = c->size;
    uint64_t to   = c->size;

    if (c->stage == REEL_CONTENT_DONE)
        return REEL_END;
    memset(out, 0, sizeof(*out));
    *sparse_offset = REEL_NONE64;
    c->careful_end = 0;
    c->bad_end     = 0;
    if (c->stage == REEL_CONTENT_FIRST) {
        c->stage        = c->sparse ? REEL_CONTENT_BLOCKS : REEL_CONTENT_DONE;
        c->at           = 0;
        c->end          = c->sparse ? 0 : c->size;
        out->id         = REEL_STREAM_DATA;
        out->attributes = c->sparse ? REEL_STREAM_SPARSE : 0;
        out->size       = c->end;
        return REEL_OK;
    }
    if (!reel_holes_posix_next(&c->holes, &from, &to))
        c->stage = REEL_CONTENT_DONE; /* the closing block */
    open_block(c, from, to, out, sparse_offset);
    return REEL_OK;
}

/* Will every further read of this descriptor fail as well? */
static bool
lasting(int error)
{
    switch (error) {
    case EBADF:
    case ESTALE:
    case EACCES:
    case EPERM:
    case ENODEV:
    case ENXIO:
    case EINVAL:
    case EISDIR:
    case ENOTCONN:
    case ESHUTDOWN:
    case EAGAIN:
        return true;
    default:
        return false;
    }
}

static void
mark_bad(struct reel_content_posix *c, uint64_t to, uint32_t reason, int error)
{
    c->bad_end    = to < c->end ? to : c->end;
    c->bad_reason = reason;
    c->trouble_at = c->at;
    c->trouble    = error;
}

/*
 * One read of at most n octets, 0 < n <= c->end - c->at. 0 with c->bad_end or
 * c->careful_end moved beyond c->at when there is trouble.
 */
static size_t
read_some(struct reel_content_posix *c, uint8_t *buf, size_t n)
{
    const uint64_t page_end = c->at - c->at % PAGE_BYTES + PAGE_BYTES;
    const bool careful      = c->at < c->careful_end;
    ssize_t got;

    if (careful && n > page_end - c->at)
        n = (size_t)(page_end - c->at);
    do
        got = c->calls->pread(c->fd, buf, n, (off_t)c->at);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        return (size_t)got;
    if (got == 0)
        mark_bad(c, c->end, REEL_BAD_CUT, 0);
    else if (lasting(errno))
        mark_bad(c, c->end, REEL_BAD_UNREADABLE, errno);
    else if (n <= page_end - c->at)
        mark_bad(c, page_end, REEL_BAD_UNREADABLE, errno);
    else
        c->careful_end = c->at + n;
    return 0;
}

static size_t
read_file(struct reel_content_posix *c, uint8_t *buf, size_t want,
          uint32_t *reason)
{
    size_t n   = want < READ_BYTES_MAX ? want : READ_BYTES_MAX;
    size_t got = 0;

    *reason = 0;
    if (n > c->end - c->at)
        n = (size_t)(c->end - c->at);
    while (n > 0 && got == 0) {
        if (c->at < c->bad_end) {
            got = n < c->bad_end - c->at ? n : (size_t)(c->bad_end - c->at);
            memset(buf, 0, got);
            *reason = c->bad_reason;
        } else {
            got = read_some(c, buf, n);
        }
    }
    c->at += got;
    return got;
}

void
reel_content_posix_read(struct reel_content_posix *c, uint8_t *buf, size_t want,
                        size_t *got, uint32_t *reason)
{
    size_t n = want < c->head_left ? want : c->head_left;

    if (n == 0) {
        *got = read_file(c, buf, want, reason);
        return;
    }
    memcpy(buf, c->head + (sizeof(c->head) - c->head_left), n);
    c->head_left -= n;
    *reason = 0;
    /* Data behind the offset go along unless they are known to be bad; a read
       that fails here is met again by the next call. */
    if (want > n && c->at < c->end && c->at >= c->bad_end) {
        const size_t left = want - n;
        const size_t room =
            left < c->end - c->at ? left : (size_t)(c->end - c->at);
        const size_t more = read_some(
            c, buf + n, room < READ_BYTES_MAX ? room : READ_BYTES_MAX);

        c->at += more;
        n += more;
    }
    *got = n;
}
