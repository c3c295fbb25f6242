/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.2 and 7.3, groups; archive layer. */
#include <string.h>

#include "reel/group.h"

void
reel_group_init(struct reel_group *g, bool digests)
{
    g->open    = false;
    g->digests = digests;
    g->ordinal = REEL_NONE32;
}

bool
reel_group_takes(const struct reel_group *g, const struct reel_stream_header *h)
{
    return g->open && h->id == REEL_STREAM_SPARSE_BLOCK;
}

uint64_t
reel_group_left(const struct reel_group *g)
{
    return g->open ? g->header.size - g->offset : 0;
}

static bool
has_content(const struct reel_group *g)
{
    return reel_stream_has_content(g->end.stream_id);
}

static void
begin(struct reel_group *g, const struct reel_stream *s)
{
    memset(&g->end, 0, sizeof(g->end));
    g->open              = true;
    g->end.first_ordinal = s->ordinal;
    g->end.stream_id     = s->header.id;
    g->end.attributes    = s->header.attributes;
    g->content_at        = 0;
    g->closed            = false;
    g->hash_content      = true;
    if (s->header.name.len > 0)
        memcpy(g->name, s->header.name.data, s->header.name.len);
    g->end.name.data = g->name;
    g->end.name.len  = s->header.name.len;
    if (g->digests)
        reel_sha256_init(&g->stream_digest);
}

/* The header of each SPARSE_BLOCK is part of the stream digest. */
static void
hash_header(struct reel_group *g, const struct reel_stream_header *h)
{
    uint8_t octets[REEL_STREAM_HEADER_BYTES];
    struct reel_builder b          = reel_builder_init(octets, sizeof(octets));
    struct reel_stream_header bare = *h;

    bare.name.len = 0;
    reel_stream_header_put(&bare, &b);
    octets[16] = (uint8_t)h->name.len;
    octets[17] = (uint8_t)(h->name.len >> 8);
    octets[18] = (uint8_t)(h->name.len >> 16);
    octets[19] = (uint8_t)(h->name.len >> 24);
    reel_sha256_update(&g->stream_digest, octets, sizeof(octets));
    reel_sha256_update(&g->stream_digest, h->name.data, h->name.len);
}

static enum reel_status
check_stream(const struct reel_group *g, const struct reel_stream *s,
             bool goes_on, const struct reel_cursor *at, struct reel_err *err)
{
    if (s->ordinal != g->ordinal + 1)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-3",
                            "stream %u behind stream %u", s->ordinal,
                            g->ordinal);
    if (reel_group_left(g) != 0)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-4",
                            "stream %u lacks %llu octets", g->ordinal,
                            (unsigned long long)reel_group_left(g));
    if (s->header.id == REEL_STREAM_SPARSE_BLOCK && s->header.size < 8)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-7",
                            "SPARSE_BLOCK of %llu octets",
                            (unsigned long long)s->header.size);
    if (goes_on && g->closed)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-9",
                            "a SPARSE_BLOCK behind the last one");
    return REEL_OK;
}

enum reel_status
reel_group_stream(struct reel_group *g, const struct reel_stream *s,
                  const struct reel_cursor *at, struct reel_err *err)
{
    const bool goes_on = reel_group_takes(g, &s->header);

    REEL_TRY(check_stream(g, s, goes_on, at, err));
    if (!goes_on)
        begin(g, s);
    else if (g->digests) {
        /* Up to here both digests are over the same octets. */
        if (g->end.streams == 1 && has_content(g))
            g->content_digest = g->stream_digest;
        hash_header(g, &s->header);
    }
    g->end.streams++;
    g->end.body_bytes += s->header.size;
    g->header          = s->header;
    g->header.name.len = 0;
    g->ordinal         = s->ordinal;
    g->offset          = 0;
    g->sparse_offset   = REEL_NONE64;
    g->resumed         = false;
    return REEL_OK;
}

/* Content stands at [at, at + len) of the file; hash it, with the hole before
   it. Pre: at is not before content_at, at + len < 2^63; data is NULL only
   without digests. */
static void
content(struct reel_group *g, uint64_t at, const uint8_t *data, uint64_t len)
{
    const uint64_t hole = at - g->content_at;

    /* Judged where a hole ends, so that one pass is enough to know. */
    if (hole > 0 && !reel_group_digest_wanted(at, g->end.allocated_bytes))
        g->hash_content = false;
    if (g->hash_content && g->digests) {
        reel_sha256_zeros(&g->content_digest, hole);
        reel_sha256_update(&g->content_digest, data, (size_t)len);
    }
    g->content_at        = at + len;
    g->end.content_bytes = g->content_at;
    g->end.allocated_bytes += len;
}

/* The first eight octets of a SPARSE_BLOCK: where it stands. */
static enum reel_status
take_offset(struct reel_group *g, struct reel_bytes *bytes,
            const struct reel_cursor *at, struct reel_err *err)
{
    size_t n = 8 - (size_t)g->offset;
    struct reel_cursor c;

    if (n > bytes->len)
        n = bytes->len;
    memcpy(g->sparse_bytes + g->offset, bytes->data, n);
    g->offset += n;
    bytes->data += n;
    bytes->len -= n;
    if (g->offset < 8)
        return REEL_OK;
    c                = reel_cursor_init(g->sparse_bytes, 8, NULL);
    g->sparse_offset = reel_get_le64(&c);
    if (!has_content(g)) /* S-8 and S-9 ask nothing of it */
        return REEL_OK;
    if (g->sparse_offset > INT64_MAX ||
        g->header.size - 8 > INT64_MAX - g->sparse_offset ||
        g->sparse_offset < g->content_at)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-8",
                            "SPARSE_BLOCK of %llu octets at %llu, content "
                            "reaches to %llu",
                            (unsigned long long)g->header.size,
                            (unsigned long long)g->sparse_offset,
                            (unsigned long long)g->content_at);
    g->closed = g->header.size == 8;
    return REEL_OK;
}

