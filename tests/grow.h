/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that grow, without a copy each time: sanitizers make one. */
#ifndef REEL_TESTS_GROW_H
#define REEL_TESTS_GROW_H

#include <check.h>
#include <stdlib.h>

static inline size_t
grow_room(size_t count)
{
    size_t room = 16;

    while (room < count)
        room *= 2;
    return room;
}

/* Room for `more` elements of `size` octets behind the `have` ones that grow()
   made room for before. */
static inline void *
grow(void *memory, size_t have, size_t more, size_t size)
{
    if (memory == NULL || grow_room(have + more) != grow_room(have))
        memory = realloc(memory, grow_room(have + more) * size);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

#endif
