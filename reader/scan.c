/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2, a catalog made anew from the data; policy layer. */
#include <string.h>

#include "catalog_source.h"
#include "damage.h"
#include "notes.h"
#include "reel/alloc.h"
#include "reel/continued.h"
#include "reel/record_packer.h"

/* How the catalog is kept while it is used; what stands on tape is packed as
   ARCHIVE says. */
#define SPOOL_LEVEL 1
#define SPOOL_SEGMENT_BYTES (1U << 20)
#define HELD_BYTES_MAX (64U << 20)

/* Records of an object from slices: their places stand in ENTRY, behind. */
struct held_records {
    uint8_t *buf;
    size_t len;
    size_t capacity;
};

struct scan {
    struct reel_catalog_source *out;
    const struct reel_catalog_source *front; /* NULL: none */
    struct held_records held;
    uint32_t wanted; /* 0: the last complete one */
    const struct reel_reporter *report;
    struct reel_damage damage;

    /* The archive at hand; builder NULL: none that is wanted. */
    struct reel_catalog_source at;
    struct reel_catalog *builder;
    struct reel_record_packer *packer;
    uint64_t last_object; /* number of the last OBJECT met */
    uint64_t open_object; /* 0: none */
    uint64_t records;     /* of the catalog so far */
    uint32_t run;         /* of the last data */
    bool absent; /* what is missing stands on a volume that is not at hand */
};

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the catalog");
}

static enum reel_status
on_packed(void *ctx, struct reel_bytes packed, struct reel_err *err)
{
    const struct reel_bytes none = {NULL, 0};
    struct scan *const s         = ctx;

    return reel_reader_spool_add(&s->at.spool, packed, none, err);
}

static enum reel_status
on_record(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct scan *const s = ctx;

    s->records++;
    return reel_record_packer_add(s->packer, record, err);
}

static void
drop(struct scan *s)
{
    reel_catalog_free(s->builder);
    reel_record_packer_free(s->packer);
    reel_catalog_source_fini(&s->at);
    s->builder = NULL;
    s->packer  = NULL;
}

/* An OBJECT that makes no sense: what it says of itself is all there is. */
static void
judge_object(struct scan *s, const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_bytes path;
    struct reel_object o;
    struct reel_err why;
    uint8_t encoding;

    if (reel_object_accept(&o, &c, NULL, &why) == REEL_OK)
        return;
    s->at.lost++;
    s->open_object = 0;
    reel_catalog_source_peek(r->payload, &encoding, &path);
    reel_note_send(s->report, REEL_NOTE_LOST, encoding, path, r->object, &why);
}

/* ---- the part of the catalog that is known from slices ---- */

/* What a checkpoint says of one object in more octets is left out. */
static enum reel_status
hold_record(struct scan *s, const struct reel_record *r, struct reel_err *err)
{
    struct held_records *const h   = &s->held;
    const struct reel_bytes record = r->whole;

    if (record.len > HELD_BYTES_MAX - h->len) {
        reel_notes_say(s->report, REEL_NOTE_DAMAGE, REEL_E_LIMIT, &r->pos, NULL,
                       "a checkpoint has more than %u octets of one object: "
                       "left out",
                       HELD_BYTES_MAX);
        h->len = 0;
    }
    if (record.len > h->capacity - h->len) {
        const size_t capacity = 2 * (h->len + record.len);
        uint8_t *const more   = reel_realloc_array(h->buf, capacity, 1);

        if (more == NULL)
            return no_memory(err);
        h->buf      = more;
        h->capacity = capacity;
    }
    memcpy(h->buf + h->len, record.data, record.len);
    h->len += record.len;
    return REEL_OK;
}

/* ENTRY came: what was held may be taken. */
static enum reel_status
release_records(struct scan *s, const struct reel_entry *entry,
                struct reel_err *err)
{
    struct held_records *const h = &s->held;
    struct reel_cursor c         = reel_cursor_init(h->buf, h->len, NULL);
    struct reel_record r;

    while (reel_record_next(&r, &c, NULL) == REEL_OK)
        REEL_TRY(reel_catalog_record(
            s->builder, &r,
            r.type == REEL_RECORD_OBJECT_END ? &entry->end : &entry->begin,
            err));
    h->len = 0;
    return REEL_OK;
}

