/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3 and K-8, a further name asked for without its first one; policy
   layer. */
#include <inttypes.h>
#include <stdlib.h>

#include "engine_state.h"
#include "locate.h"
#include "notes.h"

/* Nothing came of it: where it ought to be (K-8). */
static void
note_lost(struct reel_engine *e, const struct reel_pending_link *link,
          const struct reel_object *o)
{
    const struct reel_notes_object a   = {o->encoding, o->path, link->number};
    const struct reel_pos pos          = reel_expected_pos(&link->data);
    struct reel_reader_volume *const v = &e->session->volume;
    char name[REEL_VOLUME_NAME_BYTES];

    e->result->lost++;
    if (link->data.volume == 0)
        reel_notes_object(e->report, REEL_NOTE_LOST, &a, REEL_E_TRUNCATED, NULL,
                          "its data, object %" PRIu64 ", stand nowhere that "
                          "is known",
                          o->target);
    else if (reel_reader_volume_missing(v, link->data.volume))
        reel_notes_object(
            e->report, REEL_NOTE_WANTED, &a, REEL_E_TRUNCATED, &pos,
            "its data, object %" PRIu64 ", stand on %s, block "
            "%" PRIu64,
            o->target, reel_reader_volume_name(v, link->data.volume, name),
            link->data.address);
    else
        reel_notes_object(e->report, REEL_NOTE_LOST, &a, REEL_E_TRUNCATED, &pos,
                          "its data, object %" PRIu64 ", ought to stand in "
                          "block %" PRIu64 ", and cannot be had",
                          o->target, link->data.address);
}

/* Read the object at its place, from its beginning to its end. */
static enum reel_status
fetch(struct reel_engine *e, const struct reel_pending_link *link,
      struct reel_err *err)
{
    const struct reel_read_run run = {.jump = true,
                                      .payload_offset =
                                          link->data.payload_offset,
                                      .archive = e->archive,
                                      .kinds = REEL_READ_KIND(REEL_BLOCK_DATA),
                                      .stop_at_catalog = true,
                                      .alone           = true,
                                      .across          = true,
                                      .last_volume     = e->data_volume};
    struct reel_session *const s   = e->session;
    bool found;

    if (link->data.volume == 0)
        return REEL_OK;
    REEL_TRY(
        reel_reader_volume_mount(&s->volume, link->data.volume, &found, err));
    if (!found)
        return REEL_OK;
    REEL_TRY(reel_reader_locate(&s->volume, e->archive, link->data.sequence,
                                link->data.address, &found, err));
    if (!found)
        return REEL_OK;
    return reel_engine_walk(e, &run, &link->data, e->fetch, err);
}

static enum reel_status
fetch_link(struct reel_engine *e, const struct reel_pending_link *link,
           struct reel_err *err)
{
    struct reel_notes_object about;
    enum reel_status status;
    struct reel_object o;
    uint64_t handed;

    REEL_TRY(reel_pending_links_get(&e->pending, link, &o, err));
    about  = (struct reel_notes_object){o.encoding, o.path, link->number};
    handed = reel_number_map_get(&e->handed, o.target);
    if (handed != REEL_HANDED_NOT)
        return reel_engine_make_link(e, &o, link->number,
                                     handed == REEL_HANDED_WHOLE, err);
    e->fetch         = o.target;
    e->fetch_as      = o;
    e->fetch_outcome = REEL_WALK_TORN;
    e->first_volume = e->last_volume = link->data.volume;
    status                           = fetch(e, link, err);
    e->fetch                         = 0;
    REEL_TRY(status);
    if (reel_number_map_get(&e->handed, o.target) == REEL_HANDED_NOT) {
        note_lost(e, link, &o);
        return REEL_OK;
    }
    if (e->fetch_outcome == REEL_WALK_PROVEN)
        reel_notes_object(e->report, REEL_NOTE_INFO, &about, REEL_OK, NULL,
                          "a further name: restored from object %" PRIu64
                          ", its first name, which was not asked for",
                          o.target);
    return REEL_OK;
}

enum reel_status
reel_engine_fetch_here(struct reel_engine *e, struct reel_err *err)
{
    struct reel_pending_links *const p = &e->pending;
    const uint32_t number              = e->session->volume.number;
    enum reel_status status            = REEL_OK;
    size_t kept                        = number == p->seen_volume ? p->seen : 0;
    size_t i;

    for (i = kept; i < p->count; i++) {
        const struct reel_pending_link link = p->list[i];

        if (status == REEL_OK &&
            (link.data.volume == number || link.data.volume == 0))
            status = fetch_link(e, &link, err);
        else
            p->list[kept++] = link;
    }
    p->count       = kept;
    p->seen        = kept;
    p->seen_volume = number;
    if (kept == 0)
        reel_pending_links_clear(p);
    return status;
}

static int
compare_links(const void *a, const void *b)
{
    const struct reel_pending_link *const x = a;
    const struct reel_pending_link *const y = b;

    if (x->data.volume != y->data.volume)
        return x->data.volume < y->data.volume ? -1 : 1;
    if (x->data.sequence != y->data.sequence)
        return x->data.sequence < y->data.sequence ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

enum reel_status
reel_engine_fetch_all(struct reel_engine *e, struct reel_err *err)
{
    size_t i;

    if (e->pending.count > 1)
        qsort(e->pending.list, e->pending.count, sizeof(*e->pending.list),
              compare_links);
    for (i = 0; i < e->pending.count; i++)
        REEL_TRY(fetch_link(e, &e->pending.list[i], err));
    reel_pending_links_clear(&e->pending);
    return REEL_OK;
}
