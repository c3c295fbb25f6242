/* SPDX-License-Identifier: Apache-2.0 */
/* The one door to the heap, so that tests can make the n-th request fail. */
#ifndef REEL_ALLOC_H
#define REEL_ALLOC_H

#include <stddef.h>

#include "reel/compiler.h"

/*
 * Zeroed memory for `count` items of `size` bytes; NULL when it cannot be had
 * or the product overflows. A count or size of 0 gives one byte.
 * The caller frees it with reel_free. Any thread.
 */
REEL_API void *reel_alloc_array(size_t count, size_t size);

/*
 * Resize `old` (NULL is fine) to `count` items; the bytes added are not
 * zeroed. On NULL the old memory stays as it was. Any thread.
 */
REEL_API void *reel_realloc_array(void *old, size_t count, size_t size);

REEL_API void reel_free(void *memory);

/*
 * For tests: from now on let the `nth` request (from 1) fail, and with
 * `and_after` every later one too; 0 lets all succeed. Not thread-safe.
 */
REEL_API void reel_alloc_fail_at(unsigned long nth, int and_after);

/* For tests: requests since the last reel_alloc_fail_at. */
REEL_API unsigned long reel_alloc_requests(void);

/* One text behind another, for reel_free; NULL: no memory. */
REEL_API char *reel_alloc_joined(const char *front, const char *back);

#endif
