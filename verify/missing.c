/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.1; verify: which objects are not there at all. */
#include "missing.h"

#include <string.h>

#include "reel/alloc.h"

#define CAPACITY_MIN 16U

void
reel_missing_init(struct reel_missing *m)
{
    memset(m, 0, sizeof(*m));
}

void
reel_missing_fini(struct reel_missing *m)
{
    reel_free(m->ranges);
    reel_missing_init(m);
}

enum reel_status
reel_missing_add(struct reel_missing *m, uint64_t from, uint64_t to,
                 struct reel_err *err)
{
    if (from >= to || (m->count > 0 && from < m->ranges[m->count - 1].to))
        return REEL_OK;
    if (m->count == m->capacity) {
        const size_t more = m->capacity == 0 ? CAPACITY_MIN : m->capacity * 2;
        struct reel_missing_range *const bigger =
            reel_realloc_array(m->ranges, more, sizeof(*bigger));

        if (bigger == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the list of what is lost");
        m->ranges   = bigger;
        m->capacity = more;
    }
    m->ranges[m->count].from = from;
    m->ranges[m->count].to   = to;
    m->count++;
    return REEL_OK;
}

size_t
reel_missing_find(const struct reel_missing *m, uint64_t number)
{
    size_t from = 0;
    size_t to   = m->count;

    while (from < to) {
        const size_t half = from + (to - from) / 2;

        if (m->ranges[half].to <= number)
            from = half + 1;
        else
            to = half;
    }
    return from;
}

bool
reel_missing_has(struct reel_missing *m, uint64_t number)
{
    while (m->at < m->count && m->ranges[m->at].to <= number)
        m->at++;
    return m->at < m->count && number >= m->ranges[m->at].from;
}
