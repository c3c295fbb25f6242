/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 9 and 12, which parts of a volume are read, and in what order;
   policy layer. */
#include "engine.h"

#include <inttypes.h>
#include <string.h>

#include "engine_state.h"
#include "locate.h"
#include "notes.h"

/* Objects that stand no further apart are read in one go. */
#define NEAR_BLOCKS 4U
/* A checkpoint between them adds so many filemarks; what is more are blocks
   that a later run superseded. */
#define CHECKPOINT_MARKS 2U

/* ---- walking a run ---- */

static enum reel_status
walk_item(struct reel_engine *e, const struct reel_read_item *item,
          struct reel_err *err)
{
    if (item->of.event == REEL_DEBLOCK_ARCHIVE)
        return REEL_OK;
    reel_damage_item(&e->damage, item);
    REEL_TRY(reel_data_walk_item(&e->data, item, err));
    if (e->report->progress != NULL)
        e->report->progress(e->report->ctx, e->result->bytes,
                            e->result->objects);
    return REEL_OK;
}

enum reel_status
reel_engine_walk(struct reel_engine *e, const struct reel_read_run *run,
                 const struct reel_place *begin, uint64_t last,
                 struct reel_err *err)
{
    struct reel_read_run proven = *run;
    const struct reel_read_item *item;
    enum reel_status status;

    proven.look     = reel_prover_look;
    proven.look_ctx = e->prover;
    reel_prover_jump(e->prover, begin);
    reel_data_walk_jump(&e->data);
    e->last = last;
    status  = reel_read_start(e->session->pipeline, &proven, err);
    while (status == REEL_OK) {
        status = reel_read_next(e->session->pipeline, &item, err);
        if (status != REEL_OK)
            break;
        reel_prover_pass(e->prover, item);
        if (begin != NULL)
            reel_data_walk_begin(&e->data, item, begin);
        status = walk_item(e, item, err);
    }
    reel_read_stop(e->session->pipeline);
    if (status != REEL_END)
        return status;
    status = reel_data_walk_finish(&e->data, false, err);
    return status == REEL_END ? REEL_OK : status;
}

/* ---- everything, by the catalog ---- */

/* Where the data of the archive begin: behind the archive before it. */
static uint64_t
data_start(const struct reel_engine *e)
{
    const struct reel_reader_archives *const a = &e->session->archives;
    size_t i;

    for (i = 0; i < a->count; i++)
        if (a->list[i].number < e->archive &&
            a->list[i].volume == e->session->volume.number)
            return a->list[i].end_address;
    return e->session->volume.first_address;
}

static enum reel_status
run_all(struct reel_engine *e, struct reel_err *err)
{
    const struct reel_read_run run = {.jump           = true,
                                      .payload_offset = REEL_NONE32,
                                      .archive        = e->archive,
                                      .kinds = REEL_READ_KIND(REEL_BLOCK_DATA),
                                      .stop_at_catalog = true};

    if (e->session->volume.can_locate)
        REEL_TRY(
            reel_reader_volume_seek(&e->session->volume, data_start(e), err));
    REEL_TRY(reel_engine_walk(e, &run, NULL, UINT64_MAX, err));
    return reel_engine_fetch_all(e, err);
}

/* ---- what is selected, by the catalog ---- */

/* Goes ahead through the catalog and says which stretch is read next. */
struct plan {
    struct reel_engine *e;
    struct reel_catalog_cursor cursor;
    uint32_t marks_max; /* between objects that are read in one go */
    bool have;          /* of the object that begins the next stretch: */
    struct reel_place begin;
    struct reel_place end;
    uint64_t number;
};

/* The next object that is selected and stands on a volume at hand. */
static enum reel_status
plan_object(struct plan *p, struct reel_err *err)
{
    struct reel_session *const s = p->e->session;
    struct reel_catalog_item item;
    enum reel_status status;
    bool selected;

    p->have = false;
    for (;;) {
        status = reel_catalog_cursor_next(&p->cursor, &item, err);
        if (status == REEL_E_INVALID)
            continue; /* told where the catalog is gone through beside it */
        if (status != REEL_OK)
            break;
        REEL_TRY(reel_matcher_match(&s->matcher, item.object.encoding,
                                    item.object.path, &selected, err));
        if (!selected || reel_catalog_item_torn(&item) ||
            reel_reader_volume_missing(&s->volume, item.entry.begin.volume))
            continue;
        p->have  = true;
        p->begin = item.entry.begin;
        p->end = item.entry.end.volume != 0 ? item.entry.end : item.entry.begin;
        p->number = item.number;
        return REEL_OK;
    }
    return status == REEL_END ? REEL_OK : status;
}

