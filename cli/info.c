/* SPDX-License-Identifier: Apache-2.0 */
/* reel info: what a tape says of itself. */
#include <inttypes.h>
#include <stdio.h>

#include "drive_print.h"
#include "escape.h"
#include "json.h"
#include "reel/info.h"
#include "reel/path.h"
#include "reel/segment.h"
#include "size.h"
#include "tape.h"
#include "verbs.h"
#include "when.h"

static const struct cli_option options[] = {
    CLI_OPTIONS_READING,
    CLI_OPTION_CATALOG,
    CLI_OPTION_NO_SCAN,
    CLI_OPTION_SANDBOX(struct cli_reading),
    {0}};

static struct reel_bytes
label_text(const struct reel_volume *v)
{
    size_t len = REEL_VOLUME_ID_BYTES;

    while (len > 0 && v->volume_id[len - 1] == ' ')
        len--;
    return (struct reel_bytes){v->volume_id, len};
}

static void
print_field(const char *name, struct reel_bytes text)
{
    if (text.len == 0)
        return;
    (void)printf("%-13s ", name);
    cli_escape_text(stdout, REEL_ENCODING_POSIX, text);
    (void)putchar('\n');
}

static const char *
source_name(uint8_t source)
{
    switch (source) {
    case REEL_SOURCE_NTFS:
        return "NTFS";
    case REEL_SOURCE_RAW:
        return "BackupRead streams";
    default:
        return "POSIX";
    }
}

static void
volume_text(void *ctx, const struct reel_volume *v)
{
    char id[2 * REEL_SET_ID_BYTES + 1], when[CLI_WHEN_TEXT_BYTES];
    char size[CLI_SIZE_TEXT_BYTES];

    (void)ctx;
    print_field("label", label_text(v));
    (void)printf("%-13s %s\n", "set",
                 cli_hex_print(id, v->set_id, REEL_SET_ID_BYTES));
    print_field("set name", v->set_name);
    (void)printf("%-13s %" PRIu32 "\n", "volume", v->volume);
    (void)printf("%-13s %" PRIu32 " (%s)\n", "block bytes", v->block_bytes,
                 cli_size_print(size, v->block_bytes));
    (void)printf("%-13s %s\n", "made", cli_when_print(when, &v->created));
    print_field("by", v->software);
    (void)printf("%-13s %u\n", "edition", (unsigned int)v->edition);
}

static void
archive_text(void *ctx, uint32_t first, uint32_t last,
             const struct reel_end *end)
{
    char when[CLI_WHEN_TEXT_BYTES], digest[2 * REEL_DIGEST_BYTES + 1];
    char objects[CLI_SIZE_TEXT_BYTES], bytes[CLI_SIZE_TEXT_BYTES];

    (void)ctx;
    if (last > first) {
        (void)printf("\narchives %" PRIu32 " to %" PRIu32 "\n"
                     "  nothing says where they end\n",
                     first, last);
        return;
    }
    (void)printf("\narchive %" PRIu32 "\n", first);
    if (!end) {
        (void)puts("  incomplete: its writer did not come to the end");
        return;
    }
    print_field("  name", end->name);
    print_field("  host", end->host);
    (void)printf("%-13s %s\n", "  source", source_name(end->source));
    (void)printf("%-13s %s\n", "  made", cli_when_print(when, &end->created));
    (void)printf("%-13s %s, %s; %" PRIu64 " torn, %" PRIu64 " flawed\n",
                 "  objects", cli_count_print(objects, end->objects),
                 cli_size_print(bytes, end->stream_bytes), end->torn,
                 end->flawed);
    (void)printf("%-13s %s, up to %s\n", "  segments",
                 end->compression == REEL_COMPRESSION_NONE ? "as they are"
                                                           : "zstd",
                 cli_size_print(bytes, end->segment_limit));
    (void)printf("%-13s %s, at block %" PRIu64 "\n", "  catalog",
                 cli_size_print(bytes, end->catalog_bytes),
                 end->catalog.address);
    (void)printf("  fingerprint %s\n",
                 cli_hex_print(digest, end->fingerprint, REEL_DIGEST_BYTES));
}

