/* SPDX-License-Identifier: Apache-2.0 */
/* Chapters 5 to 8 in the relay of another program; writer: a source. */
#include "source_relay.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/archive.h"
#include "reel/group.h"
#include "relay_note.h"
#include "relay_pipe.h"

#define OBJECT_ROOM (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

struct relay {
    struct reel_source source; /* first */
    struct reel_relay_reader reader;
    const struct reel_reporter *report;
    bool ntfs;

    struct reel_record record;
    bool have; /* `record` was read and not taken yet */
    bool over; /* DONE came */

    /* The object at hand. */
    bool inside;
    uint64_t number; /* also of the last one */
    uint8_t kind;
    uint8_t *octets; /* its OBJECT */
    uint8_t xattr_name[255];
    size_t xattr_name_bytes; /* 0: none came */
    struct reel_xattr xattr;
    struct reel_group group;
    uint8_t name[REEL_STREAM_NAME_BYTES_MAX]; /* of the stream at hand */
    struct reel_stream stream;
    uint32_t before; /* id that began the group at hand; 0: none */
    uint64_t *sizes; /* of its streams */
    size_t sizes_capacity;
    uint32_t streams;
    struct reel_bytes data; /* what read() has not given yet */
    uint64_t sparse_offset; /* of the DATA record taken last */
    uint64_t filling;       /* octets still to come that were given up */
    struct reel_object_end end;
    uint32_t flags;
};

static struct relay *
self(struct reel_source *s)
{
    return (struct relay *)(void *)s;
}

static enum reel_status
wrong(const struct relay *r, const char *what, struct reel_err *err)
{
    return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                     "the program that reads the source sent %s (%s, object "
                     "%llu)",
                     what, reel_record_type_name(r->record.type),
                     (unsigned long long)r->record.object);
}

/* Have the next record in r->record. */
static enum reel_status
look(struct relay *r, struct reel_err *err)
{
    enum reel_status status;

    if (r->have)
        return REEL_OK;
    status = reel_relay_read(&r->reader, &r->record, err);
    if (status == REEL_END || status == REEL_E_TRUNCATED)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the program that reads the source ended before it "
                         "was done");
    REEL_TRY(status);
    r->have = true;
    return REEL_OK;
}

/* ------------------------------------------------------- inside an object */

static enum reel_status
take_xattr(struct relay *r, struct reel_err *err)
{
    struct reel_cursor c             = reel_record_cursor(&r->record);
    const struct reel_bytes previous = {r->xattr_name, r->xattr_name_bytes};

    if (r->kind == REEL_KIND_LINK || r->streams > 0)
        return wrong(r, "records out of order", err);
    REEL_TRY(reel_xattr_decode(&r->xattr, &c, err));
    if (previous.len > 0 && reel_bytes_compare(previous, r->xattr.name) >= 0)
        return wrong(r, "attributes out of order", err);
    memcpy(r->xattr_name, r->xattr.name.data, r->xattr.name.len);
    r->xattr_name_bytes = r->xattr.name.len;
    return REEL_OK;
}

static enum reel_status
keep_size(struct relay *r, uint64_t size, struct reel_err *err)
{
    if (r->streams == r->sizes_capacity) {
        const size_t capacity =
            r->sizes_capacity == 0 ? 64 : 2 * r->sizes_capacity;
        uint64_t *const more =
            reel_realloc_array(r->sizes, capacity, sizeof(*more));

        if (more == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the streams of an object");
        r->sizes          = more;
        r->sizes_capacity = capacity;
    }
    r->sizes[r->streams++] = size;
    return REEL_OK;
}

/* S-16, K-5. */
static enum reel_status
check_place(struct relay *r, uint32_t id, struct reel_err *err)
{
    if (r->kind == REEL_KIND_LINK)
        return wrong(r, "a stream of a link", err);
    if (id == REEL_STREAM_LINK)
        return wrong(r, "a LINK of an object that is no link", err);
    if (r->ntfs && !reel_stream_ntfs_follows(r->before, id))
        return wrong(r, "streams out of order", err);
    return REEL_OK;
}

static enum reel_status
end_group(struct relay *r, const struct reel_cursor *at, struct reel_err *err)
{
    struct reel_group_end g;

    return r->group.open ? reel_group_finish(&r->group, &g, at, err) : REEL_OK;
}

static enum reel_status
take_stream(struct relay *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&r->record);
    struct reel_stream s;

    REEL_TRY(reel_stream_decode(&s, &c, err));
    REEL_TRY(check_place(r, s.header.id, err));
    if (!reel_group_takes(&r->group, &s.header)) {
        REEL_TRY(end_group(r, &c, err));
        r->before = s.header.id;
    }
    REEL_TRY(reel_group_stream(&r->group, &s, &c, err));
    REEL_TRY(keep_size(r, s.header.size, err));
    if (s.header.name.len > 0)
        memcpy(r->name, s.header.name.data, s.header.name.len);
    r->stream                  = s;
    r->stream.header.name.data = r->name;
    return REEL_OK;
}

