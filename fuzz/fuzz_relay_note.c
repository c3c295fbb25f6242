/* SPDX-License-Identifier: Apache-2.0 */
/* NOTE and DONE of reel/relay.h: decoded and encoded again. */
#include <stdlib.h>
#include <string.h>

#include "reel/relay.h"
#include "reel_fuzz.h"

static uint8_t again[REEL_RELAY_RECORD_BYTES_MAX];

static void
compare(const struct reel_builder *b, const uint8_t *data, size_t size)
{
    if (b->len != REEL_RECORD_HEADER_BYTES + size ||
        memcmp(again + REEL_RECORD_HEADER_BYTES, data, size) != 0)
        abort();
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_cursor c  = reel_cursor_init(data, size, NULL);
    struct reel_cursor d  = c;
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_relay_note note;
    struct reel_relay_done done;

    if (reel_relay_note_decode(&note, &c, NULL) == REEL_OK) {
        if (reel_relay_note_encode(&note, 1, &b, NULL) != REEL_OK)
            abort();
        compare(&b, data, size);
    }
    b = reel_builder_init(again, sizeof(again));
    if (reel_relay_done_decode(&done, &d, NULL) == REEL_OK) {
        if (reel_relay_done_encode(&done, &b, NULL) != REEL_OK)
            abort();
        compare(&b, data, size);
    }
    return 0;
}
