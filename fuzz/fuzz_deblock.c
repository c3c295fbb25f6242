/* SPDX-License-Identifier: Apache-2.0 */
/*
 * De-blocking, spec chapters 3, 4 and 12.1: any row of blocks of 512 octets
 * gives segments that lie within what was fed, and comes to an end. Told of the
 * runs beforehand, it hands out nothing that is superseded (B-18).
 */
#include <stdlib.h>
#include <string.h>

#include "reel/crc32c.h"
#include "reel/deblock.h"
#include "reel_fuzz.h"

#define BLOCK_BYTES 512U
#define RUNS_MAX 16U

struct runs {
    struct reel_block_header of[RUNS_MAX];
    size_t count;
};

static void
must(int holds)
{
    if (!holds)
        abort();
}

/* As a reader that hops over filemarks does. */
static void
tell_runs(struct reel_deblock *d, struct runs *runs, const uint8_t *data,
          size_t size)
{
    struct reel_block_header h;

    for (; size >= BLOCK_BYTES && runs->count < RUNS_MAX;
         data += BLOCK_BYTES, size -= BLOCK_BYTES) {
        if (reel_block_decode(&h, data, BLOCK_BYTES, NULL, NULL) != REEL_OK ||
            h.run == 0)
            continue;
        must(reel_deblock_run(d, h.archive, h.run, h.run_start, NULL) ==
             REEL_OK);
        runs->of[runs->count++] = h;
    }
}

static void
check_not_superseded(const struct runs *runs,
                     const struct reel_deblock_item *item)
{
    for (size_t i = 0; i < runs->count; i++)
        must(item->archive != runs->of[i].archive ||
             item->run >= runs->of[i].run || item->kind == REEL_BLOCK_VOLUME ||
             item->place.sequence < runs->of[i].run_start);
}

static size_t
take_all(struct reel_deblock *d, const struct runs *runs)
{
    struct reel_deblock_item item;
    enum reel_status status;
    size_t octets = 0;

    while ((status = reel_deblock_next(d, &item, NULL)) == REEL_OK) {
        if (item.event != REEL_DEBLOCK_SEGMENT)
            continue;
        /* Of no octets: nothing unpacks to it, but that is not judged here. */
        must(item.packed.len >= REEL_SEGMENT_HEADER_BYTES);
        check_not_superseded(runs, &item);
        (void)reel_crc32c(item.packed.data, item.packed.len);
        octets += item.packed.len;
    }
    must(status == REEL_END || status == REEL_E_MEMORY);
    return octets;
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    size_t octets                = 0;
    uint64_t address             = 0;
    struct runs runs             = {.count = 0};
    bool good;

    must(d != NULL);
    if (size % 2 != 0)
        tell_runs(d, &runs, data, size);
    for (; address * BLOCK_BYTES + BLOCK_BYTES <= size; address++) {
        if (reel_deblock_block(d, data + address * BLOCK_BYTES, BLOCK_BYTES,
                               address, NULL, &good, NULL) != REEL_OK)
            break;
        octets += take_all(d, &runs);
    }
    reel_deblock_finish(d);
    octets += take_all(d, &runs);
    must(octets <= size);
    reel_deblock_free(d);
    return 0;
}
