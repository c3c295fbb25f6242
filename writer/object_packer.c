/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 5 to 8; writer: first stage of the pipeline. */
#include "object_packer.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/continued.h"

/* Room a DATA record should have to be worth beginning, so that segments are
   not strewn with tiny ones. */
#define DATA_ROOM_MIN 4096U

struct reel_object_packer {
    struct reel_object_packer_options o;
    struct reel_job *job; /* being filled; NULL: none */
    struct reel_link_names links;
    uint64_t number; /* of the last object */
    struct reel_object_numbers {
        uint64_t *list; /* of the objects the source gave, in order */
        size_t count;
        size_t capacity;
    } numbers; /* with links_by_number */

    /* The open object, as far as CONTINUED needs it. */
    bool open;
    uint8_t kind;
    uint8_t encoding;
    uint8_t path[REEL_PATH_BYTES_MAX];
    size_t path_bytes;
    struct reel_group group; /* sizes only; digests come behind */
    uint8_t group_header[REEL_STREAM_HEADER_BYTES + REEL_STREAM_NAME_BYTES_MAX];
    size_t group_header_bytes;
    uint8_t
        stream_header[REEL_STREAM_HEADER_BYTES + REEL_STREAM_NAME_BYTES_MAX];
    size_t stream_header_bytes;

    struct reel_object_end end; /* counts so far */
    struct reel_builder bad;    /* bad ranges, encoded */
    struct reel_bad_range last_bad;
    uint64_t bytes_done; /* for progress */
};

struct reel_object_packer *
reel_object_packer_new(const struct reel_object_packer_options *options)
{
    struct reel_object_packer *const p = reel_alloc_array(1, sizeof(*p));
    const size_t capacity = (size_t)REEL_BAD_RANGES_MAX * REEL_BAD_RANGE_BYTES;
    uint8_t *bad;

    if (p == NULL)
        return NULL;
    bad = reel_alloc_array(capacity, 1);
    if (bad == NULL) {
        reel_free(p);
        return NULL;
    }
    p->o      = *options;
    p->number = options->number;
    p->bad    = reel_builder_init(bad, capacity);
    reel_link_names_init(&p->links);
    return p;
}

void
reel_object_packer_free(struct reel_object_packer *p)
{
    if (p == NULL)
        return;
    reel_link_names_fini(&p->links);
    reel_free(p->numbers.list);
    reel_free(p->bad.buf);
    reel_free(p);
}

static enum reel_status
stopped(struct reel_err *err)
{
    return reel_fail(err, REEL_E_STOPPED, NULL, NULL, "stopped");
}

/* CONTINUED for the open object, at the front of a new segment. */
static enum reel_status
put_continued(struct reel_object_packer *p, struct reel_err *err)
{
    const struct reel_group *const g = &p->group;
    const bool stream_open           = reel_group_left(g) > 0;
    struct reel_continued k;

    memset(&k, 0, sizeof(k));
    k.kind           = p->kind;
    k.encoding       = p->encoding;
    k.group_ordinal  = g->open ? g->end.first_ordinal : REEL_NONE32;
    k.stream_ordinal = stream_open ? g->ordinal : REEL_NONE32;
    k.stream_offset  = stream_open ? g->offset : 0;
    k.path.data      = p->path;
    k.path.len       = p->path_bytes;
    if (g->open) {
        k.group_header.data = p->group_header;
        k.group_header.len  = p->group_header_bytes;
    }
    if (stream_open && g->ordinal != g->end.first_ordinal) {
        k.stream_header.data = p->stream_header;
        k.stream_header.len  = p->stream_header_bytes;
    }
    return reel_continued_encode(&k, p->number, &p->job->raw, err);
}

/* Hand on the segment being filled. */
static enum reel_status
cut(struct reel_object_packer *p, struct reel_err *err)
{
    struct reel_job *const j = p->job;

    if (j == NULL)
        return REEL_OK;
    p->job = NULL;
    return p->o.put(p->o.ctx, j) ? REEL_OK : stopped(err);
}

