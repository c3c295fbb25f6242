/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.1 and chapters 6 to 8; archive layer: records to objects. */
#include <string.h>

#include "reel/alloc.h"
#include "reel/crc32c.h"
#include "reel/group.h"
#include "reel/walk.h"

/* What R-9 may be broken by: which part of the archive we are in. */
enum part {
    PART_UNKNOWN, /* begun somewhere, or behind a gap */
    PART_START,   /* nothing yet: ARCHIVE is due */
    PART_HEAD,    /* behind ARCHIVE */
    PART_OBJECTS
};

struct reel_walk {
    struct reel_walk_calls calls;
    bool digests;
    enum part part;
    uint32_t archive;
    uint16_t head_type;      /* of the last record of the head */
    uint32_t earlier_volume; /* the last one named there */
    uint32_t earlier_archive;

    uint64_t number; /* of the open object, or of the last one */
    bool open;
    bool gap;            /* what comes may not go on from what was */
    bool orphan;         /* OBJECT was not met */
    bool damaged;        /* something of the object is missing or wrong; a rule
                            broken that leaves all of it there does not count */
    bool continued_told; /* CONTINUED was found wrong */
    bool groups_begun;
    uint8_t kind;
    uint8_t encoding;
    uint8_t path[REEL_PATH_BYTES_MAX];
    size_t path_bytes;
    uint64_t target;

    uint32_t streams;
    uint32_t groups;
    uint32_t xattrs;
    uint64_t stream_bytes;
    uint64_t link_at; /* octets of the path of a link's target seen */
    struct reel_sha256 xattr_digest;
    uint8_t xattr_name[256];
    size_t xattr_name_bytes;
    struct reel_group group;
    uint32_t group_header_crc;  /* of the first stream of the group */
    uint32_t stream_header_crc; /* of the stream in force */

    /* The record at hand. */
    struct reel_record r;
    struct reel_place place;
    bool first_of_segment;
    uint32_t skip_bytes; /* of the next segment: passed over */
};

struct reel_walk *
reel_walk_new(const struct reel_walk_calls *calls, bool digests)
{
    struct reel_walk *const w = reel_alloc_array(1, sizeof(*w));

    if (w == NULL)
        return NULL;
    w->calls   = *calls;
    w->digests = digests;
    w->part    = PART_UNKNOWN;
    reel_group_init(&w->group, digests);
    return w;
}

void
reel_walk_free(struct reel_walk *w)
{
    reel_free(w);
}

uint64_t
reel_walk_open_object(const struct reel_walk *w)
{
    return w->open ? w->number : 0;
}

static enum reel_status
tell(struct reel_walk *w, const struct reel_err *why, struct reel_err *err)
{
    if (w->calls.fault == NULL)
        return REEL_OK;
    return w->calls.fault(w->calls.ctx, w->r.object, why, err);
}

/* What the object at hand consists of cannot be had whole. Told once: what
   follows in the same object may follow from it. */
static enum reel_status
report(struct reel_walk *w, const struct reel_err *why, struct reel_err *err)
{
    if (w->open && w->damaged)
        return REEL_OK;
    w->damaged = true;
    return tell(w, why, err);
}

/* A rule is broken at the record at hand; the walk goes on. */
static enum reel_status
fault(struct reel_walk *w, const char *rule, const char *text,
      struct reel_err *err)
{
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_INVALID, &w->r.pos, rule, "%s", text);
    return tell(w, &why, err);
}

/* The same, and the object suffers from it. */
static enum reel_status
harm(struct reel_walk *w, const char *rule, const char *text,
     struct reel_err *err)
{
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_INVALID, &w->r.pos, rule, "%s", text);
    return report(w, &why, err);
}

static enum reel_status
close_object(struct reel_walk *w, const struct reel_object_end *e,
             enum reel_walk_outcome outcome, struct reel_err *err)
{
    if (!w->open)
        return REEL_OK;
    w->open       = false;
    w->group.open = false;
    if (w->calls.end == NULL)
        return REEL_OK;
    return w->calls.end(w->calls.ctx, w->number, e, outcome, err);
}

