/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 5 to 9; verify: one archive. */
#include "archive_parts.h"

#include <string.h>

#include "reel/alloc.h"

/* ------------------------------------------------- what the walk calls back */

static enum reel_status
on_archive(void *ctx, const struct reel_archive *facts, struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    (void)err;
    a->object.source = facts->source;
    reel_catalog_check_facts(&a->catalog, facts);
    return REEL_OK;
}

/* Object `number` is met: were some left out before it? */
static enum reel_status
arrive(struct reel_archive_check *a, uint64_t number, struct reel_err *err)
{
    if (a->number_due && !a->gap && number != a->next)
        reel_diagnose_rule(a->diag, &a->object.pos, "R-12",
                           "a run begins with object %llu, due is %llu",
                           (unsigned long long)number,
                           (unsigned long long)a->next);
    a->number_due = false;
    if (a->gap && number > a->next)
        REEL_TRY(reel_missing_add(&a->catalog.missing, a->next, number, err));
    a->gap = false;
    if (number >= a->next && number < UINT64_MAX)
        a->next = number + 1;
    return REEL_OK;
}

static enum reel_status
on_begin(void *ctx, uint64_t number, const struct reel_object *o,
         const struct reel_place *place, struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    (void)place;
    REEL_TRY(arrive(a, number, err));
    if (a->diag->listener != NULL)
        REEL_TRY(a->diag->listener->object(a->diag->listener->ctx, a->number,
                                           number, o, err));
    return reel_object_check_begin(&a->object, number, o, err);
}

static enum reel_status
on_orphan(void *ctx, uint64_t number, const struct reel_continued *k,
          struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    REEL_TRY(arrive(a, number, err));
    reel_object_check_orphan(&a->object, number, k);
    if (a->diag->listener == NULL)
        return REEL_OK;
    return a->diag->listener->orphan(a->diag->listener->ctx, a->number, number,
                                     k, err);
}

static enum reel_status
on_stream(void *ctx, const struct reel_stream *s, struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    reel_object_check_stream(&a->object, s);
    if (a->diag->listener == NULL)
        return REEL_OK;
    return a->diag->listener->stream(a->diag->listener->ctx, s, err);
}

static enum reel_status
on_data(void *ctx, const struct reel_data *d, struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    reel_object_check_data(&a->object, d);
    if (a->diag->listener == NULL)
        return REEL_OK;
    return a->diag->listener->data(a->diag->listener->ctx, d, err);
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    (void)number;
    if (outcome == REEL_WALK_PROVEN || outcome == REEL_WALK_FLAWED)
        a->whole++;
    else if (outcome == REEL_WALK_DAMAGED)
        a->partial++;
    if (a->diag->listener != NULL)
        REEL_TRY(
            a->diag->listener->end(a->diag->listener->ctx, e, outcome, err));
    return reel_object_check_end(&a->object, e, outcome, !a->run_changing, err);
}

static enum reel_status
on_record(void *ctx, const struct reel_record *r,
          const struct reel_place *place, struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    /* A segment may hold very many objects. */
    REEL_TRY(reel_diagnose_go_on(a->diag, err));
    a->object.pos = r->pos;
    return reel_catalog_check_data(&a->catalog, r, place, err);
}

static enum reel_status
on_fault(void *ctx, uint64_t number, const struct reel_err *why,
         struct reel_err *err)
{
    struct reel_archive_check *const a = ctx;

    (void)err;
    reel_object_check_fault(&a->object, number, why);
    if (why->rule != NULL && strcmp(why->rule, "C-4") == 0) {
        a->catalog.time_told = true;
        return REEL_OK; /* only to be told (12.2) */
    }
    a->faults++;
    /* Where a record could not be read, the rest of its segment, or of its
       object, is passed over. */
    if (why->rule != NULL &&
        (strcmp(why->rule, "R-12") != 0 && strcmp(why->rule, "R-13") != 0))
        a->gap = true;
    return REEL_OK;
}

