/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1, paths that an archive holds; policy layer. */
#include "path_key.h"

#include <string.h>
#include <sys/random.h>

#include "reel/cursor.h"
#include "reel/sha256.h"

struct reel_path_seed
reel_path_seed_new(void)
{
    struct reel_path_seed seed;

    /* Without one all is right, too, until somebody wants it to be wrong. */
    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
        memset(&seed, 0, sizeof(seed));
    return seed;
}

struct reel_path_key
reel_path_key(const struct reel_path_seed *seed, uint8_t encoding,
              struct reel_bytes path)
{
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_path_key key;
    struct reel_sha256 sha;
    struct reel_cursor c;

    reel_sha256_init(&sha);
    reel_sha256_update(&sha, seed->octets, sizeof(seed->octets));
    reel_sha256_update(&sha, &encoding, 1);
    reel_sha256_update(&sha, path.data, path.len);
    reel_sha256_final(&sha, digest);
    c        = reel_cursor_init(digest, sizeof(digest), NULL);
    key.low  = reel_get_le64(&c) | 1;
    key.high = reel_get_le64(&c);
    return key;
}

bool
reel_path_key_equal(const struct reel_path_key *a,
                    const struct reel_path_key *b)
{
    return a->low == b->low && a->high == b->high;
}
