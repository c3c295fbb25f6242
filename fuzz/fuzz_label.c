/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.2, the label: decoded and encoded again. */
#include <stdlib.h>
#include <string.h>

#include "reel/label.h"
#include "reel_fuzz.h"

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    uint8_t again[REEL_LABEL_BYTES];
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_label out;
    struct reel_err err;

    if (reel_label_decode(&out, data, size, NULL, &err) != REEL_OK)
        return 0;
    if (reel_label_encode(&out, &b, &err) != REEL_OK)
        abort();
    if (b.len != size || memcmp(again, data, size) != 0)
        abort();
    return 0;
}