static enum reel_status
replay_record(struct scan *s, const struct reel_record *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_entry entry;

    switch (r->type) {
    case REEL_RECORD_CHECKPOINT:
        return REEL_OK;
    case REEL_RECORD_ENTRY:
        if (reel_entry_decode(&entry, &c, NULL) != REEL_OK)
            return REEL_OK;
        REEL_TRY(release_records(s, &entry, err));
        s->open_object = entry.flags & REEL_ENTRY_OPEN ? r->object : 0;
        return REEL_OK;
    case REEL_RECORD_OBJECT:
        s->last_object = r->object;
        judge_object(s, r);
        break;
    default:
        break;
    }
    return hold_record(s, r, err);
}

static enum reel_status
replay(struct scan *s, struct reel_err *err)
{
    static const struct reel_entry nowhere;
    struct reel_spool_cursor c;
    enum reel_status status;
    struct reel_record r;

    s->held.len = 0;
    status      = reel_spool_cursor_init(&c, &s->front->spool, err);
    while (status == REEL_OK) {
        status = reel_spool_cursor_next(&c, &r, err);
        if (status == REEL_OK)
            status = replay_record(s, &r, err);
        else if (status == REEL_E_INVALID || status == REEL_E_TRUNCATED)
            status = REEL_OK; /* such a record is of no use */
    }
    reel_spool_cursor_fini(&c);
    if (status != REEL_END)
        return status;
    return release_records(s, &nowhere, err); /* the head, if nothing else */
}

static enum reel_status
begin(struct scan *s, uint32_t archive, struct reel_err *err)
{
    reel_catalog_source_init(&s->at, s->out->spool.file.directory);
    s->at.archive     = archive;
    s->at.scanned     = true;
    s->at.undisturbed = true;
    s->run            = 0;
    s->absent         = false;
    s->last_object    = 0;
    s->open_object    = 0;
    s->records        = 0;
    s->builder        = reel_catalog_new(on_record, s);
    s->packer = reel_record_packer_new(REEL_COMPRESSION_ZSTD, SPOOL_LEVEL,
                                       SPOOL_SEGMENT_BYTES, on_packed, s);
    if (s->builder == NULL || s->packer == NULL) {
        drop(s);
        return no_memory(err);
    }
    return s->front != NULL ? replay(s, err) : REEL_OK;
}

/* Does the archive at hand take the place of what is kept so far? */
static bool
preferred(const struct scan *s)
{
    return s->wanted != 0 || s->at.have_end || !s->out->have_end;
}

static void
hand_over(struct scan *s)
{
    const char *const dir = s->out->spool.file.directory;

    reel_catalog_source_fini(s->out);
    *s->out = s->at;
    if (s->out->have_end) {
        s->out->end.name.data = s->out->text;
        s->out->end.host.data = s->out->text + s->out->end.name.len;
    }
    reel_catalog_source_init(&s->at, dir);
}

/* The archive at hand is over. */
static enum reel_status
finish(struct scan *s, struct reel_err *err)
{
    struct reel_catalog_source *const at = &s->at;

    if (s->builder == NULL)
        return REEL_OK;
    REEL_TRY(reel_catalog_finish(s->builder, &at->totals, at->digest,
                                 at->fingerprint, err));
    REEL_TRY(reel_record_packer_cut(s->packer, err));
    at->differs = at->have_end && memcmp(at->digest, at->end.catalog_digest,
                                         sizeof(at->digest)) != 0;
    if (preferred(s))
        hand_over(s);
    drop(s);
    return REEL_OK;
}

/* Objects [from, to) are gone with their names. */
static void
note_numbers_lost(struct scan *s, uint64_t from, uint64_t to,
                  const struct reel_pos *pos)
{
    if (from >= to)
        return;
    s->at.lost += to - from;
    if (s->absent)
        reel_notes_say(s->report, REEL_NOTE_WANTED, REEL_E_TRUNCATED, pos, NULL,
                       "%llu objects stand on volumes that are not at hand: "
                       "numbers %llu to %llu",
                       (unsigned long long)(to - from),
                       (unsigned long long)from, (unsigned long long)(to - 1));
    else
        reel_notes_say(s->report, REEL_NOTE_LOST, REEL_E_TRUNCATED, pos, "R-12",
                       "%llu objects are lost with their names: numbers %llu "
                       "to %llu",
                       (unsigned long long)(to - from),
                       (unsigned long long)from, (unsigned long long)(to - 1));
}

