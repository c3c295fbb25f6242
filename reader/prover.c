/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.3 and 7.3, the digests; policy layer. */
#include "prover.h"

#include <pthread.h>
#include <string.h>

#include "data_walk.h"
#include "reel/alloc.h"

struct failure {
    uint32_t archive;
    uint32_t run; /* numbers come again in a higher one */
    uint64_t number;
};

struct reel_prover {
    struct reel_data_walk data;
    uint32_t archive; /* of the item at hand */

    pthread_mutex_t lock;
    struct failure *failures; /* as many as there are damaged objects */
    size_t count;
    size_t capacity;
};

static enum reel_status
add(struct reel_prover *p, uint64_t number, struct reel_err *err)
{
    const struct failure f = {p->archive, p->data.run, number};

    if (p->count == p->capacity) {
        const size_t capacity = p->capacity == 0 ? 16 : 2 * p->capacity;
        struct failure *const more =
            reel_realloc_array(p->failures, capacity, sizeof(*more));

        if (more == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the list of damaged objects");
        p->failures = more;
        p->capacity = capacity;
    }
    p->failures[p->count++] = f;
    return REEL_OK;
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    struct reel_prover *const p = ctx;
    enum reel_status status;

    (void)e;
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

void
reel_prover_jump(struct reel_prover *p)
{
    reel_data_walk_jump(&p->data);
}

enum reel_status
reel_prover_look(void *ctx, struct reel_read_item *item, struct reel_err *err)
{
    struct reel_prover *const p = ctx;

    if (item->of.archive != p->archive)
        reel_prover_jump(p);
    p->archive = item->of.archive;
    return reel_data_walk_item(&p->data, item, err);
}

bool
reel_prover_failed(struct reel_prover *p, uint32_t archive, uint32_t run,
                   uint64_t number)
{
    bool failed = false;
    size_t i;

    (void)pthread_mutex_lock(&p->lock);
    for (i = p->count; i > 0 && !failed; i--)
        failed = p->failures[i - 1].number == number &&
                 p->failures[i - 1].run == run &&
                 p->failures[i - 1].archive == archive;
    (void)pthread_mutex_unlock(&p->lock);
    return failed;
}