enum reel_status
reel_walk_archive(struct reel_walk *w, uint32_t archive, struct reel_err *err)
{
    REEL_TRY(close_object(w, NULL, REEL_WALK_DAMAGED, err));
    w->part            = PART_START;
    w->archive         = archive;
    w->number          = 0;
    w->gap             = false;
    w->earlier_volume  = 0;
    w->earlier_archive = 0;
    return REEL_OK;
}

void
reel_walk_gap(struct reel_walk *w)
{
    w->gap = true;
}

enum reel_status
reel_walk_run(struct reel_walk *w, bool anew, struct reel_err *err)
{
    REEL_TRY(close_object(w, NULL, w->gap ? REEL_WALK_DAMAGED : REEL_WALK_TORN,
                          err));
    w->gap = false;
    if (!anew)
        return REEL_OK;
    w->part   = PART_START;
    w->number = 0;
    return REEL_OK;
}

void
reel_walk_jump(struct reel_walk *w)
{
    w->open       = false;
    w->group.open = false;
    w->gap        = false;
    w->part       = PART_UNKNOWN;
    w->number     = 0;
    w->skip_bytes = 0;
}

void
reel_walk_skip(struct reel_walk *w, uint32_t record_offset)
{
    w->skip_bytes = record_offset;
}

static void
reset_object(struct reel_walk *w)
{
    w->open             = true;
    w->damaged          = false;
    w->groups_begun     = false;
    w->continued_told   = false;
    w->streams          = 0;
    w->groups           = 0;
    w->xattrs           = 0;
    w->stream_bytes     = 0;
    w->link_at          = 0;
    w->xattr_name_bytes = 0;
    reel_group_init(&w->group, w->digests);
    if (w->digests)
        reel_sha256_init(&w->xattr_digest);
}

static void
keep_path(struct reel_walk *w, struct reel_bytes path)
{
    if (path.len > 0)
        memcpy(w->path, path.data, path.len);
    w->path_bytes = path.len;
}

/* when an object begins. */
static enum reel_status
judge_number(struct reel_walk *w, uint64_t number, struct reel_err *err)
{
    if (w->part == PART_UNKNOWN || w->gap)
        return REEL_OK;
    if (number != w->number + 1)
        return fault(w, "R-12", "object numbers do not go up by one", err);
    return REEL_OK;
}

/* What OBJECT says cannot be used; its streams are there all the same. */
static enum reel_status
begin_nameless(struct reel_walk *w, const struct reel_err *why,
               struct reel_err *err)
{
    const struct reel_continued nothing = {.group_ordinal  = REEL_NONE32,
                                           .stream_ordinal = REEL_NONE32};

    w->damaged    = true;
    w->orphan     = true;
    w->kind       = 0;
    w->encoding   = 0;
    w->target     = 0;
    w->path_bytes = 0;
    REEL_TRY(tell(w, why, err));
    if (w->calls.orphan == NULL)
        return REEL_OK;
    return w->calls.orphan(w->calls.ctx, w->number, &nothing, err);
}

static enum reel_status
on_object(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_object o;
    struct reel_err told;
    struct reel_err why;

    if (w->open && !w->gap)
        REEL_TRY(fault(w, "R-13", "an object begins inside another", err));
    REEL_TRY(close_object(w, NULL, w->gap ? REEL_WALK_DAMAGED : REEL_WALK_TORN,
                          err));
    REEL_TRY(judge_number(w, w->r.object, err));
    w->part   = PART_OBJECTS;
    w->gap    = false;
    w->number = w->r.object;
    reset_object(w);
    if (reel_object_accept(&o, &c, &told, &why) != REEL_OK)
        return begin_nameless(w, &why, err);
    if (told.status != REEL_OK) /* C-4: nothing suffers from it */
        REEL_TRY(tell(w, &told, err));
    w->orphan   = false;
    w->kind     = o.kind;
    w->encoding = o.encoding;
    w->target   = o.target;
    keep_path(w, o.path);
    if (o.kind == REEL_KIND_LINK && o.target >= w->number)
        REEL_TRY(fault(w, "K-1", "target of a link is not before it", err));
    if (w->calls.begin == NULL)
        return REEL_OK;
    return w->calls.begin(w->calls.ctx, w->number, &o, &w->place, err);
}

static uint32_t
crc_of(struct reel_bytes octets)
{
    return reel_crc32c(octets.data, octets.len);
}