static enum reel_status
need_job(struct reel_object_packer *p, struct reel_err *err)
{
    if (p->job != NULL)
        return REEL_OK;
    p->job = p->o.get(p->o.ctx);
    if (p->job == NULL)
        return stopped(err);
    if (!p->open)
        return REEL_OK;
    return put_continued(p, err);
}

/* Make sure that `bytes` fit, cutting the segment if they do not. */
static enum reel_status
make_room(struct reel_object_packer *p, size_t bytes, struct reel_err *err)
{
    REEL_TRY(need_job(p, err));
    if (reel_builder_left(&p->job->raw) >= bytes)
        return REEL_OK;
    REEL_TRY(cut(p, err));
    return need_job(p, err);
}

enum reel_status
reel_object_packer_head(struct reel_object_packer *p, struct reel_bytes record,
                        struct reel_err *err)
{
    REEL_TRY(make_room(p, record.len, err));
    reel_put_bytes(&p->job->raw, record);
    return REEL_OK;
}

/* ------------------------------------------------------------------ object */

static enum reel_status
put_object(struct reel_object_packer *p, const struct reel_object *o,
           struct reel_err *err)
{
    const size_t bytes = REEL_RECORD_HEADER_BYTES + 128 + o->path.len +
                         o->user.len + o->group.len + o->short_name.len;

    REEL_TRY(make_room(p, bytes, err));
    REEL_TRY(reel_object_encode(o, p->number + 1, &p->job->raw, err));
    p->number++;
    p->open     = true;
    p->kind     = o->kind;
    p->encoding = o->encoding;
    if (o->path.len > 0)
        memcpy(p->path, o->path.data, o->path.len);
    p->path_bytes = o->path.len;
    reel_group_init(&p->group, false);
    memset(&p->end, 0, sizeof(p->end));
    memset(&p->last_bad, 0, sizeof(p->last_bad));
    p->bad.len = 0;
    return REEL_OK;
}

static enum reel_status
put_xattrs(struct reel_object_packer *p, struct reel_err *err)
{
    struct reel_source *const s = p->o.source;
    struct reel_xattr x;
    enum reel_status status;

    while ((status = s->ops->next_xattr(s, &x, err)) == REEL_OK) {
        REEL_TRY(make_room(
            p, REEL_RECORD_HEADER_BYTES + 8 + x.name.len + x.value.len, err));
        REEL_TRY(reel_xattr_encode(&x, p->number, &p->job->raw, err));
        p->end.xattrs++;
    }
    return status == REEL_END ? REEL_OK : status;
}

static enum reel_status
put_group_end(struct reel_object_packer *p, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    struct reel_group_end g;

    if (!p->group.open)
        return REEL_OK;
    /* While the group is open, so that a cut here says so in CONTINUED. */
    REEL_TRY(make_room(
        p, REEL_RECORD_HEADER_BYTES + 112 + p->group.end.name.len, err));
    REEL_TRY(reel_group_finish(&p->group, &g, &nowhere, err));
    p->end.groups++;
    return reel_group_end_encode(&g, p->number, &p->job->raw, err);
}

static void
keep_header(struct reel_object_packer *p, const struct reel_stream *s,
            bool goes_on)
{
    uint8_t *const to     = goes_on ? p->stream_header : p->group_header;
    struct reel_builder b = reel_builder_init(to, sizeof(p->group_header));

    reel_stream_header_put(&s->header, &b);
    if (goes_on)
        p->stream_header_bytes = b.len;
    else
        p->group_header_bytes = b.len;
}

static enum reel_status
put_stream(struct reel_object_packer *p, const struct reel_stream_header *h,
           struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    struct reel_stream s             = {p->end.streams, *h, {NULL, 0}};

    if (!reel_group_takes(&p->group, h))
        REEL_TRY(put_group_end(p, err));
    REEL_TRY(make_room(p,
                       REEL_RECORD_HEADER_BYTES + 4 + REEL_STREAM_HEADER_BYTES +
                           h->name.len,
                       err));
    REEL_TRY(reel_stream_encode(&s, p->number, &p->job->raw, err));
    keep_header(p, &s, reel_group_takes(&p->group, h));
    p->end.streams++;
    return reel_group_stream(&p->group, &s, &nowhere, err);
}

/* -------------------------------------------------------------------- data */

