/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of a tape as keys of a table: digests, cut to 128 bits, with a seed, so
   that nobody can make a tape whose paths are one. Private to reader/. */
#ifndef REEL_READER_PATH_KEY_H
#define REEL_READER_PATH_KEY_H

#include <stdbool.h>

#include "reel/bytes.h"

struct reel_path_seed {
    uint8_t octets[16];
};

struct reel_path_key {
    uint64_t low; /* not 0 */
    uint64_t high;
};

struct reel_path_seed reel_path_seed_new(void);

/* The same octets in another encoding are another path. */
struct reel_path_key reel_path_key(const struct reel_path_seed *seed,
                                   uint8_t encoding, struct reel_bytes path);
bool reel_path_key_equal(const struct reel_path_key *a,
                         const struct reel_path_key *b);

#endif
