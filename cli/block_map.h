/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which places of each volume are good, bad, unread: as a table, and as
 * mapfiles of GNU ddrescue.
 */
#ifndef CLI_BLOCK_MAP_H
#define CLI_BLOCK_MAP_H

#include <stdio.h>

#include "reel/verify.h"
#include "report.h"
#include "volume_name.h"

/* Places in a row of one kind. */
struct cli_block_row {
    bool have;
    bool good;
    uint64_t first; /* block */
    uint64_t last;
    uint64_t from; /* octets */
    uint64_t to;
};

struct cli_block_map {
    struct cli_report *report;
    const char *table_name; /* NULL: no table */
    FILE *table;
    const char *rescue_name; /* NULL: no mapfile */
    FILE *rescue;            /* of the volume at hand */
    const char *images;      /* -f, to know how long an image is */
    uint32_t volumes;        /* begun */
    bool open;               /* a volume is at hand */
    uint32_t volume;         /* its number */
    uint64_t at;             /* where the next place of a drive begins */
    uint32_t block_octets;   /* of a drive: the longest block so far */
    struct cli_block_row row;
    bool failed; /* told */
};

/* False: told. */
bool cli_block_map_open(struct cli_block_map *m, const char *table_name,
                        const char *rescue_name, const char *images,
                        struct cli_report *report);

/* For struct reel_verify_options; ctx is the map. */
void cli_block_map_place(void *ctx, const struct reel_verify_place *p);

void cli_block_map_close(struct cli_block_map *m);

/* Give up a map in which nothing stands yet; fine if it was never opened. */
void cli_block_map_drop(struct cli_block_map *m);

#endif
