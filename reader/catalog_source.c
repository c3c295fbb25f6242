/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2 and 9.4, a catalog as it stands in its blocks; policy layer. */
#include "catalog_source.h"

#include <stdio.h>
#include <string.h>

#include "reel/alloc.h"

void
reel_catalog_source_init(struct reel_catalog_source *s,
                         const char *temporary_dir)
{
    memset(s, 0, sizeof(*s));
    reel_reader_spool_init(&s->spool, temporary_dir);
}

void
reel_catalog_source_fini(struct reel_catalog_source *s)
{
    reel_reader_spool_fini(&s->spool);
    reel_free(s->cuts);
    reel_free(s->wanting);
    s->wanting       = NULL;
    s->wanting_count = s->wanting_capacity = 0;
    s->cuts                                = NULL;
    s->cut_count = s->cut_capacity = 0;
}

bool
reel_catalog_source_wanting(const struct reel_catalog_source *s,
                            uint64_t number)
{
    size_t i;

    for (i = 0; i < s->wanting_count; i++)
        if (s->wanting[i] == number)
            return true;
    return false;
}

/* ---- loading ---- */

struct loading {
    struct reel_catalog_source *s;
    struct reel_matcher *m; /* NULL: everything is selected */
    struct reel_sha256 digest;
    uint64_t bytes;
    bool inside; /* an object that is selected goes on; for `mark` alone */
    bool usable;
    struct reel_err *why;
    bool tree; /* a directory is selected, and all that is in it */
};

/* The path of an OBJECT, without judging the rest of it. */
static bool
peek_path(struct reel_bytes object, uint8_t *encoding, struct reel_bytes *path)
{
    struct reel_cursor c = reel_cursor_init(object.data, object.len, NULL);
    uint16_t len;

    (void)reel_get_u8(&c);
    *encoding = reel_get_u8(&c);
    (void)reel_get_bytes(&c, 118);
    len = reel_get_le16(&c);
    (void)reel_get_bytes(&c, 6);
    *path = reel_get_bytes(&c, len);
    return c.ok;
}

void
reel_catalog_source_peek(struct reel_bytes object, uint8_t *encoding,
                         struct reel_bytes *path)
{
    if (peek_path(object, encoding, path) &&
        (*encoding == REEL_ENCODING_POSIX ||
         (*encoding == REEL_ENCODING_UTF16 && path->len % 2 == 0)))
        return;
    *encoding = 0;
    *path     = (struct reel_bytes){NULL, 0};
}

/* Does the segment hold anything of an object that is selected? */
static enum reel_status
mark(void *ctx, struct reel_read_item *item, struct reel_err *err)
{
    struct loading *const l = ctx;
    struct reel_cursor c =
        reel_cursor_init(item->raw.data, item->raw.len, NULL);
    enum reel_status status;
    struct reel_bytes path;
    struct reel_record r;
    uint8_t encoding;

    if (item->of.event != REEL_DEBLOCK_SEGMENT || item->status != REEL_OK)
        return REEL_OK;
    item->looked = l->inside;
    while ((status = reel_record_next(&r, &c, NULL)) == REEL_OK ||
           status == REEL_E_INVALID) {
        if (r.type == REEL_RECORD_ENTRY)
            l->inside = false;
        if (r.type != REEL_RECORD_OBJECT)
            continue;
        if (!peek_path(r.payload, &encoding, &path))
            l->inside = true; /* to be judged later */
        else
            REEL_TRY(reel_matcher_match(l->m, encoding, path, &l->inside, err));
        if (l->inside && r.payload.len > 0 &&
            r.payload.data[0] == REEL_KIND_DIRECTORY)
            l->tree = true;
        item->looked |= l->inside;
    }
    return REEL_OK;
}

