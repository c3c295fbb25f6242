/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.1, OBJECT: decoded and encoded again. */
#include <stdlib.h>
#include <string.h>

#include "reel/object.h"
#include "reel_fuzz.h"

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t again[REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX];
    struct reel_cursor c  = reel_cursor_init(data, size, NULL);
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_object out;
    struct reel_err err;

    if (size > REEL_RECORD_BYTES_MAX) /* */
        return 0;
    if (reel_object_decode(&out, &c, &err) != REEL_OK)
        return 0;
    if (reel_object_encode(&out, 1, &b, &err) != REEL_OK)
        abort();
    if (b.len != REEL_RECORD_HEADER_BYTES + size)
        abort();
    if (memcmp(again + REEL_RECORD_HEADER_BYTES, data, size) != 0)
        abort();
    return 0;
}
