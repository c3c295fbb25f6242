/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3 (K-7), which object a link belongs to; policy layer. */
#include <string.h>

#include "made_table.h"
#include "reel/alloc.h"

#define SLOTS_FIRST 64U

void
reel_made_table_init(struct reel_made_table *t)
{
    memset(t, 0, sizeof(*t));
}

void
reel_made_table_fini(struct reel_made_table *t)
{
    size_t i;

    for (i = 0; i < t->slot_count; i++)
        reel_free(t->slots[i].path);
    reel_free(t->slots);
    reel_made_table_init(t);
}

static size_t
home(uint64_t number, size_t slot_count)
{
    const uint64_t h = number * 0x9E3779B97F4A7C15U;

    return (size_t)(h >> 32) & (slot_count - 1);
}

/* The slot of `number`, or the free one where it belongs. */
static size_t
probe(const struct reel_made *slots, size_t slot_count, uint64_t number)
{
    size_t i = home(number, slot_count);

    while (slots[i].number != 0 && slots[i].number != number)
        i = (i + 1) & (slot_count - 1);
    return i;
}

/* Keep at least half of the slots free. */
static enum reel_status
grow(struct reel_made_table *t, struct reel_err *err)
{
    const size_t count = t->slot_count == 0 ? SLOTS_FIRST : t->slot_count * 2;
    struct reel_made *slots;
    size_t i;

    if ((t->used + 1) * 2 <= t->slot_count)
        return REEL_OK;
    slots = reel_alloc_array(count, sizeof(*slots));
    if (slots == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a table of %zu hard links", t->used);
    for (i = 0; i < t->slot_count; i++) {
        if (t->slots[i].number != 0)
            slots[probe(slots, count, t->slots[i].number)] = t->slots[i];
    }
    reel_free(t->slots);
    t->slots      = slots;
    t->slot_count = count;
    return REEL_OK;
}

enum reel_status
reel_made_table_add(struct reel_made_table *t, uint64_t number,
                    const char *path, size_t len,
                    const struct reel_sink_identity *identity,
                    uint32_t link_count, struct reel_err *err)
{
    struct reel_made *slot;
    char *copy;

    if (link_count == 1 || number == 0)
        return REEL_OK;
    REEL_TRY(grow(t, err));
    copy = reel_alloc_array(len + 1, 1);
    if (copy == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a path of %zu octets", len);
    memcpy(copy, path, len);
    slot = &t->slots[probe(t->slots, t->slot_count, number)];
    if (slot->number == 0)
        t->used++;
    reel_free(slot->path);
    slot->number     = number;
    slot->identity   = *identity;
    slot->names_left = link_count == 0 ? 0 : link_count - 1;
    slot->path_len   = len;
    slot->path       = copy;
    return REEL_OK;
}

const struct reel_made *
reel_made_table_find(const struct reel_made_table *t, uint64_t number)
{
    const struct reel_made *slot;

    if (t->slot_count == 0 || number == 0)
        return NULL;
    slot = &t->slots[probe(t->slots, t->slot_count, number)];
    return slot->number == 0 ? NULL : slot;
}

/* Empty slot i, and move back what was pushed behind it. */
static void
remove_at(struct reel_made_table *t, size_t i)
{
    const size_t mask = t->slot_count - 1;
    size_t j          = i;

    reel_free(t->slots[i].path);
    t->used--;
    for (;;) {
        size_t k;

        j = (j + 1) & mask;
        if (t->slots[j].number == 0)
            break;
        k = home(t->slots[j].number, t->slot_count);
        /* k in (i, j], around the end: it stays where it is */
        if (((j - k) & mask) < ((j - i) & mask))
            continue;
        t->slots[i] = t->slots[j];
        i           = j;
    }
    memset(&t->slots[i], 0, sizeof(t->slots[i]));
}

void
reel_made_table_name_met(struct reel_made_table *t, uint64_t number)
{
    size_t i;

    if (reel_made_table_find(t, number) == NULL)
        return;
    i = probe(t->slots, t->slot_count, number);
    if (t->slots[i].names_left == 0)
        return;
    if (--t->slots[i].names_left == 0)
        remove_at(t, i);
}
