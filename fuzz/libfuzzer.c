/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the specification: a fuzz target under libFuzzer. */
#include "reel_fuzz.h"

/* libFuzzer has no header for it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reel_fuzz_run(data, size);
    return 0;
}
