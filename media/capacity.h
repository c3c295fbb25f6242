/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a medium as Linux' st driver shows it, for backends that only
 * play a tape. The write that crosses early warning succeeds; the next one is
 * refused and not on tape; the next succeeds, and so on in turns, until what
 * does not fit is refused every time. A filemark is always taken; the write
 * behind it is not refused for its turn.
 */
#ifndef REEL_CAPACITY_H
#define REEL_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

struct reel_capacity {
    uint64_t bytes_max;           /* 0: no end */
    uint64_t early_warning_bytes; /* so long before bytes_max */
    bool warned;                  /* what reel_medium_early_warning says */
    bool refuse_next;             /* it is the turn of a refusal */
};

enum reel_room {
    REEL_ROOM,      /* write it, then call reel_capacity_written */
    REEL_ROOM_TURN, /* refuse: it would fit, but early warning says no */
    REEL_ROOM_NONE  /* refuse: it does not fit */
};

/* May `bytes` more be written behind `used`? Asking takes the turn. */
enum reel_room reel_capacity_ask(struct reel_capacity *c, uint64_t used,
                                 uint64_t bytes);

/* A block was written and `used` bytes are now on the medium. */
void reel_capacity_written(struct reel_capacity *c, uint64_t used);

/* A filemark was written. */
void reel_capacity_filemark(struct reel_capacity *c);

/* The medium was moved; `used` bytes stand before the new position. */
void reel_capacity_moved(struct reel_capacity *c, uint64_t used);

#endif
