/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2 and 9.4, a catalog as it stands in its blocks; policy layer. */
#include "catalog_source.h"

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
peek_path(const struct reel_record *r, uint8_t *encoding,
          struct reel_bytes *path)
{
    struct reel_cursor c = reel_record_cursor(r);
    uint16_t len;

    (void)reel_get_u8(&c);
    *encoding = reel_get_u8(&c);
    (void)reel_get_bytes(&c, 118);
    len = reel_get_le16(&c);
    (void)reel_get_bytes(&c, 6);
    *path = reel_get_bytes(&c, len);
    return c.ok;
}

/* Does the segment hold anything of an object that is selected? */
static enum reel_status
mark(void *ctx, struct reel_read_item *item, struct reel_err *err)
{
    struct loading *const l = ctx;
    struct reel_cursor c =
        reel_cursor_init(item->raw.data, item->raw.len, NULL);
    struct reel_bytes path;
    struct reel_record r;
    uint8_t encoding;

    if (item->of.event != REEL_DEBLOCK_SEGMENT || item->status != REEL_OK)
        return REEL_OK;
    item->looked = l->inside;
    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        if (r.type == REEL_RECORD_ENTRY)
            l->inside = false;
        if (r.type != REEL_RECORD_OBJECT)
            continue;
        if (!peek_path(&r, &encoding, &path))
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
keep_end(struct reel_catalog_source *s, const struct reel_end *end)
{
    s->end           = *end;
    s->end.name.data = s->text;
    s->end.host.data = s->text + end->name.len;
    if (end->name.len > 0)
        memcpy(s->text, end->name.data, end->name.len);
    if (end->host.len > 0)
        memcpy(s->text + end->name.len, end->host.data, end->host.len);
    s->archive  = end->archive;
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
    REEL_TRY(reel_end_accept(&end, &c, why));
    s->undisturbed =
        item->block.run == 0 ||
        (item->block.run == 1 && item->block.run_start == end.catalog.sequence);
    return keep_end(s, &end);
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
        if (item->of.err.status == REEL_E_UNSUPPORTED) {
            *err = item->of.err;
            return REEL_E_UNSUPPORTED;
        }
        *l->why   = item->of.err;
        l->usable = false;
        return REEL_OK;
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
        REEL_TRY(keep_end(s, end));
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
    s->doubted = s->places_only &&
                 (l.m == NULL || l.tree || !reel_matcher_all_named(l.m));
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

/* Segments were left out, and with them the rest of an object nobody wants. */
static enum reel_status
forget_open(struct reel_catalog_cursor *c, struct reel_err *err)
{
    struct reel_catalog_parser *const parser = reel_catalog_parser_new();

    if (parser == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the catalog");
    reel_catalog_parser_free(c->parser);
    c->parser = parser;
    c->open   = false;
    return REEL_OK;
}

enum reel_status
reel_catalog_cursor_next(struct reel_catalog_cursor *c,
                         struct reel_catalog_item *item, struct reel_err *err)
{
    struct reel_record r;
    bool have;

    for (;;) {
        REEL_TRY(reel_spool_cursor_next(&c->records, &r, err));
        if (c->records.skipped && c->open)
            REEL_TRY(forget_open(c, err));
        if (!c->open && r.type != REEL_RECORD_OBJECT)
            continue;
        c->open = true;
        REEL_TRY(reel_catalog_parse(c->parser, &r, item, &have, err));
        if (have) {
            c->open = false;
            return REEL_OK;
        }
    }
}
