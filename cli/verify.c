/* SPDX-License-Identifier: Apache-2.0 */
/* reel verify: is it what was written? */
#include <inttypes.h>
#include <stdio.h>

#include "block_map.h"
#include "drive_print.h"
#include "escape.h"
#include "json.h"
#include "reel/verify.h"
#include "tape.h"
#include "threads.h"
#include "total.h"
#include "verbs.h"
#include "verify_summary.h"

struct settings {
    struct cli_reading reading;
    bool quick;
    bool full;
    uint32_t threads;
    const char *map;
    const char *rescue;
    struct cli_block_map blocks; /* what goes there */
};

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    {"quick", 0, CLI_FLAG, NULL, "only label, catalogs and END: seconds",
     offsetof(struct settings, quick), NULL},
    {"full", 0, CLI_FLAG, NULL, "every octet; the default",
     offsetof(struct settings, full), NULL},
    {"map", 0, CLI_STRING, "FILE",
     "write which blocks of each volume are good, bad, unread, and where they "
     "stand",
     offsetof(struct settings, map), NULL},
    {"ddrescue-map", 0, CLI_STRING, "FILE",
     "the same as a mapfile of GNU ddrescue; of a set one for each volume, its "
     "number for %d or behind the name",
     offsetof(struct settings, rescue), NULL},
    CLI_OPTION_THREADS(struct settings),
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

static const char *const verdict_names[] = {"proven", "flawed", "damaged",
                                            "lost"};

static void
item_json(const struct reel_verify_item *item)
{
    struct cli_json j = cli_json_init(stdout);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "verdict");
    cli_json_text(&j, "verdict", verdict_names[item->verdict]);
    cli_json_u64(&j, "archive", item->archive);
    cli_json_u64(&j, "number", item->number);
    cli_json_text(&j, "kind", reel_object_kind_name(item->kind));
    if (item->encoding != 0)
        cli_json_path(&j, item->encoding, item->path);
    cli_json_array(&j, "proven_ranges");
    for (size_t i = 0; i < item->range_count; i++) {
        cli_json_object(&j, NULL);
        cli_json_u64(&j, "stream", item->ranges[i].ordinal);
        cli_json_u64(&j, "from", item->ranges[i].from);
        cli_json_u64(&j, "to", item->ranges[i].to);
        cli_json_close(&j, '}');
    }
    cli_json_close(&j, ']');
    cli_json_line(&j);
}

static void
item_text(const struct reel_verify_item *item)
{
    (void)printf("%-8s ", verdict_names[item->verdict]);
    if (item->encoding != 0)
        cli_escape_text(stdout, item->encoding, item->path);
    else
        (void)printf("object %" PRIu64 ", its name is lost", item->number);
    for (size_t i = 0; i < item->range_count; i++)
        (void)printf("%s stream %" PRIu32 " %" PRIu64 "-%" PRIu64,
                     i == 0 ? "; proven from-to:" : ",",
                     item->ranges[i].ordinal, item->ranges[i].from,
                     item->ranges[i].to);
    (void)putchar('\n');
}

struct items {
    struct cli_report *report;
    const struct cli_volumes *volumes;
    bool all; /* also what is well */
    bool json;
};

static void
print_item(void *ctx, const struct reel_verify_item *item)
{
    struct items *items = ctx;

    if (!items->all && item->verdict == REEL_VERDICT_PROVEN)
        return;
    cli_progress_clear(&items->report->progress);
    flockfile(stdout);
    if (items->json)
        item_json(item);
    else
        item_text(item);
    funlockfile(stdout);
}

/* What the drive says behind each volume belongs to the report; told by the
   thread that reads. */
static void
print_drive(void *ctx, const struct reel_verify_volume_read *v)
{
    const struct items *items = ctx;

    (void)v;
    flockfile(stdout);
    cli_drive_print_of(items->volumes->medium, items->json);
    funlockfile(stdout);
}