static enum reel_status
wrong_continued(struct reel_walk *w, const char *text, struct reel_err *err)
{
    if (w->continued_told || w->damaged)
        return REEL_OK;
    w->continued_told = true;
    return fault(w, "O-20", text, err);
}

/* O-20 and R-10: CONTINUED where the object is known. */
static enum reel_status
judge_continued(struct reel_walk *w, const struct reel_continued *k,
                struct reel_err *err)
{
    const struct reel_bytes path     = {w->path, w->path_bytes};
    const struct reel_group *const g = &w->group;
    const bool stream_open           = reel_group_left(g) > 0;

    if (k->kind != w->kind || k->encoding != w->encoding ||
        !reel_bytes_equal(k->path, path))
        return wrong_continued(w, "CONTINUED is of another path or kind", err);
    if (w->gap || w->orphan)
        return REEL_OK;
    if (k->group_ordinal != (g->open ? g->end.first_ordinal : REEL_NONE32) ||
        k->stream_ordinal != (stream_open ? g->ordinal : REEL_NONE32) ||
        k->stream_offset != (stream_open ? g->offset : 0))
        return wrong_continued(w, "CONTINUED names another stream or offset",
                               err);
    if ((g->open && crc_of(k->group_header) != w->group_header_crc) ||
        (k->stream_header.len > 0 &&
         crc_of(k->stream_header) != w->stream_header_crc))
        return wrong_continued(w, "CONTINUED has another header than STREAM",
                               err);
    return REEL_OK;
}

/* Pick up at what CONTINUED says, behind a gap: sizes and offsets go on, the
   digests are lost. */
static enum reel_status
pick_up(struct reel_walk *w, const struct reel_continued *k,
        struct reel_err *err)
{
    struct reel_group *const g = &w->group;
    struct reel_stream s;
    struct reel_cursor c;

    w->damaged      = true;
    w->groups_begun = true;
    g->open         = false;
    if (k->group_ordinal == REEL_NONE32)
        return REEL_OK;
    c = reel_cursor_init(k->group_header.data, k->group_header.len, &w->r.pos);
    memset(&s, 0, sizeof(s));
    s.ordinal  = k->group_ordinal;
    g->ordinal = s.ordinal - 1;
    if (reel_stream_header_decode(&s.header, &c, NULL) != REEL_OK ||
        reel_group_stream(g, &s, &c, NULL) != REEL_OK)
        return fault(w, "O-20", "header in CONTINUED makes no sense", err);
    if (w->calls.resume != NULL)
        REEL_TRY(w->calls.resume(w->calls.ctx, &s, err));
    w->group_header_crc = crc_of(k->group_header);
    reel_group_resume(g, g->header.size);
    if (k->stream_ordinal == REEL_NONE32) {
        g->ordinal = REEL_NONE32; /* the next ordinal is not known */
        return REEL_OK;
    }
    if (k->stream_ordinal != k->group_ordinal) {
        c = reel_cursor_init(k->stream_header.data, k->stream_header.len,
                             &w->r.pos);
        s.ordinal  = k->stream_ordinal;
        g->ordinal = s.ordinal - 1;
        if (reel_stream_header_decode(&s.header, &c, NULL) != REEL_OK ||
            reel_group_stream(g, &s, &c, NULL) != REEL_OK)
            return fault(w, "O-20", "header in CONTINUED makes no sense", err);
    }
    if (k->stream_offset > g->header.size)
        return fault(w, "O-20", "offset in CONTINUED is behind the stream",
                     err);
    reel_group_resume(g, k->stream_offset);
    if (w->calls.stream == NULL)
        return REEL_OK;
    return w->calls.stream(w->calls.ctx, &s, err);
}

