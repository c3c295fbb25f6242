/* SPDX-License-Identifier: Apache-2.0 */
/* Records and objects into segments of data (spec chapters 5 to 8); tests. */
#include "image_internal.h"
#include "image_must.h"

#include <stdlib.h>
#include <string.h>

#include "reel/object_end.h"
#include "reel/xattr.h"

void
image_cut(struct image *i)
{
    const struct reel_bytes raw = {i->raw, i->raw_bytes};
    uint8_t *packed;
    size_t room;
    size_t packed_bytes;
    struct reel_place place;
    struct piece *p;

    if (i->raw_bytes == 0)
        return;
    p = image_add_piece(i, i->piece_count, PIECE_DATA, raw.data, raw.len);
    p->place.volume         = i->packer.next.volume;
    p->place.payload_offset = i->packer.next.payload_bytes;
    p->place.sequence       = i->packer.next.sequence;
    p->place.address        = i->packer.next.address;
    room                    = reel_segment_bound(raw.len);
    packed                  = malloc(room + 1);
    MUST(reel_segment_pack(i->zstd, raw.data, raw.len, packed, room,
                           &packed_bytes, NULL));
    if (i->o.window != 0)
        image_widen(packed, &packed_bytes, i->o.window);
    image_push_segment(i, REEL_BLOCK_DATA, packed, packed_bytes, &place);
    i->raw_bytes = 0;
    free(packed);
}

static void
append_raw(struct image *i, struct reel_bytes record)
{
    size_t len = record.len;

    memcpy(i->raw + i->raw_bytes, record.data, record.len);
    if (i->o.patches.record != NULL)
        i->o.patches.record(i->o.patches.ctx, i->raw + i->raw_bytes, &len);
    i->raw_bytes += len;
}

/* A segment that begins inside an object begins with CONTINUED. */
static void
put_continued(struct image *i)
{
    const struct reel_group *const g = &i->group;
    const bool stream_open           = reel_group_left(g) > 0;
    uint8_t *const octets            = malloc(IMAGE_RECORD_MAX);
    uint8_t header[REEL_STREAM_HEADER_BYTES];
    struct reel_builder b = reel_builder_init(octets, IMAGE_RECORD_MAX);
    struct reel_builder h = reel_builder_init(header, sizeof(header));
    struct reel_stream_header first;
    uint8_t first_octets[REEL_STREAM_HEADER_BYTES + 512];
    struct reel_builder f =
        reel_builder_init(first_octets, sizeof(first_octets));
    struct reel_continued k;
    struct reel_bytes record;

    memset(&k, 0, sizeof(k));
    k.kind           = i->object.kind;
    k.encoding       = i->object.encoding;
    k.path           = i->object.path;
    k.group_ordinal  = g->open ? g->end.first_ordinal : REEL_NONE32;
    k.stream_ordinal = stream_open ? g->ordinal : REEL_NONE32;
    k.stream_offset  = stream_open ? g->offset : 0;
    if (g->open) {
        first      = g->end.streams == 1 ? g->header : i->header;
        first.name = g->end.name;
        reel_stream_header_put(&first, &f);
        k.group_header.data = first_octets;
        k.group_header.len  = f.len;
    }
    if (stream_open && g->ordinal != g->end.first_ordinal) {
        reel_stream_header_put(&g->header, &h);
        k.stream_header.data = header;
        k.stream_header.len  = h.len;
    }
    MUST(reel_continued_encode(&k, i->number, &b, NULL));
    record.data = octets;
    record.len  = b.len;
    append_raw(i, record);
    free(octets);
}

void
image_record(struct image *i, struct reel_bytes record)
{
    if (i->raw_bytes > 0 && i->raw_bytes + record.len > i->o.segment_bytes)
        image_cut(i);
    if (i->raw_bytes == 0 && i->open)
        put_continued(i);
    append_raw(i, record);
}

static void
put_built(struct image *i, const struct reel_builder *b)
{
    const struct reel_bytes record = {b->buf, b->len};

    image_record(i, record);
}

uint64_t
image_object(struct image *i, const struct reel_object *o)
{
    uint8_t *const octets = malloc(IMAGE_RECORD_MAX);
    struct reel_builder b = reel_builder_init(octets, IMAGE_RECORD_MAX);

    i->number++;
    i->open   = false;
    i->object = *o;
    memcpy(i->path, o->path.data, o->path.len);
    i->object.path.data = i->path;
    MUST(reel_object_encode(o, i->number, &b, NULL));
    put_built(i, &b);
    free(octets);
    i->open    = true;
    i->streams = i->groups = i->xattrs = 0;
    i->stream_bytes                    = 0;
    i->bad_count                       = 0;
    reel_group_init(&i->group, true);
    reel_sha256_init(&i->xattr_digest);
    return i->number;
}

