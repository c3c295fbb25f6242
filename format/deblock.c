/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 3, 4 and 12.1; archive layer: blocks to packed segments. */
#include <string.h>

#include "reel/alloc.h"
#include "reel/deblock.h"

#define GROW_STEP 65536U
#define QUEUE_MAX 8 /* notes one block can give rise to */

struct reel_deblock {
    uint32_t limit_bytes;
    struct reel_known known;
    bool have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];

    /* The sequence: what block is expected next. */
    bool started;  /* archive, run and expected are known */
    bool anywhere; /* after a jump: take what comes as expected */
    uint32_t volume;
    uint32_t archive;
    uint32_t run;
    uint64_t run_start;
    uint64_t expected;
    uint64_t reached; /* one more than the highest sequence taken */
    uint16_t kind;    /* of the stretch */

    /* The segment being put together. */
    bool synced;            /* the next octet of payload goes on from the
                               last one */
    uint32_t start_offset;  /* after a jump: where to begin, or NONE */
    uint64_t done_sequence; /* segments before this place were handed out: */
    size_t done_at;         /* block, and offset in its payload */
    uint8_t *buf;
    size_t capacity;
    size_t have;
    size_t need; /* octets of the whole segment, 24 until its header is had */
    struct reel_place place;
    struct reel_pos pos;

    /* The block that was fed. */
    struct reel_block_header h;
    uint64_t address;
    const uint8_t *payload; /* NULL: nothing left of it */
    size_t at;
    bool first_seen; /* a segment began in this block already */

    /* Items that stand before the segments of the block. */
    struct reel_deblock_item queue[QUEUE_MAX];
    size_t queued;
    size_t taken;
};

