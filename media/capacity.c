/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a played tape; spec chapter 2, where a volume ends. */
#include "capacity.h"

static bool
in_early_warning(const struct reel_capacity *c, uint64_t used)
{
    if (c->bytes_max == 0)
        return false;
    return used >= c->bytes_max ||
           c->bytes_max - used <= c->early_warning_bytes;
}

enum reel_room
reel_capacity_ask(struct reel_capacity *c, uint64_t used, uint64_t bytes)
{
    const bool fits = c->bytes_max == 0 ||
                      (used <= c->bytes_max && bytes <= c->bytes_max - used);
    const bool turn = c->refuse_next;

    c->refuse_next = false;
    if (!fits) {
        c->warned = true;
        return REEL_ROOM_NONE;
    }
    return turn ? REEL_ROOM_TURN : REEL_ROOM;
}

void
reel_capacity_written(struct reel_capacity *c, uint64_t used)
{
    if (!in_early_warning(c, used))
        return;
    c->warned      = true;
    c->refuse_next = true;
}

void
reel_capacity_filemark(struct reel_capacity *c)
{
    c->refuse_next = false;
}

void
reel_capacity_moved(struct reel_capacity *c, uint64_t used)
{
    c->refuse_next = false;
    if (!in_early_warning(c, used))
        c->warned = false;
}