/* ---------------------------------------------------------- begin and end */

struct reel_archive_check *
reel_archive_check_new(const struct reel_diagnoser *diag, uint32_t number)
{
    struct reel_archive_check *const a = reel_alloc_array(1, sizeof(*a));
    struct reel_walk_calls calls;

    if (a == NULL)
        return NULL;
    memset(&calls, 0, sizeof(calls));
    calls.ctx         = a;
    calls.archive     = on_archive;
    calls.begin       = on_begin;
    calls.orphan      = on_orphan;
    calls.stream      = on_stream;
    calls.data        = on_data;
    calls.end         = on_end;
    calls.record      = on_record;
    calls.fault       = on_fault;
    a->diag           = diag;
    a->number         = number;
    a->next           = 1;
    a->object.diag    = diag;
    a->object.links   = &a->links;
    a->object.archive = number;
    reel_links_check_init(&a->links, diag);
    a->walk = reel_walk_new(&calls, true);
    if (reel_catalog_check_init(&a->catalog, diag, number, NULL) != REEL_OK ||
        a->walk == NULL) {
        reel_archive_check_free(a);
        return NULL;
    }
    return a;
}

void
reel_archive_check_free(struct reel_archive_check *a)
{
    if (a == NULL)
        return;
    reel_walk_free(a->walk);
    reel_catalog_check_fini(&a->catalog);
    reel_links_check_fini(&a->links);
    reel_run_point_fini(&a->start);
    reel_run_point_fini(&a->point);
    reel_free(a->volumes);
    reel_free(a);
}

void
reel_archive_lose(struct reel_archive_check *a)
{
    a->lossy = true;
    a->gap   = true;
}

/* The next data do not go on from the last ones (12.2). */
void
reel_archive_break_off(struct reel_archive_check *a)
{
    a->gap    = true;
    a->broken = true;
    reel_walk_gap(a->walk);
}

enum reel_status
reel_archive_check_begin(struct reel_archive_check *a,
                         const struct reel_block_header *h, bool bad_before,
                         bool missing, struct reel_err *err)
{
    REEL_TRY(reel_walk_archive(a->walk, a->number, err));
    REEL_TRY(reel_archive_keep_point(a, &a->start, 0, err));
    a->run    = h->run;
    a->unsure = bad_before && h->kind != REEL_BLOCK_VOLUME;
    if (h->sequence == 0)
        return REEL_OK;
    a->unsure = true;
    if (h->kind != REEL_BLOCK_VOLUME || missing) {
        reel_archive_lose(a);
        reel_archive_break_off(a);
        return REEL_OK;
    }
    a->begun_late = true;
    reel_walk_jump(a->walk);
    reel_diagnose_info(a->diag, NULL,
                       "archive %u began on an earlier volume; it is judged "
                       "as far as it stands on this one",
                       a->number);
    if (h->volume > 1)
        reel_diagnose_wanted(a->diag, h->volume - 1, h->volume - 1, true);
    return REEL_OK;
}

bool
reel_archive_sure(const struct reel_archive_check *a)
{
    return !a->lossy && !a->unsure && a->faults == 0;
}

/* The object that was open when a run began is torn by it. */
enum reel_status
reel_archive_turn_run(struct reel_archive_check *a, struct reel_err *err)
{
    if (!a->run_turn)
        return REEL_OK;
    a->run_turn     = false;
    a->run_changing = true;
    REEL_TRY(reel_walk_run(a->walk, a->run_anew, err));
    a->run_changing = false;
    return REEL_OK;
}

static enum reel_status
end_data(struct reel_archive_check *a, bool complete, bool follows, bool torn,
         struct reel_err *err)
{
    if (a->data_ended)
        return REEL_OK;
    a->data_ended = true;
    if (torn)
        REEL_TRY(reel_archive_turn_run(a, err));
    if (!follows)
        reel_archive_break_off(a);
    REEL_TRY(reel_archive_turn_run(a, err));
    REEL_TRY(reel_walk_finish(a->walk, complete, err));
    if (a->gap)
        REEL_TRY(
            reel_missing_add(&a->catalog.missing, a->next, UINT64_MAX, err));
    return reel_catalog_check_data_end(&a->catalog, reel_archive_sure(a), err);
}

