/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes layer: the one door to the heap. */
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"

/* Test state, the only globals of the library: with fail_at 0 (always, but in
   tests) an allocation costs one relaxed increment more. */
static atomic_ulong requests;
static unsigned long fail_at;
static int fail_after;

static int
must_fail(void)
{
    const unsigned long n =
        atomic_fetch_add_explicit(&requests, 1, memory_order_relaxed) + 1;

    if (fail_at == 0)
        return 0;
    return n == fail_at || (fail_after && n > fail_at);
}

static int
overflows(size_t count, size_t size)
{
    return size != 0 && count > SIZE_MAX / size;
}

void *
reel_alloc_array(size_t count, size_t size)
{
    if (must_fail() || overflows(count, size))
        return NULL;
    if (count == 0 || size == 0)
        return calloc(1, 1);
    return calloc(count, size);
}

void *
reel_realloc_array(void *old, size_t count, size_t size)
{
    if (must_fail() || overflows(count, size))
        return NULL;
    if (count == 0 || size == 0)
        return realloc(old, 1);
    return realloc(old, count * size);
}

char *
reel_alloc_joined(const char *front, const char *back)
{
    const size_t len = strlen(front);
    char *const text = reel_alloc_array(len + strlen(back) + 1, 1);

    if (text == NULL)
        return NULL;
    memcpy(text, front, len);
    memcpy(text + len, back, strlen(back));
    return text;
}

void
reel_free(void *memory)
{
    free(memory);
}

void
reel_alloc_fail_at(unsigned long nth, int and_after)
{
    fail_at    = nth;
    fail_after = and_after;
    atomic_store_explicit(&requests, 0, memory_order_relaxed);
}

unsigned long
reel_alloc_requests(void)
{
    return atomic_load_explicit(&requests, memory_order_relaxed);
}
