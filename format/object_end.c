/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.3, OBJECT END; records layer. */
#include <string.h>

#include "reel/object_end.h"

#define FLAGS_KNOWN (REEL_OBJECT_CHANGED | REEL_OBJECT_GREW)

static struct reel_bad_range
get_bad_range(struct reel_cursor *c)
{
    struct reel_bad_range r;

    r.ordinal = reel_get_le32(c);
    r.reason  = reel_get_le32(c);
    r.offset  = reel_get_le64(c);
    r.len     = reel_get_le64(c);
    return r;
}

/* O-16, as far as one record goes: `r` stands behind `before`. */
static bool
ascends(const struct reel_bad_range *before, const struct reel_bad_range *r)
{
    if (r->len == 0 || r->len > INT64_MAX || r->offset > INT64_MAX)
        return false;
    return r->ordinal > before->ordinal ||
           (r->ordinal == before->ordinal &&
            r->offset >= before->offset + before->len);
}

static enum reel_status
check_ranges(const struct reel_object_end *e, const struct reel_cursor *at,
             struct reel_err *err)
{
    struct reel_cursor c =
        reel_cursor_init(e->bad_range_bytes.data, e->bad_range_bytes.len, NULL);
    struct reel_bad_range before = {0, 0, 0, 0};
    uint32_t i;

    for (i = 0; i < e->bad_ranges; i++) {
        const struct reel_bad_range r = get_bad_range(&c);

        if (r.reason != REEL_BAD_UNREADABLE && r.reason != REEL_BAD_CUT)
            return reel_fail_at(err, REEL_E_INVALID, at, "O-17",
                                "bad range %u has the reason %u", i, r.reason);
        if (!ascends(&before, &r))
            return reel_fail_at(err, REEL_E_INVALID, at, "O-16",
                                "bad range %u is empty or not behind the one "
                                "before it",
                                i);
        before = r;
    }
    return REEL_OK;
}

static enum reel_status
check(const struct reel_object_end *e, const struct reel_cursor *at,
      struct reel_err *err)
{
    if (e->flags & ~FLAGS_KNOWN)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-15",
                            "flags 0x%08X of OBJECT END have unknown bits",
                            e->flags);
    if (e->xattrs == 0 &&
        !reel_bytes_zero(e->xattr_digest, sizeof(e->xattr_digest)))
        return reel_fail_at(err, REEL_E_INVALID, at, "O-14",
                            "no attributes, but their digest is not zero");
    return check_ranges(e, at, err);
}

enum reel_status
reel_object_end_decode(struct reel_object_end *out, struct reel_cursor *c,
                       struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_object_end e;

    memset(&e, 0, sizeof(e));
    e.streams      = reel_get_le32(c);
    e.groups       = reel_get_le32(c);
    e.xattrs       = reel_get_le32(c);
    e.flags        = reel_get_le32(c);
    e.stream_bytes = reel_get_le64(c);
    e.bad_ranges   = reel_get_le32(c);
    e.zero         = reel_get_le32(c);
    reel_get_copy(c, e.xattr_digest, sizeof(e.xattr_digest));
    if (c->ok && e.bad_ranges > REEL_BAD_RANGES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, &start, "R-6",
                            "OBJECT END: %u bad ranges do not fit a record",
                            e.bad_ranges);
    e.bad_range_bytes =
        reel_get_bytes(c, (size_t)e.bad_ranges * REEL_BAD_RANGE_BYTES);
    REEL_TRY(reel_record_exact(c, "OBJECT END", err));
    REEL_TRY(check(&e, &start, err));
    *out = e;
    return REEL_OK;
}

enum reel_status
reel_object_end_encode(const struct reel_object_end *e, uint64_t number,
                       struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    const struct reel_bytes digest   = {e->xattr_digest, REEL_DIGEST_BYTES};
    size_t mark;

    if (e->bad_ranges > REEL_BAD_RANGES_MAX ||
        e->bad_range_bytes.len != (size_t)e->bad_ranges * REEL_BAD_RANGE_BYTES)
        return reel_fail(err, REEL_E_LIMIT, NULL, "R-3",
                         "%u bad ranges do not fit a record", e->bad_ranges);
    REEL_TRY(check(e, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_OBJECT_END, number);
    reel_put_le32(b, e->streams);
    reel_put_le32(b, e->groups);
    reel_put_le32(b, e->xattrs);
    reel_put_le32(b, e->flags);
    reel_put_le64(b, e->stream_bytes);
    reel_put_le32(b, e->bad_ranges);
    reel_put_le32(b, e->zero);
    reel_put_bytes(b, digest);
    reel_put_bytes(b, e->bad_range_bytes);
    reel_record_close(b, mark);
    return reel_record_fits(b, "OBJECT END", err);
}

struct reel_bad_range
reel_object_end_bad_range(const struct reel_object_end *e, uint32_t i)
{
    struct reel_cursor c =
        reel_cursor_init(e->bad_range_bytes.data, e->bad_range_bytes.len, NULL);

    (void)reel_get_bytes(&c, (size_t)i * REEL_BAD_RANGE_BYTES);
    return get_bad_range(&c);
}

void
reel_bad_range_put(const struct reel_bad_range *r, struct reel_builder *b)
{
    reel_put_le32(b, r->ordinal);
    reel_put_le32(b, r->reason);
    reel_put_le64(b, r->offset);
    reel_put_le64(b, r->len);
}