/* --------------------------------------------------------------- in between */

enum reel_status
reel_archive_check_block(struct reel_archive_check *a,
                         const struct reel_verify_job *job,
                         struct reel_err *err)
{
    struct reel_pos pos;

    if (job->superseded)
        return REEL_OK;
    a->checkpoint_last = false;
    if (job->h.run > a->run && job->h.kind != REEL_BLOCK_VOLUME)
        REEL_TRY(reel_archive_begin_run(a, job, err));
    REEL_TRY(reel_archive_tell_volumes(a, job->h.kind, err));
    memset(&pos, 0, sizeof(pos));
    pos.volume = job->h.volume;
    pos.block  = job->address;
    a->last    = pos;
    if (a->end_open && !a->bad_blocks)
        reel_diagnose_rule(a->diag, &pos, "A-13",
                           "the second END does not stand in a tape file of "
                           "its own");
    a->end_open = false;
    if (job->h.kind != REEL_BLOCK_END)
        return REEL_OK;
    a->ends++;
    if (job->behind_mark && (a->ends > 1 || a->bad_blocks)) {
        a->end_alone = true;
        a->end_open  = true;
    }
    return REEL_OK;
}

void
reel_archive_check_volume_end(struct reel_archive_check *a)
{
    reel_catalog_check_volume_end(&a->catalog);
}

void
reel_archive_check_filemark(struct reel_archive_check *a)
{
    a->end_open = false;
}

void
reel_archive_check_bad(struct reel_archive_check *a)
{
    a->bad_blocks = a->bad_blocks || a->catalog.row_seen || a->data_ended;
}

void
reel_archive_check_astray(struct reel_archive_check *a)
{
    a->unsure = true;
    reel_catalog_check_astray(&a->catalog);
}

void
reel_archive_check_gap(struct reel_archive_check *a, uint16_t before,
                       uint16_t behind)
{
    if (before == REEL_BLOCK_DATA || behind == REEL_BLOCK_DATA ||
        before == REEL_BLOCK_VOLUME)
        reel_archive_lose(a);
    if (behind == REEL_BLOCK_CATALOG || behind == REEL_BLOCK_END)
        a->bad_blocks = true;
    reel_catalog_check_gap(&a->catalog, before);
    reel_catalog_check_gap(&a->catalog, behind);
}

void
reel_archive_check_broken(struct reel_archive_check *a, uint16_t kind)
{
    if (kind == REEL_BLOCK_DATA)
        reel_archive_break_off(a);
    reel_archive_check_gap(a, kind, kind);
}

/* G-6 and G-9, against what ARCHIVE declares: false, and told, if the segment
   is not to be accepted. */
static bool
judge_limit(struct reel_archive_check *a, const struct reel_verify_job *job)
{
    const uint64_t window =
        reel_segment_window(job->item.packed.data, job->item.packed.len);
    const uint32_t limit = a->catalog.facts.segment_limit;

    if (!a->catalog.have_facts || job->item.kind == REEL_BLOCK_VOLUME)
        return true;
    if (job->raw.len > limit && !a->limit_told)
        reel_diagnose_rule(a->diag, &job->item.pos, "G-6",
                           "segment of %zu octets, the limit of the archive "
                           "is %u",
                           job->raw.len, limit);
    else if (window > limit && !a->limit_told)
        reel_diagnose_rule(a->diag, &job->item.pos, "G-9",
                           "zstd frame needs a window of %llu octets, the "
                           "limit of the archive is %u",
                           (unsigned long long)window, limit);
    if (job->raw.len <= limit && window <= limit)
        return true;
    a->limit_told = true; /* of the first: all are likely to */
    return false;
}

