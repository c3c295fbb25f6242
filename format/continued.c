/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.4, CONTINUED; records layer. */
#include <string.h>

#include "reel/continued.h"
#include "reel/object.h"

#define FIXED_BYTES 24U /* of the payload, before the path */

/* O-21: what is not open has neither header nor offset. */
static bool
closed_is_empty(const struct reel_continued *k)
{
    if (k->group_ordinal == REEL_NONE32 &&
        (k->group_header.len != 0 || k->stream_ordinal != REEL_NONE32))
        return false;
    if (k->stream_ordinal == REEL_NONE32)
        return k->stream_header.len == 0 && k->stream_offset == 0;
    return k->stream_ordinal != k->group_ordinal || k->stream_header.len == 0;
}

static enum reel_status
check(const struct reel_continued *k, const struct reel_cursor *at,
      struct reel_err *err)
{
    if (k->kind < REEL_KIND_FILE || k->kind > REEL_KIND_LINK)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-1",
                            "kind %u is not in 1 ... 8", k->kind);
    if (k->encoding != REEL_ENCODING_POSIX &&
        k->encoding != REEL_ENCODING_UTF16)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-2",
                            "encoding %u is not 1 or 2", k->encoding);
    REEL_TRY(reel_path_check(k->path, k->encoding, at, err));
    if (!closed_is_empty(k))
        return reel_fail_at(err, REEL_E_INVALID, at, "O-21",
                            "CONTINUED has a header or an offset of what is "
                            "not open");
    return REEL_OK;
}

/* R-3, and what the length fields can say. */
static bool
fits_record(const struct reel_continued *k)
{
    return k->group_header.len <= UINT16_MAX &&
           k->stream_header.len <= UINT16_MAX &&
           FIXED_BYTES + k->path.len + k->group_header.len +
                   k->stream_header.len <=
               REEL_RECORD_BYTES_MAX;
}

enum reel_status
reel_continued_decode(struct reel_continued *out, struct reel_cursor *c,
                      struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_continued k;
    uint16_t path_bytes;
    uint16_t group_bytes;
    uint16_t stream_bytes;

    memset(&k, 0, sizeof(k));
    k.kind           = reel_get_u8(c);
    k.encoding       = reel_get_u8(c);
    path_bytes       = reel_get_le16(c);
    k.group_ordinal  = reel_get_le32(c);
    k.stream_ordinal = reel_get_le32(c);
    group_bytes      = reel_get_le16(c);
    stream_bytes     = reel_get_le16(c);
    k.stream_offset  = reel_get_le64(c);
    k.path           = reel_get_bytes(c, path_bytes);
    k.group_header   = reel_get_bytes(c, group_bytes);
    k.stream_header  = reel_get_bytes(c, stream_bytes);
    REEL_TRY(reel_record_exact(c, "CONTINUED", err));
    REEL_TRY(check(&k, &start, err));
    *out = k;
    return REEL_OK;
}

enum reel_status
reel_continued_encode(const struct reel_continued *k, uint64_t number,
                      struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    size_t mark;

    REEL_TRY(check(k, &nowhere, err));
    if (!fits_record(k))
        return reel_fail(err, REEL_E_LIMIT, NULL, "R-3",
                         "CONTINUED with a path of %zu octets and headers of "
                         "%zu and %zu is too long",
                         k->path.len, k->group_header.len,
                         k->stream_header.len);
    mark = reel_record_open(b, REEL_RECORD_CONTINUED, number);
    reel_put_u8(b, k->kind);
    reel_put_u8(b, k->encoding);
    reel_put_le16(b, (uint16_t)k->path.len);
    reel_put_le32(b, k->group_ordinal);
    reel_put_le32(b, k->stream_ordinal);
    reel_put_le16(b, (uint16_t)k->group_header.len);
    reel_put_le16(b, (uint16_t)k->stream_header.len);
    reel_put_le64(b, k->stream_offset);
    reel_put_bytes(b, k->path);
    reel_put_bytes(b, k->group_header);
    reel_put_bytes(b, k->stream_header);
    reel_record_close(b, mark);
    return reel_record_fits(b, "CONTINUED", err);
}
