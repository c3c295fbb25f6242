/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8; verify: one object, its rules and its verdict. */
#include "object_check.h"

#include <string.h>

static struct reel_subject
subject(const struct reel_object_check *o)
{
    struct reel_subject about = {0, {NULL, 0}, o->number};

    if (o->encoding != 0) {
        about.encoding  = o->encoding;
        about.path.data = o->path;
        about.path.len  = o->path_bytes;
    }
    return about;
}

static void
complain(struct reel_object_check *o, const char *rule, const char *text)
{
    const struct reel_subject about = subject(o);
    struct reel_err why;

    o->faults++;
    (void)reel_fail(&why, REEL_E_INVALID, &o->pos, rule, "%s", text);
    reel_diagnose(o->diag, REEL_NOTE_INVALID, &why, &about);
}

static void
reset(struct reel_object_check *o, uint64_t number, uint8_t kind,
      uint8_t encoding, struct reel_bytes path)
{
    o->number        = number;
    o->kind          = kind;
    o->encoding      = encoding;
    o->target        = 0;
    o->faults        = 0;
    o->streams       = 0;
    o->ordinal       = REEL_NONE32;
    o->stream_id     = 0;
    o->streams_told  = false;
    o->before        = 0;
    o->reparse_bytes = 0;
    o->range_count   = 0;
    o->path_bytes    = path.len;
    reel_nonzero_init(&o->nonzero);
    if (path.len > 0)
        memcpy(o->path, path.data, path.len);
    if (kind == REEL_KIND_LINK)
        reel_sha256_init(&o->body);
}

enum reel_status
reel_object_check_begin(struct reel_object_check *o, uint64_t number,
                        const struct reel_object *facts, struct reel_err *err)
{
    reset(o, number, facts->kind, facts->encoding, facts->path);
    o->orphan = false;
    o->target = facts->target;
    o->size   = facts->size;
    if (facts->kind == REEL_KIND_LINK || facts->kind == REEL_KIND_DIRECTORY)
        return REEL_OK;
    return reel_links_check_object(o->links, number, facts->kind,
                                   facts->link_count, facts->path, err);
}

void
reel_object_check_orphan(struct reel_object_check *o, uint64_t number,
                         const struct reel_continued *k)
{
    reset(o, number, k->kind, k->encoding, k->path);
    o->orphan = true;
}

/* 7.4: sparse data have the attribute of that, and no other stream has any. */
static bool
attributes_fit(const struct reel_stream *s)
{
    const uint32_t attributes = s->header.attributes;

    if (s->header.id == REEL_STREAM_SPARSE_BLOCK)
        return attributes == REEL_STREAM_SPARSE;
    return attributes == 0 ||
           (s->header.id == REEL_STREAM_DATA && s->header.size == 0 &&
            attributes == REEL_STREAM_SPARSE);
}

/* May a POSIX object of this kind carry this stream (7.4)? LINK is judged by
   K-3 and K-5. */
static bool
stream_fits(const struct reel_object_check *o, const struct reel_stream *s)
{
    const uint32_t id = s->header.id;

    if (id == REEL_STREAM_LINK || o->kind == REEL_KIND_LINK)
        return true;
    if (s->header.name.len > 0 || !attributes_fit(s))
        return false;
    if (o->kind == REEL_KIND_FILE)
        return id == REEL_STREAM_DATA
                   ? s->ordinal == 0 || o->streams == 0
                   : id == REEL_STREAM_SPARSE_BLOCK && s->ordinal > 0;
    return o->kind != REEL_KIND_DIRECTORY &&
           (s->ordinal == 0 || o->streams == 0) &&
           id == REEL_STREAM_REPARSE_DATA;
}

static bool
is_posix(const struct reel_object_check *o)
{
    return o->source == REEL_SOURCE_POSIX && !o->orphan;
}

/* S-16: may it stand here in an object of an NTFS volume? A link is judged by
   K-3, a LINK elsewhere by K-5. */
static void
judge_order(struct reel_object_check *o, const struct reel_stream *s)
{
    const uint32_t id = s->header.id;

    if (o->source != REEL_SOURCE_NTFS || o->orphan || o->streams_told ||
        id == REEL_STREAM_LINK || o->kind == REEL_KIND_LINK)
        return;
    /* Behind a gap it is not known what stood before. */
    if (s->ordinal == o->streams && !reel_stream_ntfs_follows(o->before, id)) {
        o->streams_told = true;
        complain(o, "S-16",
                 "a stream of an NTFS object out of its order, or twice");
    }
    if (id != REEL_STREAM_SPARSE_BLOCK)
        o->before = id;
}

void
reel_object_check_stream(struct reel_object_check *o,
                         const struct reel_stream *s)
{
    if (is_posix(o) && !o->streams_told && !stream_fits(o, s)) {
        o->streams_told = true;
        complain(o, "S-15",
                 "a stream that a POSIX object of this kind does "
                 "not carry");
    }
    judge_order(o, s);
    o->streams++;
    o->ordinal   = s->ordinal;
    o->stream_id = s->header.id;
    if (s->ordinal < REEL_STREAM_SIZES_MAX)
        o->sizes[s->ordinal] = s->header.size;
}

/* Join what is proven to the last range, if it goes on from there. */
static void
prove(struct reel_object_check *o, const struct reel_data *d)
{
    const uint64_t to = d->stream_offset + d->bytes.len;
    struct reel_verify_range *last;

    if (o->range_count > 0) {
        last = &o->ranges[o->range_count - 1];
        if (last->ordinal == d->ordinal && last->to == d->stream_offset) {
            last->to = to;
            return;
        }
    }
    if (o->range_count == REEL_RANGES_MAX)
        return;
    last          = &o->ranges[o->range_count++];
    last->ordinal = d->ordinal;
    last->from    = d->stream_offset;
    last->to      = to;
}

