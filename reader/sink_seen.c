/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1, paths that an archive holds; policy layer. */
#include <string.h>

#include "reel/alloc.h"
#include "sink_seen.h"

#define SLOTS_FIRST 1024U

void
reel_sink_seen_init(struct reel_sink_seen *s)
{
    memset(s, 0, sizeof(*s));
    s->seed = reel_path_seed_new();
}

void
reel_sink_seen_fini(struct reel_sink_seen *s)
{
    reel_free(s->slots);
    memset(s, 0, sizeof(*s));
}

static bool
is_free(const struct reel_path_key *slot)
{
    return slot->low == 0;
}

static struct reel_path_key *
probe(struct reel_path_key *slots, size_t slot_count,
      const struct reel_path_key *key)
{
    size_t i = (size_t)key->high & (slot_count - 1);

    while (!is_free(&slots[i]) && !reel_path_key_equal(&slots[i], key))
        i = (i + 1) & (slot_count - 1);
    return &slots[i];
}

static enum reel_status
grow(struct reel_sink_seen *s, struct reel_err *err)
{
    const size_t count = s->slot_count == 0 ? SLOTS_FIRST : s->slot_count * 2;
    struct reel_path_key *slots;
    size_t i;

    if ((s->used + 1) * 2 <= s->slot_count)
        return REEL_OK;
    slots = reel_alloc_array(count, sizeof(*slots));
    if (slots == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to remember %zu paths", s->used);
    for (i = 0; i < s->slot_count; i++)
        if (!is_free(&s->slots[i]))
            *probe(slots, count, &s->slots[i]) = s->slots[i];
    reel_free(s->slots);
    s->slots      = slots;
    s->slot_count = count;
    return REEL_OK;
}

enum reel_status
reel_sink_seen_add(struct reel_sink_seen *s, uint8_t encoding,
                   struct reel_bytes path, struct reel_err *err)
{
    const struct reel_path_key key = reel_path_key(&s->seed, encoding, path);
    struct reel_path_key *slot;

    REEL_TRY(grow(s, err));
    slot = probe(s->slots, s->slot_count, &key);
    s->used += is_free(slot);
    *slot = key;
    return REEL_OK;
}

bool
reel_sink_seen_has(const struct reel_sink_seen *s, uint8_t encoding,
                   struct reel_bytes path)
{
    struct reel_path_key key;

    if (s->used == 0)
        return false;
    key = reel_path_key(&s->seed, encoding, path);
    return !is_free(probe(s->slots, s->slot_count, &key));
}
