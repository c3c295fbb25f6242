/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.1; archive layer: blocks to packed segments. Events and actions have
   the names they have there, and stand in the same order. */
#include <string.h>

#include "deblock_state.h"
#include "reel/alloc.h"

/* What a block that is good and of our set can be, in the order in which it is
   judged. */
enum event {
    EVENT_HOLLOW,
    EVENT_OLD,
    EVENT_ARCHIVE,
    EVENT_RUN,
    EVENT_AGAIN,
    EVENT_VOLUME,
    EVENT_TURN,
    EVENT_REPEAT,
    EVENT_GAP,
    EVENT_SKIP,
    EVENT_UNKNOWN,
    EVENT_KIND,
    EVENT_NEXT,
    EVENT_FINISH /* not of a block */
};

struct reel_deblock *
reel_deblock_new(uint32_t limit_bytes)
{
    struct reel_deblock *const d = reel_alloc_array(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->p.limit_bytes = limit_bytes;
    d->start_offset  = REEL_NONE32;
    d->anywhere      = true;
    return d;
}

void
reel_deblock_free(struct reel_deblock *d)
{
    if (d == NULL)
        return;
    reel_known_fini(&d->known);
    reel_assembly_fini(&d->p);
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

/* --------------------------------------------------------------- the events */

static bool
kind_known(uint16_t kind)
{
    return kind >= REEL_BLOCK_VOLUME && kind <= REEL_BLOCK_END;
}

/* B-18, by what stands here and by what is known to come. */
static bool
superseded(const struct reel_deblock *d, const struct reel_block_header *h)
{
    return (h->archive == d->archive && h->run < d->run &&
            h->sequence >= d->run_start) ||
           reel_known_superseded(&d->known, h);
}

/* The events that tell of another archive, run or volume. */
static bool
classify_place(const struct reel_deblock *d, enum event *event)
{
    const struct reel_block_header *const h = &d->h;
    const bool volume                       = h->kind == REEL_BLOCK_VOLUME;
    const bool none                         = d->state == STATE_NONE;

    if (!none && volume && h->archive == d->archive && superseded(d, h))
        *event = EVENT_HOLLOW;
    else if ((!none && h->archive < d->archive) ||
             (!volume && superseded(d, h)))
        *event = EVENT_OLD;
    else if (none || h->archive > d->archive)
        *event = EVENT_ARCHIVE;
    else if (h->run > d->run)
        *event = EVENT_RUN;
    else if (volume)
        *event = h->volume == d->volume ? EVENT_AGAIN : EVENT_VOLUME;
    else if (h->volume != d->volume)
        *event = EVENT_TURN;
    else
        return false;
    return true;
}

static enum event
classify(const struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;
    enum event event;

    if (classify_place(d, &event))
        return event;
    if (h->sequence < d->expected)
        return EVENT_REPEAT;
    if (h->sequence > d->expected)
        return EVENT_GAP;
    if (!kind_known(h->kind))
        return h->kind & REEL_BLOCK_SKIPPABLE ? EVENT_SKIP : EVENT_UNKNOWN;
    return h->kind != d->kind ? EVENT_KIND : EVENT_NEXT;
}

/* -------------------------------------------------------------- the actions */

/* cut: true if there was a segment. Where the volume ends it may be taken
   whole on the next one; where the archive ends, nothing else is missing. */
static bool
cut(struct reel_deblock *d, enum event why)
{
    const bool turned =
        why == EVENT_HOLLOW || why == EVENT_VOLUME || why == EVENT_TURN;
    const bool ended = why == EVENT_ARCHIVE || why == EVENT_FINISH;

    d->state = STATE_SEEK;
    if (!d->anywhere) /* else it is where to begin */
        d->start_offset = REEL_NONE32;
    if (!reel_assembly_drop(&d->p))
        return false;
    reel_deblock_set_done(d, d->p.place.sequence, d->p.place.payload_offset);
    if (d->kind == REEL_BLOCK_DATA && turned) {
        d->gave_up  = true;
        d->given_up = d->done;
    } else if (d->kind == REEL_BLOCK_DATA && !ended) {
        reel_deblock_lose(d, d->done.sequence);
    }
    return true;
}

/* Blocks from E on, up to `sequence`, are missing. */
static void
note_missing(struct reel_deblock *d, uint64_t sequence, const char *text)
{
    if (d->expected >= sequence || d->anywhere)
        return;
    reel_deblock_lose(d, d->expected);
    d->missed = true;
    (void)reel_deblock_push_gap(d, d->expected, sequence, "B-14", text);
}

bool
reel_deblock_follows(const struct reel_deblock *d)
{
    return !d->hole && !d->gave_up;
}

bool
reel_deblock_ends_whole(const struct reel_deblock *d)
{
    return !d->hole;
}

bool
reel_deblock_run_follows(const struct reel_deblock *d)
{
    return (!d->hole || d->hole_from >= d->run_start) &&
           (!d->gave_up || d->given_up.sequence >= d->run_start);
}

/* begin, with cut before it. */
static void
begin_archive(struct reel_deblock *d)
{
    struct reel_deblock_item *item;
    bool follows;
    bool torn;

    if (cut(d, EVENT_ARCHIVE))
        reel_deblock_push_gap(d, 0, 0, "G-1", "archive ends inside a segment")
            ->cut_short = true;
    follows       = reel_deblock_ends_whole(d);
    torn          = reel_deblock_run_follows(d);
    d->archive    = d->h.archive;
    d->run        = d->h.run;
    d->run_start  = d->h.run_start;
    d->volume     = 0;
    d->kind       = 0;
    d->expected   = d->anywhere ? d->h.sequence : 0;
    d->reached    = 0;
    d->have_done  = false;
    d->hole       = false;
    d->spanned    = false;
    d->missed     = d->h.sequence > 0; /* they may stand elsewhere */
    d->gave_up    = false;
    d->stretch    = d->h.kind;
    item          = reel_deblock_push(d, REEL_DEBLOCK_ARCHIVE);
    item->follows = follows;
    item->torn    = torn;
}

/* rerun, with cut before it. What was taken of lower runs behind its start,
   where it was not known beforehand, is void. */
static void
begin_run(struct reel_deblock *d)
{
    const bool had = cut(d, EVENT_RUN);

    d->hole    = d->hole && d->hole_from < d->h.run_start;
    d->gave_up = d->gave_up && d->given_up.sequence < d->h.run_start;
    if (had || d->reached > d->h.run_start) {
        struct reel_deblock_item *const gap = reel_deblock_push_gap(
            d, d->h.run_start, d->h.run_start, NULL, "a new run begins");

        gap->run_begins = true;
        gap->run        = d->h.run;
        gap->torn       = false;
    }
    note_missing(d, d->h.run_start, "blocks are missing before this run");
    if (d->reached > d->h.run_start)
        d->reached = d->h.run_start;
    d->run       = d->h.run;
    d->run_start = d->h.run_start;
    d->expected  = d->h.run_start;
    d->have_done = false;
}

/* volume, with cut before it. */
static void
begin_volume(struct reel_deblock *d)
{
    (void)cut(d, EVENT_VOLUME);
    d->volume = d->h.volume;
    note_missing(d, d->h.sequence, "blocks are missing before this volume");
    d->expected = d->h.sequence;
}

/* turn: the VOLUME is lost. If a segment that went over the end is to go on
   here, what it begins with must be here too. */
static void
turn(struct reel_deblock *d)
{
    uint64_t from = d->h.sequence;

    d->volume = d->h.volume;
    if (reel_assembly_open(&d->p) && d->p.place.sequence < from)
        from = d->p.place.sequence;
    if (from >= d->expected)
        return;
    (void)cut(d, EVENT_TURN);
    d->expected = from;
}

static void
count(struct reel_deblock *d)
{
    d->missed   = false;
    d->expected = d->h.sequence == UINT64_MAX ? UINT64_MAX : d->h.sequence + 1;
    if (d->expected > d->reached)
        d->reached = d->expected;
}

static void
tell_unknown(struct reel_deblock *d, bool lost)
{
    reel_deblock_push_rule(d, REEL_DEBLOCK_UNKNOWN, REEL_E_UNSUPPORTED,
                           lost ? NULL : "B-13", "block of an unknown kind");
    if (!lost)
        return;
    (void)cut(d, EVENT_UNKNOWN);
    reel_deblock_lose(d, d->h.sequence);
    d->missed = true;
    (void)reel_deblock_push_gap(d, 0, 0, NULL,
                                "a block of an unknown kind is lost");
}

/* The stretch changes: segments do not go across (B-11). */
static void
change_kind(struct reel_deblock *d)
{
    const bool had = cut(d, EVENT_KIND);

    d->kind = d->stretch = d->h.kind;
    d->spanned           = d->spanned || had;
    d->front             = !d->spanned && !d->missed;
    if (had)
        (void)reel_deblock_push_gap(
            d, 0, 0, "B-11", "a segment goes on into a block of another kind");
}

/* At the front of a stretch the payload begins with a segment (B-11). One that
   first segment passes over is given up. B-19 is for the front of a run. */
static void
judge_front(struct reel_deblock *d)
{
    const bool front = d->front;

    d->front = false;
    if (!front || d->h.first_segment == 0 ||
        (d->h.run > 0 && d->h.sequence == d->h.run_start))
        return;
    d->astray = true;
    if (d->kind == REEL_BLOCK_DATA)
        reel_deblock_lose(d, d->h.sequence);
    (void)reel_deblock_push_gap(
        d, 0, 0, "B-12",
        "first segment passes over one that begins the stretch");
}

/* find: where the payload is to be read from; false: nowhere. */
static bool
find(struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;

    if (d->state == STATE_READ)
        return true;
    judge_front(d);
    if (d->have_done && h->sequence < d->done.sequence)
        return false;
    if (d->have_done && h->sequence == d->done.sequence)
        d->start_offset = (uint32_t)d->done.at;
    /* B-12 is not judged where the first segment is not looked for. */
    d->first_seen = d->start_offset != REEL_NONE32 && d->start_offset > 0;
    d->at = d->start_offset != REEL_NONE32 ? d->start_offset : h->first_segment;
    d->start_offset = REEL_NONE32;
    if (d->at >= h->payload_bytes)
        return false;
    d->state = STATE_READ;
    return true;
}

/* Do what the table says of one event; *again: judge the block again, *take:
   its payload is read. */
static void
act(struct reel_deblock *d, enum event event, bool *again, bool *take)
{
    *again = false;
    *take  = false;
    switch (event) {
    case EVENT_HOLLOW:
        (void)cut(d, event);
        d->volume   = d->h.volume;
        d->anywhere = false; /* as behind any VOLUME */
        *take       = true;
        break;
    case EVENT_OLD:
        reel_deblock_push_rule(
            d, REEL_DEBLOCK_SUPERSEDED, REEL_E_INVALID, "B-18",
            "block of an earlier archive or a superseded run");
        break;
    case EVENT_ARCHIVE:
        begin_archive(d);
        *again = true;
        break;
    case EVENT_RUN:
        begin_run(d);
        *again = true;
        break;
    case EVENT_AGAIN: /* told of by whoever looks at volumes (L-2) */
        break;
    case EVENT_VOLUME:
        begin_volume(d);
        d->anywhere = false;
        *take       = true;
        break;
    case EVENT_TURN:
        turn(d);
        *again = true;
        break;
    case EVENT_REPEAT:
        if (d->h.kind != REEL_BLOCK_END)
            reel_deblock_push_rule(d, REEL_DEBLOCK_REPEATED, REEL_E_INVALID,
                                   "B-14",
                                   "block repeats one that stood before");
        break;
    case EVENT_GAP:
        (void)cut(d, event);
        note_missing(d, d->h.sequence, "blocks are missing");
        d->expected = d->h.sequence;
        *again      = true;
        break;
    case EVENT_SKIP:
    case EVENT_UNKNOWN:
        count(d);
        tell_unknown(d, event == EVENT_UNKNOWN);
        d->anywhere = false;
        break;
    case EVENT_KIND:
        change_kind(d);
        *again = true;
        break;
    case EVENT_NEXT:
        count(d);
        d->anywhere = false;
        *take       = find(d);
        break;
    case EVENT_FINISH:
        break;
    }
}

/* ------------------------------------------------------------- what is fed */

void
reel_deblock_jump(struct reel_deblock *d, uint32_t payload_offset)
{
    (void)reel_assembly_drop(&d->p);
    d->state        = STATE_NONE;
    d->payload      = NULL;
    d->start_offset = payload_offset;
    d->anywhere     = true;
    d->hole         = false;
    d->gave_up      = false;
}

void
reel_deblock_unreadable(struct reel_deblock *d, uint64_t address)
{
    struct reel_deblock_item *item;

    d->queued = d->taken = 0;
    d->payload           = NULL;
    d->address           = address;
    item = reel_deblock_push_of(d, REEL_DEBLOCK_BAD_BLOCK, d->volume);
    (void)reel_fail(&item->err, REEL_E_MEDIUM, &item->pos, NULL,
                    "block cannot be read");
}

void
reel_deblock_finish(struct reel_deblock *d)
{
    d->queued = d->taken = 0;
    d->payload           = NULL;
    if (cut(d, EVENT_FINISH))
        reel_deblock_push_gap(d, 0, 0, "G-1", "data end inside a segment")
            ->cut_short = true;
}

/* B-8, B-20: worth telling, nothing is lost. */
static void
judge_details(struct reel_deblock *d, const uint8_t *data)
{
    if (!reel_block_padding_zero(&d->h, data))
        reel_deblock_push_rule(d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-8",
                               "octets behind the payload are not zero");
    if (d->address != REEL_NONE64 && d->h.address != d->address)
        reel_deblock_push_rule(d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-20",
                               "address in the block is not where it stands");
}

/* A block that is good. */
static void
judge(struct reel_deblock *d, const uint8_t *data)
{
    bool again = true;
    bool take  = false;

    d->at         = 0;
    d->first_seen = false;
    d->astray     = false;
    while (again)
        act(d, classify(d), &again, &take);
    if (!take)
        return;
    d->payload = data + REEL_BLOCK_HEADER_BYTES;
    judge_details(d, data);
}

enum reel_status
reel_deblock_block(struct reel_deblock *d, const uint8_t *data, size_t len,
                   uint64_t address, struct reel_block_header *header,
                   bool *good, struct reel_err *err)
{
    struct reel_block_header h;
    struct reel_err why;
    enum reel_status status;
    struct reel_pos pos;

    d->queued = d->taken = 0;
    d->payload           = NULL;
    d->address           = address;
    *good                = false;
    pos                  = reel_deblock_pos(d, d->volume);
    status               = reel_block_decode(&h, data, len, &pos, &why);
    if (status == REEL_E_UNSUPPORTED) {
        if (err != NULL)
            *err = why;
        return status;
    }
    if (status != REEL_OK) {
        reel_deblock_push_of(d, REEL_DEBLOCK_BAD_BLOCK, d->volume)->err = why;
        return REEL_OK;
    }
    d->h = h;
    if (d->have_set && memcmp(d->set_id, h.set_id, sizeof(d->set_id)) != 0) {
        reel_deblock_push_rule(d, REEL_DEBLOCK_FOREIGN, REEL_E_INVALID, NULL,
                               "block of another set");
        return REEL_OK;
    }
    reel_deblock_set(d, h.set_id);
    *good = true;
    if (header != NULL)
        *header = h;
    judge(d, data);
    return REEL_OK;
}
