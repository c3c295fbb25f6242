/* SPDX-License-Identifier: Apache-2.0 */
/* A walk of objects along what the pipeline gives: where it goes on from what
   went by, and where a run begins (12.2). Private to reader/. */
#ifndef REEL_READER_DATA_WALK_H
#define REEL_READER_DATA_WALK_H

#include "pipeline.h"
#include "reel/walk.h"

struct reel_data_walk {
    struct reel_walk *walk; /* borrowed */
    uint32_t run; /* of the data that went by; REEL_NONE32: none did */
    bool lost;    /* something, behind the last segment of data */
};

/* What comes next begins somewhere. */
void reel_data_walk_jump(struct reel_data_walk *d);

/* Behind a jump, before an item: if it is the segment of `begin`, it matters
   from there on. */
void reel_data_walk_begin(struct reel_data_walk *d,
                          const struct reel_read_item *item,
                          const struct reel_place *begin);

/* Any item. Fails as reel_walk_segment. */
enum reel_status reel_data_walk_item(struct reel_data_walk *d,
                                     const struct reel_read_item *item,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* As reel_walk_finish. */
enum reel_status reel_data_walk_finish(struct reel_data_walk *d, bool complete,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
