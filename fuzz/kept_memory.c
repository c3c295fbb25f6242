/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: under an engine, large pieces of memory are
 * kept for the next run. AddressSanitizer would map and unmap them each time,
 * which takes several times as long as a run. They are kept poisoned, and
 * handed out for exactly the size they have, so that it sees what it saw
 * before. The linker puts these in the place of the library's (--wrap).
 */
#include <pthread.h>
#include <sanitizer/allocator_interface.h>
#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <string.h>

#define LARGE_BYTES 65536U
#define KEPT_MAX 64U

void *__real_reel_alloc_array(size_t count, size_t size);
void __real_reel_free(void *memory);
void *__wrap_reel_alloc_array(size_t count, size_t size);
void __wrap_reel_free(void *memory);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept {
    void *memory; /* NULL: free */
    size_t bytes;
} kept[KEPT_MAX];

static void *
take(size_t bytes)
{
    void *memory = NULL;

    (void)pthread_mutex_lock(&lock);
    for (size_t i = 0; i < KEPT_MAX && memory == NULL; i++)
        if (kept[i].memory != NULL && kept[i].bytes == bytes) {
            memory         = kept[i].memory;
            kept[i].memory = NULL;
        }
    (void)pthread_mutex_unlock(&lock);
    return memory;
}

static int
keep(void *memory, size_t bytes)
{
    int done = 0;

    (void)pthread_mutex_lock(&lock);
    for (size_t i = 0; i < KEPT_MAX && !done; i++)
        if (kept[i].memory == NULL) {
            __asan_poison_memory_region(memory, bytes);
            kept[i] = (struct kept){memory, bytes};
            done    = 1;
        }
    (void)pthread_mutex_unlock(&lock);
    return done;
}

void *
__wrap_reel_alloc_array(size_t count, size_t size)
{
    void *memory;

    if (size == 0 || count < LARGE_BYTES / size || count > SIZE_MAX / size)
        return __real_reel_alloc_array(count, size);
    memory = take(count * size);
    if (memory == NULL)
        return __real_reel_alloc_array(count, size);
    __asan_unpoison_memory_region(memory, count * size);
    memset(memory, 0, count * size);
    return memory;
}

void
__wrap_reel_free(void *memory)
{
    size_t bytes = 0;

    if (memory != NULL)
        bytes = __sanitizer_get_allocated_size(memory);
    if (bytes < LARGE_BYTES || !keep(memory, bytes))
        __real_reel_free(memory);
}
