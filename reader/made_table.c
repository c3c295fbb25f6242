/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3 (K-7), which object a link belongs to; policy layer. */
#include <string.h>

#include "made_table.h"
#include "reel/alloc.h"
#include "reel/number_hash.h"

#define SLOTS_FIRST 64U

void
reel_made_table_init(struct reel_made_table *t, const char *temporary_dir)
{
    memset(t, 0, sizeof(*t));
    reel_stash_init(&t->stash, temporary_dir);
}

void
reel_made_table_fini(struct reel_made_table *t)
{
    reel_stash_fini(&t->stash);
    reel_free(t->slots);
    memset(t, 0, sizeof(*t));
}

/* The slot of `number`, or the free one where it belongs. */
static size_t
probe(const struct reel_made_slot *slots, size_t slot_count, uint64_t number)
{
    size_t i = (size_t)reel_number_hash(number) & (slot_count - 1);

    while (slots[i].number != 0 && slots[i].number != number)
        i = (i + 1) & (slot_count - 1);
    return i;
}

/* Keep at least half of the slots free. */
static enum reel_status
grow(struct reel_made_table *t, struct reel_err *err)
{
    const size_t count = t->slot_count == 0 ? SLOTS_FIRST : t->slot_count * 2;
    struct reel_made_slot *slots;
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
    const struct reel_bytes text = {(const uint8_t *)path, len};
    struct reel_made_slot *slot;
    uint64_t at;

    if (link_count == 1 || number == 0)
        return REEL_OK;
    REEL_TRY(grow(t, err));
    REEL_TRY(
        reel_stash_add(&t->stash, identity, sizeof(*identity), text, &at, err));
    slot = &t->slots[probe(t->slots, t->slot_count, number)];
    if (slot->number == 0)
        t->used++;
    slot->number     = number;
    slot->at         = at;
    slot->path_bytes = (uint32_t)len;
    slot->names_left = link_count == 0 ? 0 : link_count - 1;
    return REEL_OK;
}

/* NULL: it is not there. */
static const struct reel_made_slot *
slot_of(const struct reel_made_table *t, uint64_t number)
{
    const struct reel_made_slot *slot;

    if (t->slot_count == 0 || number == 0)
        return NULL;
    slot = &t->slots[probe(t->slots, t->slot_count, number)];
    return slot->number == 0 ? NULL : slot;
}

enum reel_status
reel_made_table_find(struct reel_made_table *t, uint64_t number, bool *found,
                     struct reel_made *out, struct reel_err *err)
{
    const struct reel_made_slot *const slot = slot_of(t, number);

    *found = slot != NULL;
    if (slot == NULL)
        return REEL_OK;
    out->number = number;
    return reel_stash_get(
        &t->stash, slot->at, sizeof(out->identity) + slot->path_bytes,
        &out->identity, sizeof(out->identity), &out->path, err);
}

/* Empty slot i, and move back what was pushed behind it. */
static void
remove_at(struct reel_made_table *t, size_t i)
{
    const size_t mask = t->slot_count - 1;
    size_t j          = i;

    t->used--;
    for (;;) {
        size_t k;

        j = (j + 1) & mask;
        if (t->slots[j].number == 0)
            break;
        k = (size_t)reel_number_hash(t->slots[j].number) & mask;
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

    if (slot_of(t, number) == NULL)
        return;
    i = probe(t->slots, t->slot_count, number);
    if (t->slots[i].names_left == 0)
        return;
    if (--t->slots[i].names_left == 0)
        remove_at(t, i);
    if (t->used == 0)
        reel_stash_clear(&t->stash);
}
