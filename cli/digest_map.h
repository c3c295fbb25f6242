/* SPDX-License-Identifier: Apache-2.0 */
/* Content digests of files with several names, for the names that follow. */
#ifndef CLI_DIGEST_MAP_H
#define CLI_DIGEST_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reel/sha256.h"

struct cli_digest {
    uint32_t archive;
    uint64_t number; /* of the object */
    uint8_t digest[REEL_DIGEST_BYTES];
};

struct cli_digest_map {
    struct cli_digest *items; /* ascending by archive, number */
    size_t count;
    size_t capacity;
};

/* Objects come in ascending order; one that is there is replaced. False when
   memory runs out. */
bool cli_digest_map_add(struct cli_digest_map *m, uint32_t archive,
                        uint64_t number,
                        const uint8_t digest[REEL_DIGEST_BYTES]);

/* Valid until the next add; NULL: not there. */
const uint8_t *cli_digest_map_find(const struct cli_digest_map *m,
                                   uint32_t archive, uint64_t number);

void cli_digest_map_fini(struct cli_digest_map *m);

#endif