static void
volume_json(void *ctx, const struct reel_volume *v)
{
    struct cli_json j = cli_json_init(stdout);

    (void)ctx;
    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "volume");
    cli_json_bytes(&j, "label", label_text(v));
    cli_json_hex(&j, "set", v->set_id, REEL_SET_ID_BYTES);
    cli_json_bytes(&j, "set_name", v->set_name);
    cli_json_u64(&j, "volume", v->volume);
    cli_json_u64(&j, "block_bytes", v->block_bytes);
    cli_json_time(&j, "created", &v->created);
    cli_json_bytes(&j, "software", v->software);
    cli_json_u64(&j, "edition", v->edition);
    cli_json_line(&j);
}

static void
set_volume_text(void *ctx, uint32_t first, uint32_t last, const char *volume_id)
{
    (void)ctx;
    (void)printf("%-13s %" PRIu32 " ", "of the set", first);
    if (last > first)
        (void)printf("to %" PRIu32 " ", last);
    if (volume_id[0])
        cli_escape_text(stdout, REEL_ENCODING_POSIX, reel_bytes_of(volume_id));
    else
        (void)fputs("(label not known)", stdout);
    (void)putchar('\n');
}

static void
set_volume_json(void *ctx, uint32_t first, uint32_t last, const char *volume_id)
{
    struct cli_json j = cli_json_init(stdout);

    (void)ctx;
    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "set_volume");
    cli_json_u64(&j, "volume", first);
    if (last > first)
        cli_json_u64(&j, "to", last);
    cli_json_text(&j, "label", volume_id);
    cli_json_line(&j);
}

static void
json_end(struct cli_json *j, const struct reel_end *end)
{
    cli_json_bytes(j, "name", end->name);
    cli_json_bytes(j, "host", end->host);
    cli_json_text(j, "source", source_name(end->source));
    cli_json_time(j, "created", &end->created);
    cli_json_u64(j, "edition", end->edition);
    cli_json_text(j, "compression",
                  end->compression == REEL_COMPRESSION_NONE ? "none" : "zstd");
    cli_json_u64(j, "segment_limit", end->segment_limit);
    cli_json_u64(j, "objects", end->objects);
    cli_json_u64(j, "torn", end->torn);
    cli_json_u64(j, "flawed", end->flawed);
    cli_json_u64(j, "stream_bytes", end->stream_bytes);
    cli_json_u64(j, "catalog_bytes", end->catalog_bytes);
    cli_json_u64(j, "catalog_block", end->catalog.address);
    cli_json_hex(j, "catalog_digest", end->catalog_digest, REEL_DIGEST_BYTES);
    cli_json_hex(j, "fingerprint", end->fingerprint, REEL_DIGEST_BYTES);
}

static void
archive_json(void *ctx, uint32_t first, uint32_t last,
             const struct reel_end *end)
{
    struct cli_json j = cli_json_init(stdout);

    (void)ctx;
    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "archive");
    cli_json_u64(&j, "archive", first);
    if (last > first)
        cli_json_u64(&j, "to", last);
    cli_json_bool(&j, "complete", end != NULL);
    if (end)
        json_end(&j, end);
    cli_json_line(&j);
}

static int
run(int argc, char **argv)
{
    struct reel_info_fns fns = {.volume     = volume_text,
                                .archive    = archive_text,
                                .set_volume = set_volume_text};
    struct cli_reading s     = {0};
    struct reel_err err      = {0};
    enum reel_status status;
    struct cli_tape tape;
    int code = cli_options_parse(&cli_info_verb, &s, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    if (s.common.operand_count > 0)
        return cli_usage(&cli_info_verb, "there are no operands; name the "
                                         "tape with -f");
    if ((code = cli_tape_open(&tape, &s, true)) != CLI_GO_ON)
        return code;
    tape.report.flawed_is_well = true;
    if (s.common.json)
        fns = (struct reel_info_fns){.volume     = volume_json,
                                     .archive    = archive_json,
                                     .set_volume = set_volume_json};
    /* Nobody is to change tapes to know what is on this one. */
    if (tape.medium && tape.volumes.drive && !s.common.next_volume &&
        !s.common.changer) {
        tape.access.volumes = NULL;
        fns.set_volume      = NULL;
    }
    cli_drive_print_of(tape.medium, s.common.json);
    status = reel_info(&tape.access, &fns, &err);
    return cli_tape_end(&tape, status, &err);
}

const struct cli_verb cli_info_verb = {
    "info",        "tell what a tape says of itself and of its archives",
    "[OPTION]...", NULL,
    options,       run};
