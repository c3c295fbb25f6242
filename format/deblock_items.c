/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.1; archive layer: what is told of a block that was fed. */
#include <string.h>

#include "deblock_state.h"

struct reel_pos
reel_deblock_pos(const struct reel_deblock *d, uint32_t volume)
{
    struct reel_pos pos;

    memset(&pos, 0, sizeof(pos));
    pos.volume = volume;
    pos.block  = d->address;
    return pos;
}

struct reel_deblock_item *
reel_deblock_push_of(struct reel_deblock *d, enum reel_deblock_event event,
                     uint32_t volume)
{
    /* One block gives rise to fewer than DEBLOCK_QUEUE_MAX of these. */
    struct reel_deblock_item *const item =
        &d->queue[d->queued < DEBLOCK_QUEUE_MAX ? d->queued++
                                                : DEBLOCK_QUEUE_MAX - 1];

    memset(item, 0, sizeof(*item));
    item->event     = event;
    item->kind      = d->stretch;
    item->volume    = volume;
    item->archive   = d->archive;
    item->run       = d->run;
    item->pos       = reel_deblock_pos(d, volume);
    item->run_start = d->run_start;
    return item;
}

/* Of the good block at hand. */
struct reel_deblock_item *
reel_deblock_push(struct reel_deblock *d, enum reel_deblock_event event)
{
    return reel_deblock_push_of(d, event, d->h.volume);
}

void
reel_deblock_push_rule(struct reel_deblock *d, enum reel_deblock_event event,
                       enum reel_status status, const char *rule,
                       const char *text)
{
    struct reel_deblock_item *const item = reel_deblock_push(d, event);

    (void)reel_fail(&item->err, status, &item->pos, rule, "%s", text);
}

struct reel_deblock_item *
reel_deblock_push_gap(struct reel_deblock *d, uint64_t from, uint64_t to,
                      const char *rule, const char *text)
{
    struct reel_deblock_item *const item =
        reel_deblock_push(d, REEL_DEBLOCK_GAP);

    item->missing_from = from;
    item->missing_to   = to;
    item->follows      = !d->hole;
    item->torn         = reel_deblock_run_follows(d);
    (void)reel_fail(&item->err, REEL_E_TRUNCATED, &item->pos, rule, "%s", text);
    return item;
}
