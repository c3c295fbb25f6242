/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3; archive layer: open hard links while an archive goes by. */
#include <string.h>

#include "reel/alloc.h"
#include "reel/link_table.h"
#include "reel/number_hash.h"

struct reel_link_slot {
    uint64_t number; /* 0: free */
    uint32_t left;   /* names still to come; FOREVER: nobody knows */
    struct reel_place place;
};

#define CAPACITY_MIN 64U
#define FOREVER UINT32_MAX

void
reel_link_table_init(struct reel_link_table *t)
{
    memset(t, 0, sizeof(*t));
}

void
reel_link_table_fini(struct reel_link_table *t)
{
    reel_free(t->slots);
    reel_link_table_init(t);
}

enum reel_status
reel_link_table_copy(struct reel_link_table *t,
                     const struct reel_link_table *of, struct reel_err *err)
{
    struct reel_link_slot *slots = NULL;

    if (of->capacity > 0) {
        slots = reel_alloc_array(of->capacity, sizeof(*slots));
        if (slots == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the table of hard links");
        memcpy(slots, of->slots, of->capacity * sizeof(*slots));
    }
    *t       = *of;
    t->slots = slots;
    return REEL_OK;
}

static size_t
home(const struct reel_link_table *t, uint64_t number)
{
    return (size_t)reel_number_hash(number) & (t->capacity - 1);
}

/* The slot of `number`, or the free one where it would go. Pre: capacity is a
   power of two, and one slot at least is free. */
static size_t
find(const struct reel_link_table *t, uint64_t number)
{
    size_t i = home(t, number);

    while (t->slots[i].number != 0 && t->slots[i].number != number)
        i = (i + 1) & (t->capacity - 1);
    return i;
}

static bool
grow(struct reel_link_table *t)
{
    const struct reel_link_table old = *t;
    size_t i;

    t->capacity = old.capacity == 0 ? CAPACITY_MIN : old.capacity * 2;
    t->slots    = reel_alloc_array(t->capacity, sizeof(*t->slots));
    if (t->slots == NULL) {
        *t = old;
        return false;
    }
    for (i = 0; i < old.capacity; i++)
        if (old.slots[i].number != 0)
            t->slots[find(t, old.slots[i].number)] = old.slots[i];
    reel_free(old.slots);
    return true;
}

enum reel_status
reel_link_table_add(struct reel_link_table *t, uint64_t number, uint32_t names,
                    const struct reel_place *place, struct reel_err *err)
{
    struct reel_link_slot *slot;

    if (names == 1 || number == 0) /* 0: no object, and a free slot */
        return REEL_OK;
    if (t->used * 2 >= t->capacity && !grow(t))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the table of hard links");
    slot = &t->slots[find(t, number)];
    if (slot->number == 0)
        t->used++;
    slot->number = number;
    slot->left   = names == 0 ? FOREVER : names - 1;
    slot->place  = *place;
    return REEL_OK;
}

/* Free slot i and close the run behind it, so that find stays right. */
static void
forget(struct reel_link_table *t, size_t i)
{
    const size_t mask = t->capacity - 1;
    size_t j          = i;

    for (;;) {
        j = (j + 1) & mask;
        if (t->slots[j].number == 0)
            break;
        if (((j - home(t, t->slots[j].number)) & mask) >= ((j - i) & mask)) {
            t->slots[i] = t->slots[j];
            i           = j;
        }
    }
    memset(&t->slots[i], 0, sizeof(t->slots[i]));
    t->used--;
}

bool
reel_link_table_meet(struct reel_link_table *t, uint64_t number,
                     struct reel_place *out)
{
    size_t i;

    memset(out, 0, sizeof(*out));
    if (t->capacity == 0)
        return false;
    i = find(t, number);
    if (t->slots[i].number == 0)
        return false;
    *out = t->slots[i].place;
    if (t->slots[i].left != FOREVER && --t->slots[i].left == 0)
        forget(t, i);
    return true;
}