static enum reel_status
on_continued(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_continued k;
    struct reel_err why;

    if (!w->first_of_segment)
        return fault(w, "R-10", "CONTINUED inside a segment", err);
    if (reel_continued_decode(&k, &c, &why) != REEL_OK)
        return report(w, &why, err);
    if (w->open && w->number == w->r.object) {
        REEL_TRY(judge_continued(w, &k, err));
        if (!w->gap)
            return REEL_OK;
    } else {
        if (w->part != PART_UNKNOWN && !w->gap) {
            REEL_TRY(fault(w, "R-10", "CONTINUED of an object that is not open",
                           err));
            if (!w->open)
                return REEL_OK;
        }
        REEL_TRY(close_object(w, NULL, REEL_WALK_DAMAGED, err));
        w->number = w->r.object;
        reset_object(w);
        w->orphan   = true;
        w->kind     = k.kind;
        w->encoding = k.encoding;
        w->target   = 0;
        keep_path(w, k.path);
        if (w->calls.orphan != NULL)
            REEL_TRY(w->calls.orphan(w->calls.ctx, w->number, &k, err));
    }
    w->part = PART_OBJECTS;
    w->gap  = false;
    return pick_up(w, &k, err);
}

static enum reel_status
on_xattr(struct reel_walk *w, struct reel_err *err)
{
    const struct reel_bytes before = {w->xattr_name, w->xattr_name_bytes};
    struct reel_cursor c           = reel_record_cursor(&w->r);
    struct reel_xattr x;
    struct reel_err why;

    if (w->groups_begun)
        REEL_TRY(fault(w, "R-9", "XATTR behind a stream", err));
    if (reel_xattr_decode(&x, &c, &why) != REEL_OK)
        return report(w, &why, err);
    if (w->xattrs > 0 && reel_bytes_compare(before, x.name) >= 0)
        REEL_TRY(fault(w, "O-12", "names of attributes do not ascend", err));
    memcpy(w->xattr_name, x.name.data, x.name.len);
    w->xattr_name_bytes = x.name.len;
    w->xattrs++;
    if (w->digests)
        reel_sha256_update(&w->xattr_digest, w->r.payload.data,
                           w->r.payload.len);
    if (w->calls.xattr == NULL)
        return REEL_OK;
    return w->calls.xattr(w->calls.ctx, &x, err);
}

/* K-3 and K-5: LINK streams stand in links, and nothing else does. */
static enum reel_status
judge_link(struct reel_walk *w, const struct reel_stream *s,
           struct reel_err *err)
{
    const bool is_link = w->kind == REEL_KIND_LINK;

    if (w->kind == 0) /* not known */
        return REEL_OK;
    if (!is_link && s->header.id == REEL_STREAM_LINK)
        return fault(w, "K-5", "LINK stream in an object that is no link", err);
    if (is_link && (s->header.id != REEL_STREAM_LINK || s->ordinal != 0 ||
                    s->header.attributes != 0 || s->header.name.len != 0))
        return fault(w, "K-3", "stream of a link is not one plain LINK", err);
    return REEL_OK;
}

static enum reel_status
on_stream(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_stream s;
    struct reel_err why;

    w->groups_begun = true;
    if (reel_stream_decode(&s, &c, &why) != REEL_OK)
        return report(w, &why, err);
    if (w->group.open && !reel_group_takes(&w->group, &s.header)) {
        REEL_TRY(harm(w, "R-9", "STREAM before GROUP END", err));
        w->group.open = false;
    }
    if (!w->group.open && !w->damaged && s.ordinal > 0 &&
        s.header.id == REEL_STREAM_SPARSE_BLOCK)
        REEL_TRY(
            harm(w, "S-13", "a SPARSE_BLOCK begins a group of its own", err));
    REEL_TRY(judge_link(w, &s, err));
    if (w->damaged && w->group.ordinal + 1 != s.ordinal)
        w->group.ordinal = s.ordinal - 1; /* said already; go on with it */
    if (reel_group_stream(&w->group, &s, &c, &why) != REEL_OK) {
        /* The STREAM itself is in order if the one before it lacks octets;
           else it is not used, and so its DATA neither. */
        const bool lacks = strcmp(why.rule, "S-4") == 0;

        REEL_TRY(report(w, &why, err));
        w->group.open    = false;
        w->group.ordinal = lacks ? s.ordinal - 1 : s.ordinal;
        if (!lacks)
            return REEL_OK;
        if (reel_group_stream(&w->group, &s, &c, &why) != REEL_OK)
            return REEL_OK;
    }
    w->streams++;
    w->stream_header_crc = crc_of(s.header_bytes);
    if (w->group.end.streams == 1)
        w->group_header_crc = w->stream_header_crc;
    if (w->calls.stream == NULL)
        return REEL_OK;
    return w->calls.stream(w->calls.ctx, &s, err);
}

