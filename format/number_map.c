/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3, targets of links in a relay; policy layer. */
#include "relay_numbers.h"

#include <string.h>

#include "reel/alloc.h"

#define CAPACITY_MIN 64U

void
reel_relay_numbers_fini(struct reel_relay_numbers *n)
{
    reel_free(n->slots);
    memset(n, 0, sizeof(*n));
}

/* The slot of the number, or the free one where it would go. Pre: one is. */
static size_t
find(const struct reel_relay_number *slots, size_t capacity, uint64_t number)
{
    size_t i =
        (size_t)((number * 0x9E3779B97F4A7C15ULL) >> 32) & (capacity - 1);

    while (slots[i].number != 0 && slots[i].number != number)
        i = (i + 1) & (capacity - 1);
    return i;
}

static enum reel_status
grow(struct reel_relay_numbers *n, struct reel_err *err)
{
    const size_t capacity = n->capacity == 0 ? CAPACITY_MIN : 2 * n->capacity;
    struct reel_relay_number *slots;
    size_t i;

    if (n->used * 2 < n->capacity)
        return REEL_OK;
    slots = reel_alloc_array(capacity, sizeof(*slots));
    if (slots == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the table of hard links");
    for (i = 0; i < n->capacity; i++)
        if (n->slots[i].number != 0)
            slots[find(slots, capacity, n->slots[i].number)] = n->slots[i];
    reel_free(n->slots);
    n->slots    = slots;
    n->capacity = capacity;
    return REEL_OK;
}

enum reel_status
reel_relay_numbers_set(struct reel_relay_numbers *n, uint64_t number,
                       uint64_t sent, struct reel_err *err)
{
    size_t i;

    REEL_TRY(grow(n, err));
    i = find(n->slots, n->capacity, number);
    if (n->slots[i].number == 0)
        n->used++;
    n->slots[i].number = number;
    n->slots[i].sent   = sent;
    return REEL_OK;
}

uint64_t
reel_relay_numbers_get(const struct reel_relay_numbers *n, uint64_t number)
{
    const size_t i = n->capacity == 0 ? 0 : find(n->slots, n->capacity, number);

    return n->capacity == 0 ? 0 : n->slots[i].sent;
}