/* Does the next object stand directly behind the place `until`? What lies
   between in addresses but not in sequences are filemarks, or blocks that a
   later run superseded. */
static bool
near(const struct plan *p, const struct reel_place *until)
{
    const uint64_t sequences = p->begin.sequence - until->sequence;
    const uint64_t addresses = p->begin.address - until->address;

    return p->have && p->begin.volume == until->volume &&
           p->begin.sequence >= until->sequence && sequences <= NEAR_BLOCKS &&
           p->begin.address >= until->address && addresses >= sequences &&
           addresses - sequences <= p->marks_max;
}

/* The next stretch: objects that stand near each other. `last` is the number
   of the last one. */
static enum reel_status
plan_run(struct plan *p, struct reel_read_run *run, struct reel_place *begin,
         uint64_t *last, struct reel_err *err)
{
    *begin = p->begin;
    memset(run, 0, sizeof(*run));
    run->jump            = true;
    run->payload_offset  = p->begin.payload_offset;
    run->archive         = p->e->archive;
    run->kinds           = REEL_READ_KIND(REEL_BLOCK_DATA);
    run->stop_at_catalog = true;
    run->stop_at_until   = true;
    run->across          = true;
    do {
        run->until = p->end;
        *last      = p->number;
        REEL_TRY(plan_object(p, err));
    } while (near(p, &run->until));
    run->last_volume = run->until.volume;
    return REEL_OK;
}

/* What was to be met was not, and nothing is damaged there: the places are of
   no use. What is left is looked for from the beginning of the data on. */
static enum reel_status
run_rest(struct plan *p, struct reel_err *err)
{
    struct reel_engine *const e        = p->e;
    struct reel_reader_volume *const v = &e->session->volume;
    const struct reel_read_run run     = {.jump           = true,
                                          .payload_offset = REEL_NONE32,
                                          .archive        = e->archive,
                                          .kinds = REEL_READ_KIND(REEL_BLOCK_DATA),
                                          .stop_at_catalog = true,
                                          .across          = true};
    bool have                          = v->volumes == NULL;

    reel_notes_say(e->report, REEL_NOTE_DAMAGE, REEL_E_INVALID, NULL, "A-2",
                   "objects do not stand where the catalog says; all of the "
                   "data are read");
    if (!have && v->highest > 0)
        REEL_TRY(reel_reader_volume_mount_any(v, 1, v->highest, &have, err));
    p->have  = false;
    e->first = e->expected.item.number;
    if (have) {
        REEL_TRY(reel_reader_volume_seek(v, data_start(e), err));
        REEL_TRY(reel_engine_walk(e, &run, NULL, UINT64_MAX, err));
    }
    e->first = 0;
    return REEL_OK;
}

static enum reel_status
run_stretch(struct plan *p, struct reel_err *err)
{
    struct reel_engine *const e = p->e;
    uint64_t damage;
    bool met;
    struct reel_read_run run;
    struct reel_place begin;
    uint64_t last;
    bool found;

    REEL_TRY(reel_reader_volume_mount(&e->session->volume, p->begin.volume,
                                      &found, err));
    if (!found)
        return plan_object(p, err); /* the next one that can be had */
    REEL_TRY(plan_run(p, &run, &begin, &last, err));
    REEL_TRY(reel_reader_locate(&e->session->volume, e->archive, begin.sequence,
                                begin.address, &found, err));
    damage = e->damage.count;
    if (found)
        REEL_TRY(reel_engine_walk(e, &run, &begin, last, err));
    if (found && damage == e->damage.count) {
        REEL_TRY(reel_expected_met(&e->expected, last, &met, err));
        if (!met)
            return run_rest(p, err);
    }
    REEL_TRY(reel_expected_pass(&e->expected, last, err));
    return reel_engine_fetch_here(e, err);
}

static enum reel_status
run_selected(struct reel_engine *e, const struct reel_catalog_source *source,
             struct reel_err *err)
{
    struct plan p = {.e = e,
                     .marks_max =
                         source->undisturbed ? NEAR_BLOCKS : CHECKPOINT_MARKS};
    enum reel_status status;

    status = reel_catalog_cursor_init(&p.cursor, source, err);
    if (status == REEL_OK)
        status = plan_object(&p, err);
    while (status == REEL_OK && p.have)
        status = run_stretch(&p, err);
    reel_catalog_cursor_fini(&p.cursor);
    if (status != REEL_OK)
        return status;
    return reel_engine_fetch_all(e, err);
}

/* Can all be read in one go, whatever the catalog says of it? */
static bool
one_go(const struct reel_engine *e, const struct reel_catalog_source *source)
{
    const struct reel_session *const s = e->session;

    if (!s->volume.can_locate)
        return true;
    return s->matcher.count == 0 && s->volume.volumes == NULL &&
           source->undisturbed;
}