/* No more ranges fit OBJECT END: from here on everything is given up, so that
   the last range can cover it. */
static bool
bad_is_full(const struct reel_object_packer *p)
{
    return reel_builder_left(&p->bad) < REEL_BAD_RANGE_BYTES;
}

static void
note_bad(struct reel_object_packer *p, uint64_t offset, uint64_t len,
         uint32_t reason)
{
    struct reel_bad_range *const last = &p->last_bad;

    if (p->end.bad_ranges > 0 && last->ordinal == p->group.ordinal &&
        last->reason == reason && last->offset + last->len == offset) {
        last->len += len;
        p->bad.len -= REEL_BAD_RANGE_BYTES;
    } else {
        last->ordinal = p->group.ordinal;
        last->reason  = reason;
        last->offset  = offset;
        last->len     = len;
        p->end.bad_ranges++;
    }
    reel_bad_range_put(last, &p->bad);
}

/* Read `want` octets of the body at `offset` into buf, every one of them. */
static enum reel_status
fill(struct reel_object_packer *p, uint8_t *buf, size_t want, uint64_t offset,
     struct reel_err *err)
{
    struct reel_source *const s = p->o.source;
    size_t have                 = 0;

    while (have < want) {
        uint32_t reason = 0;
        size_t got      = 0;

        REEL_TRY(s->ops->read(s, buf + have, want - have, &got, &reason, err));
        if (got == 0 || got > want - have)
            return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                             "source gave %zu of %zu octets", got, want - have);
        if (bad_is_full(p)) {
            memset(buf + have, 0, got);
            reason = p->last_bad.reason;
        }
        if (reason != 0)
            note_bad(p, offset + have, got, reason);
        have += got;
    }
    return REEL_OK;
}

/* One DATA record as long as the segment, or the stream, allows. */
static enum reel_status
put_data(struct reel_object_packer *p, uint64_t sparse_offset,
         struct reel_err *err)
{
    const size_t frame = REEL_RECORD_HEADER_BYTES + REEL_DATA_HEADER_BYTES;
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    const uint64_t left              = reel_group_left(&p->group);
    const size_t floor =
        left < DATA_ROOM_MIN ? (size_t)left : (size_t)DATA_ROOM_MIN;
    enum reel_status status;
    struct reel_data d;
    struct reel_builder *b;
    size_t mark;
    size_t n;

    REEL_TRY(make_room(p, frame + floor, err));
    b               = &p->job->raw;
    n               = reel_builder_left(b) - frame;
    n               = n < left ? n : (size_t)left;
    d.ordinal       = p->group.ordinal;
    d.zero          = 0;
    d.stream_offset = p->group.offset;
    d.sparse_offset = sparse_offset;
    mark            = reel_data_open(&d, p->number, b);
    d.bytes.data    = b->buf + b->len;
    d.bytes.len     = n;
    status          = fill(p, b->buf + b->len, n, d.stream_offset, err);
    if (status != REEL_OK) {
        b->len = mark; /* no record is left half made */
        return status;
    }
    b->len += n;
    reel_record_close(b, mark);
    p->end.stream_bytes += n;
    p->bytes_done += n;
    return reel_group_data(&p->group, &d, &nowhere, err);
}

/* What is packed so far need not be lost. */
static enum reel_status
stop(struct reel_object_packer *p, struct reel_err *err)
{
    if (p->job != NULL && p->job->raw.len > 0)
        REEL_TRY(cut(p, err));
    return stopped(err);
}

static void
tell_progress(const struct reel_object_packer *p)
{
    if (p->o.report->progress != NULL)
        p->o.report->progress(p->o.report->ctx, p->bytes_done, p->number);
}

static enum reel_status
put_streams(struct reel_object_packer *p, struct reel_err *err)
{
    struct reel_source *const s = p->o.source;
    struct reel_stream_header h;
    uint64_t sparse_offset;
    enum reel_status status;

    while ((status = s->ops->next_stream(s, &h, &sparse_offset, err)) ==
           REEL_OK) {
        REEL_TRY(put_stream(p, &h, err));
        while (reel_group_left(&p->group) > 0) {
            if (reel_stop_asked(p->o.report))
                return stop(p, err);
            REEL_TRY(put_data(p, sparse_offset, err));
            tell_progress(p);
        }
    }
    return status == REEL_END ? REEL_OK : status;
}

