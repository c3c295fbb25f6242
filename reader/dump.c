/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2 to 5, everything on a medium as text; policy layer. */
#include "reel/dump.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dump_fields.h"
#include "dump_record.h"
#include "reel/alloc.h"
#include "reel/deblock.h"
#include "reel/label.h"

#define BUF_BYTES (REEL_BLOCK_BYTES_MAX + 4U)

struct dump {
    const struct reel_access *access;
    struct reel_medium *medium;
    uint32_t volume; /* at hand; 0: not known */
    bool have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint16_t kind; /* of the last good block */
    const struct reel_dump_options *options;
    struct reel_dumper out;
    struct reel_field_dump fields;
    struct reel_deblock *deblock;
    struct reel_unpacker *unpacker;
    uint8_t *buf;
    uint8_t *raw;
    size_t raw_capacity;
    unsigned int filemarks;
    uint64_t address;
};

static void
say_why(struct dump *d, const struct reel_err *why)
{
    if (d->options->json) {
        reel_field_dump_damage(&d->fields, why);
        return;
    }
    reel_dump_say(
        &d->out, "  DAMAGED: %s: %s%s%s%s", reel_status_name(why->status),
        why->text, why->rule != NULL ? " (" : "",
        why->rule != NULL ? why->rule : "", why->rule != NULL ? ")" : "");
}

/* ---- segments ---- */

static enum reel_status
dump_records(struct dump *d, struct reel_bytes raw, const struct reel_pos *pos,
             struct reel_err *err)
{
    struct reel_pos in = *pos;
    enum reel_status status;
    struct reel_record r;
    struct reel_cursor c;
    struct reel_err why;

    in.in_segment = true;
    c             = reel_cursor_init(raw.data, raw.len, &in);
    while ((status = reel_record_next(&r, &c, &why)) == REEL_OK) {
        REEL_TRY(reel_go_on(&d->access->report, err));
        if (d->options->json)
            reel_field_dump_record(&d->fields, &r);
        else
            reel_dump_record(&d->out, &r);
    }
    if (status != REEL_END)
        say_why(d, &why);
    return REEL_OK;
}

