/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.3 and 7.3, the digests; policy layer. */
#include "prover.h"

#include <pthread.h>
#include <string.h>

#include "data_walk.h"
#include "reel/alloc.h"

/* Both walks end the same objects in the same order, item by item. */
struct failure {
    uint64_t number;
    uint32_t nth; /* of those that end in its item, from 1 */
};

struct reel_prover {
    struct reel_data_walk data;
    bool piped; /* items of other archives are passed over: */
    uint32_t archive;
    bool from; /* what is before `begin` in its segment is passed over */
    struct reel_place begin;
    uint32_t ended; /* in the item looked at */
    size_t found;   /* of them do not agree */

    /* The thread that asks: of the item at hand */
    uint32_t asked; /* so many ends were asked for, */
    size_t left;    /* and so many failures were not. */

    pthread_mutex_t lock;
    struct failure *failures; /* of items not passed yet: */
    size_t first;
    size_t count; /* behind the last one */
    size_t capacity;
};

/* Room for one more, in front if that is half of all. */
static bool
make_room(struct reel_prover *p)
{
    const size_t capacity = p->capacity == 0 ? 16 : 2 * p->capacity;
    struct failure *more;

    if (p->first > 0 && p->first >= p->count / 2) {
        memmove(p->failures, p->failures + p->first,
                (p->count - p->first) * sizeof(*p->failures));
        p->count -= p->first;
        p->first = 0;
    }
    if (p->count < p->capacity)
        return true;
    more = reel_realloc_array(p->failures, capacity, sizeof(*more));
    if (more == NULL)
        return false;
    p->failures = more;
    p->capacity = capacity;
    return true;
}

static enum reel_status
add(struct reel_prover *p, uint64_t number, struct reel_err *err)
{
    if (!make_room(p))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of damaged objects");
    p->failures[p->count++] = (struct failure){number, p->ended};
    p->found++;
    return REEL_OK;
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    struct reel_prover *const p = ctx;
    enum reel_status status;

    (void)e;
    p->ended++;
    if (outcome == REEL_WALK_PROVEN || outcome == REEL_WALK_FLAWED)
        return REEL_OK;
    (void)pthread_mutex_lock(&p->lock);
    status = add(p, number, err);
    (void)pthread_mutex_unlock(&p->lock);
    return status;
}

struct reel_prover *
reel_prover_new(void)
{
    struct reel_prover *const p = reel_alloc_array(1, sizeof(*p));
    struct reel_walk_calls calls;

    if (p == NULL)
        return NULL;
    memset(&calls, 0, sizeof(calls));
    calls.ctx    = p;
    calls.end    = on_end;
    p->data.walk = reel_walk_new(&calls, true);
    if (p->data.walk == NULL) {
        reel_free(p);
        return NULL;
    }
    (void)pthread_mutex_init(&p->lock, NULL);
    return p;
}

void
reel_prover_free(struct reel_prover *p)
{
    if (p == NULL)
        return;
    (void)pthread_mutex_destroy(&p->lock);
    reel_walk_free(p->data.walk);
    reel_free(p->failures);
    reel_free(p);
}

/* No run is under way, so no other thread is. */
static void
start(struct reel_prover *p)
{
    reel_data_walk_jump(&p->data);
    p->first = 0;
    p->count = 0;
    p->left  = 0;
}

void
reel_prover_jump(struct reel_prover *p, const struct reel_place *begin)
{
    start(p);
    p->piped = false;
    p->from  = begin != NULL;
    if (begin != NULL)
        p->begin = *begin;
}

void
reel_prover_pipe(struct reel_prover *p, uint32_t archive)
{
    start(p);
    p->piped   = true;
    p->archive = archive;
    p->from    = false;
}

enum reel_status
reel_prover_look(void *ctx, struct reel_read_item *item, struct reel_err *err)
{
    struct reel_prover *const p = ctx;

    if (item->of.event == REEL_DEBLOCK_ARCHIVE && p->archive == 0)
        p->archive = item->of.archive;
    if (p->piped && item->of.archive != p->archive)
        return REEL_OK;
    if (p->from)
        reel_data_walk_begin(&p->data, item, &p->begin);
    p->ended = 0;
    p->found = 0;
    REEL_TRY(reel_data_walk_item(&p->data, item, err));
    item->found = p->found;
    return REEL_OK;
}

void
reel_prover_pass(struct reel_prover *p, const struct reel_read_item *item)
{
    (void)pthread_mutex_lock(&p->lock);
    p->first += p->left;
    p->left  = item->found;
    p->asked = 0;
    (void)pthread_mutex_unlock(&p->lock);
}

bool
reel_prover_failed(struct reel_prover *p, uint64_t number)
{
    bool failed = false;

    p->asked++;
    (void)pthread_mutex_lock(&p->lock);
    while (p->left > 0 && p->failures[p->first].nth < p->asked) {
        p->first++;
        p->left--;
    }
    if (p->left > 0)
        failed = p->failures[p->first].nth == p->asked ||
                 p->failures[p->first].number == number;
    (void)pthread_mutex_unlock(&p->lock);
    return failed;
}