static void
note_flaws(const struct reel_object_packer *p, const struct reel_object *o)
{
    struct reel_err why;

    if (p->end.bad_ranges > 0)
        (void)reel_fail(&why, REEL_E_MEDIUM, NULL, NULL,
                        "could not be read completely: %u ranges are zeros, "
                        "the last of %llu octets at %llu",
                        p->end.bad_ranges, (unsigned long long)p->last_bad.len,
                        (unsigned long long)p->last_bad.offset);
    else if (p->end.flags & REEL_OBJECT_GREW)
        (void)reel_fail(&why, REEL_E_MEDIUM, NULL, NULL,
                        "grew while it was read; what was added is left out");
    else if (p->end.flags & REEL_OBJECT_CHANGED)
        (void)reel_fail(&why, REEL_E_MEDIUM, NULL, NULL,
                        "changed while it was read");
    else
        return;
    reel_note_send(p->o.report, REEL_NOTE_FLAWED, o->encoding, o->path,
                   p->number, &why);
}

static enum reel_status
put_object_end(struct reel_object_packer *p, struct reel_err *err)
{
    REEL_TRY(put_group_end(p, err));
    p->end.bad_range_bytes.data = p->bad.buf;
    p->end.bad_range_bytes.len  = p->bad.len;
    REEL_TRY(make_room(p, REEL_RECORD_HEADER_BYTES + 64 + p->bad.len, err));
    REEL_TRY(reel_object_end_encode(&p->end, p->number, &p->job->raw, err));
    p->open = false;
    return REEL_OK;
}

/* Those that the source knows of at the end of the object only. */
static void
take_bad_ranges(struct reel_object_packer *p)
{
    struct reel_source *const s = p->o.source;
    struct reel_object_end e;

    if (s->ops->bad_ranges == NULL || p->end.bad_ranges > 0)
        return;
    e = s->ops->bad_ranges(s);
    if (e.bad_ranges == 0)
        return;
    reel_put_bytes(&p->bad, e.bad_range_bytes);
    p->end.bad_ranges = e.bad_ranges;
    p->last_bad       = reel_object_end_bad_range(&e, e.bad_ranges - 1);
}

static enum reel_status
pack_file(struct reel_object_packer *p, const struct reel_object *o,
          struct reel_err *err)
{
    struct reel_source *const s = p->o.source;

    REEL_TRY(put_object(p, o, err));
    if (!s->ops->links_by_number)
        REEL_TRY(reel_link_names_add(&p->links, o, p->number, err));
    REEL_TRY(put_xattrs(p, err));
    REEL_TRY(put_streams(p, err));
    REEL_TRY(s->ops->finish(s, &p->end.flags, err));
    take_bad_ranges(p);
    REEL_TRY(put_object_end(p, err));
    note_flaws(p, o);
    return REEL_OK;
}

/* A further name of object `target`, whose path is `body`. */
static enum reel_status
pack_link(struct reel_object_packer *p, const struct reel_object *o,
          uint64_t target, struct reel_bytes body, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    struct reel_stream_header h = {REEL_STREAM_LINK, 0, body.len, {NULL, 0}};
    struct reel_data d          = {0, 0, 0, REEL_NONE64, body};
    struct reel_object link     = *o;

    link.kind   = REEL_KIND_LINK;
    link.target = target;
    REEL_TRY(put_object(p, &link, err));
    REEL_TRY(put_stream(p, &h, err));
    REEL_TRY(make_room(
        p, REEL_RECORD_HEADER_BYTES + REEL_DATA_HEADER_BYTES + body.len, err));
    REEL_TRY(reel_data_encode(&d, p->number, &p->job->raw, err));
    p->end.stream_bytes = body.len;
    REEL_TRY(reel_group_data(&p->group, &d, &nowhere, err));
    return put_object_end(p, err);
}

/*
 * Does `o` stand complete already? Then its further names have to find it all
 * the same. One that was a link must be a link to the same object now.
 */
