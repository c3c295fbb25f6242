/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.1 and 7.3, raw streams judged by headers and sizes; source layer. */
#include "raw_streams.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct reel_cursor nowhere;

int
reel_raw_streams_read(int fd, void *buf, size_t len, uint64_t at, size_t *got)
{
    uint8_t *const to = buf;

    *got = 0;
    while (*got < len) {
        const ssize_t n = pread(fd, to + *got, len - *got, (off_t)(at + *got));

        if (n < 0 && errno != EINTR)
            return -1;
        if (n == 0)
            break;
        if (n > 0)
            *got += (size_t)n;
    }
    return 0;
}

void
reel_raw_streams_begin(struct reel_raw_streams *s, int fd, uint64_t size,
                       bool link)
{
    s->fd            = fd;
    s->link          = link;
    s->size          = fd < 0 ? 0 : size;
    s->body          = 0;
    s->sparse_offset = REEL_NONE64;
    s->content_bytes = 0;
    s->has_content   = false;
    s->begun         = false;
    s->in_content    = false;
    memset(&s->header, 0, sizeof(s->header));
    reel_group_init(&s->group, false);
}

/* Put the place before what is wrong there; the status stays. */
static enum reel_status
wrong(struct reel_err *err, uint64_t at, const struct reel_err *why)
{
    return reel_fail(err, why->status, NULL, why->rule, "at octet %llu: %.120s",
                     (unsigned long long)at, why->text);
}

/* Exactly these octets, which belong to what begins at `from`. */
static enum reel_status
read_all(const struct reel_raw_streams *s, void *buf, size_t len, uint64_t at,
         const char *what, struct reel_err *err)
{
    size_t got = 0;

    if (reel_raw_streams_read(s->fd, buf, len, at, &got) != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "cannot be read: %s",
                         strerror(errno));
    if (got < len)
        return reel_fail(err, REEL_E_TRUNCATED, NULL, NULL,
                         "the file ends inside %s", what);
    return REEL_OK;
}

/* The header at `at`; *behind is where its body begins. */
static enum reel_status
read_header(struct reel_raw_streams *s, uint64_t at,
            struct reel_stream_header *h, uint64_t *behind,
            struct reel_err *err)
{
    uint8_t octets[REEL_STREAM_HEADER_BYTES] = {0};
    struct reel_cursor c = reel_cursor_init(octets, sizeof(octets), NULL);
    uint32_t name_bytes;

    REEL_TRY(read_all(s, octets, sizeof(octets), at, "a stream header", err));
    h->id         = reel_get_le32(&c);
    h->attributes = reel_get_le32(&c);
    h->size       = reel_get_le64(&c);
    name_bytes    = reel_get_le32(&c);
    REEL_TRY(reel_stream_header_check(h->size, name_bytes, &nowhere, err));
    at += sizeof(octets);
    REEL_TRY(read_all(s, s->name, name_bytes, at, "the name of a stream", err));
    h->name.data = s->name;
    h->name.len  = name_bytes;
    *behind      = at + name_bytes;
    if (h->size > s->size || *behind > s->size - h->size)
        return reel_fail(err, REEL_E_TRUNCATED, NULL, NULL,
                         "the file ends inside the body of a stream of %llu "
                         "octets",
                         (unsigned long long)h->size);
    return REEL_OK;
}

/* K-3 and K-5. */
static enum reel_status
judge_link(const struct reel_raw_streams *s, const struct reel_stream_header *h,
           struct reel_err *err)
{
    if (!s->link && h->id == REEL_STREAM_LINK)
        return reel_fail(err, REEL_E_INVALID, NULL, "K-5",
                         "LINK in what is no link");
    if (s->link && (s->begun || h->id != REEL_STREAM_LINK ||
                    h->attributes != 0 || h->name.len != 0))
        return reel_fail(err, REEL_E_INVALID, NULL, "K-3",
                         "a link has one LINK stream without attributes and "
                         "name, and nothing else");
    return REEL_OK;
}

/* All of its body goes by the group, which judges it. */
static enum reel_status
judge_body(struct reel_raw_streams *s, const struct reel_stream_header *h,
           uint64_t body, uint64_t *sparse_offset, struct reel_err *err)
{
    uint8_t octets[8]    = {0};
    struct reel_cursor c = reel_cursor_init(octets, sizeof(octets), NULL);
    struct reel_data d   = {s->group.ordinal, 0, 0, 0, {octets, 8}};

    *sparse_offset = REEL_NONE64;
    if (h->id != REEL_STREAM_SPARSE_BLOCK)
        return reel_group_pass(&s->group, h->size, &nowhere, err);
    REEL_TRY(read_all(s, octets, sizeof(octets), body, "a SPARSE_BLOCK", err));
    d.sparse_offset = reel_get_le64(&c);
    REEL_TRY(reel_group_data(&s->group, &d, &nowhere, err));
    *sparse_offset = d.sparse_offset;
    return reel_group_pass(&s->group, h->size - sizeof(octets), &nowhere, err);
}

static void
finish_content(struct reel_raw_streams *s)
{
    if (s->in_content)
        s->content_bytes = s->group.end.content_bytes;
    s->in_content = false;
}

static enum reel_status
take_next(struct reel_raw_streams *s, uint64_t at, struct reel_err *err)
{
    struct reel_stream stream = {
        s->begun ? s->group.ordinal + 1 : 0, {0}, {NULL, 0}};
    struct reel_stream_header *const h = &stream.header;
    uint64_t sparse_offset             = REEL_NONE64;
    uint64_t body                      = 0;

    REEL_TRY(read_header(s, at, h, &body, err));
    REEL_TRY(judge_link(s, h, err));
    if (!reel_group_takes(&s->group, h)) {
        finish_content(s);
        s->group.open = false;
        s->in_content =
            !s->has_content && h->id == REEL_STREAM_DATA && h->name.len == 0;
        s->has_content |= s->in_content;
    }
    REEL_TRY(reel_group_stream(&s->group, &stream, &nowhere, err));
    REEL_TRY(judge_body(s, h, body, &sparse_offset, err));
    s->header        = *h;
    s->body          = body;
    s->sparse_offset = sparse_offset;
    s->begun         = true;
    return REEL_OK;
}

enum reel_status
reel_raw_streams_next(struct reel_raw_streams *s, struct reel_err *err)
{
    const uint64_t at = s->body + s->header.size;
    struct reel_err why;

    if (at == s->size) {
        finish_content(s);
        if (!s->link || s->begun)
            return REEL_END;
        return reel_fail(err, REEL_E_INVALID, NULL, "K-3",
                         "a link without a LINK stream");
    }
    if (take_next(s, at, &why) == REEL_OK)
        return REEL_OK;
    return wrong(err, at, &why);
}