void
reel_object_check_data(struct reel_object_check *o, const struct reel_data *d)
{
    const size_t room = sizeof(o->reparse) - o->reparse_bytes;

    prove(o, d);
    reel_nonzero_add(&o->nonzero, d);
    if (o->kind == REEL_KIND_LINK)
        reel_sha256_update(&o->body, d->bytes.data, d->bytes.len);
    if (o->stream_id != REEL_STREAM_REPARSE_DATA || !is_posix(o))
        return;
    if (d->bytes.len > room) {
        o->reparse_bytes = sizeof(o->reparse); /* too long to be right */
        return;
    }
    memcpy(o->reparse + o->reparse_bytes, d->bytes.data, d->bytes.len);
    o->reparse_bytes += d->bytes.len;
}

void
reel_object_check_fault(struct reel_object_check *o, uint64_t number,
                        const struct reel_err *why)
{
    struct reel_subject about = {0, {NULL, 0}, number};

    if (number != 0 && number == o->number)
        about = subject(o);
    o->faults++;
    if (why->rule != NULL &&
        (strcmp(why->rule, "S-11") == 0 || strcmp(why->rule, "S-12") == 0))
        o->range_count = 0; /* no telling which octets are wrong */
    reel_diagnose(o->diag, REEL_NOTE_INVALID, why, &about);
}

/* ------------------------------------------------------------- at its end */

/* S-15: the one stream of a symbolic link, FIFO, socket or device. */
static void
judge_reparse(struct reel_object_check *o)
{
    struct reel_cursor c = reel_cursor_init(o->reparse, o->reparse_bytes, NULL);
    struct reel_reparse r;

    if (!is_posix(o) || o->streams_told || o->kind < REEL_KIND_SYMLINK ||
        o->kind == REEL_KIND_LINK)
        return;
    if (o->streams != 1 || reel_reparse_decode(&r, &c, NULL) != REEL_OK ||
        r.reserved != 0 || reel_reparse_kind(r.tag) != o->kind ||
        (o->kind == REEL_KIND_SYMLINK && r.version != REEL_REPARSE_VERSION))
        complain(o, "S-15",
                 "the object does not carry the one REPARSE_DATA "
                 "of its kind");
}

/* O-16, as far as it needs the streams, and O-18. */
static void
judge_bad_ranges(struct reel_object_check *o, const struct reel_object_end *e)
{
    uint32_t i;

    for (i = 0; i < e->bad_ranges; i++) {
        const struct reel_bad_range r = reel_object_end_bad_range(e, i);

        if (r.ordinal < o->streams && r.ordinal >= REEL_STREAM_SIZES_MAX)
            continue;
        if (r.ordinal >= o->streams || r.offset > o->sizes[r.ordinal] ||
            r.len > o->sizes[r.ordinal] - r.offset) {
            complain(o, "O-16", "a bad range does not lie within its stream");
            return;
        }
        if (reel_nonzero_within(&o->nonzero, r.ordinal, r.offset, r.len)) {
            complain(o, "O-18", "an octet of a bad range is not zero");
            return;
        }
    }
}

static enum reel_status
judge_link(struct reel_object_check *o, struct reel_err *err)
{
    struct reel_open_link link;
    uint8_t digest[REEL_DIGEST_BYTES];

    if (o->kind != REEL_KIND_LINK || o->faults > 0 || o->target >= o->number)
        return REEL_OK;
    memset(&link, 0, sizeof(link));
    link.link   = o->number;
    link.target = o->target;
    link.size   = o->size;
    link.pos    = o->pos;
    reel_sha256_final(&o->body, digest);
    memcpy(link.body.octets, digest, sizeof(link.body.octets));
    return reel_links_check_link(o->links, &link, err);
}

static void
give_verdict(struct reel_object_check *o, enum reel_verdict verdict)
{
    struct reel_verify_item item;

    memset(&item, 0, sizeof(item));
    item.archive   = o->archive;
    item.number    = o->number;
    item.verdict   = verdict;
    item.kind      = o->kind;
    item.encoding  = o->encoding;
    item.path.data = o->path;
    item.path.len  = o->path_bytes;
    if (verdict == REEL_VERDICT_DAMAGED) {
        item.ranges      = o->ranges;
        item.range_count = o->range_count;
    }
    reel_diagnose_item(o->diag, &item);
}

enum reel_status
reel_object_check_end(struct reel_object_check *o,
                      const struct reel_object_end *e,
                      enum reel_walk_outcome outcome, bool torn_lost,
                      struct reel_err *err)
{
    const bool whole =
        outcome == REEL_WALK_PROVEN || outcome == REEL_WALK_FLAWED;

    if (whole) {
        judge_reparse(o);
        judge_bad_ranges(o, e);
        REEL_TRY(judge_link(o, err));
        give_verdict(o, e->flags == 0 && e->bad_ranges == 0
                            ? REEL_VERDICT_PROVEN
                            : REEL_VERDICT_FLAWED);
    } else if (outcome == REEL_WALK_DAMAGED) {
        give_verdict(o, REEL_VERDICT_DAMAGED);
    } else if (torn_lost) {
        give_verdict(o, REEL_VERDICT_LOST);
    }
    o->number = 0;
    return REEL_OK;
}
