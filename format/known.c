/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.3, B-18; archive layer: the runs that are known beforehand. */
#include "reel/known.h"

#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"

#define CAPACITY_MIN 8U

void
reel_known_fini(struct reel_known *k)
{
    reel_free(k->runs);
    memset(k, 0, sizeof(*k));
}

/* ---- those in order ---- */

/* The first of those in order that is of the archive and of run `run` or a
   higher one; NULL: none. Of all of them it begins first. */
static const struct reel_known_run *
first_from(const struct reel_known *k, uint32_t archive, uint64_t run)
{
    size_t from = 0;
    size_t to   = k->ordered;

    while (from < to) {
        const size_t half                     = from + (to - from) / 2;
        const struct reel_known_run *const at = &k->runs[half];

        if (at->archive < archive || (at->archive == archive && at->run < run))
            from = half + 1;
        else
            to = half;
    }
    return from < k->ordered && k->runs[from].archive == archive
               ? &k->runs[from]
               : NULL;
}

/* Does one of run `run` or a higher one begin at `sequence` or before? */
static bool
begins_by(const struct reel_known *k, uint32_t archive, uint64_t run,
          uint64_t sequence)
{
    const struct reel_known_run *const first = first_from(k, archive, run);
    size_t i;

    if (first != NULL && first->start <= sequence)
        return true;
    for (i = k->ordered; i < k->run_count; i++)
        if (k->runs[i].archive == archive && k->runs[i].run >= run &&
            k->runs[i].start <= sequence)
            return true;
    return false;
}

/* ---- putting them in order ---- */

/* Of one run, what begins first comes last, as if it were higher. */
static int
compare(const void *left, const void *right)
{
    const struct reel_known_run *const a = left;
    const struct reel_known_run *const b = right;

    if (a->archive != b->archive)
        return a->archive < b->archive ? -1 : 1;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    if (a->start != b->start)
        return a->start > b->start ? -1 : 1;
    return 0;
}

/* Leave out what a higher run of the archive says, too. */
static void
drop_needless(struct reel_known *k)
{
    size_t kept = k->run_count;
    size_t i;

    for (i = k->run_count; i-- > 0;)
        if (kept == k->run_count ||
            k->runs[kept].archive != k->runs[i].archive ||
            k->runs[kept].start > k->runs[i].start)
            k->runs[--kept] = k->runs[i];
    k->run_count -= kept;
    memmove(k->runs, k->runs + kept, k->run_count * sizeof(*k->runs));
}

static void
put_in_order(struct reel_known *k)
{
    struct reel_known_run loose[REEL_KNOWN_LOOSE_MAX];
    size_t left = k->run_count - k->ordered;
    size_t from = k->ordered;
    size_t to   = k->run_count;

    memcpy(loose, &k->runs[from], left * sizeof(*loose));
    qsort(loose, left, sizeof(*loose), compare);
    while (left > 0) {
        if (from > 0 && compare(&k->runs[from - 1], &loose[left - 1]) > 0)
            k->runs[--to] = k->runs[--from];
        else
            k->runs[--to] = loose[--left];
    }
    drop_needless(k);
    k->ordered = k->run_count;
}

/* ---- the calls ---- */

static enum reel_status
make_room(struct reel_known *k, struct reel_err *err)
{
    const size_t capacity =
        k->run_capacity == 0 ? CAPACITY_MIN : 2 * k->run_capacity;
    struct reel_known_run *more;

    if (k->run_count < k->run_capacity)
        return REEL_OK;
    more = reel_realloc_array(k->runs, capacity, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of runs");
    k->runs         = more;
    k->run_capacity = capacity;
    return REEL_OK;
}

enum reel_status
reel_known_add_run(struct reel_known *k, const struct reel_known_run *run,
                   struct reel_err *err)
{
    if (begins_by(k, run->archive, run->run, run->start))
        return REEL_OK; /* says as much already */
    if (k->run_count - k->ordered == REEL_KNOWN_LOOSE_MAX)
        put_in_order(k);
    REEL_TRY(make_room(k, err));
    k->runs[k->run_count++] = *run;
    return REEL_OK;
}

bool
reel_known_superseded(const struct reel_known *k,
                      const struct reel_block_header *h)
{
    return begins_by(k, h->archive, (uint64_t)h->run + 1, h->sequence);
}