static enum reel_status
make_room(struct dump *d, size_t need, struct reel_err *err)
{
    if (need <= d->raw_capacity)
        return REEL_OK;
    reel_free(d->raw);
    d->raw          = reel_alloc_array(need, 1);
    d->raw_capacity = d->raw == NULL ? 0 : need;
    if (d->raw == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a segment");
    return REEL_OK;
}

static void
dump_segment_header(struct dump *d, const struct reel_deblock_item *item,
                    const struct reel_segment_header *h)
{
    if (d->options->json) {
        reel_field_dump_structure(&d->fields, "SEGMENT", reel_dump_segment,
                                  item->packed, &item->pos);
        return;
    }
    reel_dump_say(&d->out,
                  "    segment: sequence %" PRIu64 " payload offset "
                  "%" PRIu32 " compression %u stored octets %" PRIu32
                  " raw octets %" PRIu32 " checksum %08" PRIx32,
                  item->place.sequence, item->place.payload_offset,
                  h->compression, h->stored_bytes, h->raw_bytes, h->checksum);
}

static enum reel_status
dump_segment(struct dump *d, const struct reel_deblock_item *item,
             struct reel_err *err)
{
    struct reel_cursor c =
        reel_cursor_init(item->packed.data, item->packed.len, &item->pos);
    struct reel_bytes raw = {NULL, 0};
    struct reel_segment_header h;
    enum reel_status status;
    struct reel_err why;

    status = reel_segment_header_decode(&h, &c, REEL_SEGMENT_LIMIT_MAX, &why);
    if (status == REEL_OK) {
        dump_segment_header(d, item, &h);
        if (h.compression != REEL_COMPRESSION_NONE)
            REEL_TRY(make_room(d, h.raw_bytes, err));
        status =
            reel_segment_open(d->unpacker, item->packed.data, item->packed.len,
                              d->raw, d->raw_capacity, &raw, &item->pos, &why);
    }
    if (status == REEL_E_MEMORY) {
        *err = why;
        return status;
    }
    if (status == REEL_OK)
        return dump_records(d, raw, &item->pos, err);
    say_why(d, &why);
    return REEL_OK;
}

static enum reel_status
dump_items(struct dump *d, struct reel_err *err)
{
    struct reel_deblock_item item;
    enum reel_status status;

    while ((status = reel_deblock_next(d->deblock, &item, err)) == REEL_OK) {
        if (item.event == REEL_DEBLOCK_SEGMENT)
            REEL_TRY(dump_segment(d, &item, err));
        else if (item.event != REEL_DEBLOCK_ARCHIVE &&
                 item.event != REEL_DEBLOCK_BAD_BLOCK)
            say_why(d, &item.err);
    }
    return status == REEL_END ? REEL_OK : status;
}

/* ---- blocks ---- */

static void
dump_header(struct dump *d, size_t len, const struct reel_block_header *h)
{
    const struct reel_pos pos = {.block = d->address};
    char set[2 * REEL_SET_ID_BYTES + 1];
    char first[16] = "none";
    size_t i;

    if (d->options->json) {
        reel_field_dump_structure(&d->fields, "BLOCK", reel_dump_block,
                                  (struct reel_bytes){d->buf, len}, &pos);
        return;
    }
    for (i = 0; i < REEL_SET_ID_BYTES; i++)
        (void)snprintf(set + 2 * i, sizeof(set) - 2 * i, "%02x", h->set_id[i]);
    if (h->first_segment != REEL_NONE32)
        (void)snprintf(first, sizeof(first), "%" PRIu32, h->first_segment);
    reel_dump_say(&d->out,
                  "  header: revision %u kind %u %s features 0x%" PRIx32
                  " block octets %" PRIu32 " payload octets %" PRIu32
                  " first segment %s",
                  h->revision, h->kind, reel_block_kind_name(h->kind),
                  h->features, h->block_bytes, h->payload_bytes, first);
    reel_dump_say(&d->out,
                  "  place: set id %s volume %" PRIu32 " archive %" PRIu32
                  " run %" PRIu32 " run start %" PRIu64 " sequence %" PRIu64
                  " address %" PRIu64,
                  set, h->volume, h->archive, h->run, h->run_start, h->sequence,
                  h->address);
}

static void
dump_letters(struct dump *d, const char *structure, const char *name,
             const struct reel_field *table, size_t len)
{
    const struct reel_pos pos     = {.block = d->address};
    const struct reel_bytes title = {d->buf, len < 77 ? len : 77};

    if (d->options->json)
        reel_field_dump_structure(&d->fields, structure, table,
                                  (struct reel_bytes){d->buf, len}, &pos);
    else
        reel_dump_text(&d->out, name, title);
}

/* Label and leader: letters. */
static bool
dump_front(struct dump *d, size_t len)
{
    const struct reel_pos pos = {.block = d->address};
    struct reel_label label;
    struct reel_err why;

    if (d->filemarks == 0 && d->address == 0) {
        dump_letters(d, "LABEL", "label", reel_dump_label, len);
        if (reel_label_decode(&label, d->buf, len, &pos, &why) != REEL_OK)
            say_why(d, &why);
        return true;
    }
    if (d->filemarks != 1 ||
        reel_leader_check(d->buf, len, d->address == 2, &pos, NULL) != REEL_OK)
        return false;
    dump_letters(d, "LEADER", "leader", reel_dump_leader, len);
    return true;
}

static void
note_block(struct dump *d, const struct reel_block_header *h)
{
    if (!d->have_set)
        memcpy(d->set_id, h->set_id, sizeof(d->set_id));
    d->have_set = true;
    d->volume   = h->volume;
    d->kind     = h->kind;
}

static enum reel_status
dump_block(struct dump *d, size_t len, struct reel_err *err)
{
    const struct reel_pos pos = {.block = d->address};
    struct reel_block_header h;
    enum reel_status status;
    struct reel_err why;
    bool good;

    if (!d->options->json)
        reel_dump_say(&d->out, "block %" PRIu64 ": %zu octets", d->address,
                      len);
    if (len < sizeof(reel_block_magic) ||
        memcmp(d->buf, reel_block_magic, sizeof(reel_block_magic)) != 0)
        if (dump_front(d, len))
            return REEL_OK;
    status = reel_block_decode(&h, d->buf, len, &pos, &why);
    if (status == REEL_OK) {
        dump_header(d, len, &h);
        note_block(d, &h);
    } else {
        say_why(d, &why);
    }
    if (d->options->blocks_only || status == REEL_E_UNSUPPORTED)
        return REEL_OK;
    status = reel_deblock_block(d->deblock, d->buf, len, d->address, NULL,
                                &good, &why);
    if (status == REEL_E_UNSUPPORTED) {
        say_why(d, &why);
        return REEL_OK;
    }
    if (status != REEL_OK) {
        *err = why;
        return status;
    }
    return dump_items(d, err);
}

static enum reel_status
dump_unreadable(struct dump *d, enum reel_event event, struct reel_err *err)
{
    const struct reel_pos pos = {.block = d->address};
    const char *const what =
        event == REEL_EVENT_TOO_LONG ? "too long for Reel" : "cannot be read";
    struct reel_err why;

    if (d->options->json) {
        (void)reel_fail(&why, REEL_E_MEDIUM, &pos, NULL, "%s", what);
        reel_field_dump_damage(&d->fields, &why);
    } else {
        reel_dump_say(&d->out, "block %" PRIu64 ": DAMAGED: %s", d->address,
                      what);
    }
    reel_deblock_unreadable(d->deblock, d->address);
    return dump_items(d, err);
}

static void
say_event(struct dump *d, const char *text, const char *type, const char *key,
          uint64_t value)
{
    if (d->options->json)
        reel_field_dump_event(&d->fields, type, key, value);
    else
        reel_dump_say(&d->out, "%s %" PRIu64, text, value);
}

/* Everything on the medium at hand. */
static enum reel_status
dump_medium(struct dump *d, struct reel_err *err)
{
    enum reel_event event;
    size_t len;

    for (;; d->address++) {
        REEL_TRY(reel_go_on(&d->access->report, err));
        if (d->fields.no_memory)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for a line");
        REEL_TRY(
            reel_medium_read(d->medium, d->buf, BUF_BYTES, &event, &len, err));
        switch (event) {
        case REEL_EVENT_END:
            say_event(d, "end of data at", "end", "block", d->address);
            return REEL_OK;
        case REEL_EVENT_FILEMARK:
            d->filemarks++;
            say_event(d, "filemark", "filemark", "block", d->address);
            break;
        case REEL_EVENT_BLOCK:
            REEL_TRY(dump_block(d, len, err));
            break;
        default:
            REEL_TRY(dump_unreadable(d, event, err));
        }
    }
}

/* The volume behind the one at hand, whatever it is; *more false: there is
   none, or nobody to bring it. */
static enum reel_status
next_medium(struct dump *d, bool *more, struct reel_err *err)
{
    const struct reel_volumes *const from = d->access->volumes;
    const struct reel_volume_wish wish    = {
           .number = d->volume + 1, .set_id = d->have_set ? d->set_id : NULL};
    enum reel_status status;

    *more = false;
    if (from == NULL || d->volume == 0 || d->kind == REEL_BLOCK_END)
        return REEL_OK;
    status = from->get(from->ctx, &wish, &d->medium, err);
    if (status == REEL_END)
        return REEL_OK;
    REEL_TRY(status);
    *more        = true;
    d->address   = 0;
    d->filemarks = 0;
    d->volume    = 0;
    d->kind      = 0;
    say_event(d, "volume", "volume", "volume", wish.number);
    return REEL_OK;
}

static enum reel_status
dump_all(struct dump *d, struct reel_err *err)
{
    bool more = true;

    while (more) {
        REEL_TRY(dump_medium(d, err));
        REEL_TRY(next_medium(d, &more, err));
    }
    reel_deblock_finish(d->deblock);
    REEL_TRY(dump_items(d, err));
    if (d->fields.no_memory)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a line");
    return REEL_OK;
}

enum reel_status
reel_dump(const struct reel_access *access,
          const struct reel_dump_options *options, reel_dump_line_fn line,
          void *ctx, struct reel_err *err)
{
    struct dump d = {
        .access  = access,
        .medium  = access->medium,
        .options = options,
        .out     = {line, ctx, options->octets},
        .fields  = {.line = line, .ctx = ctx, .octets = options->octets}};
    struct reel_err local = {0};
    enum reel_status status;

    err = err == NULL ? &local : err;
    if (access->medium == NULL)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a tape is needed to dump");
    d.deblock  = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    d.unpacker = reel_unpacker_new();
    d.buf      = reel_alloc_array(BUF_BYTES, 1);
    if (d.deblock == NULL || d.unpacker == NULL || d.buf == NULL)
        status =
            reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for a block");
    else
        status = dump_all(&d, err);
    reel_field_dump_fini(&d.fields);
    reel_free(d.raw);
    reel_free(d.buf);
    reel_unpacker_free(d.unpacker);
    reel_deblock_free(d.deblock);
    return status;
}
