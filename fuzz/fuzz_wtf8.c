/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.5: octets as units and back, units as octets and back. */
#include <stdlib.h>
#include <string.h>

#include "reel/wtf8.h"
#include "reel_fuzz.h"

#define BYTES_MAX 65536U

static uint8_t units[2 * BYTES_MAX];
static uint8_t octets[3 * BYTES_MAX];

/* If the input is WTF-8, it is what its units become. */
static void
octets_first(struct reel_bytes in)
{
    struct reel_builder b = reel_builder_init(units, sizeof(units));

    if (reel_wtf8_to_units(&b, in, NULL) != REEL_OK)
        return;
    if (reel_wtf8_from_units(octets, (struct reel_bytes){units, b.len}) !=
            in.len ||
        memcmp(octets, in.data, in.len) != 0)
        abort();
}

/* Any units become WTF-8, and come back. */
static void
units_first(struct reel_bytes in)
{
    const struct reel_bytes there = {octets, reel_wtf8_from_units(octets, in)};
    struct reel_builder b         = reel_builder_init(units, sizeof(units));

    if (reel_wtf8_to_units(&b, there, NULL) != REEL_OK ||
        b.len != in.len - in.len % 2 || memcmp(units, in.data, b.len) != 0)
        abort();
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    const struct reel_bytes in = {data, size < BYTES_MAX ? size : BYTES_MAX};

    octets_first(in);
    units_first(in);
    return 0;
}
