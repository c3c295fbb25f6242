/* SPDX-License-Identifier: Apache-2.0 */
/* Program: digests that hard links repeat in a manifest. */
#include <string.h>

#include "digest_map.h"
#include "reel/alloc.h"

static bool
before(const struct cli_digest *d, uint32_t archive, uint64_t number)
{
    return d->archive != archive ? d->archive < archive : d->number < number;
}

/* Index of the first item that is not before. */
static size_t
lower_bound(const struct cli_digest_map *m, uint32_t archive, uint64_t number)
{
    size_t low = 0, high = m->count;

    /* The common case: it goes behind all others. */
    if (high > 0 && before(&m->items[high - 1], archive, number))
        return high;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (before(&m->items[middle], archive, number))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
is_at(const struct cli_digest_map *m, size_t i, uint32_t archive,
      uint64_t number)
{
    return i < m->count && m->items[i].archive == archive &&
           m->items[i].number == number;
}

static bool
grow(struct cli_digest_map *m)
{
    const size_t capacity = m->capacity ? 2 * m->capacity : 64;
    struct cli_digest *items;

    if (m->count < m->capacity)
        return true;
    items = reel_realloc_array(m->items, capacity, sizeof(*items));
    if (!items)
        return false;
    m->items    = items;
    m->capacity = capacity;
    return true;
}

bool
cli_digest_map_add(struct cli_digest_map *m, uint32_t archive, uint64_t number,
                   const uint8_t digest[REEL_DIGEST_BYTES])
{
    const size_t i = lower_bound(m, archive, number);

    if (!is_at(m, i, archive, number)) {
        if (!grow(m))
            return false;
        memmove(m->items + i + 1, m->items + i,
                (m->count - i) * sizeof(*m->items));
        m->count++;
        m->items[i].archive = archive;
        m->items[i].number  = number;
    }
    memcpy(m->items[i].digest, digest, REEL_DIGEST_BYTES);
    return true;
}

const uint8_t *
cli_digest_map_find(const struct cli_digest_map *m, uint32_t archive,
                    uint64_t number)
{
    const size_t i = lower_bound(m, archive, number);

    return is_at(m, i, archive, number) ? m->items[i].digest : NULL;
}

void
cli_digest_map_fini(struct cli_digest_map *m)
{
    reel_free(m->items);
    *m = (struct cli_digest_map){0};
}