struct reel_deblock *
reel_deblock_new(uint32_t limit_bytes)
{
    struct reel_deblock *const d = reel_alloc_array(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->limit_bytes  = limit_bytes;
    d->start_offset = REEL_NONE32;
    d->anywhere     = true;
    return d;
}

void
reel_deblock_free(struct reel_deblock *d)
{
    if (d == NULL)
        return;
    reel_known_fini(&d->known);
    reel_free(d->buf);
    reel_free(d);
}

enum reel_status
reel_deblock_run(struct reel_deblock *d, uint32_t archive, uint32_t run,
                 uint64_t run_start, struct reel_err *err)
{
    return reel_known_add_run(
        &d->known, &(struct reel_known_run){archive, run, run_start}, err);
}

void
reel_deblock_set(struct reel_deblock *d,
                 const uint8_t set_id[REEL_SET_ID_BYTES])
{
    memcpy(d->set_id, set_id, sizeof(d->set_id));
    d->have_set = true;
}

/* B-18, by what stands here and by what is known to come. */
static bool
superseded(const struct reel_deblock *d, const struct reel_block_header *h)
{
    return (h->archive == d->archive && h->run < d->run &&
            h->sequence >= d->run_start) ||
           reel_known_superseded(&d->known, h);
}

/* Where offset `at` of the payload of the current block stands. */
static struct reel_pos
payload_pos(const struct reel_deblock *d, size_t at)
{
    struct reel_pos pos;

    memset(&pos, 0, sizeof(pos));
    pos.volume = d->volume;
    pos.block  = d->address;
    pos.byte   = (uint32_t)(REEL_BLOCK_HEADER_BYTES + at);
    return pos;
}

static struct reel_pos
block_pos(const struct reel_deblock *d)
{
    struct reel_pos pos;

    memset(&pos, 0, sizeof(pos));
    pos.volume = d->volume;
    pos.block  = d->address;
    return pos;
}

static struct reel_deblock_item *
push(struct reel_deblock *d, enum reel_deblock_event event)
{
    /* One block gives rise to fewer than QUEUE_MAX of these. */
    struct reel_deblock_item *const item =
        &d->queue[d->queued < QUEUE_MAX ? d->queued++ : QUEUE_MAX - 1];

    memset(item, 0, sizeof(*item));
    item->event   = event;
    item->kind    = d->kind;
    item->volume  = d->volume;
    item->archive = d->archive;
    item->run     = d->run;
    item->pos     = block_pos(d);
    return item;
}

static void
push_rule(struct reel_deblock *d, enum reel_deblock_event event,
          enum reel_status status, const char *rule, const char *text)
{
    struct reel_deblock_item *const item = push(d, event);

    (void)reel_fail(&item->err, status, &item->pos, rule, "%s", text);
}

/* What was being put together is cut short; true if there was something. */
static bool
drop_partial(struct reel_deblock *d)
{
    const bool had = d->have > 0;

    d->have = 0;
    d->need = 0;
    return had;
}

static void
push_gap(struct reel_deblock *d, uint64_t from, uint64_t to, const char *rule,
         const char *text)
{
    struct reel_deblock_item *const item = push(d, REEL_DEBLOCK_GAP);

    item->missing_from = from;
    item->missing_to   = to;
    (void)reel_fail(&item->err, REEL_E_TRUNCATED, &item->pos, rule, "%s", text);
}

static void
lose_sync(struct reel_deblock *d)
{
    (void)drop_partial(d);
    d->synced       = false;
    d->start_offset = REEL_NONE32;
}

void
reel_deblock_jump(struct reel_deblock *d, uint32_t payload_offset)
{
    lose_sync(d);
    d->payload       = NULL;
    d->start_offset  = payload_offset;
    d->anywhere      = true;
    d->started       = false;
    d->done_sequence = 0;
    d->done_at       = 0;
}

void
reel_deblock_unreadable(struct reel_deblock *d, uint64_t address)
{
    d->queued = d->taken = 0;
    d->payload           = NULL;
    d->address           = address;
    push_rule(d, REEL_DEBLOCK_BAD_BLOCK, REEL_E_MEDIUM, NULL,
              "block cannot be read");
}

void
reel_deblock_finish(struct reel_deblock *d)
{
    d->queued = d->taken = 0;
    d->payload           = NULL;
    if (drop_partial(d))
        push_gap(d, 0, 0, "G-1", "data end inside a segment");
    d->synced = false;
}

/* The first block of another archive. Unless the medium was positioned, it
   must be block 0. */
static void
begin_archive(struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;

    if (drop_partial(d))
        push_gap(d, 0, 0, "G-1", "archive ends inside a segment");
    d->archive       = h->archive;
    d->run           = h->run;
    d->run_start     = h->run_start;
    d->kind          = h->kind;
    d->started       = true;
    d->synced        = false;
    d->expected      = 0;
    d->reached       = 0;
    d->done_sequence = 0;
    d->done_at       = 0;
    (void)push(d, REEL_DEBLOCK_ARCHIVE);
}

/* A higher run goes on from its start; what stood behind that is void. */
static void
begin_run(struct reel_deblock *d)
{
    const bool had = drop_partial(d);

    if (had || d->reached > d->h.run_start) {
        push_gap(d, d->h.run_start, d->h.run_start, NULL, "a new run begins");
        d->queue[d->queued - 1].run_begins = true;
        d->queue[d->queued - 1].run        = d->h.run;
    } else if (d->expected < d->h.run_start && !d->anywhere) {
        push_gap(d, d->expected, d->h.run_start, "B-14",
                 "blocks are missing before this run");
    }
    if (d->reached > d->h.run_start)
        d->reached = d->h.run_start;
    d->run           = d->h.run;
    d->run_start     = d->h.run_start;
    d->expected      = d->h.run_start;
    d->done_sequence = d->h.run_start;
    d->done_at       = 0;
    lose_sync(d);
}

/*
 * What follows stands on another volume and goes on at `sequence`, which may
 * lie before the one expected; segments handed out already are not handed out
 * again, and what stood of one before the end of the volume has no meaning.
 */
static void
go_on_at(struct reel_deblock *d, uint64_t sequence)
{
    if (d->have > 0) {
        d->done_sequence = d->place.sequence;
        d->done_at       = d->place.payload_offset;
    }
    lose_sync(d);
    d->expected = sequence;
}

/* A VOLUME block. */
static void
begin_volume(struct reel_deblock *d)
{
    if (d->h.sequence > d->expected && !d->anywhere)
        push_gap(d, d->expected, d->h.sequence, "B-14",
                 "blocks are missing before this volume");
    go_on_at(d, d->h.sequence);
    d->anywhere = false;
}

/* The first block of another volume whose VOLUME is lost: if a segment that
   went over the end is to go on here, what it begins with must be here too. */
static void
begin_unnamed_volume(struct reel_deblock *d)
{
    uint64_t from = d->h.sequence;

    if (d->anywhere)
        return;
    if (d->have > 0 && d->place.sequence < from)
        from = d->place.sequence;
    if (from < d->expected)
        go_on_at(d, from);
}

/* Judge the sequence; true if the payload is to be taken. */
static bool
judge_sequence(struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;

    if (d->anywhere) {
        d->expected = h->sequence;
        d->anywhere = false;
    }
    if (h->sequence < d->expected) {
        if (h->kind != REEL_BLOCK_END)
            push_rule(d, REEL_DEBLOCK_REPEATED, REEL_E_INVALID, "B-14",
                      "block repeats one that stood before");
        return false;
    }
    if (h->sequence > d->expected) {
        push_gap(d, d->expected, h->sequence, "B-14", "blocks are missing");
        lose_sync(d);
    }
    d->expected = h->sequence + 1;
    if (d->expected > d->reached)
        d->reached = d->expected;
    return true;
}

/* The stretch changes: segments do not go across (B-11). */
static void
judge_kind(struct reel_deblock *d)
{
    if (d->kind == d->h.kind)
        return;
    d->kind = d->h.kind;
    if (drop_partial(d))
        push_gap(d, 0, 0, "B-11",
                 "a segment goes on into a block of another kind");
    d->synced = false;
}

static bool
kind_known(uint16_t kind)
{
    return kind >= REEL_BLOCK_VOLUME && kind <= REEL_BLOCK_END;
}

/* A good block of our set: archive, run, volume, sequence. */
static bool
judge_place(struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;
    const bool other_volume = d->started && h->volume != d->volume;
    const bool volume       = h->kind == REEL_BLOCK_VOLUME;

    d->volume = h->volume;
    if (!d->started || h->archive > d->archive)
        begin_archive(d);
    if (h->archive == d->archive && volume && superseded(d, h)) {
        go_on_at(d, d->expected); /* it says nothing of what follows */
        return true;
    }
    if (h->archive < d->archive || superseded(d, h)) {
        push_rule(d, REEL_DEBLOCK_SUPERSEDED, REEL_E_INVALID, "B-18",
                  "block of an earlier archive or a superseded run");
        return false;
    }
    if (h->run > d->run)
        begin_run(d);
    if (volume) {
        begin_volume(d);
        return true;
    }
    if (other_volume)
        begin_unnamed_volume(d);
    if (!judge_sequence(d))
        return false;
    if (!kind_known(h->kind)) {
        push_rule(d, REEL_DEBLOCK_UNKNOWN, REEL_E_UNSUPPORTED,
                  h->kind & REEL_BLOCK_SKIPPABLE ? "B-13" : NULL,
                  "block of an unknown kind");
        if (!(h->kind & REEL_BLOCK_SKIPPABLE)) {
            push_gap(d, 0, 0, NULL, "a block of an unknown kind is lost");
            lose_sync(d);
        }
        return false;
    }
    judge_kind(d);
    return true;
}

/* Where reading of the payload starts: go on, or at a segment's beginning. */
static bool
choose_start(struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;

    d->at         = 0;
    d->first_seen = false;
    if (h->kind == REEL_BLOCK_VOLUME)
        return true;
    if (d->synced)
        return true;
    if (h->sequence < d->done_sequence)
        return false;
    if (h->sequence == d->done_sequence && d->done_at > 0)
        d->start_offset = (uint32_t)d->done_at;
    if (d->start_offset != REEL_NONE32) {
        d->at           = d->start_offset;
        d->start_offset = REEL_NONE32;
        d->first_seen   = true;
    } else {
        d->at = h->first_segment;
    }
    d->synced = d->at < h->payload_bytes;
    return d->synced;
}

/* B-8, B-20: worth telling, nothing is lost. */
static void
judge_details(struct reel_deblock *d, const uint8_t *data)
{
    if (!reel_block_padding_zero(&d->h, data))
        push_rule(d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-8",
                  "octets behind the payload are not zero");
    if (d->address != REEL_NONE64 && d->h.address != d->address)
        push_rule(d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-20",
                  "address in the block is not where it stands");
}

enum reel_status
reel_deblock_block(struct reel_deblock *d, const uint8_t *data, size_t len,
                   uint64_t address, struct reel_block_header *header,
                   bool *good, struct reel_err *err)
{
    struct reel_err why;
    enum reel_status status;
    struct reel_pos pos;

    d->queued = d->taken = 0;
    d->payload           = NULL;
    d->address           = address;
    *good                = false;
    pos                  = block_pos(d);
    status               = reel_block_decode(&d->h, data, len, &pos, &why);
    if (status == REEL_E_UNSUPPORTED) {
        if (err != NULL)
            *err = why;
        return status;
    }
    if (status != REEL_OK) {
        push(d, REEL_DEBLOCK_BAD_BLOCK)->err = why;
        return REEL_OK;
    }
    if (d->have_set && memcmp(d->set_id, d->h.set_id, sizeof(d->set_id))) {
        push_rule(d, REEL_DEBLOCK_FOREIGN, REEL_E_INVALID, NULL,
                  "block of another set");
        return REEL_OK;
    }
    if (!d->have_set)
        memcpy(d->set_id, d->h.set_id, sizeof(d->set_id));
    d->have_set = true;
    *good       = true;
    if (header != NULL)
        *header = d->h;
    if (judge_place(d) && choose_start(d)) {
        d->payload = data + REEL_BLOCK_HEADER_BYTES;
        judge_details(d, data);
    }
    return REEL_OK;
}

static void
fill_segment(const struct reel_deblock *d, struct reel_deblock_item *out,
             const uint8_t *data, size_t len)
{
    memset(out, 0, sizeof(*out));
    out->event       = REEL_DEBLOCK_SEGMENT;
    out->kind        = d->h.kind;
    out->volume      = d->h.volume;
    out->archive     = d->h.archive;
    out->run         = d->h.run;
    out->packed.data = data;
    out->packed.len  = len;
    out->place       = d->place;
    out->pos         = d->pos;
}

/* Note where the segment at d->at begins (B-12 judged for the first). */
static void
mark_begin(struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;

    memset(&d->place, 0, sizeof(d->place));
    d->place.volume         = h->volume;
    d->place.payload_offset = (uint32_t)d->at;
    d->place.sequence       = h->sequence;
    d->place.address        = h->address;
    d->pos                  = payload_pos(d, d->at);
    if (!d->first_seen && h->kind != REEL_BLOCK_VOLUME &&
        h->first_segment != d->at)
        push_rule(d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-12",
                  "first segment is not where the first segment begins");
    d->first_seen = true;
}

static bool
grow(struct reel_deblock *d, size_t need)
{
    uint8_t *bigger;

    if (need <= d->capacity)
        return true;
    need   = (need + GROW_STEP - 1) / GROW_STEP * GROW_STEP;
    bigger = reel_realloc_array(d->buf, need, 1);
    if (bigger == NULL)
        return false;
    d->buf      = bigger;
    d->capacity = need;
    return true;
}

static enum reel_status
out_of_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for a segment");
}

