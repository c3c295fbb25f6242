/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8; archive layer: the records of one object, their counts,
   offsets and digests. */
#include "walk_object.h"

#include <string.h>

#include "reel/crc32c.h"

void
reel_walk_object_init(struct reel_walk_object *h,
                      const struct reel_walk_calls *calls,
                      const struct reel_record *r, bool digests)
{
    h->calls   = calls;
    h->r       = r;
    h->digests = digests;
    reel_group_init(&h->group, digests);
}

enum reel_status
reel_walk_object_tell(struct reel_walk_object *h, const struct reel_err *why,
                      struct reel_err *err)
{
    if (h->calls->fault == NULL)
        return REEL_OK;
    return h->calls->fault(h->calls->ctx, h->r->object, why, err);
}

/* What the object at hand consists of cannot be had whole. Told once: what
   follows in the same object may follow from it. */
enum reel_status
reel_walk_object_report(struct reel_walk_object *h, const struct reel_err *why,
                        struct reel_err *err)
{
    h->adrift = true;
    if (h->open && h->damaged)
        return REEL_OK;
    h->damaged = true;
    return reel_walk_object_tell(h, why, err);
}

/* A rule is broken at the record at hand; the walk goes on. */
enum reel_status
reel_walk_object_fault(struct reel_walk_object *h, const char *rule,
                       const char *text, struct reel_err *err)
{
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_INVALID, &h->r->pos, rule, "%s", text);
    return reel_walk_object_tell(h, &why, err);
}

/* The same, and the object suffers from it. */
enum reel_status
reel_walk_object_harm(struct reel_walk_object *h, const char *rule,
                      const char *text, struct reel_err *err)
{
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_INVALID, &h->r->pos, rule, "%s", text);
    return reel_walk_object_report(h, &why, err);
}

enum reel_status
reel_walk_object_close(struct reel_walk_object *h,
                       const struct reel_object_end *e,
                       enum reel_walk_outcome outcome, struct reel_err *err)
{
    if (!h->open)
        return REEL_OK;
    if (outcome == REEL_WALK_TORN && h->damaged)
        outcome = REEL_WALK_DAMAGED; /* 12.2: something of it is missing, too */
    h->open       = false;
    h->group.open = false;
    if (h->calls->end == NULL)
        return REEL_OK;
    return h->calls->end(h->calls->ctx, h->number, e, outcome, err);
}

static void
reset(struct reel_walk_object *h)
{
    h->open             = true;
    h->damaged          = false;
    h->groups_begun     = false;
    h->continued_told   = false;
    h->adrift           = false;
    h->streams          = 0;
    h->groups           = 0;
    h->xattrs           = 0;
    h->stream_bytes     = 0;
    h->size             = 0;
    h->content_bytes    = 0;
    h->has_content      = false;
    h->xattr_name_bytes = 0;
    reel_group_init(&h->group, h->digests);
    if (h->digests)
        reel_sha256_init(&h->xattr_digest);
}

static void
keep_path(struct reel_walk_object *h, struct reel_bytes path)
{
    if (path.len > 0)
        memcpy(h->path, path.data, path.len);
    h->path_bytes = path.len;
}

/* What OBJECT says cannot be used; its streams are there all the same. */
static enum reel_status
begin_nameless(struct reel_walk_object *h, const struct reel_err *why,
               struct reel_err *err)
{
    const struct reel_continued nothing = {.group_ordinal  = REEL_NONE32,
                                           .stream_ordinal = REEL_NONE32};

    h->damaged    = true;
    h->orphan     = true;
    h->kind       = 0;
    h->encoding   = 0;
    h->path_bytes = 0;
    REEL_TRY(reel_walk_object_tell(h, why, err));
    if (h->calls->orphan == NULL)
        return REEL_OK;
    return h->calls->orphan(h->calls->ctx, h->number, &nothing, err);
}

