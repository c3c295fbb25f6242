/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.2, from segments to objects; policy layer. */
#include "data_walk.h"

void
reel_data_walk_jump(struct reel_data_walk *d)
{
    reel_walk_jump(d->walk);
    d->run  = REEL_NONE32;
    d->lost = false;
}

void
reel_data_walk_begin(struct reel_data_walk *d,
                     const struct reel_read_item *item,
                     const struct reel_place *begin)
{
    if (item->of.event == REEL_DEBLOCK_SEGMENT &&
        item->of.place.sequence == begin->sequence &&
        item->of.place.payload_offset == begin->payload_offset)
        reel_walk_skip(d->walk, begin->record_offset);
}

/* A higher run begins. What is missing behind its start has nothing to do with
   the object that is open. */
static enum reel_status
turn(struct reel_data_walk *d, const struct reel_deblock_item *of,
     struct reel_err *err)
{
    if (of->run <= d->run || d->run == REEL_NONE32)
        return REEL_OK;
    d->run = of->run;
    if (!of->torn)
        reel_walk_gap(d->walk);
    return reel_walk_run(d->walk, of->run_start == 0, err);
}

enum reel_status
reel_data_walk_item(struct reel_data_walk *d, const struct reel_read_item *item,
                    struct reel_err *err)
{
    if (item->of.event == REEL_DEBLOCK_GAP) {
        if (item->of.torn)
            REEL_TRY(turn(d, &item->of, err));
        d->lost = !item->of.follows;
    }
    if (item->of.event != REEL_DEBLOCK_SEGMENT ||
        item->of.kind != REEL_BLOCK_DATA)
        return REEL_OK;
    REEL_TRY(turn(d, &item->of, err));
    d->run  = item->of.run;
    d->lost = false;
    if (!item->of.follows || item->status != REEL_OK)
        reel_walk_gap(d->walk);
    if (item->status != REEL_OK)
        return REEL_OK;
    return reel_walk_segment(d->walk, item->raw.data, item->raw.len,
                             &item->of.place, &item->of.pos, err);
}

enum reel_status
reel_data_walk_finish(struct reel_data_walk *d, bool complete,
                      struct reel_err *err)
{
    if (d->lost)
        reel_walk_gap(d->walk);
    return reel_walk_finish(d->walk, complete, err);
}
