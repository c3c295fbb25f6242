/* SPDX-License-Identifier: Apache-2.0 */
/* Program: how many threads to use. */
#include <sched.h>

#include "threads.h"

#define THREADS_MAX 256

unsigned int
cli_threads(uint32_t asked)
{
    cpu_set_t set;
    int count = 1;

    if (asked > 0)
        return asked < THREADS_MAX ? asked : THREADS_MAX;
    if (sched_getaffinity(0, sizeof(set), &set) == 0)
        count = CPU_COUNT(&set);
    if (count < 1)
        return 1;
    return count < THREADS_MAX ? (unsigned int)count : THREADS_MAX;
}
