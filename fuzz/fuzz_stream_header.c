/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.1, the stream header: decoded and put again. */
#include <stdlib.h>
#include <string.h>

#include "reel/stream.h"
#include "reel_fuzz.h"

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t again[REEL_STREAM_HEADER_BYTES + REEL_STREAM_NAME_BYTES_MAX];
    struct reel_cursor c  = reel_cursor_init(data, size, NULL);
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_stream_header out;
    struct reel_err err;

    if (reel_stream_header_decode(&out, &c, &err) != REEL_OK)
        return 0;
    reel_stream_header_put(&out, &b);
    if (!b.ok || b.len != size - reel_cursor_left(&c) ||
        memcmp(again, data, b.len) != 0)
        abort();
    return 0;
}
