/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.3, B-18; archive layer: the runs that are known beforehand. */
#include "reel/known.h"

#include <string.h>

#include "reel/alloc.h"

#define CAPACITY_MIN 8U

void
reel_known_fini(struct reel_known *k)
{
    reel_free(k->runs);
    memset(k, 0, sizeof(*k));
}

enum reel_status
reel_known_add_run(struct reel_known *k, const struct reel_known_run *run,
                   struct reel_err *err)
{
    size_t i;

    for (i = 0; i < k->run_count; i++)
        if (k->runs[i].archive == run->archive && k->runs[i].run >= run->run &&
            k->runs[i].start <= run->start)
            return REEL_OK; /* says as much already */
    if (k->run_count == k->run_capacity) {
        const size_t capacity =
            k->run_capacity == 0 ? CAPACITY_MIN : 2 * k->run_capacity;
        struct reel_known_run *const more =
            reel_realloc_array(k->runs, capacity, sizeof(*more));

        if (more == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the list of runs");
        k->runs         = more;
        k->run_capacity = capacity;
    }
    k->runs[k->run_count++] = *run;
    return REEL_OK;
}

bool
reel_known_superseded(const struct reel_known *k,
                      const struct reel_block_header *h)
{
    size_t i;

    for (i = 0; i < k->run_count; i++)
        if (k->runs[i].archive == h->archive && k->runs[i].run > h->run &&
            h->sequence >= k->runs[i].start)
            return true;
    return false;
}
