/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the specification: a fuzz target under libFuzzer. */
#include "reel_fuzz.h"

/* libFuzzer has no header for these. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reel_fuzz_run(data, size);
    return 0;
}

#ifdef REEL_FUZZ_SEAL

/* One input in so many stays broken: what is not sealed is input, too. */
#define LEFT_BROKEN 8U

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity,
                               unsigned int seed);

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity,
                        unsigned int seed)
{
    size = LLVMFuzzerMutate(data, size, capacity);
    if (seed % LEFT_BROKEN == 0)
        return size;
    return reel_fuzz_seal(data, size, capacity);
}

#endif
