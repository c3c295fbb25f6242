/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; policy layer: sets of object numbers. */
#include "number_set.h"

#include <string.h>

#include "reel/alloc.h"

#define CAPACITY_MIN 16U

void
reel_number_set_fini(struct reel_number_set *s)
{
    reel_free(s->ranges);
    memset(s, 0, sizeof(*s));
}

/* The first range that ends behind `number` or at it. */
static size_t
find(const struct reel_number_set *s, uint64_t number)
{
    size_t from = 0;
    size_t to   = s->count;

    while (from < to) {
        const size_t half = from + (to - from) / 2;

        if (s->ranges[half].to < number)
            from = half + 1;
        else
            to = half;
    }
    return from;
}

static bool
make_room(struct reel_number_set *s)
{
    const size_t capacity = s->capacity == 0 ? CAPACITY_MIN : 2 * s->capacity;
    struct reel_number_range *more;

    if (s->count < s->capacity)
        return true;
    more = reel_realloc_array(s->ranges, capacity, sizeof(*more));
    if (more == NULL)
        return false;
    s->ranges   = more;
    s->capacity = capacity;
    return true;
}

/* Ranges i and i + 1 may touch now. */
static void
join(struct reel_number_set *s, size_t i)
{
    if (i + 1 >= s->count || s->ranges[i].to != s->ranges[i + 1].from)
        return;
    s->ranges[i].to = s->ranges[i + 1].to;
    memmove(&s->ranges[i + 1], &s->ranges[i + 2],
            (s->count - i - 2) * sizeof(*s->ranges));
    s->count--;
}

enum reel_status
reel_number_set_add(struct reel_number_set *s, uint64_t number,
                    struct reel_err *err)
{
    const size_t i = find(s, number);

    if (reel_number_set_has(s, number))
        return REEL_OK;
    if (i < s->count && s->ranges[i].to == number) {
        s->ranges[i].to++;
        join(s, i);
        return REEL_OK;
    }
    if (i < s->count && s->ranges[i].from == number + 1) {
        s->ranges[i].from = number;
        return REEL_OK;
    }
    if (!make_room(s))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of what is whole");
    memmove(&s->ranges[i + 1], &s->ranges[i],
            (s->count - i) * sizeof(*s->ranges));
    s->ranges[i] = (struct reel_number_range){number, number + 1};
    s->count++;
    return REEL_OK;
}

uint64_t
reel_number_set_from(const struct reel_number_set *s, uint64_t from)
{
    size_t i = find(s, from);

    if (i < s->count && s->ranges[i].to == from)
        i++;
    if (i == s->count)
        return UINT64_MAX;
    return s->ranges[i].from > from ? s->ranges[i].from : from;
}

bool
reel_number_set_has(const struct reel_number_set *s, uint64_t number)
{
    return number != UINT64_MAX && reel_number_set_from(s, number) == number;
}
