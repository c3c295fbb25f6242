/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2 to 9.5; verify: catalog against data, both ways, in one pass. */
#include "catalog_check.h"

#include <string.h>

#include "reel/text.h"

/* So many objects of an archive without a name are told one by one; the rest
   are counted. */
#define NAMELESS_MAX 65536U

/* ----------------------------------------------------- made from the data */

static enum reel_status
add_made(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct reel_catalog_check *const k = ctx;
    struct reel_cursor c = reel_cursor_init(record.data, record.len, NULL);
    const uint16_t type  = reel_get_le16(&c);

    (void)err;
    (void)reel_get_bytes(&c, 6);
    reel_catalog_map_add(&k->made.map, record, reel_get_le64(&c),
                         type == REEL_RECORD_ENTRY);
    return REEL_OK;
}

enum reel_status
reel_catalog_check_init(struct reel_catalog_check *k,
                        const struct reel_diagnoser *diag, uint32_t archive,
                        struct reel_err *err)
{
    k->diag         = diag;
    k->archive      = archive;
    k->named_next   = 1;
    k->made.catalog = reel_catalog_new(add_made, k);
    k->parser       = reel_catalog_parser_new();
    reel_missing_init(&k->missing);
    if (k->made.catalog == NULL || k->parser == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to verify a catalog");
    return REEL_OK;
}

void
reel_catalog_check_fini(struct reel_catalog_check *k)
{
    reel_catalog_free(k->made.catalog);
    reel_catalog_parser_free(k->parser);
    reel_missing_fini(&k->missing);
}

static bool
judge_zeros(struct reel_catalog_check *k, const struct reel_record *r)
{
    struct reel_pos at;

    if (reel_record_zeros(r, k->scratch, &at))
        return true;
    reel_diagnose_rule(k->diag, &at, "C-1",
                       "a zero field of record %s is not zero",
                       reel_record_type_name(r->type));
    return false;
}

void
reel_catalog_check_zeros(struct reel_catalog_check *k,
                         const struct reel_record *r)
{
    (void)judge_zeros(k, r);
}

enum reel_status
reel_catalog_check_data(struct reel_catalog_check *k,
                        const struct reel_record *r,
                        const struct reel_place *place, struct reel_err *err)
{
    reel_catalog_check_zeros(k, r);
    return reel_catalog_record(k->made.catalog, r, place, err);
}

/* What a row of records names counts only if its digest agrees. */
static void
end_named(const struct reel_catalog_check *k, bool checkpoint, bool agrees)
{
    if (k->diag->listener != NULL)
        k->diag->listener->named_end(k->diag->listener->ctx, checkpoint,
                                     agrees);
}

void
reel_catalog_check_volume_end(struct reel_catalog_check *k)
{
    if (!k->slice.open)
        return;
    k->slice.open  = false;
    k->slice.lossy = false;
}

enum reel_status
reel_catalog_check_again(struct reel_catalog_check *k, struct reel_err *err)
{
    struct reel_catalog_parser *const parser = reel_catalog_parser_new();

    if (parser == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to verify a catalog");
    reel_catalog_parser_free(k->parser);
    k->parser      = parser;
    k->parser_dead = false;
    k->row_seen    = false;
    k->have_end    = false;
    memset(&k->row, 0, sizeof(k->row));
    memset(&k->map, 0, sizeof(k->map));
    reel_catalog_check_volume_end(k);
    end_named(k, false, false);
    return REEL_OK;
}

static void
keep_text(struct reel_bytes *text, uint8_t *at)
{
    if (text->len > 0)
        memcpy(at, text->data, text->len);
    text->data = at;
}

void
reel_catalog_check_facts(struct reel_catalog_check *k,
                         const struct reel_archive *a)
{
    k->have_facts = true;
    k->facts      = *a;
    keep_text(&k->facts.name, k->facts_text);
    keep_text(&k->facts.host, k->facts_text + REEL_ARCHIVE_NAME_BYTES_MAX);
}

enum reel_status
reel_catalog_check_data_end(struct reel_catalog_check *k, bool sure,
                            struct reel_err *err)
{
    k->made.sure = sure;
    return reel_catalog_finish(k->made.catalog, &k->made.totals, k->made.digest,
                               k->made.fingerprint, err);
}

/* ------------------------------------------------------ rows of records */

static void
row_begin(struct reel_record_row *row, const struct reel_verify_job *job)
{
    const struct reel_place *const p = &job->item.place;

    row->open           = true;
    row->told           = false;
    row->records        = 0;
    row->bytes          = 0;
    row->first.volume   = p->volume;
    row->first.sequence = p->sequence;
    row->first.address  = p->address;
    row->pos            = job->item.pos;
    reel_sha256_init(&row->digest);
}

/* What the record breaks by itself comes before what it does not agree with
   (1.6). `sure`: it is not as the data have it, where that was told of. */
static void
row_judge(struct reel_catalog_check *k, struct reel_record_row *row,
          const struct reel_record *r, bool sure)
{
    struct reel_err why;

    if (r->type == REEL_RECORD_ENTRY && !judge_zeros(k, r))
        row->told = true;
    if (!sure || row->lossy || reel_record_fields(r, &why) == REEL_OK ||
        (k->time_told && why.rule != NULL && strcmp(why.rule, "C-4") == 0))
        return;
    row->told = true;
    reel_diagnose(k->diag, REEL_NOTE_INVALID, &why, NULL);
}

static void
row_add(struct reel_record_row *row, const struct reel_record *r)
{
    row->records++;
    row->bytes += r->whole.len;
    reel_sha256_update(&row->digest, r->whole.data, r->whole.len);
}

void
reel_catalog_check_astray(struct reel_catalog_check *k)
{
    k->astray            = true;
    k->checkpoint_unsure = true;
}

void
reel_catalog_check_gap(struct reel_catalog_check *k, uint16_t kind)
{
    if (kind == REEL_BLOCK_CATALOG)
        k->row.lossy = true;
    if (kind == REEL_BLOCK_CHECKPOINT) {
        k->slice.lossy       = true;
        k->checkpoint_unsure = true;
    }
}

/* ------------------------------------------------------------ checkpoints */

static bool
checkpoint_fields_agree(const struct reel_catalog_check *k,
                        const struct reel_checkpoint *said)
{
    const struct reel_checkpoint *const e = &k->expected;

    return said->number == k->checkpoint + 1 &&
           said->previous_number == k->checkpoint &&
           reel_position_equal(&said->previous, &k->checkpoint_slice) &&
           reel_position_equal(&said->slice, &k->slice.first) &&
           said->next_object == e->next_object && said->objects == e->objects &&
           said->torn == e->torn && said->stream_bytes == e->stream_bytes;
}

/* CHECKPOINT, its slice, and what the data say. */
static void
judge_checkpoint(struct reel_catalog_check *k,
                 const struct reel_checkpoint *said,
                 const struct reel_record *r)
{
    uint8_t digest[REEL_DIGEST_BYTES];
    bool stands;
    bool promised;

    reel_sha256_final(&k->slice.digest, digest);
    stands   = memcmp(digest, k->expected.slice_digest, sizeof(digest)) == 0;
    promised = memcmp(digest, said->slice_digest, sizeof(digest)) == 0 &&
               said->slice_records == k->slice.records &&
               said->slice_bytes == k->slice.bytes;
    if (!stands &&
        (promised || memcmp(said->slice_digest, k->expected.slice_digest,
                            sizeof(digest)) == 0))
        reel_diagnose_rule(k->diag, &k->slice.pos, "A-8",
                           "the slice of checkpoint %u is not what the data "
                           "say",
                           said->number);
    else if (!promised || !checkpoint_fields_agree(k, said))
        reel_diagnose_rule(k->diag, &r->pos, "A-7",
                           "the fields of checkpoint %u are not those of its "
                           "slice or of the archive so far",
                           said->number);
}

static bool
slice_agrees(const struct reel_catalog_check *k,
             const struct reel_checkpoint *said)
{
    struct reel_sha256 so_far = k->slice.digest;
    uint8_t digest[REEL_DIGEST_BYTES];

    reel_sha256_final(&so_far, digest);
    return memcmp(digest, said->slice_digest, sizeof(digest)) == 0;
}

static enum reel_status
end_slice(struct reel_catalog_check *k, const struct reel_record *r, bool sure,
          struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_checkpoint said;
    struct reel_err why;

    reel_catalog_check_zeros(k, r);
    k->slice.open = false;
    memset(&k->expected, 0, sizeof(k->expected));
    REEL_TRY(
        reel_catalog_slice(k->made.catalog, &k->expected, NULL, NULL, err));
    if (reel_checkpoint_decode(&said, &c, &why) != REEL_OK) {
        end_named(k, true, false);
        reel_diagnose(k->diag, REEL_NOTE_INVALID, &why, NULL);
        k->checkpoint++;
        k->checkpoint_slice = k->slice.first;
        return REEL_OK;
    }
    end_named(k, true, !k->slice.lossy && slice_agrees(k, &said));
    if (sure && !k->slice.lossy && !k->slice.told && !k->checkpoint_unsure)
        judge_checkpoint(k, &said, r);
    k->checkpoint++;
    k->checkpoint_slice = k->slice.first;
    k->slice.lossy      = false;
    k->slice.told       = false;
    return REEL_OK;
}

/* ------------------------------------------------------------ the catalog */

static void
lost(struct reel_catalog_check *k, uint64_t number,
     const struct reel_object *known)
{
    struct reel_verify_item item;

    memset(&item, 0, sizeof(item));
    item.archive = k->archive;
    item.number  = number;
    item.verdict = REEL_VERDICT_LOST;
    if (known != NULL) {
        item.kind     = known->kind;
        item.encoding = known->encoding;
        item.path     = known->path;
    }
    reel_diagnose_item(k->diag, &item);
}

/* Numbers in [from, to) that are missing are lost, name and all. */
static void
lost_nameless(struct reel_catalog_check *k, uint64_t from, uint64_t to)
{
    size_t i = reel_missing_find(&k->missing, from);

    for (; i < k->missing.count && k->missing.ranges[i].from < to; i++) {
        const struct reel_missing_range *const r = &k->missing.ranges[i];
        uint64_t n  = r->from > from ? r->from : from;
        uint64_t be = r->to < to ? r->to : to;

        if (n >= be) /* the catalog named higher ones than there are */
            continue;
        for (; n < be && k->nameless < NAMELESS_MAX; n++, k->nameless++)
            lost(k, n, NULL);
        k->diag->result->lost += be - n;
    }
}

static void
on_catalog_item(struct reel_catalog_check *k,
                const struct reel_catalog_item *item,
                struct reel_links_check *links)
{
    reel_links_check_catalog(links, item->number, item->object.kind,
                             item->object.link_count, item->object.path);
    if (item->number < k->named_next)
        return;
    lost_nameless(k, k->named_next, item->number);
    k->named_next = item->number + 1;
    if (reel_missing_has(&k->missing, item->number) &&
        !(item->entry.flags & REEL_ENTRY_TORN))
        lost(k, item->number, &item->object);
}

static enum reel_status
parse(struct reel_catalog_check *k, const struct reel_record *r,
      struct reel_links_check *links, struct reel_err *err)
{
    struct reel_catalog_item item;
    enum reel_status status;
    struct reel_err why;
    bool have;

    if (k->parser_dead)
        return REEL_OK;
    status = reel_catalog_parse(k->parser, r, &item, &have, &why);
    if (status == REEL_E_MEMORY) {
        if (err != NULL)
            *err = why;
        return status;
    }
    if (status != REEL_OK) {
        k->parser_dead = true;
        /* What the data say wrongly was told of there. */
        if (!k->row.lossy && !k->row.told && k->made.sure)
            reel_diagnose(k->diag, REEL_NOTE_INVALID, &why, NULL);
        return REEL_OK;
    }
    if (have)
        on_catalog_item(k, &item, links);
    return REEL_OK;
}

/* Whoever listens wants to know of each object that is named. */
static enum reel_status
tell_named(const struct reel_catalog_check *k, const struct reel_record *r,
           bool checkpoint, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object o;

    if (k->diag->listener == NULL || r->type != REEL_RECORD_OBJECT ||
        r->object == 0 || /* it is not used (12.2) */
        reel_object_accept(&o, &c, NULL, NULL) != REEL_OK)
        return REEL_OK;
    return k->diag->listener->named(k->diag->listener->ctx, k->archive,
                                    checkpoint, r->object, &o, err);
}

static enum reel_status
on_catalog_record(struct reel_catalog_check *k, const struct reel_record *r,
                  struct reel_links_check *links, struct reel_err *err)
{
    row_add(&k->row, r);
    row_judge(k, &k->row, r, k->made.sure);
    REEL_TRY(tell_named(k, r, false, err));
    reel_catalog_map_add(&k->map, r->whole, r->object,
                         r->type == REEL_RECORD_ENTRY);
    return parse(k, r, links, err);
}

static enum reel_status
on_slice_record(struct reel_catalog_check *k, const struct reel_record *r,
                bool sure, struct reel_err *err)
{
    row_add(&k->slice, r);
    row_judge(k, &k->slice, r, sure && !k->checkpoint_unsure);
    return tell_named(k, r, true, err);
}

/* -------------------------------------------------------------------- END */

static bool
row_agrees(const struct reel_catalog_check *k, const struct reel_end *e)
{
    struct reel_sha256 so_far = k->row.digest;
    uint8_t digest[REEL_DIGEST_BYTES];

    reel_sha256_final(&so_far, digest);
    return memcmp(digest, e->catalog_digest, sizeof(digest)) == 0;
}

static void
on_end_record(struct reel_catalog_check *k, const struct reel_record *r,
              const struct reel_verify_job *job)
{
    struct reel_cursor c      = reel_record_cursor(r);
    struct reel_cursor judged = c;
    struct reel_end stated;
    struct reel_end e;
    struct reel_err why;

    if (r->type != REEL_RECORD_END) {
        reel_diagnose_rule(k->diag, &r->pos, "R-9",
                           "record %s where END belongs",
                           reel_record_type_name(r->type));
        return;
    }
    reel_catalog_check_zeros(k, r);
    if (reel_end_accept(&e, UINT32_MAX, &c, &why) != REEL_OK) {
        reel_diagnose(k->diag, REEL_NOTE_INVALID, &why, NULL);
        return;
    }
    k->have_end  = true;
    k->end       = e;
    k->end_legal = reel_end_decode(&stated, &judged, &why) == REEL_OK;
    if (!k->end_legal)
        reel_diagnose(k->diag, REEL_NOTE_INVALID, &why, NULL);
    end_named(k, false, k->row_seen && !k->row.lossy && row_agrees(k, &e));
    k->end_pos    = r->pos;
    k->end_volume = job->item.volume;
    keep_text(&k->end.name, k->end_text);
    keep_text(&k->end.host, k->end_text + REEL_ARCHIVE_NAME_BYTES_MAX);
}

/* --------------------------------------------------------------- segments */

static void
begin_rows(struct reel_catalog_check *k, const struct reel_verify_job *job)
{
    if (job->item.kind == REEL_BLOCK_CATALOG && !k->row_seen) {
        k->row_seen = true;
        row_begin(&k->row, job);
    }
    if (job->item.kind == REEL_BLOCK_CHECKPOINT && !k->slice.open) {
        end_named(k, true, false); /* of one that was void */
        row_begin(&k->slice, job);
    }
}

/* A record whose header breaks a rule. */
static void
tell_header(struct reel_catalog_check *k, uint16_t kind,
            const struct reel_err *why)
{
    if (kind == REEL_BLOCK_CATALOG)
        k->row.told = true;
    if (kind == REEL_BLOCK_CHECKPOINT)
        k->slice.told = true;
    reel_diagnose(k->diag, REEL_NOTE_INVALID, why, NULL);
}

enum reel_status
reel_catalog_check_segment(struct reel_catalog_check *k,
                           const struct reel_verify_job *job, bool sure,
                           struct reel_links_check *links, struct reel_err *err)
{
    struct reel_pos in = job->item.pos;
    struct reel_record r;
    enum reel_status status;
    struct reel_cursor c;
    struct reel_err why;

    begin_rows(k, job);
    in.in_segment = true;
    c             = reel_cursor_init(job->raw.data, job->raw.len, &in);
    while ((status = reel_record_next(&r, &c, &why)) == REEL_OK ||
           status == REEL_E_INVALID) {
        if (status != REEL_OK) /* it stands there all the same */
            tell_header(k, job->item.kind, &why);
        if (job->item.kind == REEL_BLOCK_CATALOG)
            REEL_TRY(on_catalog_record(k, &r, links, err));
        else if (job->item.kind == REEL_BLOCK_END)
            on_end_record(k, &r, job);
        else if (r.type == REEL_RECORD_CHECKPOINT)
            REEL_TRY(end_slice(k, &r, sure, err));
        else
            REEL_TRY(on_slice_record(k, &r, sure, err));
    }
    if (status == REEL_END)
        return REEL_OK;
    reel_diagnose(k->diag, REEL_NOTE_INVALID, &why, NULL);
    reel_catalog_check_gap(k, job->item.kind);
    return REEL_OK;
}

/* --------------------------------------------------------------- the sum */

/* A text of ARCHIVE that breaks C-5 was told of. */
static bool
text_agrees(struct reel_bytes in_archive, struct reel_bytes in_end)
{
    return !reel_text_legal(in_archive) || reel_bytes_equal(in_archive, in_end);
}

/* And a time that breaks C-4. */
static bool
time_agrees(const struct reel_time *in_archive, const struct reel_time *in_end)
{
    return in_archive->ns > REEL_TIME_NS_MAX ||
           (in_archive->s == in_end->s && in_archive->ns == in_end->ns);
}

/* A-9; that the number is not that of the archive was told of, and so
   was what ARCHIVE or END breaks by itself. */
static void
judge_facts(struct reel_catalog_check *k)
{
    const struct reel_archive *const a = &k->facts;
    const struct reel_end *const e     = &k->end;

    if (!k->have_facts || !k->end_legal ||
        (a->edition == e->edition && a->source == e->source &&
         a->compression == e->compression &&
         a->segment_limit == e->segment_limit &&
         time_agrees(&a->created, &e->created) &&
         (a->archive == e->archive || a->archive != k->archive) &&
         a->previous_archive == e->previous_archive &&
         reel_position_equal(&a->previous, &e->previous) &&
         text_agrees(a->name, e->name) && text_agrees(a->host, e->host)))
        return;
    reel_diagnose_rule(k->diag, &k->end_pos, "A-9",
                       "the facts in END are not those in ARCHIVE");
}

/* */
static void
judge_totals(struct reel_catalog_check *k)
{
    const struct reel_catalog_totals *const t = &k->made.totals;
    const struct reel_end *const e            = &k->end;
    const bool row                            = k->row_seen && !k->row.lossy;

    if (k->made.sure &&
        (t->objects != e->objects || t->torn != e->torn ||
         t->flawed != e->flawed || t->stream_bytes != e->stream_bytes))
        reel_diagnose_rule(k->diag, &k->end_pos, "A-10",
                           "END counts %llu objects with %llu octets, the "
                           "data hold %llu with %llu",
                           (unsigned long long)e->objects,
                           (unsigned long long)e->stream_bytes,
                           (unsigned long long)t->objects,
                           (unsigned long long)t->stream_bytes);
    else if ((row && ((e->catalog_records != k->row.records &&
                       e->catalog_records != t->records) ||
                      (e->catalog_bytes != k->row.bytes &&
                       e->catalog_bytes != t->bytes) ||
                      (!k->astray &&
                       !reel_position_equal(&e->catalog, &k->row.first)))) ||
             (k->made.sure && !k->checkpoint_unsure &&
              (e->checkpoint != k->checkpoint ||
               !reel_position_equal(&e->checkpoint_slice,
                                    &k->checkpoint_slice))))
        reel_diagnose_rule(k->diag, &k->end_pos, "A-10",
                           "what END says of the catalog or of the last "
                           "checkpoint is not so");
    if (row && !k->astray && k->row.first.volume != k->end_volume)
        reel_diagnose_rule(k->diag, &k->end_pos, "A-5",
                           "END and the catalog stand on different volumes");
}

/* where the catalog differs from the data. */
static void
tell_difference(struct reel_catalog_check *k)
{
    const struct reel_catalog_difference d =
        reel_catalog_map_compare(&k->made.map, &k->map);

    if (d.any && !d.head && d.places && k->places_told)
        return;
    if (!d.any)
        reel_diagnose_rule(k->diag, &k->row.pos, "A-1",
                           "the catalog has its records in another order than "
                           "the data");
    else if (d.head)
        reel_diagnose_rule(k->diag, &k->row.pos, "A-1",
                           "the front of the catalog differs from the data");
    else
        reel_diagnose_rule(k->diag, &k->row.pos, d.places ? "A-2" : "A-1",
                           "the catalog differs from the data at objects "
                           "%llu ... %llu and in %llu other places",
                           (unsigned long long)d.first,
                           (unsigned long long)d.last,
                           (unsigned long long)d.others);
}

static void
tell_digest(struct reel_catalog_check *k)
{
    reel_diagnose_rule(k->diag, &k->end_pos, "A-11",
                       "the catalog digest in END is not that of the catalog");
}

/* who of catalog, END and data stands alone? */
static void
judge_digest(struct reel_catalog_check *k)
{
    uint8_t row[REEL_DIGEST_BYTES];
    bool end_row;
    bool end_made;
    bool row_made;

    end_made = memcmp(k->end.catalog_digest, k->made.digest, sizeof(row)) == 0;
    if (!k->row_seen || k->row.lossy) {
        if (k->made.sure && !end_made)
            tell_digest(k);
        return;
    }
    reel_sha256_final(&k->row.digest, row);
    end_row  = memcmp(k->end.catalog_digest, row, sizeof(row)) == 0;
    row_made = memcmp(k->made.digest, row, sizeof(row)) == 0;
    if (k->made.sure && !row_made && !k->parser_dead && !k->row.told)
        tell_difference(k);
    if (!end_row && !(k->made.sure && end_made))
        tell_digest(k);
}

static void
judge_end(struct reel_catalog_check *k)
{
    judge_facts(k);
    judge_totals(k);
    judge_digest(k);
    if (k->made.sure && memcmp(k->end.fingerprint, k->made.fingerprint,
                               sizeof(k->made.fingerprint)) != 0)
        reel_diagnose_rule(k->diag, &k->end_pos, "A-12",
                           "the fingerprint in END is not that of the data");
}

/* A block of the catalog that got lost at its front. */
static void
judge_front(struct reel_catalog_check *k)
{
    if (k->have_end && k->row_seen && !k->made.sure &&
        k->row.first.sequence > k->end.catalog.sequence)
        k->row.lossy = true;
}

void
reel_catalog_check_finish(struct reel_catalog_check *k, bool links_told)
{
    uint64_t limit = UINT64_MAX;

    k->places_told = k->places_told || links_told;
    judge_front(k);
    end_named(k, true, false);
    end_named(k, false, false);
    if (k->have_end)
        judge_end(k);
    if (k->row_seen && !k->row.lossy && !k->parser_dead && k->have_end)
        return;
    if (k->have_end)
        limit = k->end.objects < UINT64_MAX - 1 - k->end.torn
                    ? k->end.objects + k->end.torn + 1
                    : UINT64_MAX;
    else if (k->missing.count > 0 &&
             k->missing.ranges[k->missing.count - 1].to == UINT64_MAX)
        limit = k->missing.ranges[k->missing.count - 1].from;
    lost_nameless(k, k->named_next, limit);
}