static enum reel_status
take_data(struct relay *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&r->record);
    struct reel_data d;

    REEL_TRY(reel_data_decode(&d, &c, err));
    if (d.bytes.len > REEL_RELAY_DATA_BYTES_MAX)
        return wrong(r, "too many octets at once", err);
    /* So that the first one says where all of it stands. */
    if (r->stream.header.id == REEL_STREAM_SPARSE_BLOCK &&
        d.stream_offset == 0 && d.bytes.len < 8)
        return wrong(r, "a block without its place", err);
    REEL_TRY(reel_group_data(&r->group, &d, &c, err));
    r->data          = d.bytes;
    r->sparse_offset = d.sparse_offset;
    return REEL_OK;
}

/* O-16, as far as it needs the streams. */
static enum reel_status
check_bad_ranges(const struct relay *r, const struct reel_object_end *e,
                 struct reel_err *err)
{
    uint32_t i;

    for (i = 0; i < e->bad_ranges; i++) {
        const struct reel_bad_range b = reel_object_end_bad_range(e, i);

        if (b.ordinal >= r->streams || b.offset > r->sizes[b.ordinal] ||
            b.len > r->sizes[b.ordinal] - b.offset)
            return wrong(r, "a bad range outside of its stream", err);
    }
    return REEL_OK;
}

static enum reel_status
take_end(struct relay *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&r->record);
    struct reel_object_end e;

    REEL_TRY(reel_object_end_decode(&e, &c, err));
    REEL_TRY(end_group(r, &c, err));
    REEL_TRY(check_bad_ranges(r, &e, err));
    r->end    = e;
    r->flags  = e.flags;
    r->inside = false;
    return REEL_OK;
}

/* The program gave the object up: what was promised is filled with zeros. */
static enum reel_status
take_abandon(struct relay *r, struct reel_err *err)
{
    if (r->record.payload.len > 0)
        return wrong(r, "a record that is too long", err);
    r->filling = reel_group_left(&r->group);
    if (r->filling > 0 && r->group.offset == 0 &&
        r->stream.header.id == REEL_STREAM_SPARSE_BLOCK)
        return wrong(r, "a block without its place", err);
    r->flags  = r->filling > 0 ? 0 : REEL_OBJECT_CHANGED;
    r->inside = false;
    return REEL_OK;
}

/* The next record of the object. */
static enum reel_status
step(struct relay *r, struct reel_err *err)
{
    REEL_TRY(look(r, err));
    r->have = false;
    if (r->record.object != r->number)
        return wrong(r, "a record of another object", err);
    switch (r->record.type) {
    case REEL_RECORD_XATTR:
        return take_xattr(r, err);
    case REEL_RECORD_STREAM:
        return take_stream(r, err);
    case REEL_RECORD_DATA:
        return take_data(r, err);
    case REEL_RECORD_OBJECT_END:
        return take_end(r, err);
    case REEL_RELAY_ABANDON:
        return take_abandon(r, err);
    default:
        return wrong(r, "records out of order", err);
    }
}

/* Is the next record of the object of this type? It is left where it is. */
static enum reel_status
comes(struct relay *r, uint16_t type, bool *is, struct reel_err *err)
{
    *is = false;
    if (!r->inside)
        return REEL_OK;
    REEL_TRY(look(r, err));
    *is = r->record.type == type;
    return REEL_OK;
}

/* ------------------------------------------------------------------ objects */

static enum reel_status
begin(struct relay *r, struct reel_object *out, struct reel_err *err)
{
    const struct reel_bytes whole = r->record.whole;
    struct reel_cursor c;
    struct reel_record kept;

    if (r->record.object <= r->number)
        return wrong(r, "an object with a number that does not ascend", err);
    memcpy(r->octets, whole.data, whole.len);
    c = reel_cursor_init(r->octets, whole.len, NULL);
    REEL_TRY(reel_record_next(&kept, &c, err));
    c = reel_record_cursor(&kept);
    REEL_TRY(reel_object_decode(out, &c, err));
    if (out->target >= kept.object)
        return wrong(r, "a link before its object", err);
    r->inside           = true;
    r->number           = kept.object;
    r->kind             = out->kind;
    r->xattr_name_bytes = 0;
    r->streams          = 0;
    r->before           = 0;
    r->data.len         = 0;
    r->filling          = 0;
    r->flags            = 0;
    memset(&r->end, 0, sizeof(r->end));
    reel_group_init(&r->group, false);
    return REEL_OK;
}

static enum reel_status
hand_on(struct relay *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&r->record);
    struct reel_relay_note note;

    REEL_TRY(reel_relay_note_decode(&note, &c, err));
    reel_relay_note_send(r->report, &note);
    return REEL_OK;
}

static enum reel_status
done(struct relay *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&r->record);
    struct reel_relay_done d;
    enum reel_status status;

    REEL_TRY(reel_relay_done_decode(&d, &c, err));
    REEL_TRY(reel_relay_done_status(&d, err));
    status = reel_relay_read(&r->reader, &r->record, err);
    if (status == REEL_OK)
        return wrong(r, "more behind its end", err);
    if (status != REEL_END)
        return status;
    r->over = true;
    return REEL_OK;
}

