/* SPDX-License-Identifier: Apache-2.0 */
/* Program: how much there is to do. */
#include <string.h>

#include "reel/info.h"
#include "total.h"

struct total {
    uint32_t wanted; /* archive; 0: the last one */
    bool all;
    uint64_t bytes;
};

static void
skip_volume(void *ctx, const struct reel_volume *v)
{
    (void)ctx;
    (void)v;
}

static void
add_archive(void *ctx, uint32_t number, const struct reel_end *end)
{
    struct total *t = ctx;

    if (!end)
        return;
    if (t->all)
        t->bytes += end->stream_bytes;
    else if (t->wanted == 0 || t->wanted == number)
        t->bytes = end->stream_bytes;
}

void
cli_total_ask(struct cli_report *r, const struct cli_reading *reading,
              bool all_archives)
{
    const char *name    = cli_tape_name(&reading->common);
    struct total total  = {.wanted = reading->archive, .all = all_archives};
    struct reel_err err = {0};
    const struct reel_info_fns fns = {&total, skip_volume, add_archive};
    struct reel_access access      = {.catalog_fd    = -1,
                                      .no_scan       = true,
                                      .temporary_dir = cli_temporary_dir()};

    if (!r->progress.active || !name || reading->common.operand_count > 0)
        return;
    if (reel_medium_open(&access.medium, name, REEL_MEDIUM_READ, &err) !=
        REEL_OK)
        return;
    /* A pipe could not be read again. */
    if (reel_medium_info(access.medium)->can_locate &&
        reel_info(&access, &fns, &err) == REEL_OK)
        r->progress.total_bytes = total.bytes;
    if (reel_medium_close(access.medium, &err) != REEL_OK)
        r->progress.total_bytes = 0;
}
