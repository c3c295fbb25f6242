/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs that are known beforehand, spec 3.3: in whatever order and number they
 * come, a block is superseded by them as B-18 says it, word by word. Nine
 * octets of the input are a row of up to 256 runs, so that a short one has
 * more than may wait to be put in order.
 */
#include <string.h>

#include "reel/cursor.h"
#include "reel/known.h"
#include "reel_fuzz.h"
#include "tape_input.h"

#define ARCHIVES 2U
#define RUNS 512U /* numbers of runs, from 1 */
#define STARTS 65536U
#define ROWS_MAX 32U /* more cost much time and reach nothing new */

/* Where the first run of each number begins. */
struct plain {
    uint64_t first[ARCHIVES][RUNS + 2];
};

static void
add_row(struct reel_known *known, struct plain *plain, struct reel_cursor *c)
{
    const uint32_t archive   = reel_get_u8(c) % ARCHIVES;
    const uint32_t run       = reel_get_le16(c);
    const uint32_t start     = reel_get_le16(c);
    const uint32_t run_step  = reel_get_u8(c);
    const uint32_t step      = reel_get_le16(c);
    const uint32_t row_count = reel_get_u8(c) + 1U;

    for (uint32_t i = 0; i < row_count; i++) {
        const struct reel_known_run r = {archive,
                                         1 + (run + i * run_step) % RUNS,
                                         (start + i * step) % STARTS};
        uint64_t *const first         = &plain->first[archive][r.run];

        must(!reel_known_add_run(known, &r, NULL));
        if (r.start < *first)
            *first = r.start;
    }
    must(known->run_count - known->ordered <= REEL_KNOWN_LOOSE_MAX);
}

/* Blocks of each run, around where the first of the higher ones begins. */
static void
compare(const struct reel_known *known, const struct plain *plain)
{
    for (uint32_t archive = 0; archive < ARCHIVES; archive++) {
        uint64_t by = UINT64_MAX;

        for (uint32_t run = RUNS + 1; run-- > 0;) {
            struct reel_block_header h = {.archive = archive, .run = run};

            if (plain->first[archive][run + 1] < by)
                by = plain->first[archive][run + 1];
            h.sequence = by - 1;
            must(!reel_known_superseded(known, &h) || by == 0);
            h.sequence = by;
            must(reel_known_superseded(known, &h) == (by != UINT64_MAX));
        }
    }
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_cursor c    = reel_cursor_init(data, size, NULL);
    struct reel_known known = {0};
    struct plain plain;

    memset(&plain, 0xff, sizeof(plain));
    for (unsigned row = 0; row < ROWS_MAX && reel_cursor_left(&c) > 0; row++)
        add_row(&known, &plain, &c);
    compare(&known, &plain);
    reel_known_fini(&known);
    return 0;
}
