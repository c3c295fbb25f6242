/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 5, records; records layer: the header all of them have. */
#include <string.h>

#include "reel/record.h"

struct type_name {
    uint16_t type;
    bool of_object; /* belongs to an object */
    const char *name;
};

/* Those that an archive is full of first. */
static const struct type_name types[] = {
    {REEL_RECORD_OBJECT, true, "OBJECT"},
    {REEL_RECORD_GROUP_END, true, "GROUP END"},
    {REEL_RECORD_OBJECT_END, true, "OBJECT END"},
    {REEL_RECORD_ENTRY, true, "ENTRY"},
    {REEL_RECORD_STREAM, true, "STREAM"},
    {REEL_RECORD_DATA, true, "DATA"},
    {REEL_RECORD_XATTR, true, "XATTR"},
    {REEL_RECORD_CONTINUED, true, "CONTINUED"},
    {REEL_RECORD_VOLUME, false, "VOLUME"},
    {REEL_RECORD_ARCHIVE, false, "ARCHIVE"},
    {REEL_RECORD_SOURCE, false, "SOURCE"},
    {REEL_RECORD_EARLIER_VOLUME, false, "EARLIER VOLUME"},
    {REEL_RECORD_EARLIER_ARCHIVE, false, "EARLIER ARCHIVE"},
    {REEL_RECORD_CHECKPOINT, false, "CHECKPOINT"},
    {REEL_RECORD_END, false, "END"},
};

static const struct type_name *
find_type(uint16_t type)
{
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i].type == type)
            return &types[i];
    return NULL;
}

/* what the header alone can break. */
static enum reel_status
check_header(uint16_t type, uint64_t object, uint32_t len,
             const struct reel_cursor *start, struct reel_err *err)
{
    const struct type_name *const known = find_type(type);

    if (type != REEL_RECORD_DATA && len > REEL_RECORD_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, start, "R-3",
                            "record %s of %u octets, at most 131072 allowed",
                            reel_record_type_name(type), len);
    if (known != NULL && known->of_object != (object != 0))
        return reel_fail_at(err, REEL_E_INVALID, start, "R-7",
                            "record %s with object number %llu", known->name,
                            (unsigned long long)object);
    return REEL_OK;
}

enum reel_status
reel_record_next(struct reel_record *out, struct reel_cursor *c,
                 struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_record r;
    uint32_t len;

    if (c->ok && c->at == c->end)
        return REEL_END;
    memset(&r, 0, sizeof(r));
    r.pos     = reel_cursor_pos(c);
    r.type    = reel_get_le16(c);
    r.zero    = reel_get_le16(c);
    len       = reel_get_le32(c);
    r.object  = reel_get_le64(c);
    r.payload = reel_get_bytes(c, len);
    if (!c->ok)
        return reel_fail_at(err, REEL_E_TRUNCATED, &start, "R-1",
                            "record ends behind its segment");
    r.whole.data = start.at;
    r.whole.len  = REEL_RECORD_HEADER_BYTES + (size_t)len;
    *out         = r;
    return check_header(r.type, r.object, len, &start, err);
}

struct reel_cursor
reel_record_cursor(const struct reel_record *r)
{
    struct reel_pos pos = r->pos;

    if (pos.in_segment)
        pos.segment_byte += REEL_RECORD_HEADER_BYTES;
    else
        pos.byte += REEL_RECORD_HEADER_BYTES;
    return reel_cursor_init(r->payload.data, r->payload.len, &pos);
}

size_t
reel_record_open(struct reel_builder *b, uint16_t type, uint64_t object)
{
    const size_t mark = b->len;

    reel_put_le16(b, type);
    reel_put_le16(b, 0);
    reel_put_le32(b, 0);
    reel_put_le64(b, object);
    return mark;
}

void
reel_record_close(struct reel_builder *b, size_t mark)
{
    if (b->ok)
        reel_patch_le32(b, mark + 4,
                        (uint32_t)(b->len - mark - REEL_RECORD_HEADER_BYTES));
}

const char *
reel_record_type_name(uint16_t type)
{
    const struct type_name *const known = find_type(type);

    return known == NULL ? "unknown" : known->name;
}

bool
reel_record_type_known(uint16_t type)
{
    return find_type(type) != NULL;
}

enum reel_status
reel_record_exact(const struct reel_cursor *c, const char *what,
                  struct reel_err *err)
{
    if (!c->ok)
        return reel_fail_at(err, REEL_E_INVALID, c, "R-6",
                            "%s: shorter than its fields say", what);
    if (c->at != c->end)
        return reel_fail_at(err, REEL_E_INVALID, c, "R-6",
                            "%s: %zu octets more than its fields say", what,
                            (size_t)(c->end - c->at));
    return REEL_OK;
}

enum reel_status
reel_record_fits(const struct reel_builder *b, const char *what,
                 struct reel_err *err)
{
    if (!b->ok)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "%s does not fit the room left for it", what);
    return REEL_OK;
}
