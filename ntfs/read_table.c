/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open addressing; what is removed leaves no mark. */
#include "read_table.h"

#include "reel/alloc.h"

#define CAPACITY_MIN 64U

static size_t
home(const struct rn_table *t, const uint64_t key[2])
{
    const uint64_t mixed = (key[0] ^ key[1] >> 7) * 0x9E3779B97F4A7C15U;

    return (size_t)(mixed >> 17) & (t->capacity - 1);
}

static bool
is_free(const struct rn_entry *e)
{
    return e->key[0] == 0 && e->key[1] == 0;
}

static void
place(struct rn_table *t, const struct rn_entry *e)
{
    size_t at = home(t, e->key);

    while (!is_free(&t->slots[at]))
        at = (at + 1) & (t->capacity - 1);
    t->slots[at] = *e;
}

static bool
grow(struct rn_table *t)
{
    struct rn_table bigger = {NULL, CAPACITY_MIN, t->used};

    if (t->used < t->capacity / 2)
        return true;
    if (t->capacity > 0)
        bigger.capacity = 2 * t->capacity;
    bigger.slots = reel_alloc_array(bigger.capacity, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        return false;
    for (size_t i = 0; i < t->capacity; i++)
        if (!is_free(&t->slots[i]))
            place(&bigger, &t->slots[i]);
    reel_free(t->slots);
    *t = bigger;
    return true;
}

bool
rn_table_add(struct rn_table *t, const struct rn_entry *e)
{
    if (!grow(t))
        return false;
    place(t, e);
    t->used++;
    return true;
}

struct rn_entry *
rn_table_find(const struct rn_table *t, const uint64_t key[2])
{
    if (t->used == 0)
        return NULL;
    for (size_t at = home(t, key); !is_free(&t->slots[at]);
         at        = (at + 1) & (t->capacity - 1))
        if (t->slots[at].key[0] == key[0] && t->slots[at].key[1] == key[1])
            return &t->slots[at];
    return NULL;
}

void
rn_table_remove(struct rn_table *t, struct rn_entry *e)
{
    const size_t mask = t->capacity - 1;
    size_t hole       = (size_t)(e - t->slots);

    t->used--;
    for (size_t at = (hole + 1) & mask; !is_free(&t->slots[at]);
         at        = (at + 1) & mask) {
        const size_t from = home(t, t->slots[at].key);

        /* It may move back unless its own place is behind the hole. */
        if (((at - from) & mask) >= ((at - hole) & mask)) {
            t->slots[hole] = t->slots[at];
            hole           = at;
        }
    }
    t->slots[hole] = (struct rn_entry){{0, 0}, 0, 0};
}

void
rn_table_fini(struct rn_table *t)
{
    reel_free(t->slots);
    *t = (struct rn_table){NULL, 0, 0};
}