/* Exit codes that follow from the sums, whatever the notes said. */
static void
add_codes(struct cli_report *r, const struct reel_verify_result *result)
{
    /* What stands on a volume that is not at hand is not gone, where nothing
       else is wrong. A volume was begun for an archive; if none is there, it
       is lost. */
    const bool gone = result->missing_volumes == 0 || result->bad_blocks > 0;

    if (gone &&
        (result->lost > 0 || result->damaged > 0 || result->archives == 0))
        cli_exit_add(&r->codes, CLI_EXIT_LOST);
    if (result->missing_volumes > 0)
        cli_exit_add(&r->codes, CLI_EXIT_WANTED);
    if (result->bad_blocks > 0 || result->incomplete_archives > 0)
        cli_exit_add(&r->codes, CLI_EXIT_DAMAGE);
    if (cli_exit_first(r->codes) == CLI_EXIT_DAMAGE)
        r->advice = result->incomplete_archives > 0
                        ? "what stood behind the end of an incomplete archive "
                          "is not known; everything before it is proven"
                        : "all content is proven all the same; copy it to a "
                          "sound tape";
}

static int
verify(struct settings *s, struct cli_tape *tape)
{
    struct cli_block_map *const map  = &s->blocks;
    const struct cli_common *common  = &s->reading.common;
    struct reel_verify_result result = {0};
    struct reel_err err              = {0};
    struct items items = {&tape->report, &tape->volumes, common->verbose,
                          common->json};
    struct reel_verify_options choices = {
        .medium     = tape->medium,
        .volumes    = tape->access.volumes,
        .depth      = s->quick ? REEL_VERIFY_QUICK : REEL_VERIFY_FULL,
        .threads    = cli_threads(s->threads),
        .item       = print_item,
        .item_ctx   = &items,
        .volume     = common->quiet ? NULL : print_drive,
        .volume_ctx = &items,
        .report     = cli_report_reporter(&tape->report)};
    enum reel_status status;

    if (s->map || s->rescue) {
        map->images       = tape->volumes.drive ? NULL : cli_tape_name(common);
        choices.place     = cli_block_map_place;
        choices.place_ctx = map;
    }
    status = reel_verify(&choices, &result, &err);
    if (s->map || s->rescue)
        cli_block_map_close(map);
    cli_progress_clear(&tape->report.progress);
    if (status == REEL_OK)
        add_codes(&tape->report, &result);
    if (status == REEL_OK && common->json)
        cli_verify_summary_json(stdout, choices.depth, tape->report.codes,
                                &result);
    else if (status == REEL_OK && (!common->quiet || tape->report.codes != 0))
        cli_verify_summary_text(stdout, choices.depth, tape->report.codes,
                                &result);
    return cli_tape_end(tape, status, &err);
}

/* Where the map goes, before the tape is looked at. */
static bool
open_map(void *ctx, struct cli_report *report)
{
    struct settings *const s = ctx;

    return cli_block_map_open(&s->blocks, s->map, s->rescue, NULL, report);
}

static int
run(int argc, char **argv)
{
    struct settings s = {0};
    struct cli_tape tape;
    int code = cli_options_parse(&cli_verify_verb, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    if (s.quick && s.full)
        return cli_usage(&cli_verify_verb, "either --quick or --full can be "
                                           "had");
    if (s.quick && (s.map || s.rescue))
        return cli_usage(&cli_verify_verb, "--quick reads too little for a "
                                           "map");
    if (s.reading.common.operand_count > 0)
        return cli_usage(&cli_verify_verb, "there are no operands; name the "
                                           "tape with -f");
    s.reading.writes =
        (struct cli_writes){.beside   = s.rescue,
                            .open     = s.map || s.rescue ? open_map : NULL,
                            .open_ctx = &s};
    if ((code = cli_tape_open(&tape, &s.reading, false)) != CLI_GO_ON) {
        cli_block_map_drop(&s.blocks);
        return code;
    }
    tape.report.flawed_is_well = true;
    if (!s.quick)
        cli_total_ask(&tape.report, &s.reading, true);
    return verify(&s, &tape);
}

const struct cli_verb cli_verify_verb = {
    "verify",
    "prove that a tape holds what was written, or tell what is lost",
    "[OPTION]...",
    "Objects that are not proven are listed; -v lists all of them.\n",
    options,
    run};
