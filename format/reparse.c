/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.4 and 8.5, REPARSE_DATA of links and special files; streams layer. */
#include <string.h>

#include "reel/object.h"
#include "reel/reparse.h"

#define VERSION_BYTES 4U

static const struct {
    uint32_t tag;
    uint8_t kind;
} tags[] = {
    {REEL_REPARSE_SYMLINK, REEL_KIND_SYMLINK},
    {REEL_REPARSE_FIFO, REEL_KIND_FIFO},
    {REEL_REPARSE_SOCKET, REEL_KIND_SOCKET},
    {REEL_REPARSE_CHARACTER, REEL_KIND_CHARACTER},
    {REEL_REPARSE_BLOCK, REEL_KIND_BLOCK},
};
#define TAG_COUNT (sizeof(tags) / sizeof(tags[0]))

uint8_t
reel_reparse_kind(uint32_t tag)
{
    for (size_t i = 0; i < TAG_COUNT; i++)
        if (tags[i].tag == tag)
            return tags[i].kind;
    return 0;
}

uint32_t
reel_reparse_tag(uint8_t kind)
{
    for (size_t i = 0; i < TAG_COUNT; i++)
        if (tags[i].kind == kind)
            return tags[i].tag;
    return 0;
}

static enum reel_status
check(const struct reel_reparse *r, const struct reel_cursor *at,
      struct reel_err *err)
{
    const bool symlink = r->tag == REEL_REPARSE_SYMLINK;

    if (reel_reparse_kind(r->tag) == 0)
        return reel_fail_at(err, REEL_E_UNSUPPORTED, at, "S-15",
                            "reparse tag 0x%08lX is not one of section 7.4",
                            (unsigned long)r->tag);
    if (symlink && r->version != REEL_REPARSE_VERSION &&
        r->version != REEL_REPARSE_VERSION_SWAPPED)
        return reel_fail_at(err, REEL_E_UNSUPPORTED, at, "S-15",
                            "symbolic link of version 0x%08lX, not 2",
                            (unsigned long)r->version);
    if (!symlink && (r->version != 0 || r->target.len != 0))
        return reel_fail_at(err, REEL_E_INVALID, at, "S-15",
                            "reparse tag 0x%08lX with data",
                            (unsigned long)r->tag);
    if (r->target.len > REEL_REPARSE_TARGET_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-15",
                            "target of %zu octets, at most %u", r->target.len,
                            REEL_REPARSE_TARGET_BYTES_MAX);
    if (r->target.len != 0 && memchr(r->target.data, 0, r->target.len) != NULL)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-15",
                            "target holds a zero octet");
    return REEL_OK;
}

enum reel_status
reel_reparse_decode(struct reel_reparse *out, struct reel_cursor *c,
                    struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_reparse r;
    struct reel_cursor body;
    uint16_t body_bytes;

    memset(&r, 0, sizeof(r));
    r.tag      = reel_get_le32(c);
    body_bytes = reel_get_le16(c);
    r.reserved = reel_get_le16(c);
    body       = reel_get_cursor(c, body_bytes);
    if (!c->ok)
        return reel_fail_at(err, REEL_E_TRUNCATED, c, "S-15",
                            "reparse data cut short");
    if (r.tag == REEL_REPARSE_SYMLINK) {
        r.version = reel_get_le32(&body);
        r.target  = reel_get_bytes(&body, reel_cursor_left(&body));
        if (!body.ok)
            return reel_fail_at(err, REEL_E_INVALID, &start, "S-15",
                                "symbolic link without version");
    }
    REEL_TRY(check(&r, &start, err));
    if (reel_cursor_left(&body) != 0)
        return reel_fail_at(err, REEL_E_INVALID, &start, "S-15",
                            "reparse tag 0x%08lX with data",
                            (unsigned long)r.tag);
    if (reel_cursor_left(c) != 0)
        return reel_fail_at(err, REEL_E_INVALID, c, "S-15",
                            "%zu octets behind the reparse data",
                            reel_cursor_left(c));
    *out = r;
    return REEL_OK;
}

enum reel_status
reel_reparse_encode(const struct reel_reparse *r, struct reel_builder *b,
                    struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    const bool symlink               = r->tag == REEL_REPARSE_SYMLINK;
    size_t body_bytes                = 0;

    REEL_TRY(check(r, &nowhere, err));
    if (symlink)
        body_bytes = VERSION_BYTES + r->target.len;
    reel_put_le32(b, r->tag);
    reel_put_le16(b, (uint16_t)body_bytes);
    reel_put_le16(b, r->reserved);
    if (symlink) {
        reel_put_le32(b, r->version);
        reel_put_bytes(b, r->target);
    }
    if (!b->ok)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "no room for reparse data of %zu octets",
                         REEL_REPARSE_HEADER_BYTES + body_bytes);
    return REEL_OK;
}

/* The `len` octets at `off` of the octets that names stand in. */
static bool
name_in(struct reel_bytes octets, uint16_t off, uint16_t len,
        struct reel_bytes *out)
{
    if (len % 2 != 0 || off > octets.len || len > octets.len - off)
        return false;
    out->data = octets.data + off;
    out->len  = len;
    return true;
}

enum reel_status
reel_reparse_names_decode(struct reel_reparse_names *out, struct reel_cursor *c,
                          struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_reparse_names r;
    struct reel_bytes octets;
    struct reel_cursor body;
    uint16_t off[2];
    uint16_t len[2];

    memset(&r, 0, sizeof(r));
    r.tag      = reel_get_le32(c);
    len[0]     = reel_get_le16(c);
    r.reserved = reel_get_le16(c);
    body       = reel_get_cursor(c, len[0]);
    if (!c->ok)
        return reel_fail_at(err, REEL_E_TRUNCATED, c, NULL,
                            "reparse data cut short");
    if (r.tag != REEL_REPARSE_WINDOWS_SYMLINK &&
        r.tag != REEL_REPARSE_MOUNT_POINT)
        return reel_fail_at(err, REEL_E_UNSUPPORTED, &start, NULL,
                            "reparse tag 0x%08lX is no link of Windows",
                            (unsigned long)r.tag);
    for (size_t i = 0; i < 2; i++) {
        off[i] = reel_get_le16(&body);
        len[i] = reel_get_le16(&body);
    }
    if (r.tag == REEL_REPARSE_WINDOWS_SYMLINK)
        r.flags = reel_get_le32(&body);
    octets = reel_get_bytes(&body, reel_cursor_left(&body));
    if (!body.ok || !name_in(octets, off[0], len[0], &r.substitute) ||
        !name_in(octets, off[1], len[1], &r.print))
        return reel_fail_at(err, REEL_E_INVALID, &start, NULL,
                            "a name leads out of the reparse data");
    if (reel_cursor_left(c) != 0)
        return reel_fail_at(err, REEL_E_INVALID, c, NULL,
                            "%zu octets behind the reparse data",
                            reel_cursor_left(c));
    *out = r;
    return REEL_OK;
}
