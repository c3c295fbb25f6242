/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3 and 9.6, a chain of checkpoints from its end to its beginning;
   policy layer. */
#include "slices.h"

#include <string.h>

#include "locate.h"
#include "reel/alloc.h"
#include "reel/checkpoint.h"

struct slices {
    struct reel_session *s;
    uint32_t archive;
    struct reel_catalog_source *front;

    /* Going back: what was met so far. */
    bool over;      /* the archive began here */
    uint32_t run;   /* of the blocks met last */
    uint64_t start; /* of that run */
    uint64_t limit; /* blocks from here on are superseded */

    /* The slice at hand. */
    size_t first_segment; /* of the spool */
    uint64_t records;
    uint64_t bytes;
    struct reel_sha256 digest;
    struct reel_place at; /* of its first segment */
    struct reel_checkpoint checkpoint;
    bool good;
};

/* ---- one slice ---- */

/* Is the record CHECKPOINT met what closes the slice at hand? */
static bool
closes(struct slices *k, const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);
    uint8_t digest[REEL_DIGEST_BYTES];

    if (reel_checkpoint_decode(&k->checkpoint, &c, NULL) != REEL_OK)
        return false;
    reel_sha256_final(&k->digest, digest);
    return k->checkpoint.slice_records == k->records &&
           k->checkpoint.slice_bytes == k->bytes &&
           k->checkpoint.slice.sequence == k->at.sequence &&
           k->checkpoint.previous_number < k->checkpoint.number &&
           memcmp(digest, k->checkpoint.slice_digest, sizeof(digest)) == 0;
}

/* One segment of it; *over: it was the last one, or it is no slice. */
static enum reel_status
take_segment(struct slices *k, const struct reel_read_item *item, bool *over,
             struct reel_err *err)
{
    struct reel_cursor c =
        reel_cursor_init(item->raw.data, item->raw.len, NULL);
    struct reel_record r;

    *over = true;
    if (item->status != REEL_OK || item->of.kind != REEL_BLOCK_CHECKPOINT)
        return REEL_OK;
    if (k->front->spool.count == k->first_segment)
        k->at = item->of.place;
    REEL_TRY(reel_reader_spool_add(&k->front->spool, item->of.packed, item->raw,
                                   err));
    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        if (r.type == REEL_RECORD_CHECKPOINT) {
            k->good = closes(k, &r);
            return REEL_OK;
        }
        reel_sha256_update(&k->digest, r.whole.data, r.whole.len);
        k->records++;
        k->bytes += r.whole.len;
    }
    *over = false;
    return REEL_OK;
}

/* The slice that stands here; good tells whether it is proven. */
static enum reel_status
take_slice(struct slices *k, struct reel_err *err)
{
    const struct reel_read_run run = {
        .jump           = true,
        .payload_offset = REEL_NONE32,
        .archive        = k->archive,
        .alone          = true,
        .kinds          = REEL_READ_KIND(REEL_BLOCK_CHECKPOINT) |
                 REEL_READ_KIND(REEL_BLOCK_DATA) |
                 REEL_READ_KIND(REEL_BLOCK_CATALOG) |
                 REEL_READ_KIND(REEL_BLOCK_END)};
    const struct reel_read_item *item;
    enum reel_status status;
    bool over = false;

    k->good          = false;
    k->first_segment = k->front->spool.count;
    k->records       = 0;
    k->bytes         = 0;
    reel_sha256_init(&k->digest);
    REEL_TRY(reel_read_start(k->s->pipeline, &run, err));
    while (!over) {
        status = reel_read_next(k->s->pipeline, &item, err);
        if (status == REEL_END)
            break;
        if (status == REEL_OK && item->of.event == REEL_DEBLOCK_SEGMENT)
            status = take_segment(k, item, &over, err);
        else if (status == REEL_OK)
            over = item->of.event == REEL_DEBLOCK_GAP ||
                   item->of.event == REEL_DEBLOCK_BAD_BLOCK;
        if (status != REEL_OK) {
            reel_read_stop(k->s->pipeline);
            return status;
        }
    }
    reel_read_stop(k->s->pipeline);
    return REEL_OK;
}

/* ---- the newest one ---- */

/* Segments of what turned out to be none are not looked at again. */
static void
drop_slice(struct slices *k)
{
    size_t i;

    for (i = k->first_segment; i < k->front->spool.count; i++)
        k->front->spool.segments[i].marked = false;
}

/* The first block of a tape file, the files behind it being known: does a
   checkpoint stand here that counts? */
static enum reel_status
judge_file(struct slices *k, const struct reel_reader_block *b, bool *candidate,
           struct reel_err *err)
{
    struct reel_block_header h;
    enum reel_status status;

    *candidate = false;
    if (b->event != REEL_EVENT_BLOCK)
        return REEL_OK;
    status = reel_block_decode(&h, b->data, b->len, NULL, err);
    if (status == REEL_E_UNSUPPORTED)
        return status;
    if (status != REEL_OK || h.archive > k->archive ||
        memcmp(h.set_id, k->s->volume.set_id, sizeof(h.set_id)) != 0)
        return REEL_OK;
    k->over = h.archive < k->archive;
    if (k->over)
        return REEL_OK;
    if (h.run < k->run && k->start < k->limit)
        k->limit = k->start;
    k->run   = h.run;
    k->start = h.run_start;
    if (h.run > 0)
        REEL_TRY(reel_read_know_run(k->s->pipeline, h.archive, h.run,
                                    h.run_start, err));
    *candidate = h.kind == REEL_BLOCK_CHECKPOINT && h.sequence < k->limit;
    return REEL_OK;
}

/* The tape file that ends before `end`: from where to where; *any false: none
   of Reel's. The volume stands at its first block. */
