/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that come from a tape, in tables; spec 13, time. */
#include "reel/number_hash.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/random.h>

static atomic_size_t seed; /* 0: none yet */

/* Of two threads that come first, one decides. */
static size_t
the_seed(void)
{
    size_t known = atomic_load(&seed);
    size_t fresh = 0;

    if (known != 0)
        return known;
    /* Without chance all is right, too, only slower for who wants it to be. */
    if (getrandom(&fresh, sizeof(fresh), GRND_NONBLOCK) < 0 || fresh == 0)
        fresh = 1;
    return atomic_compare_exchange_strong(&seed, &known, fresh) ? fresh : known;
}

uint64_t
reel_number_hash(uint64_t number)
{
    uint64_t h = number ^ the_seed();

    /* The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit of the
       number changes each of these with a chance of about one half. */
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9U;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBU;
    return h ^ (h >> 31);
}
