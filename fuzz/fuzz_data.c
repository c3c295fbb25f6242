/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.2, DATA: decoded and encoded again. */
#include <stdlib.h>
#include <string.h>

#include "reel/stream.h"
#include "reel_fuzz.h"

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t again[REEL_RECORD_HEADER_BYTES + (1U << 20)];
    struct reel_cursor c  = reel_cursor_init(data, size, NULL);
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_data out;
    struct reel_err err;

    if (size > sizeof(again) -
                   REEL_RECORD_HEADER_BYTES) /* more than there is room for */
        return 0;
    if (reel_data_decode(&out, &c, &err) != REEL_OK)
        return 0;
    if (reel_data_encode(&out, 1, &b, &err) != REEL_OK)
        abort();
    if (b.len != REEL_RECORD_HEADER_BYTES + size)
        abort();
    if (memcmp(again + REEL_RECORD_HEADER_BYTES, data, size) != 0)
        abort();
    return 0;
}