/* The octets are not used (12.2); those behind them may be. */
static void
pass_over(struct reel_walk *w, const struct reel_data *d)
{
    const struct reel_group *const g = &w->group;

    if (g->open && d->ordinal == g->ordinal &&
        d->stream_offset <= g->header.size &&
        d->bytes.len <= g->header.size - d->stream_offset)
        reel_group_resume(&w->group, d->stream_offset + d->bytes.len);
}

static enum reel_status
on_data(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_data d;
    struct reel_err why;

    if (reel_data_decode(&d, &c, &why) != REEL_OK)
        return report(w, &why, err);
    if (reel_group_data(&w->group, &d, &c, &why) != REEL_OK) {
        pass_over(w, &d);
        return report(w, &why, err);
    }
    w->stream_bytes += d.bytes.len;
    if (w->calls.data == NULL)
        return REEL_OK;
    return w->calls.data(w->calls.ctx, &d, err);
}

/* S-10 to S-12: what GROUP END says against what went by. */
static enum reel_status
judge_group_end(struct reel_walk *w, const struct reel_group_end *said,
                const struct reel_group_end *is, struct reel_err *err)
{
    if (said->first_ordinal != is->first_ordinal ||
        said->streams != is->streams || said->stream_id != is->stream_id ||
        said->attributes != is->attributes ||
        said->body_bytes != is->body_bytes ||
        said->content_bytes != is->content_bytes ||
        said->allocated_bytes != is->allocated_bytes ||
        !reel_bytes_equal(said->name, is->name))
        return harm(w, "S-10", "GROUP END does not agree with its streams",
                    err);
    if (said->flags != is->flags)
        return fault(w, "S-12",
                     "content digest present or not against the "
                     "rule",
                     err);
    if (!w->group.digests)
        return REEL_OK;
    if (memcmp(said->stream_digest, is->stream_digest, REEL_DIGEST_BYTES) != 0)
        return harm(w, "S-11", "stream digest does not agree", err);
    if (memcmp(said->content_digest, is->content_digest, REEL_DIGEST_BYTES) !=
        0)
        return harm(w, "S-12", "content digest does not agree", err);
    return REEL_OK;
}

static enum reel_status
on_group_end(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_group_end said;
    struct reel_group_end is;
    struct reel_err why;

    if (reel_group_end_decode(&said, &c, &why) != REEL_OK)
        return report(w, &why, err);
    w->groups++;
    if (!w->group.open) {
        if (!w->damaged)
            REEL_TRY(harm(w, "R-9", "GROUP END without a stream", err));
    } else if (reel_group_finish(&w->group, &is, &c, &why) != REEL_OK) {
        w->group.open = false;
        REEL_TRY(report(w, &why, err));
    } else if (!w->damaged) {
        REEL_TRY(judge_group_end(w, &said, &is, err));
    }
    if (w->calls.group_end == NULL)
        return REEL_OK;
    return w->calls.group_end(w->calls.ctx, &said, err);
}

/* O-13, O-14, K-3: what OBJECT END says against what went by. */
static enum reel_status
judge_object_end(struct reel_walk *w, const struct reel_object_end *e,
                 struct reel_err *err)
{
    uint8_t digest[REEL_DIGEST_BYTES] = {0};

    if (w->group.open)
        REEL_TRY(harm(w, "R-9", "OBJECT END before GROUP END", err));
    if (w->damaged)
        return REEL_OK;
    if (e->streams != w->streams || e->groups != w->groups ||
        e->xattrs != w->xattrs || e->stream_bytes != w->stream_bytes)
        return harm(w, "O-13", "counts in OBJECT END do not agree", err);
    if (w->kind == REEL_KIND_LINK && w->streams == 0) /* more: told of */
        return fault(w, "K-3", "a link without its LINK stream", err);
    if (w->digests && w->xattrs > 0)
        reel_sha256_final(&w->xattr_digest, digest);
    if (w->digests && memcmp(digest, e->xattr_digest, sizeof(digest)) != 0)
        return harm(w, "O-14", "digest of attributes does not agree", err);
    return REEL_OK;
}

