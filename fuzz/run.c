/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: one run of a fuzz target, the same under
 * every engine, so that a find of one is seen by the others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel_fuzz.h"

void
reel_fuzz_run(const uint8_t *data, size_t size)
{
    /* One byte in front: an empty input then ends where its memory ends, and
     * inputs start at an odd address, where a careless cast is noticed. */
    uint8_t *memory = reel_alloc_array(size + 1, 1);

    if (memory == NULL) {
        fputs("fuzz: no memory for the input\n", stderr);
        exit(EXIT_FAILURE);
    }
    if (size > 0)
        memcpy(memory + 1, data, size);
    (void)reel_fuzz_one(memory + 1, size);
    reel_free(memory);
}