static enum reel_status
check_data(const struct reel_group *g, const struct reel_data *d,
           const struct reel_cursor *at, struct reel_err *err)
{
    if (!g->open || d->ordinal != g->ordinal || d->stream_offset != g->offset ||
        d->bytes.len > reel_group_left(g))
        return reel_fail_at(err, REEL_E_INVALID, at, "S-4",
                            "DATA of stream %u, %zu octets at %llu: stream %u "
                            "has %llu to come at %llu",
                            d->ordinal, d->bytes.len,
                            (unsigned long long)d->stream_offset, g->ordinal,
                            (unsigned long long)reel_group_left(g),
                            (unsigned long long)g->offset);
    return REEL_OK;
}

/* S-6: what a DATA record says of the block it stands in. */
static enum reel_status
check_sparse(const struct reel_group *g, const struct reel_data *d,
             const struct reel_cursor *at, struct reel_err *err)
{
    if (d->sparse_offset != g->sparse_offset)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-6",
                            "sparse offset %llu, the block stands at %llu",
                            (unsigned long long)d->sparse_offset,
                            (unsigned long long)g->sparse_offset);
    return REEL_OK;
}

/* `len` octets of the body go by, none of them the number a SPARSE_BLOCK
   begins with. */
static void
pass(struct reel_group *g, const uint8_t *data, uint64_t len)
{
    if (has_content(g) && g->header.id == REEL_STREAM_SPARSE_BLOCK) {
        content(g, g->sparse_offset + (g->offset - 8), data, len);
    } else if (has_content(g)) {
        g->content_at          = g->offset + len;
        g->end.content_bytes   = g->content_at;
        g->end.allocated_bytes = g->content_at;
    }
    g->offset += len;
}

void
reel_group_resume(struct reel_group *g, uint64_t offset)
{
    g->digests = false;
    g->offset  = offset;
    g->resumed = g->header.id == REEL_STREAM_SPARSE_BLOCK && offset > 0;
}

/* Where the block stands as its DATA say, if that can be. */
static void
pass_resumed(struct reel_group *g, const struct reel_data *d)
{
    const uint64_t number = g->offset >= 8 ? 0 : 8 - g->offset;
    const uint64_t room   = g->header.size > 8 ? g->header.size - 8 : 0;

    if (d->sparse_offset > INT64_MAX || room > INT64_MAX - d->sparse_offset ||
        d->bytes.len <= number) {
        g->offset += d->bytes.len;
        return;
    }
    g->sparse_offset = d->sparse_offset;
    g->offset += number;
    pass(g, d->bytes.data + number, d->bytes.len - number);
}

enum reel_status
reel_group_data(struct reel_group *g, const struct reel_data *d,
                const struct reel_cursor *at, struct reel_err *err)
{
    struct reel_bytes left = d->bytes;

    REEL_TRY(check_data(g, d, at, err));
    if (g->resumed) {
        pass_resumed(g, d);
        return REEL_OK;
    }
    if (g->digests)
        reel_sha256_update(&g->stream_digest, left.data, left.len);
    if (g->header.id == REEL_STREAM_SPARSE_BLOCK && g->offset < 8)
        REEL_TRY(take_offset(g, &left, at, err));
    if (g->header.id != REEL_STREAM_SPARSE_BLOCK ||
        g->sparse_offset != REEL_NONE64)
        REEL_TRY(check_sparse(g, d, at, err));
    if (g->header.id != REEL_STREAM_SPARSE_BLOCK || g->offset >= 8)
        pass(g, left.data, left.len);
    return REEL_OK;
}

enum reel_status
reel_group_pass(struct reel_group *g, uint64_t len,
                const struct reel_cursor *at, struct reel_err *err)
{
    if (!g->open || len > reel_group_left(g))
        return reel_fail_at(err, REEL_E_INVALID, at, "S-4",
                            "%llu octets of stream %u, which has %llu to come",
                            (unsigned long long)len, g->ordinal,
                            (unsigned long long)reel_group_left(g));
    pass(g, NULL, len);
    return REEL_OK;
}

static void
finish_digests(struct reel_group *g)
{
    struct reel_group_end *const e = &g->end;

    reel_sha256_final(&g->stream_digest, e->stream_digest);
    if (!(e->flags & REEL_GROUP_HAS_CONTENT_DIGEST))
        return;
    if (e->streams == 1)
        memcpy(e->content_digest, e->stream_digest, REEL_DIGEST_BYTES);
    else
        reel_sha256_final(&g->content_digest, e->content_digest);
}

enum reel_status
reel_group_finish(struct reel_group *g, struct reel_group_end *out,
                  const struct reel_cursor *at, struct reel_err *err)
{
    if (!g->open || reel_group_left(g) != 0)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-4",
                            "stream %u lacks %llu octets at the end of its "
                            "group",
                            g->ordinal, (unsigned long long)reel_group_left(g));
    if (has_content(g) && g->hash_content)
        g->end.flags = REEL_GROUP_HAS_CONTENT_DIGEST;
    if (g->digests)
        finish_digests(g);
    g->open = false;
    *out    = g->end;
    return REEL_OK;
}
