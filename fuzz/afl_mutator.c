/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: what AFL++ loads beside a target that has
 * checksums (AFL_CUSTOM_MUTATOR_LIBRARY). AFL++ mutates; this seals what came
 * of it before the target sees it. It is not built with the targets, as it
 * must have neither their counters nor their sanitizers.
 */
#include <string.h>

#include "reel/alloc.h"
#include "reel_fuzz.h"

/* AFL++ keeps inputs below this. */
#define INPUT_BYTES_MAX 1048576U
/* One input in so many stays broken: what is not sealed is input, too. */
#define LEFT_BROKEN 8U

/* AFL++ has no header for these that stands alone. */
void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_post_process(void *state, uint8_t *data, size_t size,
                               uint8_t **out);
void afl_custom_deinit(void *state);

struct state {
    uint8_t sealed[INPUT_BYTES_MAX];
};

void *
afl_custom_init(void *afl, unsigned int seed)
{
    (void)afl;
    (void)seed;
    return reel_alloc_array(1, sizeof(struct state));
}

size_t
afl_custom_post_process(void *state, uint8_t *data, size_t size, uint8_t **out)
{
    struct state *const s = state;
    uint32_t sum          = 0;

    for (size_t i = 0; i < size; i++)
        sum = sum * 31 + data[i];
    if (size > sizeof(s->sealed) || sum % LEFT_BROKEN == 0) {
        *out = data;
        return size;
    }
    memcpy(s->sealed, data, size);
    *out = s->sealed;
    return reel_fuzz_seal(s->sealed, size, sizeof(s->sealed));
}

void
afl_custom_deinit(void *state)
{
    reel_free(state);
}
