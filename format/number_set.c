/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec: sets of object numbers. */
#include "reel/number_set.h"

#include <string.h>

#include "reel/alloc.h"

#define CAPACITY_MIN 16U

void
reel_number_set_fini(struct reel_number_set *s)
{
    size_t i;

    for (i = 0; i < s->count; i++)
        reel_free(s->pages[i]);
    reel_free(s->pages);
    memset(s, 0, sizeof(*s));
}

/* ---- where a number belongs ---- */

/* The page that it is in, or that it goes to: the last one that begins with it
   or before it, else the first one. */
static size_t
find_page(const struct reel_number_set *s, uint64_t number)
{
    size_t from = 0;
    size_t to   = s->count;

    while (from < to) {
        const size_t half = from + (to - from) / 2;

        if (s->pages[half]->ranges[0].from <= number)
            from = half + 1;
        else
            to = half;
    }
    return from == 0 ? 0 : from - 1;
}

/* The first range of it that ends behind `number` or at it. */
static size_t
find_range(const struct reel_number_page *p, uint64_t number)
{
    size_t from = 0;
    size_t to   = p->count;

    while (from < to) {
        const size_t half = from + (to - from) / 2;

        if (p->ranges[half].to < number)
            from = half + 1;
        else
            to = half;
    }
    return from;
}

/* ---- pages ---- */

static bool
make_room(struct reel_number_set *s)
{
    const size_t capacity = s->capacity == 0 ? CAPACITY_MIN : 2 * s->capacity;
    struct reel_number_page **more;

    if (s->count < s->capacity)
        return true;
    more = reel_realloc_array(s->pages, capacity,
                              sizeof(struct reel_number_page *));
    if (more == NULL)
        return false;
    s->pages    = more;
    s->capacity = capacity;
    return true;
}

/* An empty page before page `at`; NULL: no memory. */
static struct reel_number_page *
insert_page(struct reel_number_set *s, size_t at)
{
    struct reel_number_page *page;

    if (!make_room(s))
        return NULL;
    page = reel_alloc_array(1, sizeof(*page));
    if (page == NULL)
        return NULL;
    page->count = 0;
    memmove(&s->pages[at + 1], &s->pages[at],
            (s->count - at) * sizeof(struct reel_number_page *));
    s->pages[at] = page;
    s->count++;
    return page;
}

/* The page a number goes to, which has room for one range more. A full one
   gives half of its ranges to one behind it. NULL: no memory. */
static struct reel_number_page *
page_with_room(struct reel_number_set *s, uint64_t number)
{
    const size_t at = find_page(s, number);
    struct reel_number_page *p;
    struct reel_number_page *behind;

    if (s->count == 0)
        return insert_page(s, 0);
    p = s->pages[at];
    if (p->count < REEL_NUMBER_PAGE_RANGES)
        return p;
    behind = insert_page(s, at + 1);
    if (behind == NULL)
        return NULL;
    p->count      = REEL_NUMBER_PAGE_RANGES / 2;
    behind->count = REEL_NUMBER_PAGE_RANGES - p->count;
    memcpy(behind->ranges, &p->ranges[p->count],
           behind->count * sizeof(*p->ranges));
    return s->pages[find_page(s, number)];
}

/* ---- ranges of one page ---- */

/* Ranges i and i + 1 may touch now. */
static void
join(struct reel_number_page *p, size_t i)
{
    if (i + 1 >= p->count || p->ranges[i].to != p->ranges[i + 1].from)
        return;
    p->ranges[i].to = p->ranges[i + 1].to;
    memmove(&p->ranges[i + 1], &p->ranges[i + 2],
            (p->count - i - 2) * sizeof(*p->ranges));
    p->count--;
}

/* Does range i, the first that ends behind `number` or at it, have it or take
   it in? */
static bool
widen(struct reel_number_page *p, size_t i, uint64_t number)
{
    struct reel_number_range *const r = &p->ranges[i];

    if (i == p->count || r->from > number + 1)
        return false;
    if (r->from > number) {
        r->from = number;
    } else if (r->to == number) {
        r->to++;
        join(p, i);
    }
    return true;
}

static void
insert_range(struct reel_number_page *p, size_t i, uint64_t number)
{
    memmove(&p->ranges[i + 1], &p->ranges[i],
            (p->count - i) * sizeof(*p->ranges));
    p->ranges[i] = (struct reel_number_range){number, number + 1};
    p->count++;
}

/* ---- the calls ---- */

enum reel_status
reel_number_set_add(struct reel_number_set *s, uint64_t number,
                    struct reel_err *err)
{
    struct reel_number_page *const p = page_with_room(s, number);
    size_t i;

    if (p == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a set of numbers");
    i = find_range(p, number);
    if (!widen(p, i, number))
        insert_range(p, i, number);
    return REEL_OK;
}

uint64_t
reel_number_set_from(const struct reel_number_set *s, uint64_t from)
{
    const struct reel_number_page *p;
    size_t at = find_page(s, from);
    size_t i;

    if (s->count == 0)
        return UINT64_MAX;
    p = s->pages[at];
    i = find_range(p, from);
    if (i < p->count && p->ranges[i].to == from)
        i++;
    if (i == p->count) {
        if (at + 1 == s->count)
            return UINT64_MAX;
        p = s->pages[at + 1];
        i = 0;
    }
    return p->ranges[i].from > from ? p->ranges[i].from : from;
}

bool
reel_number_set_has(const struct reel_number_set *s, uint64_t number)
{
    return number != UINT64_MAX && reel_number_set_from(s, number) == number;
}
