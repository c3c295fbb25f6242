/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.3, GROUP END; records layer. */
#include <string.h>

#include "reel/group_end.h"
#include "reel/stream.h"

#define HOLE_FREE_BYTES 65536U /* holes up to this are always hashed */

bool
reel_group_digest_wanted(uint64_t content_bytes, uint64_t allocated_bytes)
{
    const uint64_t holes = content_bytes - allocated_bytes;

    return holes <= HOLE_FREE_BYTES || holes <= allocated_bytes;
}

/* The holes as they ended up allow the content digest. */
static bool
digest_allowed(const struct reel_group_end *g)
{
    return reel_group_digest_wanted(g->content_bytes, g->allocated_bytes);
}

/* However the holes stood, they were few enough all along. */
static bool
digest_owed(const struct reel_group_end *g)
{
    return g->content_bytes - g->allocated_bytes <= HOLE_FREE_BYTES;
}

static enum reel_status
check(const struct reel_group_end *g, const struct reel_cursor *at,
      struct reel_err *err)
{
    const bool content = reel_stream_has_content(g->stream_id);
    const bool present = (g->flags & REEL_GROUP_HAS_CONTENT_DIGEST) != 0;

    if (g->flags & ~REEL_GROUP_HAS_CONTENT_DIGEST)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-10",
                            "flags 0x%08X of GROUP END have unknown bits",
                            g->flags);
    if (g->streams == 0 || g->name.len > REEL_STREAM_NAME_BYTES_MAX ||
        g->allocated_bytes > g->content_bytes || g->content_bytes > INT64_MAX ||
        (!content && g->content_bytes != 0))
        return reel_fail_at(err, REEL_E_INVALID, at, "S-10",
                            "GROUP END of %u streams, %llu octets of content, "
                            "%llu allocated",
                            g->streams, (unsigned long long)g->content_bytes,
                            (unsigned long long)g->allocated_bytes);
    if ((present && (!content || !digest_allowed(g))) ||
        (!present && content && digest_owed(g)))
        return reel_fail_at(err, REEL_E_INVALID, at, "S-12",
                            "content digest is %spresent against the rule",
                            present ? "" : "not ");
    if (!present &&
        !reel_bytes_zero(g->content_digest, sizeof(g->content_digest)))
        return reel_fail_at(err, REEL_E_INVALID, at, "S-12",
                            "content digest is not zero and not present");
    return REEL_OK;
}

enum reel_status
reel_group_end_decode(struct reel_group_end *out, struct reel_cursor *c,
                      struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_group_end g;
    uint32_t name_bytes;

    memset(&g, 0, sizeof(g));
    g.first_ordinal   = reel_get_le32(c);
    g.streams         = reel_get_le32(c);
    g.stream_id       = reel_get_le32(c);
    g.attributes      = reel_get_le32(c);
    g.flags           = reel_get_le32(c);
    name_bytes        = reel_get_le32(c);
    g.body_bytes      = reel_get_le64(c);
    g.content_bytes   = reel_get_le64(c);
    g.allocated_bytes = reel_get_le64(c);
    reel_get_copy(c, g.stream_digest, sizeof(g.stream_digest));
    reel_get_copy(c, g.content_digest, sizeof(g.content_digest));
    g.name = reel_get_bytes(c, name_bytes);
    REEL_TRY(reel_record_exact(c, "GROUP END", err));
    REEL_TRY(check(&g, &start, err));
    *out = g;
    return REEL_OK;
}

enum reel_status
reel_group_end_encode(const struct reel_group_end *g, uint64_t number,
                      struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    const struct reel_bytes stream   = {g->stream_digest, REEL_DIGEST_BYTES};
    const struct reel_bytes content  = {g->content_digest, REEL_DIGEST_BYTES};
    size_t mark;

    REEL_TRY(check(g, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_GROUP_END, number);
    reel_put_le32(b, g->first_ordinal);
    reel_put_le32(b, g->streams);
    reel_put_le32(b, g->stream_id);
    reel_put_le32(b, g->attributes);
    reel_put_le32(b, g->flags);
    reel_put_le32(b, (uint32_t)g->name.len);
    reel_put_le64(b, g->body_bytes);
    reel_put_le64(b, g->content_bytes);
    reel_put_le64(b, g->allocated_bytes);
    reel_put_bytes(b, stream);
    reel_put_bytes(b, content);
    reel_put_bytes(b, g->name);
    reel_record_close(b, mark);
    return reel_record_fits(b, "GROUP END", err);
}
