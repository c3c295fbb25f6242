/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2; verify: where two catalogs differ. */
#include "catalog_map.h"

#include <string.h>

#include "reel/crc32c.h"

/* The front of an ENTRY, header and flags, before its places (9.1). */
#define ENTRY_FACTS_BYTES (REEL_RECORD_HEADER_BYTES + 8U)

/* A leaf that stands for several must not depend on when they were joined, so
   they are added up; each record counts with its object's number. */
static uint32_t
worth(struct reel_bytes record)
{
    return reel_crc32c(record.data, record.len);
}

static void
coarsen(struct reel_catalog_map *m)
{
    size_t i;

    for (i = 0; i < REEL_CATALOG_LEAVES / 2; i++) {
        m->leaves[i].facts =
            m->leaves[2 * i].facts + m->leaves[2 * i + 1].facts;
        m->leaves[i].places =
            m->leaves[2 * i].places + m->leaves[2 * i + 1].places;
    }
    memset(&m->leaves[i], 0, i * sizeof(m->leaves[0]));
    m->shift++;
}

void
reel_catalog_map_add(struct reel_catalog_map *m, struct reel_bytes record,
                     uint64_t object, bool entry)
{
    size_t i;

    if (object == 0) {
        m->head = m->head * 31 + worth(record);
        return;
    }
    while (((object - 1) >> m->shift) >= REEL_CATALOG_LEAVES)
        coarsen(m);
    i = (size_t)((object - 1) >> m->shift);
    if (entry && record.len > ENTRY_FACTS_BYTES) {
        m->leaves[i].places += worth((struct reel_bytes){
            record.data + ENTRY_FACTS_BYTES, record.len - ENTRY_FACTS_BYTES});
        record.len = ENTRY_FACTS_BYTES;
    }
    m->leaves[i].facts += worth(record);
}

static uint64_t
first_of(const struct reel_catalog_map *m, size_t leaf)
{
    return ((uint64_t)leaf << m->shift) + 1;
}

struct reel_catalog_difference
reel_catalog_map_compare(struct reel_catalog_map *a, struct reel_catalog_map *b)
{
    struct reel_catalog_difference d = {false, false, true, 0, 0, 0};
    size_t i;

    while (a->shift < b->shift)
        coarsen(a);
    while (b->shift < a->shift)
        coarsen(b);
    d.head = a->head != b->head;
    d.any  = d.head;
    for (i = 0; i < REEL_CATALOG_LEAVES; i++) {
        const bool facts = a->leaves[i].facts != b->leaves[i].facts;

        if (!facts && a->leaves[i].places == b->leaves[i].places)
            continue;
        if (facts)
            d.places = false;
        if (d.first != 0 && d.last + 1 < first_of(a, i)) {
            d.others++;
            continue;
        }
        if (d.first == 0)
            d.first = first_of(a, i);
        d.last = first_of(a, i + 1) - 1;
        d.any  = true;
    }
    d.places = d.places && !d.head && d.any;
    return d;
}
