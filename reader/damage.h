/* SPDX-License-Identifier: Apache-2.0 */
/* What the de-blocker met, told as notes: one for each thing. Private to
   reader/. */
#ifndef REEL_READER_DAMAGE_H
#define REEL_READER_DAMAGE_H

#include "pipeline.h"

struct reel_damage {
    const struct reel_reporter *report;
    uint64_t bad;   /* bad blocks told since the last gap */
    uint64_t count; /* what is bad or missing; not segments that do not stand
                       where they were looked for */
    bool end_told;  /* that an archive ends inside a segment */
};

/* Any item. */
void reel_damage_item(struct reel_damage *d, const struct reel_read_item *item);

#endif