/* CONTINUED of an object whose OBJECT was not met: its name at least. */
static void
note_orphan(struct scan *s, const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_continued k;

    if (r->object <= s->last_object ||
        reel_continued_decode(&k, &c, NULL) != REEL_OK)
        return;
    note_numbers_lost(s, s->last_object + 1, r->object, &r->pos);
    s->at.lost++;
    s->last_object = r->object;
    s->open_object = 0;
    reel_notes_object(
        s->report, s->absent ? REEL_NOTE_WANTED : REEL_NOTE_LOST,
        &(struct reel_notes_object){k.encoding, k.path, r->object},
        REEL_E_TRUNCATED, &r->pos,
        s->absent ? "begins on a volume that is not at hand"
                  : "its facts are lost, and what stands before this place");
    s->absent = false;
}

static enum reel_status
scan_record(struct scan *s, const struct reel_record *r,
            const struct reel_place *place, struct reel_err *err)
{
    if (r->type == REEL_RECORD_CONTINUED && r->object != s->open_object)
        note_orphan(s, r);
    if (r->type == REEL_RECORD_OBJECT_END && r->object == s->open_object)
        s->open_object = 0;
    if (r->type == REEL_RECORD_OBJECT) {
        note_numbers_lost(s, s->last_object + 1, r->object, &r->pos);
        s->last_object = r->object;
        s->open_object = r->object;
        s->absent      = false;
        judge_object(s, r);
    }
    return reel_catalog_record(s->builder, r, place, err);
}

static enum reel_status
scan_segment(struct scan *s, const struct reel_read_item *item,
             struct reel_err *err)
{
    struct reel_pos pos     = item->of.pos;
    struct reel_place place = item->of.place;
    enum reel_status status;
    struct reel_record r;
    struct reel_cursor c;

    pos.in_segment = true;
    c              = reel_cursor_init(item->raw.data, item->raw.len, &pos);
    while ((status = reel_record_next(&r, &c, err)) == REEL_OK ||
           status == REEL_E_INVALID) {
        REEL_TRY(reel_go_on(s->report, err));
        place.record_offset = r.pos.segment_byte;
        if (status == REEL_OK)
            REEL_TRY(scan_record(s, &r, &place, err));
        else
            reel_notes_send(s->report, REEL_NOTE_DAMAGE, err);
    }
    if (status == REEL_END)
        return REEL_OK;
    reel_notes_send(s->report, REEL_NOTE_DAMAGE, err);
    return REEL_OK;
}

/* The object that is open goes on on a volume that is not at hand. */
static enum reel_status
note_wanting(struct scan *s, struct reel_err *err)
{
    struct reel_catalog_source *const at = &s->at;

    if (s->open_object == 0)
        return REEL_OK;
    if (at->wanting_count == at->wanting_capacity) {
        const size_t capacity =
            at->wanting_capacity == 0 ? 4 : 2 * at->wanting_capacity;
        uint64_t *const more =
            reel_realloc_array(at->wanting, capacity, sizeof(*more));

        if (more == NULL)
            return no_memory(err);
        at->wanting          = more;
        at->wanting_capacity = capacity;
    }
    at->wanting[at->wanting_count++] = s->open_object;
    return REEL_OK;
}

/* The writer ended a segment of its catalog here. */
static enum reel_status
note_cut(struct scan *s, struct reel_err *err)
{
    struct reel_catalog_source *const at = &s->at;

    if (at->cut_count == at->cut_capacity) {
        const size_t capacity =
            at->cut_capacity == 0 ? 16 : 2 * at->cut_capacity;
        uint64_t *const more =
            reel_realloc_array(at->cuts, capacity, sizeof(*more));

        if (more == NULL)
            return no_memory(err);
        at->cuts         = more;
        at->cut_capacity = capacity;
    }
    at->cuts[at->cut_count++] = s->records;
    return REEL_OK;
}

/* A slice: only where it stands is of interest. */
static enum reel_status
scan_checkpoint(struct scan *s, const struct reel_read_item *item,
                struct reel_err *err)
{
    struct reel_cursor c =
        reel_cursor_init(item->raw.data, item->raw.len, NULL);
    struct reel_checkpoint k;
    struct reel_cursor payload;
    struct reel_record r;

    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        payload = reel_record_cursor(&r);
        if (r.type == REEL_RECORD_CHECKPOINT &&
            reel_checkpoint_decode(&k, &payload, NULL) == REEL_OK) {
            s->at.checkpoint       = k.number;
            s->at.checkpoint_slice = k.slice;
            REEL_TRY(note_cut(s, err));
        }
    }
    return REEL_OK;
}