/* C-1: the zero field of the header, and the key of what is not encrypted.
   L-2, A-13: VOLUME and END are not packed. */
static void
judge_header(const struct reel_archive_check *a,
             const struct reel_verify_job *job)
{
    const bool volume    = job->item.kind == REEL_BLOCK_VOLUME;
    struct reel_cursor c = reel_cursor_init(
        job->item.packed.data, job->item.packed.len, &job->item.pos);
    struct reel_segment_header h;

    if (reel_segment_header_decode(&h, &c, REEL_SEGMENT_LIMIT_MAX, NULL) !=
        REEL_OK)
        return;
    if (h.compression != REEL_COMPRESSION_NONE &&
        (volume || job->item.kind == REEL_BLOCK_END))
        reel_diagnose_rule(a->diag, &job->item.pos, volume ? "L-2" : "A-13",
                           "the segment of %s is packed",
                           volume ? "VOLUME" : "END");
    if (h.zero != 0 || h.key != 0)
        reel_diagnose_rule(a->diag, &job->item.pos, "C-1",
                           "key or zero in a segment header is not zero");
}

static enum reel_status
on_data_segment(struct reel_archive_check *a, const struct reel_verify_job *job,
                struct reel_err *err)
{
    a->taken_to = job->h.sequence + 1;
    if (job->item.torn)
        REEL_TRY(reel_archive_turn_run(a, err));
    if (!job->item.follows)
        reel_archive_break_off(a);
    REEL_TRY(reel_archive_turn_run(a, err));
    if (a->run_unjudged)
        reel_archive_judge_run_record(a, job);
    a->run_unjudged = false;
    if (a->data_ended) {
        reel_diagnose_rule(a->diag, &job->item.pos, "A-13",
                           "data behind the catalog of their archive");
        return REEL_OK;
    }
    a->walked_bytes += job->raw.len;
    return reel_walk_segment(a->walk, job->raw.data, job->raw.len,
                             &job->item.place, &job->item.pos, err);
}

/* VOLUME is for the catalog of the archive for whose data it was begun. */
static enum reel_status
on_volume_segment(struct reel_archive_check *a,
                  const struct reel_verify_job *job, struct reel_err *err)
{
    struct reel_pos in = job->item.pos;
    struct reel_record r;
    struct reel_cursor c;
    enum reel_status status;
    bool held = false; /* 2.4: it stands alone there */

    in.in_segment = true;
    c             = reel_cursor_init(job->raw.data, job->raw.len, &in);
    while ((status = reel_record_next(&r, &c, NULL)) == REEL_OK ||
           status == REEL_E_INVALID) { /* it stands there all the same */
        reel_catalog_check_zeros(&a->catalog, &r);
        if (r.type != REEL_RECORD_VOLUME || held)
            continue;
        REEL_TRY(reel_archive_hold_volume(a, &r, &job->item.place, err));
        held = true;
    }
    return REEL_OK;
}

/* Behind a checkpoint a run may go on. */
static enum reel_status
on_checkpoint(struct reel_archive_check *a, const struct reel_verify_job *job,
              struct reel_err *err)
{
    const uint64_t behind = job->h.sequence + 1;

    a->checkpoint_last                                        = true;
    a->run_starts[a->run_start_count++ % REEL_RUN_STARTS_MAX] = behind;
    if (!reel_archive_may_copy(a))
        return REEL_OK; /* a run that goes on here cannot be compared */
    return reel_archive_keep_point(a, &a->point, behind, err);
}

enum reel_status
reel_archive_check_segment(struct reel_archive_check *a,
                           const struct reel_verify_job *job,
                           struct reel_err *err)
{
    const uint32_t checkpoint = a->catalog.checkpoint;

