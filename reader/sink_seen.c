/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1, paths that an archive holds; policy layer. */
#include <string.h>

#include "reel/alloc.h"
#include "reel/cursor.h"
#include "reel/sha256.h"
#include "sink_seen.h"

#define SLOTS_FIRST 1024U

void
reel_sink_seen_init(struct reel_sink_seen *s)
{
    memset(s, 0, sizeof(*s));
}

void
reel_sink_seen_fini(struct reel_sink_seen *s)
{
    reel_free(s->slots);
    reel_sink_seen_init(s);
}

static uint64_t
key_of(struct reel_bytes path)
{
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_cursor c;
    uint64_t key;

    reel_sha256(path.data, path.len, digest);
    c   = reel_cursor_init(digest, sizeof(digest), NULL);
    key = reel_get_le64(&c);
    return key == 0 ? 1 : key;
}

static size_t
probe(const uint64_t *slots, size_t slot_count, uint64_t key)
{
    size_t i = (size_t)key & (slot_count - 1);

    while (slots[i] != 0 && slots[i] != key)
        i = (i + 1) & (slot_count - 1);
    return i;
}

static enum reel_status
grow(struct reel_sink_seen *s, struct reel_err *err)
{
    const size_t count = s->slot_count == 0 ? SLOTS_FIRST : s->slot_count * 2;
    uint64_t *slots;
    size_t i;

    if ((s->used + 1) * 2 <= s->slot_count)
        return REEL_OK;
    slots = reel_alloc_array(count, sizeof(*slots));
    if (slots == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to remember %zu paths", s->used);
    for (i = 0; i < s->slot_count; i++) {
        if (s->slots[i] != 0)
            slots[probe(slots, count, s->slots[i])] = s->slots[i];
    }
    reel_free(s->slots);
    s->slots      = slots;
    s->slot_count = count;
    return REEL_OK;
}

enum reel_status
reel_sink_seen_add(struct reel_sink_seen *s, struct reel_bytes path,
                   struct reel_err *err)
{
    const uint64_t key = key_of(path);
    size_t i;

    REEL_TRY(grow(s, err));
    i = probe(s->slots, s->slot_count, key);
    if (s->slots[i] == 0)
        s->used++;
    s->slots[i] = key;
    return REEL_OK;
}

bool
reel_sink_seen_has(const struct reel_sink_seen *s, struct reel_bytes path)
{
    const uint64_t key = key_of(path);

    return s->slot_count > 0 &&
           s->slots[probe(s->slots, s->slot_count, key)] == key;
}
