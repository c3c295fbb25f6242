/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1 and 12.2, torn objects; policy layer. */
#include "torn.h"

#include <string.h>

#include "expected.h"
#include "notes.h"
#include "reel/alloc.h"

#define SLOTS_FIRST 16U

void
reel_torn_init(struct reel_torn *t, const char *temporary_dir)
{
    memset(t, 0, sizeof(*t));
    reel_pending_links_init(&t->list, temporary_dir);
    t->seed = reel_path_seed_new();
}

void
reel_torn_fini(struct reel_torn *t)
{
    reel_pending_links_fini(&t->list);
    reel_free(t->slots);
    memset(t, 0, sizeof(*t));
}

/* ---- what has a path ---- */

static struct reel_path_key
key_of(const struct reel_torn *t, const struct reel_object *o)
{
    return reel_path_key(&t->seed, o->encoding, o->path);
}

/* The slot of the key, or the free one where it belongs. Pre: one is. */
static struct reel_torn_slot *
slot_of(const struct reel_torn *t, const struct reel_path_key *key)
{
    size_t i = (size_t)key->high & (t->slot_count - 1);

    while (t->slots[i].used && !reel_path_key_equal(&t->slots[i].key, key))
        i = (i + 1) & (t->slot_count - 1);
    return &t->slots[i];
}

/* Keep at least half of the slots free. */
static enum reel_status
grow(struct reel_torn *t, struct reel_err *err)
{
    struct reel_torn larger = *t;
    size_t i;

    if ((t->used + 1) * 2 <= t->slot_count)
        return REEL_OK;
    larger.slot_count = t->slot_count == 0 ? SLOTS_FIRST : t->slot_count * 2;
    larger.slots = reel_alloc_array(larger.slot_count, sizeof(*larger.slots));
    if (larger.slots == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a list of %zu torn objects", t->used);
    for (i = 0; i < t->slot_count; i++)
        if (t->slots[i].used)
            *slot_of(&larger, &t->slots[i].key) = t->slots[i];
    reel_free(t->slots);
    *t = larger;
    return REEL_OK;
}

/* ---- torn objects ---- */

enum reel_status
reel_torn_add(struct reel_torn *t, uint64_t number, const struct reel_object *o,
              const struct reel_place *place, struct reel_err *err)
{
    const struct reel_path_key key = key_of(t, o);
    struct reel_torn_slot *slot;

    REEL_TRY(grow(t, err));
    REEL_TRY(reel_pending_links_add(&t->list, number, o, place, err));
    slot = slot_of(t, &key);
    if (slot->used)
        return REEL_OK;
    slot->key  = key;
    slot->used = true;
    t->used++;
    return REEL_OK;
}

void
reel_torn_forget(struct reel_torn *t, const struct reel_object *o)
{
    struct reel_torn_slot *slot;
    struct reel_path_key key;

    if (t->used == 0)
        return;
    key  = key_of(t, o);
    slot = slot_of(t, &key);
    if (slot->used)
        slot->taken = t->list.count;
}

/* Did one that is whole take the place of number i of the list? */
static bool
is_taken(const struct reel_torn *t, size_t i, const struct reel_object *o)
{
    const struct reel_path_key key = key_of(t, o);

    return i < slot_of(t, &key)->taken;
}

enum reel_status
reel_torn_tell(struct reel_torn *t, const struct reel_reporter *report,
               bool (*wanting)(const void *ctx, uint64_t number),
               const void *ctx, uint64_t *lost, struct reel_err *err)
{
    struct reel_object o;
    size_t i;

    *lost = 0;
    for (i = 0; i < t->list.count; i++) {
        const struct reel_pending_link *const k = &t->list.list[i];
        const struct reel_pos pos               = reel_expected_pos(&k->data);
        struct reel_notes_object about          = {.number = k->number};

        REEL_TRY(reel_pending_links_get(&t->list, k, &o, err));
        if (is_taken(t, i, &o))
            continue;
        about.encoding = o.encoding;
        about.path     = o.path;
        ++*lost;
        if (wanting != NULL && wanting(ctx, k->number))
            reel_notes_object(report, REEL_NOTE_WANTED, &about,
                              REEL_E_TRUNCATED, &pos,
                              "goes on on a volume that is not at hand");
        else
            reel_notes_object(report, REEL_NOTE_LOST, &about, REEL_E_TRUNCATED,
                              &pos, "not whole in the archive");
    }
    return REEL_OK;
}