enum reel_status
reel_walk_object_begin(struct reel_walk_object *h,
                       const struct reel_place *place, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(h->r);
    struct reel_object o;
    struct reel_err told;
    struct reel_err why;

    h->number = h->r->object;
    reset(h);
    if (reel_object_accept(&o, &c, &told, &why) != REEL_OK)
        return begin_nameless(h, &why, err);
    if (told.status != REEL_OK) /* C-4: nothing suffers from it */
        REEL_TRY(reel_walk_object_tell(h, &told, err));
    h->orphan   = false;
    h->kind     = o.kind;
    h->encoding = o.encoding;
    h->size     = o.size;
    keep_path(h, o.path);
    if (o.kind == REEL_KIND_LINK && o.target >= h->number)
        REEL_TRY(reel_walk_object_fault(
            h, "K-1", "target of a link is not before it", err));
    if (h->calls->begin == NULL)
        return REEL_OK;
    return h->calls->begin(h->calls->ctx, h->number, &o, place, err);
}

enum reel_status
reel_walk_object_adopt(struct reel_walk_object *h,
                       const struct reel_continued *k, struct reel_err *err)
{
    h->number = h->r->object;
    reset(h);
    h->orphan   = true;
    h->kind     = k->kind;
    h->encoding = k->encoding;
    keep_path(h, k->path);
    if (h->calls->orphan == NULL)
        return REEL_OK;
    return h->calls->orphan(h->calls->ctx, h->number, k, err);
}

static uint32_t
crc_of(struct reel_bytes octets)
{
    return reel_crc32c(octets.data, octets.len);
}

static enum reel_status
wrong_continued(struct reel_walk_object *h, const char *text,
                struct reel_err *err)
{
    if (h->continued_told || h->damaged)
        return REEL_OK;
    h->continued_told = true;
    return reel_walk_object_fault(h, "O-20", text, err);
}

/* O-20 and R-10: CONTINUED where the object is known. */
enum reel_status
reel_walk_object_judge_continued(struct reel_walk_object *h,
                                 const struct reel_continued *k, bool gap,
                                 struct reel_err *err)
{
    const struct reel_bytes path     = {h->path, h->path_bytes};
    const struct reel_group *const g = &h->group;
    const bool stream_open           = reel_group_left(g) > 0;

    if (k->kind != h->kind || k->encoding != h->encoding ||
        !reel_bytes_equal(k->path, path))
        return wrong_continued(h, "CONTINUED is of another path or kind", err);
    if (gap || h->orphan)
        return REEL_OK;
    if (k->group_ordinal != (g->open ? g->end.first_ordinal : REEL_NONE32) ||
        k->stream_ordinal != (stream_open ? g->ordinal : REEL_NONE32) ||
        k->stream_offset != (stream_open ? g->offset : 0))
        return wrong_continued(h, "CONTINUED names another stream or offset",
                               err);
    if ((g->open && crc_of(k->group_header) != h->group_header_crc) ||
        (k->stream_header.len > 0 &&
         crc_of(k->stream_header) != h->stream_header_crc))
        return wrong_continued(h, "CONTINUED has another header than STREAM",
                               err);
    return REEL_OK;
}

/* Nothing goes on with what CONTINUED says. */
static enum reel_status
senseless(struct reel_walk_object *h, const char *text, struct reel_err *err)
{
    h->group.open    = false;
    h->group.ordinal = REEL_NONE32; /* the next ordinal is not known */
    return reel_walk_object_fault(h, "O-20", text, err);
}

/* Pick up at what CONTINUED says, behind a gap: sizes and offsets go on, the
   digests are lost. */
