/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2, listing from the catalog; policy layer. */
#include "reel/list.h"

#include "notes.h"
#include "session.h"

/* A catalog from the tape that is listed whole lacks no number. 0: its end. */
static void
judge_number(const struct reel_session *s,
             const struct reel_catalog_source *source, uint64_t *before,
             uint64_t number)
{
    struct reel_err why;

    if (s->matcher.count > 0 || source->scanned)
        return;
    if (reel_catalog_source_number(source, *before, number, &why) != REEL_OK)
        reel_notes_say(&s->access->report, REEL_NOTE_DAMAGE, why.status, NULL,
                       why.rule, "the catalog is not whole: %.80s", why.text);
    *before = number;
}

static enum reel_status
list_items(struct reel_session *s, const struct reel_catalog_source *source,
           reel_list_fn fn, void *ctx, struct reel_err *err)
{
    struct reel_list_item out = {.archive = source->archive};
    struct reel_catalog_cursor cursor;
    struct reel_catalog_item item;
    enum reel_status status;
    uint64_t before = 0;
    bool selected;

    status = reel_catalog_cursor_init(&cursor, source, err);
    while (status == REEL_OK) {
        status = reel_go_on(&s->access->report, err);
        if (status == REEL_OK)
            status = reel_catalog_cursor_next(&cursor, &item, err);
        if (status == REEL_E_INVALID) {
            reel_catalog_cursor_tell(&cursor, &s->access->report, err);
            if (cursor.number != 0)
                before = cursor.number;
            status = REEL_OK;
            continue;
        }
        if (status == REEL_OK || status == REEL_END)
            judge_number(s, source, &before,
                         status == REEL_OK ? item.number : 0);
        if (status == REEL_OK)
            status = reel_matcher_match(&s->matcher, item.object.encoding,
                                        item.object.path, &selected, err);
        if (status != REEL_OK || !selected)
            continue;
        out.number  = item.number;
        out.object  = &item.object;
        out.end     = item.has_end ? &item.end : NULL;
        out.content = item.has_content ? &item.content : NULL;
        out.entry   = &item.entry;
        status      = fn(ctx, &out, err);
    }
    reel_catalog_cursor_fini(&cursor);
    return status == REEL_END ? REEL_OK : status;
}

static enum reel_status
list_archive(struct reel_session *s, uint32_t archive, reel_list_fn fn,
             void *ctx, struct reel_err *err)
{
    struct reel_catalog_source source;
    enum reel_status status;

    reel_catalog_source_init(&source, s->access->temporary_dir);
    status = reel_session_catalog(s, archive, false, &source, err);
    if (status == REEL_OK)
        status = list_items(s, &source, fn, ctx, err);
    reel_catalog_source_fini(&source);
    return status;
}

/* So many archives in a row without an END are looked for by reading all data.
   If there are more, a number is wrong that stands somewhere. */
#define UNKNOWN_MAX 64U

/* Each archive that the volume is known to hold, in order. */
static enum reel_status
list_all(struct reel_session *s, reel_list_fn fn, void *ctx,
         struct reel_err *err)
{
    const struct reel_reader_archives *const a = &s->archives;
    uint64_t archive;
    uint64_t known;

    REEL_TRY(reel_session_all(s, err));
    archive = reel_reader_archives_oldest(a);
    if (archive > 1)
        reel_notes_say(&s->access->report, REEL_NOTE_WANTED, REEL_E_TRUNCATED,
                       NULL, NULL,
                       "archives up to %u stand on volumes that are not at "
                       "hand",
                       (uint32_t)archive - 1);
    for (; archive <= a->newest; archive++) {
        known = reel_reader_archives_next(a, (uint32_t)archive);
        if (known - archive > UNKNOWN_MAX) {
            reel_notes_say(&s->access->report, REEL_NOTE_DAMAGE,
                           REEL_E_TRUNCATED, NULL, NULL,
                           "nothing says where archives %u to %u end, and they "
                           "are not looked for; --archive looks for one",
                           (uint32_t)archive, (uint32_t)known - 1);
            archive = known - 1;
            continue;
        }
        REEL_TRY(list_archive(s, (uint32_t)archive, fn, ctx, err));
    }
    return REEL_OK;
}

enum reel_status
reel_list(const struct reel_access *access,
          const struct reel_selection *selection, reel_list_fn fn, void *ctx,
          struct reel_err *err)
{
    struct reel_session s;
    struct reel_err local = {0};
    enum reel_status status;

    err    = err == NULL ? &local : err;
    status = reel_session_open(&s, access, selection, err);
    if (status == REEL_OK && access->all_archives && s.archives.newest > 0)
        status = list_all(&s, fn, ctx, err);
    else if (status == REEL_OK)
        status = list_archive(&s, access->archive, fn, ctx, err);
    if (status == REEL_OK)
        reel_matcher_note_unmatched(&s.matcher, &access->report);
    reel_session_close(&s);
    return status;
}