static enum reel_status
take_segment(struct loading *l, const struct reel_read_item *item,
             struct reel_err *err)
{
    if (!l->s->places_only)
        reel_sha256_update(&l->digest, item->raw.data, item->raw.len);
    l->bytes += item->raw.len;
    /* A set of one volume has nothing to tell but that one. */
    if (l->s->labels != NULL && l->s->have_end && l->s->end.catalog.volume > 1)
        REEL_TRY(reel_reader_labels_take(l->s->labels, item->raw, err));
    if (l->m != NULL && !item->looked)
        return reel_reader_spool_pass(&l->s->spool, err);
    return reel_reader_spool_add(&l->s->spool, item->of.packed, item->raw, err);
}

static enum reel_status
keep_end(struct reel_catalog_source *s, const struct reel_end *end,
         uint32_t archive)
{
    s->end           = *end;
    s->end.name.data = s->text;
    s->end.host.data = s->text + end->name.len;
    if (end->name.len > 0)
        memcpy(s->text, end->name.data, end->name.len);
    if (end->host.len > 0)
        memcpy(s->text + end->name.len, end->host.data, end->host.len);
    s->archive  = archive; /* as the blocks have it, not END */
    s->have_end = true;
    return REEL_OK;
}

/* The segment of kind END that stands behind a catalog. */
static enum reel_status
take_end(struct reel_catalog_source *s, const struct reel_read_item *item,
         struct reel_err *why)
{
    struct reel_cursor c =
        reel_cursor_init(item->raw.data, item->raw.len, &item->of.pos);
    struct reel_record r;
    struct reel_end end;

    if (reel_record_next(&r, &c, NULL) != REEL_OK || r.type != REEL_RECORD_END)
        return reel_fail(why, REEL_E_INVALID, &item->of.pos, "A-13",
                         "block of kind END without the record END");
    c = reel_record_cursor(&r);
    REEL_TRY(reel_end_accept(&end, item->of.archive, &c, why));
    s->undisturbed =
        item->block.run == 0 ||
        (item->block.run == 1 && item->block.run_start == end.catalog.sequence);
    return keep_end(s, &end, item->of.archive);
}

static enum reel_status
load_item(struct loading *l, const struct reel_read_item *item,
          struct reel_err *err)
{
    switch (item->of.event) {
    case REEL_DEBLOCK_SEGMENT:
        if (item->status != REEL_OK) {
            *l->why   = item->err;
            l->usable = false;
        } else if (item->of.kind == REEL_BLOCK_CATALOG) {
            return take_segment(l, item, err);
        } else if (item->of.kind == REEL_BLOCK_END && !l->s->have_end) {
            l->usable = take_end(l->s, item, l->why) == REEL_OK;
        }
        return REEL_OK;
    case REEL_DEBLOCK_GAP:
    case REEL_DEBLOCK_BAD_BLOCK:
        *l->why   = item->of.err;
        l->usable = false;
        return REEL_OK;
    default:
        return REEL_OK;
    }
}

/* Everything was read: is it the catalog that END speaks of? */
static void
prove(struct loading *l)
{
    uint8_t digest[REEL_DIGEST_BYTES];

    if (!l->usable)
        return;
    reel_sha256_final(&l->digest, digest);
    l->usable = false;
    if (!l->s->have_end)
        (void)reel_fail(l->why, REEL_E_TRUNCATED, NULL, "A-13",
                        "no END stands behind the catalog");
    else if (l->bytes != l->s->end.catalog_bytes)
        (void)reel_fail(l->why, REEL_E_TRUNCATED, NULL, "A-10",
                        "catalog of %llu octets, END says %llu",
                        (unsigned long long)l->bytes,
                        (unsigned long long)l->s->end.catalog_bytes);
    else if (!l->s->places_only &&
             memcmp(digest, l->s->end.catalog_digest, sizeof(digest)) != 0)
        (void)reel_fail(l->why, REEL_E_CORRUPT, NULL, "A-11",
                        "digest of the catalog is not the one in END");
    else
        l->usable = true;
}

enum reel_status
reel_catalog_source_load(struct reel_catalog_source *s,
                         struct reel_read_pipeline *p,
                         const struct reel_read_run *run,
                         const struct reel_end *end, struct reel_matcher *m,
                         bool *usable, struct reel_err *why,
                         struct reel_err *err)
{
    struct reel_read_run marking = *run;
    struct loading l             = {.s      = s,
                                    .m      = m != NULL && m->count > 0 ? m : NULL,
                                    .usable = true,
                                    .why    = why};
    const struct reel_read_item *item;
    enum reel_status status;