/* The segment that ends at d->at was handed out. VOLUME has the sequence of
   the block behind it and says nothing of that. */
static void
segment_done(struct reel_deblock *d)
{
    d->have = d->need = 0;
    if (d->h.kind == REEL_BLOCK_VOLUME)
        return;
    d->done_sequence = d->h.sequence;
    d->done_at       = d->at;
}

/* Copy payload until `d->need` octets are had; true when they are. */
static bool
gather(struct reel_deblock *d)
{
    const size_t left = d->h.payload_bytes - d->at;
    const size_t want = d->need - d->have;
    const size_t n    = left < want ? left : want;

    memcpy(d->buf + d->have, d->payload + d->at, n);
    d->have += n;
    d->at += n;
    return d->have == d->need;
}

/* A segment header that makes no sense: nothing more can be found until a
   block says where a segment begins. */
static void
bad_header(struct reel_deblock *d, struct reel_deblock_item *out,
           const struct reel_err *why)
{
    memset(out, 0, sizeof(*out));
    out->event   = REEL_DEBLOCK_GAP;
    out->kind    = d->h.kind;
    out->volume  = d->h.volume;
    out->archive = d->h.archive;
    out->run     = d->h.run;
    out->pos     = d->pos;
    out->err     = *why;
    lose_sync(d);
    d->payload = NULL;
}