void
image_skip_number(struct image *i)
{
    i->number++;
}

void
image_xattr(struct image *i, const char *name, const char *value)
{
    const struct reel_xattr x = {0, reel_bytes_of(name), reel_bytes_of(value)};
    uint8_t *const octets     = malloc(IMAGE_RECORD_MAX);
    struct reel_builder b     = reel_builder_init(octets, IMAGE_RECORD_MAX);

    MUST(reel_xattr_encode(&x, i->number, &b, NULL));
    reel_sha256_update(&i->xattr_digest, octets + REEL_RECORD_HEADER_BYTES,
                       b.len - REEL_RECORD_HEADER_BYTES);
    i->xattrs++;
    put_built(i, &b);
    free(octets);
}

void
image_stream(struct image *i, uint32_t id, uint64_t size)
{
    image_named_stream(i, id, (struct reel_bytes){NULL, 0}, size);
}

void
image_named_stream(struct image *i, uint32_t id, struct reel_bytes name,
                   uint64_t size)
{
    const struct reel_cursor at = reel_cursor_init(NULL, 0, NULL);
    struct reel_stream s;
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));

    memset(&s, 0, sizeof(s));
    s.ordinal     = i->streams++;
    s.header.id   = id;
    s.header.size = size;
    s.header.name = name;
    if (id == REEL_STREAM_SPARSE_BLOCK)
        s.header.attributes = REEL_STREAM_SPARSE;
    MUST(reel_stream_encode(&s, i->number, &b, NULL));
    put_built(i, &b);
    MUST(reel_group_stream(&i->group, &s, &at, NULL));
    if (i->group.end.streams == 1)
        i->header = i->group.header;
}

/* One DATA record. */
static void
put_data(struct image *i, const uint8_t *data, size_t len)
{
    const struct reel_cursor at = reel_cursor_init(NULL, 0, NULL);
    uint8_t *const octets       = malloc(len + 64);
    struct reel_builder b       = reel_builder_init(octets, len + 64);
    struct reel_data d;

    memset(&d, 0, sizeof(d));
    d.ordinal       = i->group.ordinal;
    d.stream_offset = i->group.offset;
    d.sparse_offset = i->group.sparse_offset;
    d.bytes.data    = data;
    d.bytes.len     = len;
    if (i->group.header.id == REEL_STREAM_SPARSE_BLOCK &&
        d.sparse_offset == REEL_NONE64) {
        struct reel_cursor c = reel_cursor_init(data, len, NULL);

        d.sparse_offset = reel_get_le64(&c);
    }
    MUST(reel_data_encode(&d, i->number, &b, NULL));
    put_built(i, &b);
    MUST(reel_group_data(&i->group, &d, &at, NULL));
    i->stream_bytes += len;
    free(octets);
}

void
image_data(struct image *i, const void *data, size_t len)
{
    const uint8_t *p = data;

    while (len > 0) {
        const size_t most = i->o.segment_bytes / 2;
        const size_t n    = len < most ? len : most;

        put_data(i, p, n);
        p += n;
        len -= n;
    }
}

void
image_group_end(struct image *i)
{
    const struct reel_cursor at = reel_cursor_init(NULL, 0, NULL);
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_group_end e;

    /* CONTINUED, if one is due, must still find the group open. */
    if (i->raw_bytes + 256 > i->o.segment_bytes)
        image_cut(i);
    if (i->raw_bytes == 0)
        put_continued(i);
    MUST(reel_group_finish(&i->group, &e, &at, NULL));
    MUST(reel_group_end_encode(&e, i->number, &b, NULL));
    i->groups++;
    put_built(i, &b);
}

void
image_bad_range(struct image *i, uint32_t ordinal, uint64_t offset,
                uint64_t len)
{
    const struct reel_bad_range r = {ordinal, REEL_BAD_CUT, offset, len};
    const size_t at               = i->bad_count * REEL_BAD_RANGE_BYTES;
    struct reel_builder b = reel_builder_init(i->bad + at, sizeof(i->bad) - at);

    reel_bad_range_put(&r, &b);
    MUST_HOLD(b.ok);
    i->bad_count++;
}

void
image_object_end(struct image *i)
{
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_object_end e;

    memset(&e, 0, sizeof(e));
    e.streams      = i->streams;
    e.groups       = i->groups;
    e.xattrs       = i->xattrs;
    e.stream_bytes = i->stream_bytes;
    e.bad_ranges   = i->bad_count;
    e.bad_range_bytes =
        (struct reel_bytes){i->bad, i->bad_count * REEL_BAD_RANGE_BYTES};
    if (i->xattrs > 0)
        reel_sha256_final(&i->xattr_digest, e.xattr_digest);
    MUST(reel_object_end_encode(&e, i->number, &b, NULL));
    put_built(i, &b);
    i->open = false;
}
