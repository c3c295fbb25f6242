/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.2, XATTR; records layer. */
#include <string.h>

#include "reel/xattr.h"

#define NAME_BYTES_MAX 255U

static enum reel_status
check(const struct reel_xattr *x, const struct reel_cursor *at,
      struct reel_err *err)
{
    if (x->name.len == 0 || x->name.len > NAME_BYTES_MAX ||
        memchr(x->name.data, 0, x->name.len) != NULL)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-11",
                            "name of an attribute: %zu octets, or a zero in it",
                            x->name.len);
    return REEL_OK;
}

enum reel_status
reel_xattr_decode(struct reel_xattr *out, struct reel_cursor *c,
                  struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_xattr x;
    uint16_t name_bytes;
    uint32_t value_bytes;

    name_bytes  = reel_get_le16(c);
    x.zero      = reel_get_le16(c);
    value_bytes = reel_get_le32(c);
    x.name      = reel_get_bytes(c, name_bytes);
    x.value     = reel_get_bytes(c, value_bytes);
    REEL_TRY(reel_record_exact(c, "XATTR", err));
    REEL_TRY(check(&x, &start, err));
    *out = x;
    return REEL_OK;
}

enum reel_status
reel_xattr_encode(const struct reel_xattr *x, uint64_t number,
                  struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    size_t mark;

    REEL_TRY(check(x, &nowhere, err));
    if (x->value.len > REEL_RECORD_BYTES_MAX - 8 - x->name.len)
        return reel_fail(err, REEL_E_LIMIT, NULL, "R-3",
                         "value of an attribute of %zu octets is too long",
                         x->value.len);
    mark = reel_record_open(b, REEL_RECORD_XATTR, number);
    reel_put_le16(b, (uint16_t)x->name.len);
    reel_put_le16(b, x->zero);
    reel_put_le32(b, (uint32_t)x->value.len);
    reel_put_bytes(b, x->name);
    reel_put_bytes(b, x->value);
    reel_record_close(b, mark);
    return reel_record_fits(b, "XATTR", err);
}