/* The header of the segment at hand has 24 octets: how long is it whole? */
static bool
measure(struct reel_deblock *d, const uint8_t *header,
        struct reel_deblock_item *out)
{
    struct reel_cursor c =
        reel_cursor_init(header, REEL_SEGMENT_HEADER_BYTES, &d->pos);
    struct reel_segment_header s;
    struct reel_err why;

    if (reel_segment_header_decode(&s, &c, d->limit_bytes, &why) != REEL_OK) {
        bad_header(d, out, &why);
        return false;
    }
    d->need = REEL_SEGMENT_HEADER_BYTES + (size_t)s.stored_bytes;
    return true;
}

/* A segment begins at d->at. Hand it out if it is whole in this block. */
static enum reel_status
begin_segment(struct reel_deblock *d, struct reel_deblock_item *out,
              struct reel_err *err)
{
    const size_t left      = d->h.payload_bytes - d->at;
    const uint8_t *const p = d->payload + d->at;

    mark_begin(d);
    d->have = 0;
    d->need = REEL_SEGMENT_HEADER_BYTES;
    if (left >= d->need) {
        if (!measure(d, p, out))
            return REEL_OK;
        if (left >= d->need) {
            fill_segment(d, out, p, d->need);
            d->at += d->need;
            segment_done(d);
            return REEL_OK;
        }
    }
    if (!grow(d, d->need))
        return out_of_memory(err);
    (void)gather(d);
    return REEL_END;
}

