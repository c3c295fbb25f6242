/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chapter 7.3 from NTFS: content, holes, and what cannot be read. */
#include "read_data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read_extent.h"
#include "reel/alloc.h"
#include "units.h"

#define NAME_UNITS_MAX 255U
/* ":", name, ":$DATA" */
#define HEADER_NAME_BYTES_MAX (2U * (1U + NAME_UNITS_MAX + 6U))
#define BLOCK_HEAD_BYTES 8U

struct rn_stream_name {
    ntfschar units[NAME_UNITS_MAX];
    uint8_t count;
};

/* A stream being sent. */
struct sending {
    struct rn_data_reader *d;
    struct rn_out *out;
    ntfs_inode *ni;
    struct reel_bytes path;
    ntfs_attr *na; /* NULL: none is open */
    bool flawed;   /* noted already */
};

static struct reel_bytes
octets_of(const struct rn_stream_name *n)
{
    return (struct reel_bytes){(const uint8_t *)n->units, (size_t)2 * n->count};
}

static int
compare(const void *a, const void *b)
{
    return rn_units_compare(octets_of(a), octets_of(b));
}

static enum reel_status
add_name(struct rn_data_reader *d, const ATTR_RECORD *a, struct reel_err *err)
{
    const size_t room = d->room > 0 ? 2 * d->room : 4;
    struct rn_stream_name *name;

    if (d->count == d->room) {
        name = reel_realloc_array(d->names, room, sizeof(*name));
        if (name == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the names of streams");
        d->names = name;
        d->room  = room;
    }
    name        = &d->names[d->count++];
    name->count = a->name_length;
    memcpy(name->units, (const u8 *)a + le16_to_cpu(a->name_offset),
           (size_t)2 * name->count);
    return REEL_OK;
}

/* The names of all DATA attributes, sorted; *flaw: errno, if not all could be
   found. */
static enum reel_status
find_names(struct rn_data_reader *d, ntfs_inode *ni, int *flaw,
           struct reel_err *err)
{
    ntfs_attr_search_ctx *const ctx = ntfs_attr_get_search_ctx(ni, NULL);
    enum reel_status status         = REEL_OK;

    d->count = 0;
    if (ctx == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the names of streams");
    while (status == REEL_OK &&
           ntfs_attr_lookup(AT_DATA, NULL, 0, CASE_SENSITIVE, 0, NULL, 0,
                            ctx) == 0)
        if (!ctx->attr->non_resident || ctx->attr->lowest_vcn == 0)
            status = add_name(d, ctx->attr, err);
    *flaw = errno == ENOENT ? 0 : errno;
    ntfs_attr_put_search_ctx(ctx);
    if (d->count > 1)
        qsort(d->names, d->count, sizeof(d->names[0]), compare);
    return status;
}

static void
note_flaw(struct sending *s, const char *why)
{
    if (s->flawed)
        return;
    s->flawed = true;
    if (s->na == NULL || s->na->name_len == 0)
        rn_out_note(s->out, s->path, REEL_NOTE_FLAWED, REEL_E_MEDIUM,
                    "its content cannot be read whole: %s", why);
    else
        rn_out_note(s->out, s->path, REEL_NOTE_FLAWED, REEL_E_MEDIUM,
                    "one of its alternate streams cannot be read whole: %s",
                    why);
}

static void
give_up(struct sending *s, uint8_t *to, uint64_t body_off, size_t len)
{
    memset(to, 0, len);
    rn_out_bad(s->out, body_off, len);
}

/* Read in pieces as small as they can be lost alone. */
static void
read_pieces(struct sending *s, uint64_t pos, uint8_t *to, size_t len,
            uint64_t body_off)
{
    const uint64_t unit = rn_extent_unit(s->na, s->na->ni->vol->cluster_size);

    for (size_t done = 0; done < len;) {
        const uint64_t left = unit - (pos + done) % unit;
        const size_t now    = left < len - done ? (size_t)left : len - done;

        if (s->out->bad_count >= RN_BAD_RANGES_MANY) {
            give_up(s, to + done, body_off + done, len - done);
            return;
        }
        if (ntfs_attr_pread(s->na, (s64)(pos + done), (s64)now, to + done) !=
            (s64)now)
            give_up(s, to + done, body_off + done, now);
        done += now;
    }
}

/* Octets [pos, pos + len) of the attribute, which stand at `body_off` in the
   body of the stream, to `to`. */
static void
read_octets(struct sending *s, uint64_t pos, uint8_t *to, size_t len,
            uint64_t body_off)
{
    if (s->out->bad_count < RN_BAD_RANGES_MANY &&
        ntfs_attr_pread(s->na, (s64)pos, (s64)len, to) == (s64)len)
        return;
    read_pieces(s, pos, to, len, body_off);
    note_flaw(s, errno != 0 ? strerror(errno) : "it ends early");
}

/* The body of the stream in force: `head` octets that are in the chunk
   already, and the octets of `e`. */
static enum reel_status
send_body(struct sending *s, size_t head, uint64_t sparse,
          const struct rn_extent *e, struct reel_err *err)
{
    uint64_t pos = e->begin;
    size_t have  = head;

    while (have > 0 || pos < e->end) {
        const uint64_t room = REEL_RELAY_DATA_BYTES_MAX - have;
        const size_t now =
            e->end - pos < room ? (size_t)(e->end - pos) : (size_t)room;
        const struct reel_bytes octets = {s->d->chunk, have + now};

        if (now > 0)
            read_octets(s, pos, s->d->chunk + have, now, s->out->offset + have);
        REEL_TRY(rn_out_data(s->out, sparse, octets, err));
        pos += now;
        have = 0;
    }
    return REEL_OK;
}

static enum reel_status
send_block(struct sending *s, const struct rn_extent *e, struct reel_err *err)
{
    const struct reel_stream_header h = {.id         = REEL_STREAM_SPARSE_BLOCK,
                                         .attributes = REEL_STREAM_SPARSE,
                                         .size       = BLOCK_HEAD_BYTES +
                                                 (e->end - e->begin)};
    struct reel_builder b = reel_builder_init(s->d->chunk, BLOCK_HEAD_BYTES);

    REEL_TRY(rn_out_stream(s->out, &h, err));
    reel_put_le64(&b, e->begin);
    return send_body(s, BLOCK_HEAD_BYTES, e->begin, e, err);
}

/* Nothing in the stream itself, a block for each run, and the end. */
static enum reel_status
send_sparse(struct sending *s, struct reel_stream_header *h, uint64_t size,
            struct reel_err *err)
{
    const struct rn_extent last = {size, size};
    struct rn_extent e;
    size_t at = 0;

    h->size = 0;
    REEL_TRY(rn_out_stream(s->out, h, err));
    while (NAttrNonResident(s->na) && rn_extent_next(s->na, &at, &e))
        REEL_TRY(send_block(s, &e, err));
    return send_block(s, &last, err);
}

static enum reel_status
send_attribute(struct sending *s, struct reel_stream_header *h,
               struct reel_err *err)
{
    struct rn_extent all = {0, 0};
    bool mapped;

    all.end = rn_extent_size(s->na, &mapped);
    if (!mapped)
        note_flaw(s, strerror(errno));
    else if (all.end != (uint64_t)s->na->data_size)
        note_flaw(s, "its size is more than it has room for");
    if (rn_extent_sparse(s->na))
        h->attributes |= REEL_STREAM_SPARSE;
    if (rn_extent_sparse(s->na) && mapped &&
        (all.end == 0 || rn_extent_holes(s->na)))
        return send_sparse(s, h, all.end, err);
    if (all.end == 0 && h->id == REEL_STREAM_DATA)
        return REEL_OK;
    h->size = all.end;
    REEL_TRY(rn_out_stream(s->out, h, err));
    return send_body(s, 0, REEL_NONE64, &all, err);
}

/* ":name:$DATA" to `to`; its length. */
static size_t
put_header_name(const struct rn_stream_name *n,
                uint8_t to[HEADER_NAME_BYTES_MAX])
{
    static const uint8_t tail[] = ":\0$\0D\0A\0T\0A"; /* with its NUL */

    to[0] = ':';
    to[1] = 0;
    memcpy(to + 2, n->units, (size_t)2 * n->count);
    memcpy(to + 2 + (size_t)2 * n->count, tail, sizeof(tail));
    return 2 + 2U * n->count + sizeof(tail);
}

static enum reel_status
send_named(struct sending *s, struct rn_stream_name *n, struct reel_err *err)
{
    uint8_t name[HEADER_NAME_BYTES_MAX];
    struct reel_stream_header h = {.id = REEL_STREAM_DATA};
    enum reel_status status;

    s->flawed = false;
    s->na = ntfs_attr_open(s->ni, AT_DATA, n->count > 0 ? n->units : AT_UNNAMED,
                           n->count);
    if (s->na == NULL) {
        note_flaw(s, strerror(errno));
        return REEL_OK;
    }
    if (n->count > 0) {
        h.id   = REEL_STREAM_ALTERNATE_DATA;
        h.name = (struct reel_bytes){name, put_header_name(n, name)};
    }
    status = send_attribute(s, &h, err);
    ntfs_attr_close(s->na);
    s->na = NULL;
    return status;
}

static enum reel_status
make_chunk(struct rn_data_reader *d, struct reel_err *err)
{
    if (d->chunk == NULL)
        d->chunk = reel_alloc_array(REEL_RELAY_DATA_BYTES_MAX, 1);
    if (d->chunk == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for content");
    return REEL_OK;
}

enum reel_status
rn_data_send(struct rn_data_reader *d, struct rn_out *out, ntfs_inode *ni,
             struct reel_bytes path, struct reel_err *err)
{
    struct sending s = {.d = d, .out = out, .ni = ni, .path = path};
    int flaw         = 0;

    REEL_TRY(make_chunk(d, err));
    REEL_TRY(find_names(d, ni, &flaw, err));
    if (flaw != 0)
        rn_out_note(out, path, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                    "not all its streams can be found: %s", strerror(flaw));
    for (size_t i = 0; i < d->count; i++)
        if (i == 0 || compare(&d->names[i - 1], &d->names[i]) != 0)
            REEL_TRY(send_named(&s, &d->names[i], err));
    return REEL_OK;
}

void
rn_data_reader_fini(struct rn_data_reader *d)
{
    reel_free(d->chunk);
    reel_free(d->names);
    *d = (struct rn_data_reader){0};
}
