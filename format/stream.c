/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.1 and 7.2, stream header, STREAM, DATA; records layer. */
#include <string.h>

#include "reel/stream.h"

bool
reel_stream_has_content(uint32_t id)
{
    return id == REEL_STREAM_DATA || id == REEL_STREAM_ALTERNATE_DATA;
}

/* The place of a stream in the order of section 7.5. */
static unsigned int
ntfs_place(uint32_t id)
{
    switch (id) {
    case 0:
        return 0; /* before the first one */
    case REEL_STREAM_SECURITY_DATA:
        return 1;
    case REEL_STREAM_EA_DATA:
        return 2;
    case REEL_STREAM_OBJECT_ID:
        return 3;
    case REEL_STREAM_REPARSE_DATA:
        return 4;
    case REEL_STREAM_DATA:
        return 5;
    case REEL_STREAM_ALTERNATE_DATA:
        return 6;
    default:
        return 7;
    }
}

bool
reel_stream_ntfs_follows(uint32_t before, uint32_t id)
{
    if (id == REEL_STREAM_SPARSE_BLOCK)
        return reel_stream_has_content(before);
    if (id == 0)
        return false;
    if (ntfs_place(id) == ntfs_place(before))
        return ntfs_place(id) >= 6;
    return ntfs_place(id) > ntfs_place(before);
}

const char *
reel_stream_id_name(uint32_t id)
{
    static const char *const names[] = {
        "unknown",       "DATA",           "EA_DATA",
        "SECURITY_DATA", "ALTERNATE_DATA", "LINK",
        "PROPERTY_DATA", "OBJECT_ID",      "REPARSE_DATA",
        "SPARSE_BLOCK",  "TXFS_DATA",      "GHOSTED_FILE_EXTENTS"};

    return id < sizeof(names) / sizeof(names[0]) ? names[id] : names[0];
}

enum reel_status
reel_stream_header_check(uint64_t size, size_t name_bytes,
                         const struct reel_cursor *at, struct reel_err *err)
{
    if (size > INT64_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-1",
                            "stream of %llu octets: not less than 2^63",
                            (unsigned long long)size);
    if (name_bytes > REEL_STREAM_NAME_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "S-2",
                            "stream name of %zu octets, at most 32000 allowed",
                            name_bytes);
    return REEL_OK;
}

enum reel_status
reel_stream_header_decode(struct reel_stream_header *out, struct reel_cursor *c,
                          struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_stream_header h;
    uint32_t name_bytes;

    memset(&h, 0, sizeof(h));
    h.id         = reel_get_le32(c);
    h.attributes = reel_get_le32(c);
    h.size       = reel_get_le64(c);
    name_bytes   = reel_get_le32(c);
    if (!c->ok)
        return reel_fail_at(err, REEL_E_TRUNCATED, c, "S-5",
                            "stream header cut short");
    REEL_TRY(reel_stream_header_check(h.size, name_bytes, &start, err));
    h.name = reel_get_bytes(c, name_bytes);
    if (!c->ok)
        return reel_fail_at(err, REEL_E_TRUNCATED, c, "S-5",
                            "name of the stream cut short");
    *out = h;
    return REEL_OK;
}

void
reel_stream_header_put(const struct reel_stream_header *h,
                       struct reel_builder *b)
{
    reel_put_le32(b, h->id);
    reel_put_le32(b, h->attributes);
    reel_put_le64(b, h->size);
    reel_put_le32(b, (uint32_t)h->name.len);
    reel_put_bytes(b, h->name);
}

/* In a record of its own a header that is cut short breaks S-5. */
static enum reel_status
header_in_record(struct reel_stream_header *out, struct reel_cursor *c,
                 struct reel_err *err)
{
    const struct reel_cursor start = *c;
    const enum reel_status status  = reel_stream_header_decode(out, c, err);

    if (status == REEL_E_TRUNCATED)
        return reel_fail_at(err, REEL_E_INVALID, &start, "S-5",
                            "STREAM is shorter than its header says");
    return status;
}

enum reel_status
reel_stream_decode(struct reel_stream *out, struct reel_cursor *c,
                   struct reel_err *err)
{
    struct reel_stream s;

    memset(&s, 0, sizeof(s));
    s.ordinal           = reel_get_le32(c);
    s.header_bytes.data = c->at;
    s.header_bytes.len  = reel_cursor_left(c);
    REEL_TRY(header_in_record(&s.header, c, err));
    if (c->at != c->end)
        return reel_fail_at(err, REEL_E_INVALID, c, "S-5",
                            "STREAM is longer than its header says");
    *out = s;
    return REEL_OK;
}

enum reel_status
reel_stream_encode(const struct reel_stream *s, uint64_t number,
                   struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    size_t mark;

    REEL_TRY(reel_stream_header_check(s->header.size, s->header.name.len,
                                      &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_STREAM, number);
    reel_put_le32(b, s->ordinal);
    reel_stream_header_put(&s->header, b);
    reel_record_close(b, mark);
    return reel_record_fits(b, "STREAM", err);
}

enum reel_status
reel_data_decode(struct reel_data *out, struct reel_cursor *c,
                 struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_data d;

    memset(&d, 0, sizeof(d));
    d.ordinal       = reel_get_le32(c);
    d.zero          = reel_get_le32(c);
    d.stream_offset = reel_get_le64(c);
    d.sparse_offset = reel_get_le64(c);
    if (!c->ok)
        return reel_fail_at(err, REEL_E_INVALID, &start, "R-6",
                            "DATA: shorter than its fields say");
    d.bytes = reel_get_bytes(c, reel_cursor_left(c));
    if (d.bytes.len == 0)
        return reel_fail_at(err, REEL_E_INVALID, &start, "S-4",
                            "DATA without octets");
    *out = d;
    return REEL_OK;
}

size_t
reel_data_open(const struct reel_data *d, uint64_t number,
               struct reel_builder *b)
{
    const size_t mark = reel_record_open(b, REEL_RECORD_DATA, number);

    reel_put_le32(b, d->ordinal);
    reel_put_le32(b, d->zero);
    reel_put_le64(b, d->stream_offset);
    reel_put_le64(b, d->sparse_offset);
    return mark;
}

enum reel_status
reel_data_encode(const struct reel_data *d, uint64_t number,
                 struct reel_builder *b, struct reel_err *err)
{
    size_t mark;

    if (d->bytes.len == 0)
        return reel_fail(err, REEL_E_INVALID, NULL, "S-4",
                         "DATA without octets");
    mark = reel_data_open(d, number, b);
    reel_put_bytes(b, d->bytes);
    reel_record_close(b, mark);
    return reel_record_fits(b, "DATA", err);
}