static enum reel_status
on_object_end(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_object_end e;
    struct reel_err why;

    if (reel_object_end_decode(&e, &c, &why) != REEL_OK) {
        REEL_TRY(report(w, &why, err));
        return close_object(w, NULL, REEL_WALK_DAMAGED, err);
    }
    REEL_TRY(judge_object_end(w, &e, err));
    return close_object(w, &e,
                        w->damaged         ? REEL_WALK_DAMAGED
                        : e.bad_ranges > 0 ? REEL_WALK_FLAWED
                                           : REEL_WALK_PROVEN,
                        err);
}

static enum reel_status
on_archive(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_archive a;
    struct reel_err why;

    if (w->part != PART_START && w->part != PART_UNKNOWN)
        return fault(w, "R-8", "ARCHIVE is not the first record", err);
    w->part      = PART_HEAD;
    w->head_type = REEL_RECORD_ARCHIVE;
    if (reel_archive_decode(&a, &c, &why) != REEL_OK)
        return tell(w, &why, err);
    if (w->archive != 0 && a.archive != w->archive)
        REEL_TRY(
            fault(w, "R-16", "ARCHIVE has another number than its block", err));
    if (w->calls.archive == NULL)
        return REEL_OK;
    return w->calls.archive(w->calls.ctx, &a, err);
}

/* the numbers go up. */
static enum reel_status
judge_earlier(struct reel_walk *w, uint32_t *last, uint32_t number,
              struct reel_err *err)
{
    const bool ascends = number > *last;

    *last = number;
    if (ascends)
        return REEL_OK;
    return fault(w, "R-21", "earlier volumes or archives do not ascend", err);
}

/* SOURCE, EARLIER VOLUME, EARLIER ARCHIVE: decoded to be judged. */
static enum reel_status
on_head(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_source_record source;
    struct reel_earlier_volume volume;
    struct reel_earlier_archive archive;
    enum reel_status status;
    struct reel_err why;

    if (w->part == PART_OBJECTS ||
        (w->part == PART_HEAD && w->r.type < w->head_type &&
         w->head_type != REEL_RECORD_ARCHIVE))
        REEL_TRY(fault(w, "R-9", "record of the head out of its order", err));
    w->head_type = w->r.type;
    if (w->r.type == REEL_RECORD_SOURCE)
        status = reel_source_record_decode(&source, &c, &why);
    else if (w->r.type == REEL_RECORD_EARLIER_VOLUME)
        status = reel_earlier_volume_decode(&volume, &c, &why);
    else
        status = reel_earlier_archive_decode(&archive, &c, &why);
    if (status != REEL_OK)
        return tell(w, &why, err);
    if (w->r.type == REEL_RECORD_EARLIER_VOLUME)
        return judge_earlier(w, &w->earlier_volume, volume.volume, err);
    if (w->r.type == REEL_RECORD_EARLIER_ARCHIVE)
        return judge_earlier(w, &w->earlier_archive, archive.archive, err);
    return REEL_OK;
}

/* A record inside an object: is it the one that is open? */
static enum reel_status
judge_owner(struct reel_walk *w, bool *take, struct reel_err *err)
{
    *take = w->open && w->r.object == w->number && !w->gap;
    if (*take || w->gap || (w->part == PART_UNKNOWN && !w->open))
        return REEL_OK;
    w->gap = true; /* until something says anew where we are */
    if (w->open)
        return harm(w, "R-11", "record of another object inside an object",
                    err);
    return fault(w, "R-9", "record of an object that is not open", err);
}

static enum reel_status
on_object_record(struct reel_walk *w, struct reel_err *err)
{
    bool take;

    REEL_TRY(judge_owner(w, &take, err));
    if (!take)
        return REEL_OK;
    switch (w->r.type) {
    case REEL_RECORD_XATTR:
        return on_xattr(w, err);
    case REEL_RECORD_STREAM:
        return on_stream(w, err);
    case REEL_RECORD_DATA:
        return on_data(w, err);
    case REEL_RECORD_GROUP_END:
        return on_group_end(w, err);
    default:
        return on_object_end(w, err);
    }
}