/* Objects are looked for where the catalog says: one that says nonsense of some
   is made anew, if it may be. */
static enum reel_status
mend_catalog(struct reel_engine *e, struct reel_catalog_source *source,
             struct reel_err *err)
{
    struct reel_session *const s = e->session;
    const uint32_t archive       = source->archive;
    struct reel_err why;
    bool sound;

    if (s->access->no_scan || source->scanned)
        return REEL_OK;
    REEL_TRY(reel_catalog_source_sound(source, &sound, &why, err));
    if (sound)
        return REEL_OK;
    reel_notes_say(e->report, REEL_NOTE_DAMAGE, why.status, NULL, why.rule,
                   "the catalog is made anew: %.90s", why.text);
    reel_catalog_source_fini(source);
    reel_catalog_source_init(source, s->access->temporary_dir);
    return reel_session_scan(s, archive, source, err);
}

static enum reel_status
run_catalog(struct reel_engine *e, struct reel_err *err)
{
    struct reel_session *const s = e->session;
    struct reel_catalog_source source;
    enum reel_status status;

    reel_catalog_source_init(&source, s->access->temporary_dir);
    source.places_only = s->matcher.count > 0 && s->volume.can_locate &&
                         s->access->catalog_fd < 0;
    status = reel_session_catalog(s, s->access->archive, false, &source, err);
    if (status == REEL_OK && !one_go(e, &source))
        status = mend_catalog(e, &source, err);
    if (status == REEL_OK)
        status = reel_expected_init(&e->expected, s, &source, e->result, err);
    if (status == REEL_OK) {
        e->with_catalog    = true;
        e->archive         = source.archive;
        e->result->scanned = source.scanned;
        e->damage.end_told = source.scanned;
        e->result->lost += source.lost;
        if (source.have_end)
            e->data_volume = source.end.catalog.volume;
        status = one_go(e, &source) ? run_all(e, err)
                                    : run_selected(e, &source, err);
    }
    if (status == REEL_OK)
        status = reel_expected_finish(&e->expected, err);
    if (e->misplaced > 1)
        reel_notes_say(e->report, REEL_NOTE_DAMAGE, REEL_E_INVALID, NULL, "A-2",
                       "the catalog says of %" PRIu64
                       " objects that they stand elsewhere",
                       e->misplaced);
    reel_expected_fini(&e->expected);
    reel_catalog_source_fini(&source);
    return status;
}

/* ---- a pipe ---- */

/* What the END of the archive says that did not come. */
static void
judge_end(struct reel_engine *e, const struct reel_read_item *item)
{
    struct reel_cursor c =
        reel_cursor_init(item->raw.data, item->raw.len, NULL);
    struct reel_record r;
    struct reel_end end;
    uint64_t from;
    uint64_t to;

    if (reel_record_next(&r, &c, NULL) != REEL_OK || r.type != REEL_RECORD_END)
        return;
    c = reel_record_cursor(&r);
    if (reel_end_accept(&end, item->of.archive, &c, NULL) != REEL_OK)
        return;
    from = e->last_number + 1;
    to   = end.objects + end.torn;
    if (to < from)
        return;
    e->result->lost += to - from + 1;
    e->last_number = to;
    reel_notes_say(e->report, REEL_NOTE_LOST, REEL_E_TRUNCATED, &item->of.pos,
                   "A-10",
                   "%" PRIu64 " objects are lost with their names: numbers "
                   "%" PRIu64 " to %" PRIu64,
                   to - from + 1, from, to);
}

struct piped {
    struct reel_engine *e;
    bool over; /* the archive is */
    bool have_end;
    bool further; /* another archive was met and told */
};

/* Which archive: the one asked for, else the first. */
static enum reel_status
pipe_archive(struct piped *p, uint32_t archive, struct reel_err *err)
{
    struct reel_engine *const e = p->e;

    if (e->archive == 0)
        e->archive = archive;
    if (archive == e->archive)
        return REEL_OK;
    if (archive > e->archive && !p->over) {
        p->over = true;
        REEL_TRY(reel_data_walk_finish(&e->data, false, err));
    }
    if (e->session->access->archive == 0 && !p->further)
        reel_notes_say(e->report, REEL_NOTE_SKIPPED, REEL_E_MISUSE, NULL, NULL,
                       "archive %u follows, and is passed over; from a pipe "
                       "the first one is read unless another is asked for",
                       archive);
    p->further = true;
    return REEL_OK;
}

