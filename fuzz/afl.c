/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: a fuzz target under AFL++, in persistent
 * mode with inputs in shared memory.
 */
#include <unistd.h> /* for read(), which the macros of AFL++ call */

#include "reel_fuzz.h"

/* Runs before the process is started anew: bounds what a leak can add up to. */
#define RUNS_PER_PROCESS 10000

/* The macros of AFL++ are not written for our warnings. */
#pragma clang diagnostic ignored "-Wpedantic"
#pragma clang diagnostic ignored "-Wconversion"
#pragma clang diagnostic ignored "-Wsign-conversion"
#pragma clang diagnostic ignored "-Wshadow"
#pragma clang diagnostic ignored "-Wundef"

__AFL_FUZZ_INIT();

int
main(void)
{
    const uint8_t *input;

    __AFL_INIT();
    input = __AFL_FUZZ_TESTCASE_BUF;
    while (__AFL_LOOP(RUNS_PER_PROCESS)) {
        const int size = __AFL_FUZZ_TESTCASE_LEN;

        reel_fuzz_run(input, size > 0 ? (size_t)size : 0);
    }
    return 0;
}