static enum reel_status
on_unknown(struct reel_walk *w, struct reel_err *err)
{
    if (!(w->r.type & REEL_RECORD_CRITICAL))
        return REEL_OK;
    if (!w->open || w->r.object != w->number)
        return fault(w, "R-5", "critical record of an unknown type", err);
    return harm(w, "R-5", "critical record of an unknown type", err);
}

static enum reel_status
dispatch(struct reel_walk *w, struct reel_err *err)
{
    if (w->calls.record != NULL)
        REEL_TRY(w->calls.record(w->calls.ctx, &w->r, &w->place, err));
    if (w->part == PART_START && !w->gap && w->r.type != REEL_RECORD_ARCHIVE) {
        REEL_TRY(fault(w, "R-8", "the first record is not ARCHIVE", err));
        w->part = PART_UNKNOWN;
    }
    if (w->first_of_segment && w->open && !w->gap &&
        w->r.type != REEL_RECORD_CONTINUED && w->r.type != REEL_RECORD_OBJECT)
        REEL_TRY(fault(w, "R-10", "segment inside an object without CONTINUED",
                       err));
    switch (w->r.type) {
    case REEL_RECORD_ARCHIVE:
        return on_archive(w, err);
    case REEL_RECORD_SOURCE:
    case REEL_RECORD_EARLIER_VOLUME:
    case REEL_RECORD_EARLIER_ARCHIVE:
        return on_head(w, err);
    case REEL_RECORD_OBJECT:
        return on_object(w, err);
    case REEL_RECORD_CONTINUED:
        return on_continued(w, err);
    case REEL_RECORD_XATTR:
    case REEL_RECORD_STREAM:
    case REEL_RECORD_DATA:
    case REEL_RECORD_GROUP_END:
    case REEL_RECORD_OBJECT_END:
        return on_object_record(w, err);
    case REEL_RECORD_VOLUME:
    case REEL_RECORD_ENTRY:
    case REEL_RECORD_CHECKPOINT:
    case REEL_RECORD_END:
        return fault(w, "R-9", "record does not belong among the data", err);
    default:
        return on_unknown(w, err);
    }
}

/* A record whose header alone breaks a rule is not used. */
static enum reel_status
leave_out(struct reel_walk *w, const struct reel_err *why, struct reel_err *err)
{
    if (w->r.type == REEL_RECORD_ARCHIVE && w->part == PART_START)
        w->part = PART_HEAD;
    if (w->r.type == REEL_RECORD_OBJECT || w->r.type == REEL_RECORD_OBJECT_END)
        w->gap = true; /* what it begins or ends is not known */
    if (w->open)
        return report(w, why, err);
    return tell(w, why, err);
}

enum reel_status
reel_walk_segment(struct reel_walk *w, const uint8_t *raw, size_t raw_bytes,
                  const struct reel_place *place, const struct reel_pos *pos,
                  struct reel_err *err)
{
    struct reel_pos in = *pos;
    struct reel_err why;
    struct reel_cursor c;
    enum reel_status status;

    in.in_segment       = true;
    in.segment_byte     = 0;
    c                   = reel_cursor_init(raw, raw_bytes, &in);
    w->place            = *place;
    w->first_of_segment = true;
    while ((status = reel_record_next(&w->r, &c, &why)) == REEL_OK ||
           status == REEL_E_INVALID) {
        w->place.record_offset = w->r.pos.segment_byte;
        if (w->place.record_offset < w->skip_bytes)
            continue;
        w->skip_bytes = 0;
        REEL_TRY(status == REEL_OK ? dispatch(w, err)
                                   : leave_out(w, &why, err));
        w->first_of_segment = false;
    }
    w->skip_bytes = 0;
    if (status == REEL_END)
        return REEL_OK;
    w->gap     = true;
    w->damaged = true;
    return tell(w, &why, err);
}

enum reel_status
reel_walk_finish(struct reel_walk *w, bool complete, struct reel_err *err)
{
    if (complete && w->open && !w->gap) {
        w->r.object = w->number;
        REEL_TRY(fault(w, "R-13", "the archive ends inside an object", err));
    }
    return close_object(w, NULL,
                        w->gap || complete || w->damaged ? REEL_WALK_DAMAGED
                                                         : REEL_WALK_TORN,
                        err);
}
