/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk, spec chapters 5 to 8: any records, whole or behind a gap, give
 * objects that begin, are fed and end in this order.
 */
#include <stdlib.h>
#include <string.h>

#include "reel/walk.h"
#include "reel_fuzz.h"

static uint64_t open_number;

static void
must(int holds)
{
    if (!holds)
        abort();
}

static enum reel_status
on_begin(void *ctx, uint64_t number, const struct reel_object *o,
         const struct reel_place *place, struct reel_err *err)
{
    (void)ctx, (void)o, (void)place, (void)err;
    must(open_number == 0 && number != 0);
    open_number = number;
    return REEL_OK;
}

static enum reel_status
on_orphan(void *ctx, uint64_t number, const struct reel_continued *k,
          struct reel_err *err)
{
    (void)ctx, (void)k, (void)err;
    must(open_number == 0 && number != 0);
    open_number = number;
    return REEL_OK;
}

static enum reel_status
on_data(void *ctx, const struct reel_data *d, struct reel_err *err)
{
    (void)ctx, (void)err;
    must(open_number != 0 && d->bytes.len > 0);
    return REEL_OK;
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    (void)ctx, (void)err;
    must(open_number == number);
    must(e != NULL || outcome >= REEL_WALK_DAMAGED);
    open_number = 0;
    return REEL_OK;
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    const struct reel_walk_calls calls = {
        .begin = on_begin, .orphan = on_orphan, .data = on_data, .end = on_end};
    struct reel_walk *const w = reel_walk_new(&calls, size % 2 == 0);
    struct reel_place place;
    struct reel_pos pos;
    const size_t half = size / 2;

    must(w != NULL);
    memset(&place, 0, sizeof(place));
    memset(&pos, 0, sizeof(pos));
    open_number = 0;
    must(reel_walk_archive(w, 1, NULL) == REEL_OK);
    must(reel_walk_segment(w, data, size, &place, &pos, NULL) == REEL_OK);
    reel_walk_gap(w);
    must(reel_walk_segment(w, data + half, size - half, &place, &pos, NULL) ==
         REEL_OK);
    must(reel_walk_segment(w, data, size, &place, &pos, NULL) == REEL_OK);
    must(reel_walk_finish(w, true, NULL) == REEL_OK);
    must(open_number == 0);
    reel_walk_free(w);
    return 0;
}