    if (!judge_limit(a, job)) {
        reel_archive_check_broken(a, job->item.kind);
        return REEL_OK;
    }
    judge_header(a, job);
    switch (job->item.kind) {
    case REEL_BLOCK_VOLUME:
        return on_volume_segment(a, job, err);
    case REEL_BLOCK_DATA:
        return on_data_segment(a, job, err);
    case REEL_BLOCK_CATALOG:
    case REEL_BLOCK_END:
        REEL_TRY(end_data(a, true, job->item.follows, job->item.torn, err));
        break;
    default:
        break;
    }
    REEL_TRY(reel_catalog_check_segment(&a->catalog, job, reel_archive_sure(a),
                                        &a->links, err));
    return a->catalog.checkpoint != checkpoint ? on_checkpoint(a, job, err)
                                               : REEL_OK;
}

/* ------------------------------------------------------------------ the sum */

/* A-13, where nothing that could not be read explains it. */
static void
judge_ends(struct reel_archive_check *a)
{
    if (a->bad_blocks || a->ends == 0)
        return;
    if (a->ends != 2 || !a->end_alone || a->end_open)
        reel_diagnose_rule(a->diag, &a->last, "A-13",
                           "END does not stand once behind the catalog and "
                           "once in a tape file of its own");
    else if (!a->catalog.row_seen && reel_archive_sure(a))
        reel_diagnose_rule(a->diag, &a->last, "A-13",
                           "END without a catalog before it");
}

static void
tell_incomplete(struct reel_archive_check *a)
{
    struct reel_err why;

    a->diag->result->incomplete_archives++;
    if (a->wanted)
        return;
    (void)reel_fail(&why, REEL_E_TRUNCATED, &a->last, NULL,
                    "archive %u has no END, so it is incomplete: its writer "
                    "was stopped, or the rest is elsewhere; %llu of its "
                    "objects are whole",
                    a->number, (unsigned long long)a->whole);
    reel_diagnose(a->diag, REEL_NOTE_DAMAGE, &why, NULL);
}

/* The fingerprint of the data is that of the archive if each object that END
   counts is whole, and none may be one of these that is not. */
static enum reel_status
tell_listener(const struct reel_archive_check *a, struct reel_err *err)
{
    const struct reel_catalog_check *const k = &a->catalog;
    struct reel_listened_archive is          = {.archive  = a->number,
                                                .complete = k->have_end};

    if (a->diag->listener == NULL)
        return REEL_OK;
    memcpy(is.fingerprint, k->made.fingerprint, sizeof(is.fingerprint));
    is.whole = k->have_end && a->partial == 0 &&
               a->whole == k->made.totals.objects &&
               (a->whole == k->end.objects || !a->broken);
    return a->diag->listener->archive(a->diag->listener->ctx, &is, err);
}

enum reel_status
reel_archive_check_finish(struct reel_archive_check *a,
                          const struct reel_deblock_item *item,
                          struct reel_err *err)
{
    struct reel_verify_archive *const last = &a->diag->result->last;

    REEL_TRY(end_data(a, false, item->follows, item->torn, err));
    judge_ends(a);
    reel_catalog_check_finish(&a->catalog, a->links.told);
    if (!a->catalog.have_end)
        tell_incomplete(a);
    if (a->superseded > 0)
        reel_diagnose_info(a->diag, NULL,
                           "%llu blocks of archive %u are superseded by a "
                           "later run",
                           (unsigned long long)a->superseded, a->number);
    if (a->links.unjudged > 0)
        reel_diagnose_info(a->diag, NULL,
                           "%llu links were not compared with their targets",
                           (unsigned long long)a->links.unjudged);
    memset(last, 0, sizeof(*last));
    last->archive      = a->number;
    last->complete     = a->catalog.have_end;
    last->objects      = a->catalog.made.totals.objects;
    last->stream_bytes = a->catalog.made.totals.stream_bytes;
    if (a->catalog.have_end) {
        last->objects      = a->catalog.end.objects;
        last->stream_bytes = a->catalog.end.stream_bytes;
        memcpy(last->fingerprint, a->catalog.end.fingerprint,
               sizeof(last->fingerprint));
    }
    return tell_listener(a, err);
}
