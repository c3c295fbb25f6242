/* SPDX-License-Identifier: Apache-2.0 */
/* Spec V-6, which set a volume is of: what stands behind its first block is
   read ahead; policy layer. */
#include <string.h>

#include "reel/alloc.h"
#include "volume.h"

/* The good blocks met so far. */
struct choice {
    bool any;
    bool over; /* two of one set stood one behind the other */
    struct reel_block_header first;
    struct reel_block_header last;
};

/* What cannot be used here is refused where it is met. */
static void
meet(struct choice *c, const struct reel_reader_block *b)
{
    struct reel_block_header h;
    enum reel_status status;

    if (b->event != REEL_EVENT_BLOCK)
        return;
    status = reel_block_decode(&h, b->data, b->len, NULL, NULL);
    if (status == REEL_E_UNSUPPORTED)
        c->over = true;
    if (status != REEL_OK)
        return;
    if (!c->any)
        c->first = h;
    else if (memcmp(c->last.set_id, h.set_id, sizeof(h.set_id)) == 0)
        c->over = true;
    c->last = h;
    c->any  = true;
}

static void
decide(struct reel_reader_volume *v, const struct choice *c)
{
    if (c->any)
        reel_reader_volume_learn(v, c->over ? &c->last : &c->first);
}

/* ---- where the medium can go back ---- */

static enum reel_status
choose_and_return(struct reel_reader_volume *v, struct choice *c,
                  struct reel_err *err)
{
    struct reel_reader_block b = v->held;

    v->held_any = false;
    meet(c, &b);
    while (!c->over && b.event != REEL_EVENT_END) {
        REEL_TRY(reel_reader_volume_read(v, &b, err));
        meet(c, &b);
    }
    decide(v, c);
    REEL_TRY(reel_reader_volume_seek(v, v->first_address, err));
    REEL_TRY(reel_reader_volume_read(v, &b, err));
    reel_reader_volume_hold(v, &b);
    return REEL_OK;
}

/* ---- where it cannot ---- */

void
reel_reader_ahead_drop(struct reel_reader_ahead *a)
{
    size_t i;

    for (i = 0; i < a->count; i++)
        reel_free(a->bufs[i]);
    a->count = a->taken = 0;
}

static enum reel_status
keep(struct reel_reader_ahead *a, const struct reel_reader_block *b,
     struct reel_err *err)
{
    uint8_t *const copy = reel_alloc_array(b->len > 0 ? b->len : 1, 1);

    if (copy == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a block");
    if (b->len > 0)
        memcpy(copy, b->data, b->len);
    a->bufs[a->count]        = copy;
    a->blocks[a->count]      = *b;
    a->blocks[a->count].data = copy;
    a->count++;
    return REEL_OK;
}

static enum reel_status
choose_and_keep(struct reel_reader_volume *v, struct choice *c,
                struct reel_err *err)
{
    struct reel_reader_ahead *const a = &v->ahead;
    struct reel_reader_block b        = v->held;

    v->held_any = false;
    REEL_TRY(keep(a, &b, err));
    a->taken = a->count; /* so that what is read comes from the medium */
    meet(c, &b);
    while (!c->over && b.event != REEL_EVENT_END &&
           a->count < REEL_READER_AHEAD_MAX) {
        REEL_TRY(reel_reader_volume_read(v, &b, err));
        REEL_TRY(keep(a, &b, err));
        a->taken = a->count;
        meet(c, &b);
    }
    decide(v, c);
    a->taken   = 1;
    v->address = a->blocks[0].address + 1;
    reel_reader_volume_hold(v, &a->blocks[0]);
    return REEL_OK;
}

enum reel_status
reel_reader_volume_choose(struct reel_reader_volume *v, struct reel_err *err)
{
    struct choice c;

    memset(&c, 0, sizeof(c));
    return v->can_locate ? choose_and_return(v, &c, err)
                         : choose_and_keep(v, &c, err);
}