static enum reel_status
step_back(struct reel_reader_volume *v, uint64_t end, uint64_t *begin,
          bool *any, struct reel_err *err)
{
    int64_t passed;
    uint64_t mark;

    REEL_TRY(reel_reader_volume_seek(v, end, err));
    v->held_any = false;
    REEL_TRY(reel_medium_space_filemarks(v->medium, -1, &passed, err));
    REEL_TRY(reel_medium_tell(v->medium, &mark, err));
    v->address = mark;
    *begin     = passed != 0 ? mark + 1 : mark;
    *any       = *begin >= v->first_address;
    return *any ? reel_reader_volume_seek(v, *begin, err) : REEL_OK;
}

/* The newest one on the volume that is mounted. */
static enum reel_status
search_volume(struct slices *k, struct reel_err *err)
{
    struct reel_reader_volume *const v = &k->s->volume;
    struct reel_reader_block b;
    bool candidate;
    uint64_t begin;
    uint64_t end;
    bool any;

    v->held_any = false;
    REEL_TRY(reel_medium_end_of_data(v->medium, err));
    REEL_TRY(reel_medium_tell(v->medium, &v->address, err));
    end = v->address;
    for (;;) {
        REEL_TRY(step_back(v, end, &begin, &any, err));
        if (!any)
            return REEL_OK;
        REEL_TRY(reel_reader_volume_read(v, &b, err));
        REEL_TRY(judge_file(k, &b, &candidate, err));
        if (candidate) {
            reel_reader_volume_hold(v, &b);
            REEL_TRY(take_slice(k, err));
            if (!k->good)
                drop_slice(k);
        }
        if (k->good || k->over || begin <= v->first_address)
            return REEL_OK;
        end = begin - 1;
    }
}

static enum reel_status
search(struct slices *k, struct reel_err *err)
{
    struct reel_reader_volume *const v = &k->s->volume;
    uint32_t number                    = v->highest;
    bool have                          = true;

    if (v->volumes == NULL || number == 0)
        return search_volume(k, err);
    while (number > 0 && !k->good && !k->over) {
        REEL_TRY(reel_reader_volume_mount_any(v, number, 1, &have, err));
        if (!have)
            return REEL_OK;
        number = v->number - 1;
        REEL_TRY(search_volume(k, err));
    }
    return REEL_OK;
}

/* ---- the chain ---- */

static enum reel_status
go_back(struct slices *k, struct reel_err *err)
{
    const struct reel_checkpoint last   = k->checkpoint;
    struct reel_reader_volume *const v  = &k->s->volume;
    const struct reel_position *const p = &last.previous;
    bool found;

    k->good = false;
    REEL_TRY(reel_reader_volume_mount(v, p->volume, &found, err));
    if (found)
        REEL_TRY(reel_reader_locate(v, k->archive, p->sequence, p->address,
                                    &found, err));
    if (!found)
        return REEL_OK;
    REEL_TRY(take_slice(k, err));
    k->good = k->good && k->checkpoint.number == last.previous_number;
    return REEL_OK;
}

/* Slices stand in the spool the newest first: turn their order around, and
   leave that within each as it is. */
static void
reverse(struct reel_spool_segment *list, size_t from, size_t to)
{
    while (from + 1 < to) {
        const struct reel_spool_segment swap = list[from];

        list[from++] = list[--to];
        list[to]     = swap;
    }
}

/* Where each slice begins in the spool. */
struct begins {
    size_t *list;
    size_t count;
    size_t capacity;
};

static enum reel_status
note_begin(struct begins *b, size_t at, struct reel_err *err)
{
    if (b->count == b->capacity) {
        const size_t capacity = b->capacity == 0 ? 64 : 2 * b->capacity;
        size_t *const more =
            reel_realloc_array(b->list, capacity, sizeof(*more));

        if (more == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the list of checkpoints");
        b->list     = more;
        b->capacity = capacity;
    }
    b->list[b->count++] = at;
    return REEL_OK;
}

static void
turn_around(struct reel_reader_spool *spool, const struct begins *b)
{
    size_t i;

    /* Each slice alone, then all: within each the order is what it was. */
    for (i = 0; i < b->count; i++)
        reverse(spool->segments, b->list[i],
                i + 1 < b->count ? b->list[i + 1] : spool->count);
    reverse(spool->segments, 0, spool->count);
}

static enum reel_status
load_chain(struct slices *k, struct reel_err *err)
{
    struct begins b         = {NULL, 0, 0};
    enum reel_status status = note_begin(&b, k->first_segment, err);

    while (status == REEL_OK && k->good && k->checkpoint.previous_number != 0) {
        status = go_back(k, err);
        if (status == REEL_OK)
            status = note_begin(&b, k->first_segment, err);
    }
    if (status == REEL_OK && k->good)
        turn_around(&k->front->spool, &b);
    reel_free(b.list);
    return status;
}

enum reel_status
reel_slices_load(struct reel_session *s, uint32_t archive,
                 struct reel_catalog_source *front, bool *usable,
                 struct reel_err *err)
{
    struct slices k = {
        .s = s, .archive = archive, .front = front, .limit = UINT64_MAX};
    struct reel_position newest;
    bool found = false;

    *usable        = false;
    front->archive = archive;
    REEL_TRY(search(&k, err));
    if (!k.good)
        return REEL_OK;
    newest        = k.checkpoint.slice;
    newest.volume = k.at.volume;
    REEL_TRY(load_chain(&k, err));
    if (!k.good)
        return REEL_OK;
    REEL_TRY(reel_reader_volume_mount(&s->volume, newest.volume, &found, err));
    if (found)
        REEL_TRY(reel_reader_locate(&s->volume, archive, newest.sequence,
                                    newest.address, &found, err));
    *usable = found;
    return REEL_OK;
}