    *usable = false;
    reel_sha256_init(&l.digest);
    if (end != NULL)
        REEL_TRY(keep_end(s, end, run->archive));
    if (l.m != NULL)
        marking.look = mark;
    marking.look_ctx = &l;
    REEL_TRY(reel_read_start(p, &marking, err));
    while ((status = reel_read_next(p, &item, err)) == REEL_OK && l.usable) {
        status = load_item(&l, item, err);
        if (status != REEL_OK)
            break;
    }
    reel_read_stop(p);
    if (status != REEL_OK && status != REEL_END)
        return status;
    prove(&l);
    *usable    = l.usable;
    s->unnamed = l.m != NULL && !reel_matcher_all_named(l.m);
    s->doubted = s->places_only && (l.m == NULL || l.tree || s->unnamed);
    return REEL_OK;
}

/* ---- going through it ---- */

enum reel_status
reel_catalog_cursor_init(struct reel_catalog_cursor *c,
                         const struct reel_catalog_source *s,
                         struct reel_err *err)
{
    memset(c, 0, sizeof(*c));
    REEL_TRY(reel_spool_cursor_init(&c->records, &s->spool, err));
    c->parser = reel_catalog_parser_new();
    if (c->parser == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the catalog");
    return REEL_OK;
}

void
reel_catalog_cursor_fini(struct reel_catalog_cursor *c)
{
    reel_catalog_parser_free(c->parser);
    reel_spool_cursor_fini(&c->records);
    memset(c, 0, sizeof(*c));
}

/* Segments were left out, and with them the rest of an object nobody wants; or
   what stands there makes none. */
static void
forget_open(struct reel_catalog_cursor *c)
{
    reel_catalog_parser_reset(c->parser);
    c->open = false;
}

/* The next record that matters. INVALID: it breaks a requirement by itself. */
static enum reel_status
next_record(struct reel_catalog_cursor *c, struct reel_err *err)
{
    enum reel_status status;

    if (c->held) {
        c->held = false;
        return REEL_OK;
    }
    status = reel_spool_cursor_next(&c->records, &c->record, err);
    if (status == REEL_E_TRUNCATED ||
        (status == REEL_OK && c->records.skipped && c->open))
        forget_open(c);
    return status == REEL_E_TRUNCATED ? REEL_E_INVALID : status;
}

/* What was parsed last makes no object. An OBJECT where something else is due
   begins the next one. */
static void
give_up(struct reel_catalog_cursor *c)
{
    c->held = c->open && c->record.type == REEL_RECORD_OBJECT;
    reel_catalog_source_peek(reel_catalog_parser_object(c->parser),
                             &c->encoding, &c->path);
    forget_open(c);
}

static enum reel_status
next_item(struct reel_catalog_cursor *c, struct reel_catalog_item *item,
          struct reel_err *err)
{
    bool have = false;

    while (!have) {
        c->number   = 0;
        c->encoding = 0;
        c->path     = (struct reel_bytes){NULL, 0};
        REEL_TRY(next_record(c, err));
        if (!c->open && c->record.type != REEL_RECORD_OBJECT)
            continue;
        if (!c->open)
            c->object = c->record.object;
        c->number = c->object;
        REEL_TRY(reel_catalog_parse(c->parser, &c->record, item, &have, err));
        c->open = !have;
    }
    return REEL_OK;
}

enum reel_status
reel_catalog_cursor_next(struct reel_catalog_cursor *c,
                         struct reel_catalog_item *item, struct reel_err *err)
{
    static const struct reel_pos nowhere;
    enum reel_status status = next_item(c, item, err);