static enum reel_status
pass_over(struct reel_object_packer *p, const struct reel_object *o,
          bool *passed, struct reel_err *err)
{
    struct reel_object as = *o;
    struct reel_bytes path;
    uint64_t target = 0;
    uint64_t number;
    bool link;

    *passed = false;
    if (p->o.done == NULL)
        return REEL_OK;
    link = reel_link_names_find(&p->links, o, &target, &path);
    if (!link && o->kind == REEL_KIND_LINK)
        return REEL_OK;
    if (link) {
        as.kind   = REEL_KIND_LINK;
        as.target = target;
    }
    if (target > p->o.number || !reel_done_take(p->o.done, &as, &number))
        return REEL_OK;
    *passed = true;
    (*p->o.passed_over)++;
    if (!link)
        return reel_link_names_add(&p->links, o, number, err);
    reel_link_names_met(&p->links, o);
    return REEL_OK;
}

/* The source says that this is a further name of what is not archived. */
static void
note_lone_link(const struct reel_object_packer *p, const struct reel_object *o)
{
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_INVALID, NULL, NULL,
                    "a further name of a file that is not in the archive");
    reel_note_send(p->o.report, REEL_NOTE_SKIPPED, o->encoding, o->path, 0,
                   &why);
}

static enum reel_status
keep_number(struct reel_object_packer *p, uint64_t number, struct reel_err *err)
{
    struct reel_object_numbers *const n = &p->numbers;

    if (n->count == n->capacity) {
        const size_t capacity = n->capacity == 0 ? 1024 : n->capacity * 2;
        uint64_t *const list =
            reel_realloc_array(n->list, capacity, sizeof(*list));

        if (list == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the numbers of objects");
        n->list     = list;
        n->capacity = capacity;
    }
    n->list[n->count++] = number;
    return REEL_OK;
}

/* As the source gives it, but for the number of a target. */
static enum reel_status
pack_numbered(struct reel_object_packer *p, const struct reel_object *o,
              struct reel_err *err)
{
    struct reel_object as = *o;
    uint64_t number;

    if (o->kind == REEL_KIND_LINK) {
        if (o->target == 0 || o->target > p->numbers.count)
            return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                             "source gave a link to an object to come");
        as.target = p->numbers.list[o->target - 1];
    }
    if (p->o.done != NULL && as.target <= p->o.number &&
        reel_done_take(p->o.done, &as, &number)) {
        (*p->o.passed_over)++;
        return keep_number(p, number, err);
    }
    REEL_TRY(pack_file(p, &as, err));
    return keep_number(p, p->number, err);
}

static enum reel_status
pack_object(struct reel_object_packer *p, const struct reel_object *o,
            struct reel_err *err)
{
    struct reel_bytes path;
    uint64_t target;
    bool passed;
    bool link;

    REEL_TRY(pass_over(p, o, &passed, err));
    if (passed)
        return REEL_OK;
    link = reel_link_names_find(&p->links, o, &target, &path);
    if (!link && o->kind == REEL_KIND_LINK) {
        note_lone_link(p, o);
        return REEL_OK;
    }
    if (!link)
        return pack_file(p, o, err);
    REEL_TRY(pack_link(p, o, target, path, err));
    reel_link_names_met(&p->links, o);
    return REEL_OK;
}

static enum reel_status
pack_all(struct reel_object_packer *p, struct reel_err *err)
{
    struct reel_source *const s = p->o.source;
    struct reel_object o;
    enum reel_status status;

    while ((status = s->ops->next(s, &o, err)) == REEL_OK) {
        if (reel_stop_asked(p->o.report))
            return stop(p, err);
        REEL_TRY(s->ops->links_by_number ? pack_numbered(p, &o, err)
                                         : pack_object(p, &o, err));
        tell_progress(p);
    }
    if (status != REEL_END)
        return status;
    return cut(p, err);
}

enum reel_status
reel_object_packer_run(struct reel_object_packer *p, struct reel_err *err)
{
    const enum reel_status status = pack_all(p, err);

    if (status == REEL_OK || status == REEL_E_STOPPED)
        return status;
    /* The source failed: what it gave before is good. */
    (void)cut(p, NULL);
    return status;
}
