/* SPDX-License-Identifier: Apache-2.0 */
/* Program: facts about a tape drive, as text and as JSON; no spec chapter. */
#include "drive_print.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "size.h"

/* ---- text ---- */

static const char *
yes(bool value)
{
    return value ? "yes" : "no";
}

static void
text_word(const char *name, const char *word)
{
    if (word[0])
        (void)printf("%-13s %s\n", name, word);
}

static void
text_errors(const char *name, const struct reel_drive_errors *e)
{
    if (e->has)
        (void)printf("%-13s %" PRIu64 " not recovered, %" PRIu64
                     " corrected, %" PRIu64 " repeated\n",
                     name, e->uncorrected, e->corrected, e->repeated);
}

static void
text_capacity(const struct reel_drive_facts *f)
{
    char left[CLI_SIZE_TEXT_BYTES], whole[CLI_SIZE_TEXT_BYTES];

    if (!f->capacity.has)
        return;
    (void)printf("%-13s %s", "room left",
                 cli_size_print(left, f->capacity.remaining_mib << 20));
    if (f->capacity.whole_mib > 0)
        (void)printf(" of %s",
                     cli_size_print(whole, f->capacity.whole_mib << 20));
    (void)fputs(" before compression\n", stdout);
}

static void
text_cartridge(const struct reel_drive_facts *f)
{
    const struct reel_drive_cartridge *c = &f->cartridge;

    text_word("cartridge", c->serial);
    text_word("barcode", c->barcode);
    text_word("maker", c->manufacturer);
    text_word("made on", c->made_on);
    if (c->has_loads)
        (void)printf("%-13s %" PRIu64 "\n", "loads", c->loads);
    if (f->has_write_once)
        text_word("write-once", yes(f->write_once));
    if (f->volume.has)
        (void)printf(
            "%-13s %" PRIu64 " mounts, %" PRIu64 " MB written, %" PRIu64
            " MB read; errors %" PRIu64 " writing, %" PRIu64 " reading\n",
            "in its life", f->volume.mounts, f->volume.written_mb,
            f->volume.read_mb, f->volume.write_errors, f->volume.read_errors);
}

static void
text_alerts(const struct reel_drive_facts *f)
{
    if (f->has_alerts && f->alerts == 0)
        text_word("alerts", "none");
    for (unsigned int flag = 1; flag <= 64; flag++) {
        if (f->alerts >> (flag - 1) & 1)
            (void)printf("%-13s %u: %s\n", "alert", flag,
                         reel_drive_alert_text(flag));
    }
}

static void
text_tape(const struct reel_drive_facts *f)
{
    text_word("tape", f->empty ? "none" : f->online ? "loaded" : "not ready");
    if (!f->online)
        return;
    text_word("protected", yes(f->write_protected));
    if (f->has_position)
        (void)printf("%-13s %" PRIu64 "%s\n", "position", f->position,
                     f->at_beginning     ? " (beginning)"
                     : f->at_end_of_data ? " (end of data)"
                                         : "");
}

static void
print_text(const struct reel_drive_facts *f)
{
    if (f->vendor[0] || f->product[0])
        (void)printf("%-13s %s %s %s\n", "drive", f->vendor, f->product,
                     f->revision);
    text_word("drive serial", f->serial);
    text_tape(f);
    if (f->has_compression)
        text_word("compression", f->compression ? "on" : "off");
    text_capacity(f);
    text_cartridge(f);
    text_errors("writing", &f->writing);
    text_errors("reading", &f->reading);
    text_alerts(f);
    if (f->cleaning_wanted)
        text_word("cleaning", "the drive wants to be cleaned");
    if (!f->has_scsi)
        text_word("more", "not shown: it takes the right to send SCSI "
                          "commands (root, or write access to the drive's "
                          "/dev/sg*)");
}

/* ---- JSON ---- */

static void
json_word(struct cli_json *j, const char *key, const char *word)
{
    if (word[0])
        cli_json_text(j, key, word);
}

