/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.4 and 8.5: a body of REPARSE_DATA, decoded and encoded again; that of
   a link of Windows only decoded, its names inside. */
#include <stdlib.h>
#include <string.h>

#include "reel/reparse.h"
#include "reel_fuzz.h"

static void
inside(struct reel_bytes name, const uint8_t *data, size_t size)
{
    if (name.data < data || name.len % 2 != 0 || name.len > size ||
        name.data > data + (size - name.len))
        abort();
}

static void
names(const uint8_t *data, size_t size)
{
    struct reel_cursor c = reel_cursor_init(data, size, NULL);
    struct reel_reparse_names r;

    if (reel_reparse_names_decode(&r, &c, NULL) != REEL_OK)
        return;
    inside(r.substitute, data, size);
    inside(r.print, data, size);
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t again[REEL_REPARSE_BYTES_MAX];
    struct reel_cursor c  = reel_cursor_init(data, size, NULL);
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_reparse r;
    struct reel_err err;

    names(data, size);
    if (reel_reparse_decode(&r, &c, &err) != REEL_OK)
        return 0;
    if (reel_reparse_encode(&r, &b, &err) != REEL_OK)
        abort();
    if (b.len != size || memcmp(again, data, size) != 0)
        abort();
    return 0;
}
