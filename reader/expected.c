/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2 and A-4, the catalog beside the data; policy layer. */
#include "expected.h"

#include <string.h>

#include "notes.h"

enum reel_status
reel_expected_init(struct reel_expected *x, struct reel_session *session,
                   const struct reel_catalog_source *source,
                   struct reel_restore_result *result, struct reel_err *err)
{
    memset(x, 0, sizeof(*x));
    x->session = session;
    x->source  = source;
    x->result  = result;
    reel_torn_init(&x->torn, session->access->temporary_dir);
    return reel_catalog_cursor_init(&x->cursor, source, err);
}

void
reel_expected_fini(struct reel_expected *x)
{
    reel_catalog_cursor_fini(&x->cursor);
    reel_torn_fini(&x->torn);
}

struct reel_pos
reel_expected_pos(const struct reel_place *place)
{
    const struct reel_pos pos = {.volume = place->volume,
                                 .block  = place->address,
                                 .byte   = REEL_BLOCK_HEADER_BYTES +
                                         place->payload_offset,
                                 .segment_byte = place->record_offset,
                                 .in_segment   = true};

    return pos;
}

/* The catalog has something of an object that makes no sense. */
static void
take_broken(struct reel_expected *x, const struct reel_err *why)
{
    reel_catalog_cursor_tell(&x->cursor, &x->session->access->report, why);
    memset(&x->item, 0, sizeof(x->item));
    x->item.number = x->cursor.number;
    x->encoding    = x->cursor.encoding;
    x->path        = x->cursor.path;
}

static enum reel_status
peek(struct reel_expected *x, struct reel_err *err)
{
    enum reel_status status;

    if (x->have || x->over)
        return REEL_OK;
    do {
        REEL_TRY(reel_go_on(&x->session->access->report, err));
        status    = reel_catalog_cursor_next(&x->cursor, &x->item, err);
        x->broken = status == REEL_E_INVALID;
        if (x->broken)
            take_broken(x, err);
    } while (x->broken && x->item.number == 0);
    if (status != REEL_OK && status != REEL_END && !x->broken)
        return status;
    x->have = status != REEL_END;
    x->over = status == REEL_END;
    return REEL_OK;
}

static void
tell_missed(struct reel_expected *x)
{
    const struct reel_catalog_item *const item = &x->item;
    const struct reel_notes_object about       = {item->object.encoding,
                                                  item->object.path, item->number};
    const struct reel_pos pos          = reel_expected_pos(&item->entry.begin);
    struct reel_reader_volume *const v = &x->session->volume;
    char name[REEL_VOLUME_NAME_BYTES];

    x->result->lost++;
    if (reel_reader_volume_missing(v, item->entry.begin.volume)) {
        reel_notes_object(
            &x->session->access->report, REEL_NOTE_WANTED, &about,
            REEL_E_TRUNCATED, &pos, "stands on %s of the set, block %llu",
            reel_reader_volume_name(v, item->entry.begin.volume, name),
            (unsigned long long)item->entry.begin.address);
        return;
    }
    reel_notes_object(&x->session->access->report, REEL_NOTE_LOST, &about,
                      REEL_E_TRUNCATED, &pos,
                      "known from the catalog only; it ought to stand in "
                      "block %llu",
                      (unsigned long long)item->entry.begin.address);
}

/* The same, where the catalog is of no use. */
static enum reel_status
tell_broken(struct reel_expected *x, struct reel_err *err)
{
    struct reel_notes_object about;
    bool selected;

    REEL_TRY(reel_matcher_match(&x->session->matcher, x->encoding, x->path,
                                &selected, err));
    if (!selected)
        return REEL_OK;
    x->result->lost++;
    about = (struct reel_notes_object){x->encoding, x->path, x->item.number};
    reel_notes_object(&x->session->access->report, REEL_NOTE_LOST, &about,
                      REEL_E_TRUNCATED, NULL,
                      "known from the catalog only, which makes no sense");
    return REEL_OK;
}

/* The item at hand is passed: `met` tells whether its data came. */
static enum reel_status
pass(struct reel_expected *x, bool met, struct reel_err *err)
{
    const struct reel_object *const o = &x->item.object;
    bool selected;

    x->have = false;
    if (x->broken)
        return met ? REEL_OK : tell_broken(x, err);
    REEL_TRY(reel_matcher_match(&x->session->matcher, o->encoding, o->path,
                                &selected, err));
    if (!selected || (o->facts & REEL_FACT_OUTSIDE) != 0)
        return REEL_OK;
    if (reel_catalog_item_torn(&x->item))
        return reel_torn_add(&x->torn, x->item.number, o, &x->item.entry.begin,
                             err);
    reel_torn_forget(&x->torn, o);
    if (!met)
        tell_missed(x);
    return REEL_OK;
}

enum reel_status
reel_expected_peek(struct reel_expected *x, uint64_t number, bool *have,
                   struct reel_err *err)
{
    *have = false;
    for (;;) {
        REEL_TRY(peek(x, err));
        if (x->over || x->item.number > number)
            return REEL_OK;
        *have = x->item.number == number;
        if (*have)
            return REEL_OK;
        REEL_TRY(pass(x, false, err));
    }
}

enum reel_status
reel_expected_reach(struct reel_expected *x, uint64_t number,
                    const struct reel_catalog_item **item, struct reel_err *err)
{
    bool have;

    *item = NULL;
    REEL_TRY(reel_expected_peek(x, number, &have, err));
    if (!have)
        return REEL_OK;
    *item = x->broken ? NULL : &x->item;
    return pass(x, true, err);
}

enum reel_status
reel_expected_met(struct reel_expected *x, uint64_t number, bool *met,
                  struct reel_err *err)
{
    const struct reel_object *const o = &x->item.object;
    bool selected;

    *met = true;
    for (;;) {
        REEL_TRY(peek(x, err));
        if (x->over || x->item.number > number)
            return REEL_OK;
        selected = false;
        if (!x->broken && !reel_catalog_item_torn(&x->item) &&
            (o->facts & REEL_FACT_OUTSIDE) == 0)
            REEL_TRY(reel_matcher_match(&x->session->matcher, o->encoding,
                                        o->path, &selected, err));
        *met =
            !selected || reel_reader_volume_missing(&x->session->volume,
                                                    x->item.entry.begin.volume);
        if (!*met)
            return REEL_OK;
        REEL_TRY(pass(x, false, err));
    }
}

enum reel_status
reel_expected_pass(struct reel_expected *x, uint64_t number,
                   struct reel_err *err)
{
    for (;;) {
        REEL_TRY(peek(x, err));
        if (x->over || x->item.number > number)
            return REEL_OK;
        REEL_TRY(pass(x, false, err));
    }
}

static bool
wanting(const void *ctx, uint64_t number)
{
    return reel_catalog_source_wanting(ctx, number);
}

enum reel_status
reel_expected_finish(struct reel_expected *x, struct reel_err *err)
{
    uint64_t lost;

    REEL_TRY(reel_expected_pass(x, UINT64_MAX, err));
    REEL_TRY(reel_torn_tell(&x->torn, &x->session->access->report, wanting,
                            x->source, &lost, err));
    x->result->lost += lost;
    return REEL_OK;
}
