/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; archive layer: what is known by number. */
#include "reel/number_map.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/number_hash.h"

#define CAPACITY_MIN 64U

void
reel_number_map_fini(struct reel_number_map *m)
{
    reel_free(m->slots);
    memset(m, 0, sizeof(*m));
}

/* The slot of the number, or the free one where it would go. Pre: one is. */
static struct reel_number_pair *
find(const struct reel_number_map *m, uint64_t number)
{
    size_t i = (size_t)reel_number_hash(number) & (m->capacity - 1);

    while (m->slots[i].number != 0 && m->slots[i].number != number)
        i = (i + 1) & (m->capacity - 1);
    return &m->slots[i];
}

static enum reel_status
grow(struct reel_number_map *m, struct reel_err *err)
{
    struct reel_number_map bigger = {.used = m->used};
    size_t i;

    bigger.capacity = m->capacity == 0 ? CAPACITY_MIN : 2 * m->capacity;
    bigger.slots    = reel_alloc_array(bigger.capacity, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a table of %zu numbers", m->used);
    for (i = 0; i < m->capacity; i++)
        if (m->slots[i].number != 0)
            *find(&bigger, m->slots[i].number) = m->slots[i];
    reel_free(m->slots);
    *m = bigger;
    return REEL_OK;
}

enum reel_status
reel_number_map_set(struct reel_number_map *m, uint64_t number, uint64_t value,
                    struct reel_err *err)
{
    struct reel_number_pair *slot;

    if (number == 0)
        return REEL_OK;
    if (m->used * 2 >= m->capacity)
        REEL_TRY(grow(m, err));
    slot = find(m, number);
    m->used += slot->number == 0;
    *slot = (struct reel_number_pair){number, value};
    return REEL_OK;
}

uint64_t
reel_number_map_get(const struct reel_number_map *m, uint64_t number)
{
    return m->capacity == 0 ? 0 : find(m, number)->value;
}