static void
json_errors(struct cli_json *j, const char *key,
            const struct reel_drive_errors *e)
{
    if (!e->has)
        return;
    cli_json_object(j, key);
    cli_json_u64(j, "uncorrected", e->uncorrected);
    cli_json_u64(j, "corrected", e->corrected);
    cli_json_u64(j, "repeated", e->repeated);
    cli_json_close(j, '}');
}

static void
json_volume(struct cli_json *j, const struct reel_drive_volume *v)
{
    if (!v->has)
        return;
    cli_json_object(j, "volume_statistics");
    cli_json_u64(j, "mounts", v->mounts);
    cli_json_u64(j, "written_mb", v->written_mb);
    cli_json_u64(j, "read_mb", v->read_mb);
    cli_json_u64(j, "write_errors", v->write_errors);
    cli_json_u64(j, "read_errors", v->read_errors);
    cli_json_close(j, '}');
}

static void
json_cartridge(struct cli_json *j, const struct reel_drive_facts *f)
{
    const struct reel_drive_cartridge *c = &f->cartridge;

    if (f->capacity.has) {
        cli_json_u64(j, "remaining_mib", f->capacity.remaining_mib);
        cli_json_u64(j, "whole_mib", f->capacity.whole_mib);
    }
    if (f->has_write_once)
        cli_json_bool(j, "write_once", f->write_once);
    if (!c->has)
        return;
    cli_json_object(j, "cartridge");
    json_word(j, "serial", c->serial);
    json_word(j, "barcode", c->barcode);
    json_word(j, "manufacturer", c->manufacturer);
    json_word(j, "made_on", c->made_on);
    if (c->has_loads)
        cli_json_u64(j, "loads", c->loads);
    cli_json_close(j, '}');
}

static void
json_alerts(struct cli_json *j, const struct reel_drive_facts *f)
{
    if (!f->has_alerts)
        return;
    cli_json_array(j, "alerts");
    for (unsigned int flag = 1; flag <= 64; flag++) {
        if (!(f->alerts >> (flag - 1) & 1))
            continue;
        cli_json_object(j, NULL);
        cli_json_u64(j, "flag", flag);
        cli_json_text(j, "text", reel_drive_alert_text(flag));
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

static void
json_status(struct cli_json *j, const struct reel_drive_facts *f)
{
    cli_json_bool(j, "online", f->online);
    cli_json_bool(j, "empty", f->empty);
    if (f->online) {
        cli_json_bool(j, "write_protected", f->write_protected);
        cli_json_bool(j, "at_beginning", f->at_beginning);
        cli_json_bool(j, "at_end_of_data", f->at_end_of_data);
    }
    cli_json_bool(j, "cleaning_wanted", f->cleaning_wanted);
    if (f->has_position)
        cli_json_u64(j, "position", f->position);
    cli_json_u64(j, "density", f->density);
}

static void
print_json(const struct reel_drive_facts *f)
{
    struct cli_json j = cli_json_init(stdout);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "drive");
    json_status(&j, f);
    cli_json_bool(&j, "scsi", f->has_scsi);
    json_word(&j, "vendor", f->vendor);
    json_word(&j, "product", f->product);
    json_word(&j, "revision", f->revision);
    json_word(&j, "serial", f->serial);
    if (f->has_block_limits)
        cli_json_u64(&j, "block_bytes_max", f->block_bytes_max);
    if (f->has_compression)
        cli_json_bool(&j, "compression", f->compression);
    json_cartridge(&j, f);
    json_volume(&j, &f->volume);
    json_errors(&j, "writing", &f->writing);
    json_errors(&j, "reading", &f->reading);
    json_alerts(&j, f);
    cli_json_line(&j);
}

void
cli_drive_print(const struct reel_drive_facts *f, bool json)
{
    if (json)
        print_json(f);
    else
        print_text(f);
}

void
cli_drive_print_of(struct reel_medium *m, bool json)
{
    struct reel_drive_facts facts;
    struct reel_err err;

    if (!m || !reel_medium_info(m)->drive ||
        reel_medium_drive_facts(m, &facts, &err) != REEL_OK)
        return;
    cli_drive_print(&facts, json);
    if (!json)
        (void)putchar('\n');
}
