/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a catalog says of each object, in a few octets: so that two catalogs
 * that went by one after the other can be compared, in constant memory, down
 * to the objects that differ; to runs of objects where there are very many.
 * Private to verify/.
 */
#ifndef REEL_VERIFY_CATALOG_MAP_H
#define REEL_VERIFY_CATALOG_MAP_H

#include "reel/record.h"

#define REEL_CATALOG_LEAVES 16384U

struct reel_catalog_map {
    unsigned int shift; /* a leaf stands for 2^shift numbers */
    uint32_t head;      /* records of no object */
    struct {
        uint32_t facts;  /* all but places */
        uint32_t places; /* those in ENTRY */
    } leaves[REEL_CATALOG_LEAVES];
};

struct reel_catalog_difference {
    bool any;
    bool head;      /* in records of no object; else: */
    bool places;    /* only in places */
    uint64_t first; /* objects first … last */
    uint64_t last;
    uint64_t others; /* leaves that differ too, elsewhere */
};

/* The records of one object must come in a row; objects in any order. */
void reel_catalog_map_add(struct reel_catalog_map *m, struct reel_bytes record,
                          uint64_t object, bool entry);

/* Compare; both may be made coarser. */
struct reel_catalog_difference
reel_catalog_map_compare(struct reel_catalog_map *a,
                         struct reel_catalog_map *b);

#endif