enum reel_status
reel_walk_object_pick_up(struct reel_walk_object *h,
                         const struct reel_continued *k, struct reel_err *err)
{
    struct reel_group *const g = &h->group;
    struct reel_stream s;
    struct reel_cursor c;

    h->damaged      = true;
    h->groups_begun = true;
    g->open         = false;
    if (k->group_ordinal == REEL_NONE32)
        return REEL_OK;
    c = reel_cursor_init(k->group_header.data, k->group_header.len, &h->r->pos);
    memset(&s, 0, sizeof(s));
    s.ordinal  = k->group_ordinal;
    g->ordinal = s.ordinal - 1;
    if (reel_stream_header_decode(&s.header, &c, NULL) != REEL_OK ||
        reel_group_stream(g, &s, &c, NULL) != REEL_OK)
        return senseless(h, "header in CONTINUED makes no sense", err);
    if (h->calls->resume != NULL)
        REEL_TRY(h->calls->resume(h->calls->ctx, &s, err));
    h->group_header_crc = crc_of(k->group_header);
    reel_group_resume(g, g->header.size);
    if (k->stream_ordinal == REEL_NONE32) {
        g->ordinal = REEL_NONE32; /* the next ordinal is not known */
        return REEL_OK;
    }
    if (k->stream_ordinal != k->group_ordinal) {
        c = reel_cursor_init(k->stream_header.data, k->stream_header.len,
                             &h->r->pos);
        s.ordinal  = k->stream_ordinal;
        g->ordinal = s.ordinal - 1;
        if (reel_stream_header_decode(&s.header, &c, NULL) != REEL_OK ||
            reel_group_stream(g, &s, &c, NULL) != REEL_OK)
            return senseless(h, "header in CONTINUED makes no sense", err);
    }
    if (k->stream_offset > g->header.size)
        return senseless(h, "offset in CONTINUED is behind the stream", err);
    reel_group_resume(g, k->stream_offset);
    if (h->calls->stream == NULL)
        return REEL_OK;
    return h->calls->stream(h->calls->ctx, &s, err);
}

enum reel_status
reel_walk_object_xattr(struct reel_walk_object *h, struct reel_err *err)
{
    const struct reel_bytes before = {h->xattr_name, h->xattr_name_bytes};
    struct reel_cursor c           = reel_record_cursor(h->r);
    struct reel_xattr x;
    struct reel_err why;

    if (h->groups_begun)
        REEL_TRY(
            reel_walk_object_fault(h, "R-9", "XATTR behind a stream", err));
    if (reel_xattr_decode(&x, &c, &why) != REEL_OK)
        return reel_walk_object_report(h, &why, err);
    if (h->xattrs > 0 && reel_bytes_compare(before, x.name) >= 0)
        REEL_TRY(reel_walk_object_fault(
            h, "O-12", "names of attributes do not ascend", err));
    memcpy(h->xattr_name, x.name.data, x.name.len);
    h->xattr_name_bytes = x.name.len;
    h->xattrs++;
    if (h->digests)
        reel_sha256_update(&h->xattr_digest, h->r->payload.data,
                           h->r->payload.len);
    if (h->calls->xattr == NULL)
        return REEL_OK;
    return h->calls->xattr(h->calls->ctx, &x, err);
}

/* K-3 and K-5: LINK streams stand in links, and nothing else does. */
static enum reel_status
judge_link(struct reel_walk_object *h, const struct reel_stream *s,
           struct reel_err *err)
{
    const bool is_link = h->kind == REEL_KIND_LINK;

    if (h->kind == 0) /* not known */
        return REEL_OK;
    if (!is_link && s->header.id == REEL_STREAM_LINK)
        return reel_walk_object_fault(
            h, "K-5", "LINK stream in an object that is no link", err);
    if (is_link && (s->header.id != REEL_STREAM_LINK || s->ordinal != 0 ||
                    s->header.attributes != 0 || s->header.name.len != 0))
        return reel_walk_object_fault(
            h, "K-3", "stream of a link is not one plain LINK", err);
    return REEL_OK;
}