    if (status != REEL_E_INVALID && status != REEL_E_TRUNCATED)
        return status;
    if (c->number != 0)
        give_up(c);
    err->status = REEL_E_INVALID;
    err->pos    = nowhere; /* in the octets that are kept of it */
    return REEL_E_INVALID;
}

bool
reel_catalog_item_torn(const struct reel_catalog_item *item)
{
    return (item->entry.flags & REEL_ENTRY_TORN) != 0 &&
           item->entry.end.volume == 0;
}

void
reel_catalog_cursor_tell(const struct reel_catalog_cursor *c,
                         const struct reel_reporter *report,
                         const struct reel_err *why)
{
    struct reel_err told = *why;

    (void)snprintf(told.text, sizeof(told.text), "in the catalog: %.100s",
                   why->text);
    reel_note_send(report, REEL_NOTE_DAMAGE, c->encoding, c->path, c->number,
                   &told);
}

static bool
behind(const struct reel_place *place, const struct reel_place *before)
{
    if (place->sequence != before->sequence)
        return place->sequence > before->sequence &&
               place->volume >= before->volume;
    if (before->volume != 0 && place->volume != before->volume)
        return false; /* it is the same block */
    return place->payload_offset != before->payload_offset
               ? place->payload_offset > before->payload_offset
               : place->record_offset > before->record_offset;
}

/* In a block and a segment that there can be, before the catalog, on a volume
   up to its own, and behind the record before: only so can it be right. */
static bool
possible(const struct reel_catalog_source *s, const struct reel_place *place,
         const struct reel_place *before)
{
    const struct reel_position *const end = &s->end.catalog;

    return place->volume >= 1 && behind(place, before) &&
           place->payload_offset < REEL_BLOCK_BYTES_MAX &&
           place->record_offset < REEL_SEGMENT_LIMIT_MAX &&
           (!s->have_end ||
            (place->volume <= end->volume && place->sequence < end->sequence));
}

static enum reel_status
judge_places(const struct reel_catalog_source *s,
             const struct reel_catalog_item *item, struct reel_place *before,
             struct reel_err *err)
{
    const struct reel_entry *const e = &item->entry;

    /* Only of what was not finished the end is not known. */
    if (!possible(s, &e->begin, before) ||
        (e->flags == 0) != (e->end.volume != 0) ||
        (e->end.volume != 0 && !possible(s, &e->end, &e->begin)))
        return reel_fail(err, REEL_E_INVALID, NULL, "A-2",
                         "object %llu cannot stand where its ENTRY says",
                         (unsigned long long)item->number);
    *before = e->end.volume != 0 ? e->end : e->begin;
    return REEL_OK;
}

static bool
all_kept(const struct reel_catalog_source *s)
{
    size_t i;

    for (i = 0; i < s->spool.count; i++)
        if (!s->spool.segments[i].marked)
            return false;
    return true;
}

enum reel_status
reel_catalog_source_number(const struct reel_catalog_source *s, uint64_t before,
                           uint64_t number, struct reel_err *err)
{
    if (number != 0 ? number == before + 1
                    : !s->have_end || before == s->end.objects + s->end.torn)
        return REEL_OK;
    return reel_fail(err, REEL_E_INVALID, NULL, "A-1",
                     "it has no object %llu, or that is out of its order",
                     (unsigned long long)before + 1);
}

enum reel_status
reel_catalog_source_sound(const struct reel_catalog_source *s, bool *sound,
                          struct reel_err *why, struct reel_err *err)
{
    struct reel_catalog_cursor c;
    struct reel_catalog_item item;
    struct reel_place before = {0};
    const bool all           = all_kept(s);
    uint64_t number          = 0;
    enum reel_status status  = reel_catalog_cursor_init(&c, s, err);

    while (status == REEL_OK) {
        status = reel_catalog_cursor_next(&c, &item, err);
        if (status == REEL_OK)
            status = judge_places(s, &item, &before, err);
        if (status == REEL_OK && all)
            status = reel_catalog_source_number(s, number++, item.number, err);
    }
    if (status == REEL_END && all &&
        reel_catalog_source_number(s, number, 0, err) != REEL_OK)
        status = REEL_E_INVALID;
    reel_catalog_cursor_fini(&c);
    *sound = status != REEL_E_INVALID;
    if (!*sound)
        *why = *err;
    return status == REEL_END || status == REEL_E_INVALID ? REEL_OK : status;
}