/* Up to the next OBJECT, which is left where it is. Pre: none is open. */
static enum reel_status
seek(struct relay *r, struct reel_err *err)
{
    while (!r->over) {
        REEL_TRY(look(r, err));
        if (r->record.type == REEL_RECORD_OBJECT)
            return REEL_OK;
        r->have = false;
        if (r->record.type == REEL_RELAY_NOTE)
            REEL_TRY(hand_on(r, err));
        else if (r->record.type == REEL_RELAY_DONE)
            REEL_TRY(done(r, err));
        else
            return wrong(r, "records out of order", err);
    }
    return REEL_OK;
}

static enum reel_status
next(struct reel_source *s, struct reel_object *out, struct reel_err *err)
{
    struct relay *const r = self(s);

    while (r->inside)
        REEL_TRY(step(r, err));
    REEL_TRY(seek(r, err));
    if (r->over)
        return REEL_END;
    r->have = false;
    return begin(r, out, err);
}

enum reel_status
reel_source_relay_look(struct reel_source *s, struct reel_err *err)
{
    return seek(self(s), err);
}

static enum reel_status
next_xattr(struct reel_source *s, struct reel_xattr *out, struct reel_err *err)
{
    struct relay *const r = self(s);
    bool is;

    REEL_TRY(comes(r, REEL_RECORD_XATTR, &is, err));
    if (!is)
        return REEL_END;
    REEL_TRY(step(r, err));
    *out = r->xattr;
    return REEL_OK;
}

static enum reel_status
next_stream(struct reel_source *s, struct reel_stream_header *out,
            uint64_t *sparse_offset, struct reel_err *err)
{
    struct relay *const r = self(s);
    bool is;

    REEL_TRY(comes(r, REEL_RECORD_STREAM, &is, err));
    if (!is)
        return REEL_END;
    REEL_TRY(step(r, err));
    *out           = r->stream.header;
    *sparse_offset = REEL_NONE64;
    r->data.len    = 0;
    if (out->id != REEL_STREAM_SPARSE_BLOCK)
        return REEL_OK;
    REEL_TRY(comes(r, REEL_RECORD_DATA, &is, err));
    if (!is)
        return wrong(r, "a block without its place", err);
    REEL_TRY(step(r, err));
    *sparse_offset = r->sparse_offset;
    return REEL_OK;
}

static size_t
least(size_t want, uint64_t have)
{
    return have < want ? (size_t)have : want;
}

/* More DATA, or the end of what the program gives of this stream. */
static enum reel_status
more(struct relay *r, struct reel_err *err)
{
    REEL_TRY(step(r, err));
    if (r->data.len == 0 && r->filling == 0)
        return wrong(r, "less than it promised", err);
    return REEL_OK;
}

static enum reel_status
read_body(struct reel_source *s, uint8_t *buf, size_t want, size_t *got,
          uint32_t *reason, struct reel_err *err)
{
    struct relay *const r = self(s);

    *got    = 0;
    *reason = 0;
    if (want == 0)
        return REEL_OK;
    if (r->data.len == 0 && r->filling == 0)
        REEL_TRY(more(r, err));
    if (r->data.len > 0) {
        *got = least(want, r->data.len);
        memcpy(buf, r->data.data, *got);
        r->data.data += *got;
        r->data.len -= *got;
        return REEL_OK;
    }
    *got    = least(want, r->filling);
    *reason = REEL_BAD_UNREADABLE;
    memset(buf, 0, *got);
    r->filling -= *got;
    return REEL_OK;
}

static enum reel_status
finish(struct reel_source *s, uint32_t *flags, struct reel_err *err)
{
    struct relay *const r = self(s);

    if (r->inside)
        REEL_TRY(step(r, err));
    if (r->inside)
        return wrong(r, "records out of order", err);
    *flags = r->flags;
    return REEL_OK;
}

static struct reel_object_end
bad_ranges(struct reel_source *s)
{
    return self(s)->end;
}

static void
release(struct reel_source *s)
{
    struct relay *const r = self(s);

    reel_relay_reader_fini(&r->reader);
    reel_free(r->octets);
    reel_free(r->sizes);
    reel_free(r);
}

struct reel_source *
reel_source_relay_new(const struct reel_source_relay_options *options,
                      struct reel_err *err)
{
    static const struct reel_source_ops ops = {
        .next        = next,
        .next_xattr  = next_xattr,
        .next_stream = next_stream,
        .read        = read_body,
        .finish      = finish,
        .bad_ranges  = bad_ranges,
        .free        = release,
    };
    struct relay *const r = reel_alloc_array(1, sizeof(*r));
    uint8_t *const octets = reel_alloc_array(OBJECT_ROOM, 1);

    if (r == NULL || octets == NULL) {
        reel_free(r);
        reel_free(octets);
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory for the source");
        return NULL;
    }
    r->source.ops = &ops;
    r->octets     = octets;
    r->reader.fd  = options->fd;
    r->report     = options->report;
    r->ntfs       = options->source == REEL_SOURCE_NTFS;
    return &r->source;
}