/* Go on with the segment that began in a block before. */
static enum reel_status
continue_segment(struct reel_deblock *d, struct reel_deblock_item *out,
                 struct reel_err *err)
{
    if (!gather(d))
        return REEL_END;
    if (d->need == REEL_SEGMENT_HEADER_BYTES) {
        if (!measure(d, d->buf, out))
            return REEL_OK;
        if (!grow(d, d->need))
            return out_of_memory(err);
        if (!gather(d))
            return REEL_END;
    }
    fill_segment(d, out, d->buf, d->need);
    segment_done(d);
    return REEL_OK;
}

bool
reel_deblock_swap(struct reel_deblock *d, struct reel_bytes packed,
                  uint8_t **buf, size_t *capacity)
{
    uint8_t *const mine      = d->buf;
    const size_t mine_octets = d->capacity;

    if (mine == NULL || packed.data != mine)
        return false;
    d->buf      = *buf;
    d->capacity = *capacity;
    *buf        = mine;
    *capacity   = mine_octets;
    return true;
}

/* The payload is used up: B-12 where no segment began. */
static void
end_of_block(struct reel_deblock *d)
{
    if (d->payload != NULL && !d->first_seen &&
        d->h.kind != REEL_BLOCK_VOLUME && d->h.first_segment != REEL_NONE32)
        push_rule(d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-12",
                  "first segment names a place where none begins");
    d->payload = NULL;
}

enum reel_status
reel_deblock_next(struct reel_deblock *d, struct reel_deblock_item *out,
                  struct reel_err *err)
{
    enum reel_status status = REEL_END;

    if (d->taken == d->queued) {
        while (status == REEL_END && d->payload != NULL &&
               d->at < d->h.payload_bytes)
            status = d->have > 0 ? continue_segment(d, out, err)
                                 : begin_segment(d, out, err);
        if (status != REEL_END)
            return status;
        end_of_block(d);
    }
    if (d->taken == d->queued)
        return REEL_END;
    *out = d->queue[d->taken++];
    return REEL_OK;
}
