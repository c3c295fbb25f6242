/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.4: a body of REPARSE_DATA, decoded and encoded again. */
#include <stdlib.h>
#include <string.h>

#include "reel/reparse.h"
#include "reel_fuzz.h"

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t again[REEL_REPARSE_BYTES_MAX];
    struct reel_cursor c  = reel_cursor_init(data, size, NULL);
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_reparse r;
    struct reel_err err;

    if (reel_reparse_decode(&r, &c, &err) != REEL_OK)
        return 0;
    if (reel_reparse_encode(&r, &b, &err) != REEL_OK)
        abort();
    if (b.len != size || memcmp(again, data, size) != 0)
        abort();
    return 0;
}
