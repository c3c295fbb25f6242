/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.1, what is told of blocks that are not as they should be; policy
   layer. */
#include "damage.h"

#include "notes.h"

static void
tell(struct reel_damage *d, const struct reel_err *why)
{
    d->count++;
    reel_notes_send(d->report, REEL_NOTE_DAMAGE, why);
}

/* A segment that was begun and goes on nowhere: nobody can tell what it held.
 */
static void
lose_rest(struct reel_damage *d, const struct reel_deblock_item *of)
{
    d->bad = 0;
    if (d->end_told)
        return;
    d->end_told = true;
    d->count++;
    reel_notes_say(d->report, REEL_NOTE_LOST, of->err.status, &of->pos,
                   of->err.rule,
                   "the data of archive %u end inside a segment; what it held "
                   "is lost, with its names",
                   of->archive);
}

void
reel_damage_item(struct reel_damage *d, const struct reel_read_item *item)
{
    uint64_t missing;

    switch (item->of.event) {
    case REEL_DEBLOCK_SEGMENT:
        if (item->status != REEL_OK)
            tell(d, &item->err);
        return;
    case REEL_DEBLOCK_GAP:
        if (item->of.run_begins) {
            reel_notes_say(d->report, REEL_NOTE_DAMAGE, REEL_E_TRUNCATED,
                           &item->of.pos, "B-18",
                           "run %u begins; what was read from block sequence "
                           "%llu on has no meaning",
                           item->of.run,
                           (unsigned long long)item->of.missing_from);
            d->bad = 0;
            return;
        }
        if (item->absent) {
            d->bad = 0;
            return; /* it is told that the volume is missing */
        }
        if (item->of.cut_short && item->of.kind == REEL_BLOCK_DATA) {
            lose_rest(d, &item->of);
            return;
        }
        /* Not once more what the bad blocks in it told. */
        missing = item->of.missing_to - item->of.missing_from;
        if (d->bad == 0 || missing > d->bad)
            reel_notes_send(d->report, REEL_NOTE_DAMAGE, &item->of.err);
        d->count += missing > d->bad;
        d->bad = 0;
        return;
    case REEL_DEBLOCK_BAD_BLOCK:
        d->bad++;
        tell(d, &item->of.err);
        return;
    case REEL_DEBLOCK_FOREIGN:
    case REEL_DEBLOCK_UNKNOWN:
        tell(d, &item->of.err);
        return;
    default:
        return;
    }
}