enum reel_status
reel_walk_object_stream(struct reel_walk_object *h, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(h->r);
    struct reel_stream s;
    struct reel_err why;

    h->groups_begun = true;
    if (reel_stream_decode(&s, &c, &why) != REEL_OK)
        return reel_walk_object_report(h, &why, err);
    if (h->group.open && !reel_group_takes(&h->group, &s.header)) {
        REEL_TRY(
            reel_walk_object_harm(h, "R-9", "STREAM before GROUP END", err));
        h->group.open = false;
    }
    if (!h->group.open && !h->damaged && s.ordinal > 0 &&
        s.header.id == REEL_STREAM_SPARSE_BLOCK)
        REEL_TRY(reel_walk_object_harm(
            h, "S-13", "a SPARSE_BLOCK begins a group of its own", err));
    REEL_TRY(judge_link(h, &s, err));
    if (h->damaged && h->group.ordinal + 1 != s.ordinal)
        h->group.ordinal = s.ordinal - 1; /* said already; go on with it */
    if (reel_group_stream(&h->group, &s, &c, &why) != REEL_OK) {
        /* The STREAM itself is in order if the one before it lacks octets;
           else it is not used, and so its DATA neither. */
        const bool lacks = strcmp(why.rule, "S-4") == 0;

        REEL_TRY(reel_walk_object_report(h, &why, err));
        h->group.open    = false;
        h->group.ordinal = lacks ? s.ordinal - 1 : s.ordinal;
        if (!lacks)
            return REEL_OK;
        if (reel_group_stream(&h->group, &s, &c, &why) != REEL_OK)
            return REEL_OK;
    }
    h->adrift = false;
    h->streams++;
    h->stream_header_crc = crc_of(s.header_bytes);
    if (h->group.end.streams == 1)
        h->group_header_crc = h->stream_header_crc;
    if (h->calls->stream == NULL)
        return REEL_OK;
    return h->calls->stream(h->calls->ctx, &s, err);
}

/* Do the octets lie within the stream at hand, behind what came of it? */
static bool
goes_on(const struct reel_walk_object *h, const struct reel_data *d)
{
    const struct reel_group *const g = &h->group;

    return g->open && d->ordinal == g->ordinal &&
           d->stream_offset >= g->offset &&
           d->stream_offset <= g->header.size &&
           d->bytes.len <= g->header.size - d->stream_offset;
}

/* The octets are not used (12.2); those behind them may be. */
static void
pass_over(struct reel_walk_object *h, const struct reel_data *d)
{
    if (goes_on(h, d))
        reel_group_resume(&h->group, d->stream_offset + d->bytes.len);
}

enum reel_status
reel_walk_object_data(struct reel_walk_object *h, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(h->r);
    struct reel_data d;
    struct reel_err why;

    if (reel_data_decode(&d, &c, &why) != REEL_OK)
        return reel_walk_object_report(h, &why, err);
    if (h->adrift && goes_on(h, &d))
        reel_group_resume(&h->group, d.stream_offset);
    h->adrift = false;
    if (reel_group_data(&h->group, &d, &c, &why) != REEL_OK) {
        pass_over(h, &d);
        return reel_walk_object_report(h, &why, err);
    }
    h->stream_bytes += d.bytes.len;
    if (h->calls->data == NULL)
        return REEL_OK;
    return h->calls->data(h->calls->ctx, &d, err);
}

/* S-10 to S-12: what GROUP END says against what went by. */
static enum reel_status
judge_group_end(struct reel_walk_object *h, const struct reel_group_end *said,
                const struct reel_group_end *is, struct reel_err *err)
{
    if (said->first_ordinal != is->first_ordinal ||
        said->streams != is->streams || said->stream_id != is->stream_id ||
        said->attributes != is->attributes ||
        said->body_bytes != is->body_bytes ||
        said->content_bytes != is->content_bytes ||
        said->allocated_bytes != is->allocated_bytes ||
        !reel_bytes_equal(said->name, is->name))
        return reel_walk_object_harm(
            h, "S-10", "GROUP END does not agree with its streams", err);
    if (h->group.digests &&
        memcmp(said->stream_digest, is->stream_digest, REEL_DIGEST_BYTES) != 0)
        return reel_walk_object_harm(h, "S-11", "stream digest does not agree",
                                     err);
    if (said->flags != is->flags)
        return reel_walk_object_fault(
            h, "S-12", "content digest present or not against the rule", err);
    if (!h->group.digests)
        return REEL_OK;
    if (memcmp(said->content_digest, is->content_digest, REEL_DIGEST_BYTES) !=
        0)
        return reel_walk_object_harm(h, "S-12", "content digest does not agree",
                                     err);
    return REEL_OK;
}