static void
scan_end(struct scan *s, const struct reel_read_item *item)
{
    struct reel_cursor c =
        reel_cursor_init(item->raw.data, item->raw.len, &item->of.pos);
    struct reel_catalog_source *const at = &s->at;
    struct reel_cursor payload;
    struct reel_record r;

    if (at->have_end || reel_record_next(&r, &c, NULL) != REEL_OK ||
        r.type != REEL_RECORD_END)
        return;
    payload = reel_record_cursor(&r);
    if (reel_end_accept(&at->end, item->of.archive, &payload, NULL) != REEL_OK)
        return;
    if (at->end.name.len > 0)
        memcpy(at->text, at->end.name.data, at->end.name.len);
    if (at->end.host.len > 0)
        memcpy(at->text + at->end.name.len, at->end.host.data,
               at->end.host.len);
    at->have_end  = true;
    at->end_block = item->block;
    note_numbers_lost(s, s->last_object + 1, at->end.objects + at->end.torn + 1,
                      &item->of.pos);
    s->last_object = at->end.objects + at->end.torn;
}

/* Where the data begin in the middle, what stands before is on an earlier
   volume. Where a run begins that was not known of, it is too late. */
static void
begin_data(struct scan *s, const struct reel_read_item *item)
{
    if (s->at.last_data.block_bytes == 0 && s->last_object == 0 &&
        item->of.place.sequence > 0 && item->of.volume > 1)
        s->absent = true;
    if (item->of.run > s->run) {
        s->at.undisturbed = false;
        s->absent         = false;
    }
    s->run          = item->of.run;
    s->at.last_data = item->block;
}

static enum reel_status
scan_kind(struct scan *s, const struct reel_read_item *item,
          struct reel_err *err)
{
    switch (item->of.kind) {
    case REEL_BLOCK_VOLUME:
        return scan_segment(s, item, err);
    case REEL_BLOCK_DATA:
        begin_data(s, item);
        return scan_segment(s, item, err);
    case REEL_BLOCK_CHECKPOINT:
        s->at.last_data = item->block;
        return scan_checkpoint(s, item, err);
    case REEL_BLOCK_END:
        scan_end(s, item);
        return REEL_OK;
    default:
        return REEL_OK;
    }
}

static enum reel_status
scan_item(struct scan *s, const struct reel_read_item *item,
          struct reel_err *err)
{
    if (item->of.event == REEL_DEBLOCK_ARCHIVE) {
        REEL_TRY(finish(s, err));
        if (s->wanted != 0 && item->of.archive != s->wanted)
            return REEL_OK;
        return begin(s, item->of.archive, err);
    }
    if (s->builder == NULL)
        return REEL_OK;
    reel_damage_item(&s->damage, item);
    if (item->absent) {
        s->absent = true;
        REEL_TRY(note_wanting(s, err));
    }
    if (item->of.event != REEL_DEBLOCK_SEGMENT || item->status != REEL_OK)
        return REEL_OK;
    return scan_kind(s, item, err);
}

enum reel_status
reel_catalog_source_scan(struct reel_catalog_source *out,
                         struct reel_read_pipeline *p, uint32_t archive,
                         const struct reel_catalog_source *front, bool across,
                         const struct reel_reporter *report, bool *found,
                         struct reel_err *err)
{
    const struct reel_read_run run = {
        .jump            = true,
        .payload_offset  = REEL_NONE32,
        .archive         = archive,
        .stop_behind_end = archive != 0,
        .across          = across,
        .kinds = REEL_READ_DATA | REEL_READ_KIND(REEL_BLOCK_CHECKPOINT) |
                 REEL_READ_KIND(REEL_BLOCK_END)};
    struct scan s = {.out    = out,
                     .front  = front,
                     .wanted = archive,
                     .report = report,
                     .damage = {.report = report}};
    const struct reel_read_item *item;
    enum reel_status status;

    status = reel_read_start(p, &run, err);
    while (status == REEL_OK) {
        status = reel_read_next(p, &item, err);
        if (status == REEL_OK)
            status = scan_item(&s, item, err);
    }
    reel_read_stop(p);
    if (status == REEL_END && s.builder != NULL && !s.at.have_end &&
        reel_read_goes_on(p))
        status = note_wanting(&s, err) == REEL_OK ? REEL_END : REEL_E_MEMORY;
    if (status == REEL_END)
        status = finish(&s, err);
    drop(&s);
    reel_free(s.held.buf);
    *found = out->archive != 0;
    return status;
}
