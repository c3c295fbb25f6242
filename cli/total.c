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
add_archive(void *ctx, uint32_t first, uint32_t last,
            const struct reel_end *end)
{
    struct total *t = ctx;

    (void)last;
    if (!end)
        return;
    if (t->all)
        t->bytes += end->stream_bytes;
    else if (t->wanted == 0 || t->wanted == first)
        t->bytes = end->stream_bytes;
}

/* Ask images; drives take too long, and their volumes are not changed just to
   know this. */
static void
ask(struct total *total, struct cli_volumes *v)
{
    const struct reel_info_fns fns = {
        .ctx = total, .volume = skip_volume, .archive = add_archive};
    struct reel_access access = {.medium        = v->medium,
                                 .volumes       = cli_volumes_offer(v),
                                 .catalog_fd    = -1,
                                 .no_scan       = true,
                                 .temporary_dir = cli_temporary_dir()};
    struct reel_err err       = {0};

    /* A pipe could not be read again. */
    if (!reel_medium_info(v->medium)->can_locate ||
        reel_info(&access, &fns, &err) != REEL_OK)
        total->bytes = 0;
}

void
cli_total_ask(struct cli_report *r, const struct cli_reading *reading,
              bool all_archives)
{
    const struct cli_common *common = &reading->common;
    struct total total  = {.wanted = reading->archive, .all = all_archives};
    struct reel_err err = {0};
    struct cli_volumes v;

    if (!r->progress.active || !cli_tape_name(common) ||
        common->operand_count > 0 || common->next_volume || common->changer)
        return;
    cli_volumes_init(&v, common, r, REEL_MEDIUM_READ, CLI_FIRST_LOWEST, NULL);
    if (v.drive || cli_volumes_open(&v, &err) != REEL_OK)
        return;
    ask(&total, &v);
    if (cli_volumes_close(&v, &err) == REEL_OK)
        r->progress.total_bytes = total.bytes;
    cli_volumes_fini(&v);
}