/* 7.3: what the content of a file is. */
static void
keep_content(struct reel_walk_object *h, const struct reel_group_end *g)
{
    if (h->has_content || g->stream_id != REEL_STREAM_DATA || g->name.len > 0)
        return;
    h->has_content   = true;
    h->content_bytes = g->content_bytes;
}

enum reel_status
reel_walk_object_group_end(struct reel_walk_object *h, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(h->r);
    struct reel_group_end said;
    struct reel_group_end is;
    struct reel_err why;

    if (reel_group_end_decode(&said, &c, &why) != REEL_OK)
        return reel_walk_object_report(h, &why, err);
    h->groups++;
    keep_content(h, &said);
    if (!h->group.open) {
        if (!h->damaged)
            REEL_TRY(reel_walk_object_harm(h, "R-9",
                                           "GROUP END without a stream", err));
    } else if (reel_group_finish(&h->group, &is, &c, &why) != REEL_OK) {
        h->group.open = false;
        REEL_TRY(reel_walk_object_report(h, &why, err));
    } else if (!h->damaged) {
        REEL_TRY(judge_group_end(h, &said, &is, err));
    }
    if (h->calls->group_end == NULL)
        return REEL_OK;
    return h->calls->group_end(h->calls->ctx, &said, err);
}

/* O-13, O-14, O-22, K-3: what OBJECT END says against what went by. */
static enum reel_status
judge_object_end(struct reel_walk_object *h, const struct reel_object_end *e,
                 struct reel_err *err)
{
    uint8_t digest[REEL_DIGEST_BYTES] = {0};

    if (h->group.open)
        REEL_TRY(reel_walk_object_harm(h, "R-9", "OBJECT END before GROUP END",
                                       err));
    if (h->damaged)
        return REEL_OK;
    if (e->streams != h->streams || e->groups != h->groups ||
        e->xattrs != h->xattrs || e->stream_bytes != h->stream_bytes)
        return reel_walk_object_harm(h, "O-13",
                                     "counts in OBJECT END do not agree", err);
    if (h->kind == REEL_KIND_FILE && h->size != h->content_bytes)
        return reel_walk_object_harm(
            h, "O-22", "size in OBJECT is not that of the content", err);
    if (h->kind == REEL_KIND_LINK && h->streams == 0) /* more: told of */
        return reel_walk_object_fault(h, "K-3",
                                      "a link without its LINK stream", err);
    if (h->digests && h->xattrs > 0)
        reel_sha256_final(&h->xattr_digest, digest);
    if (h->digests && memcmp(digest, e->xattr_digest, sizeof(digest)) != 0)
        return reel_walk_object_harm(
            h, "O-14", "digest of attributes does not agree", err);
    return REEL_OK;
}

enum reel_status
reel_walk_object_end(struct reel_walk_object *h, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(h->r);
    struct reel_object_end e;
    struct reel_err why;

    if (reel_object_end_decode(&e, &c, &why) != REEL_OK) {
        REEL_TRY(reel_walk_object_report(h, &why, err));
        return reel_walk_object_close(h, NULL, REEL_WALK_DAMAGED, err);
    }
    REEL_TRY(judge_object_end(h, &e, err));
    return reel_walk_object_close(h, &e,
                                  h->damaged         ? REEL_WALK_DAMAGED
                                  : e.bad_ranges > 0 ? REEL_WALK_FLAWED
                                                     : REEL_WALK_PROVEN,
                                  err);
}
