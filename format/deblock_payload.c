/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.1, take; archive layer: the payload of a block to packed segments. */
#include <string.h>

#include "deblock_state.h"

/* Where offset `at` of the payload of the current block stands. */
static struct reel_pos
payload_pos(const struct reel_deblock *d, size_t at)
{
    struct reel_pos pos = reel_deblock_pos(d, d->h.volume);

    pos.byte = (uint32_t)(REEL_BLOCK_HEADER_BYTES + at);
    return pos;
}

void
reel_deblock_set_done(struct reel_deblock *d, uint64_t sequence, size_t at)
{
    d->have_done = true;
    d->done      = (struct deblock_place){sequence, at};
}

void
reel_deblock_lose(struct reel_deblock *d, uint64_t from)
{
    if (!d->hole)
        d->hole_from = from;
    d->hole = true;
}

/* Of the segment that is being put together, in the block at hand. */
static void
begin_item(const struct reel_deblock *d, struct reel_deblock_item *out,
           enum reel_deblock_event event)
{
    memset(out, 0, sizeof(*out));
    out->event   = event;
    out->kind    = d->h.kind;
    out->volume  = d->h.volume;
    out->archive = d->h.archive;
    out->run     = d->h.run;
    out->pos     = d->p.pos;
}

static void
fill_segment(struct reel_deblock *d, struct reel_deblock_item *out,
             struct reel_bytes packed)
{
    const struct deblock_place at = {d->p.place.sequence,
                                     d->p.place.payload_offset};

    begin_item(d, out, REEL_DEBLOCK_SEGMENT);
    out->run_start = d->run_start;
    out->packed    = packed;
    out->place     = d->p.place;
    out->follows   = reel_deblock_follows(d);
    out->torn      = reel_deblock_run_follows(d);
    if (d->h.kind != REEL_BLOCK_DATA)
        return;
    if (d->gave_up &&
        (d->given_up.sequence != at.sequence || d->given_up.at != at.at))
        reel_deblock_lose(d, d->given_up.sequence);
    out->follows = !d->hole;
    d->hole      = false;
    d->gave_up   = false;
}

/* A segment begins at d->at (B-12 judged for the first). */
static void
begin_segment(struct reel_deblock *d)
{
    const struct reel_block_header *const h = &d->h;
    const struct reel_pos pos               = payload_pos(d, d->at);
    struct reel_place place;

    memset(&place, 0, sizeof(place));
    place.volume         = h->volume;
    place.payload_offset = (uint32_t)d->at;
    place.sequence       = h->sequence;
    place.address        = h->address;
    reel_assembly_begin(&d->p, &place, &pos);
    if (!d->first_seen && h->kind != REEL_BLOCK_VOLUME &&
        h->first_segment != d->at)
        reel_deblock_push_rule(
            d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-12",
            "first segment is not where the first segment begins");
    d->first_seen = true;
}

/* A segment header that makes no sense: nothing more can be found until a
   block says where a segment begins. */
static void
bad_header(struct reel_deblock *d, struct reel_deblock_item *out,
           const struct reel_err *why)
{
    begin_item(d, out, REEL_DEBLOCK_GAP);
    out->err = *why;
    if (d->astray) /* no segment begins there (B-12), as was told */
        out->err.rule = NULL;
    d->payload = NULL;
    (void)reel_assembly_drop(&d->p);
    if (d->h.kind != REEL_BLOCK_VOLUME) {
        d->state = STATE_SEEK;
        reel_deblock_set_done(d, d->p.place.sequence,
                              d->p.place.payload_offset);
        if (d->h.kind == REEL_BLOCK_DATA)
            reel_deblock_lose(d, d->done.sequence);
    }
    out->follows = !d->hole;
}

/* take: until a segment is whole, or makes no sense; REEL_END: the payload is
   used up. */
static enum reel_status
take(struct reel_deblock *d, struct reel_deblock_item *out,
     struct reel_err *err)
{
    struct reel_bytes whole = {NULL, 0};
    enum reel_status status;
    struct reel_err why;
    size_t used;

    if (!reel_assembly_open(&d->p))
        begin_segment(d);
    status =
        reel_assembly_take(&d->p, d->payload + d->at,
                           d->h.payload_bytes - d->at, &used, &whole, &why);
    d->at += used;
    if (status == REEL_END)
        return REEL_END;
    if (status == REEL_E_MEMORY) {
        if (err != NULL)
            *err = why;
        return status;
    }
    if (status != REEL_OK) {
        bad_header(d, out, &why);
        return REEL_OK;
    }
    fill_segment(d, out, whole);
    if (d->h.kind != REEL_BLOCK_VOLUME) /* it says nothing of what follows */
        reel_deblock_set_done(d, d->h.sequence, d->at);
    return REEL_OK;
}

/* The payload is used up: B-12 where no segment began. That of VOLUME is no
   part of a stretch. */
static void
end_of_block(struct reel_deblock *d)
{
    const bool volume = d->h.kind == REEL_BLOCK_VOLUME;

    if (d->payload != NULL && volume)
        (void)reel_assembly_drop(&d->p);
    if (d->payload != NULL && !volume && !d->first_seen &&
        d->h.first_segment != REEL_NONE32)
        reel_deblock_push_rule(d, REEL_DEBLOCK_RULE, REEL_E_INVALID, "B-12",
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
            status = take(d, out, err);
        if (status != REEL_END)
            return status;
        end_of_block(d);
    }
    if (d->taken == d->queued)
        return REEL_END;
    *out = d->queue[d->taken++];
    return REEL_OK;
}

bool
reel_deblock_swap(struct reel_deblock *d, struct reel_bytes packed,
                  uint8_t **buf, size_t *capacity)
{
    uint8_t *const mine      = d->p.buf;
    const size_t mine_octets = d->p.capacity;

    if (mine == NULL || packed.data != mine)
        return false;
    d->p.buf      = *buf;
    d->p.capacity = *capacity;
    *buf          = mine;
    *capacity     = mine_octets;
    return true;
}