static enum reel_status
pipe_item(struct piped *p, const struct reel_read_item *item,
          struct reel_err *err)
{
    if (item->of.event == REEL_DEBLOCK_ARCHIVE)
        return pipe_archive(p, item->of.archive, err);
    if (p->over || item->of.archive != p->e->archive)
        return REEL_OK;
    if (item->of.event == REEL_DEBLOCK_SEGMENT && item->status == REEL_OK &&
        item->of.kind == REEL_BLOCK_END) {
        p->over     = true;
        p->have_end = true;
        REEL_TRY(reel_data_walk_finish(&p->e->data, true, err));
        judge_end(p->e, item);
        return REEL_OK;
    }
    return walk_item(p->e, item, err);
}

static enum reel_status
run_pipe(struct reel_engine *e, struct reel_err *err)
{
    const struct reel_read_run run = {.jump           = true,
                                      .payload_offset = REEL_NONE32,
                                      .kinds = REEL_READ_KIND(REEL_BLOCK_DATA) |
                                               REEL_READ_KIND(REEL_BLOCK_END),
                                      .look     = reel_prover_look,
                                      .look_ctx = e->prover};
    struct piped p                 = {.e = e};
    uint64_t torn_count            = 0;
    const struct reel_read_item *item;
    enum reel_status status;

    e->archive         = e->session->access->archive;
    e->last            = UINT64_MAX;
    e->result->scanned = true;
    e->absent_before   = e->session->volume.number > 1;
    reel_data_walk_jump(&e->data);
    reel_prover_pipe(e->prover, e->archive);
    status = reel_read_start(e->session->pipeline, &run, err);
    while (status == REEL_OK) {
        status = reel_read_next(e->session->pipeline, &item, err);
        if (status != REEL_OK)
            break;
        reel_prover_pass(e->prover, item);
        status = pipe_item(&p, item, err);
    }
    reel_read_stop(e->session->pipeline);
    if (status != REEL_END)
        return status;
    e->goes_on = e->session->volume.goes_on && !p.over;
    if (!p.over)
        REEL_TRY(reel_data_walk_finish(&e->data, false, err));
    REEL_TRY(reel_torn_tell(&e->torn, e->report, NULL, NULL, &torn_count, err));
    e->result->lost += torn_count;
    if (e->goes_on)
        reel_notes_say(e->report, REEL_NOTE_WANTED, REEL_E_TRUNCATED, NULL,
                       "A-14",
                       "the archive goes on on volume %u; from a pipe one "
                       "volume is read",
                       e->session->volume.number + 1);
    else if (!p.have_end)
        reel_notes_say(e->report, REEL_NOTE_DAMAGE, REEL_E_TRUNCATED, NULL,
                       "A-14",
                       "the archive has no valid END; what stands "
                       "behind the last block is not known");
    return REEL_OK;
}

/* ---- all of it ---- */

static void
fini(struct reel_engine *e)
{
    reel_walk_free(e->data.walk);
    reel_prover_free(e->prover);
    reel_number_map_fini(&e->handed);
    reel_pending_links_fini(&e->pending);
    reel_kept_object_fini(&e->link);
    reel_kept_object_fini(&e->spanning);
    reel_torn_fini(&e->torn);
}

enum reel_status
reel_engine_run(struct reel_session *session, struct reel_sink *sink,
                struct reel_restore_result *result, struct reel_err *err)
{
    struct reel_walk_calls calls = reel_engine_calls;
    struct reel_engine e;
    struct reel_err second;
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    memset(&e, 0, sizeof(e));
    e.session       = session;
    e.report        = &session->access->report;
    e.sink          = sink;
    e.result        = result;
    e.damage.report = e.report;
    if (session->pipeline == NULL)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "content stands on the tape, and none is given");
    calls.ctx   = &e;
    e.data.walk = reel_walk_new(&calls, false);
    e.prover    = reel_prover_new();
    reel_pending_links_init(&e.pending, session->access->temporary_dir);
    reel_torn_init(&e.torn, session->access->temporary_dir);
    if (e.data.walk == NULL || e.prover == NULL) {
        reel_walk_free(e.data.walk);
        reel_prover_free(e.prover);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for reading");
    }
    if (!session->volume.can_locate && session->access->catalog_fd < 0)
        status = run_pipe(&e, err);
    else
        status = run_catalog(&e, err);
    if (status == REEL_OK) {
        reel_matcher_note_unmatched(&session->matcher, e.report);
        if (session->handed_out != NULL)
            status = session->handed_out(session, e.archive, e.result, err);
    }
    if (status == REEL_OK) {
        status = sink->ops->finish(sink, err);
    } else if (status == REEL_E_MEDIUM || status == REEL_E_STOPPED ||
               status == REEL_E_FULL) {
        /* What was handed in is good; the first failure is the one told. */
        if (sink->ops->finish(sink, &second) != REEL_OK)
            reel_notes_send(e.report, REEL_NOTE_SKIPPED, &second);
    }
    fini(&e);
    return status;
}
