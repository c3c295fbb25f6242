/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 12; verify: what is met on a medium, to whoever judges it. */
#include "reel/verify.h"

#include <string.h>

#include "archive_check.h"
#include "pipeline.h"
#include "quick.h"
#include "reel/alloc.h"
#include "volume_check.h"

struct verification {
    const struct reel_verify_options *options;
    const struct reel_verify_known *known; /* NULL: nothing is */
    struct reel_diagnoser diag;
    struct reel_verify_volume volume;
    struct reel_archive_check *archive; /* the one at hand; NULL: none yet */

    struct reel_block_header h; /* of the last block that begins something */
    uint16_t kind;              /* of the stretch at hand */
    uint64_t bad_before_mark;   /* bad blocks since the last good segment */
    uint64_t bad_behind_mark;   /* and behind the last filemark of those */
    bool missing;               /* a volume is, since the last good segment */
    bool mark_last;             /* what was met last is a filemark */
};

/* `item`: what ends it. */
static enum reel_status
finish_archive(struct verification *v, const struct reel_deblock_item *item,
               struct reel_err *err)
{
    enum reel_status status;

    if (v->archive == NULL)
        return REEL_OK;
    if (v->missing)
        v->archive->wanted = true;
    status = reel_archive_check_finish(v->archive, item, err);
    reel_archive_check_free(v->archive);
    v->archive = NULL;
    return status;
}

static enum reel_status
begin_archive(struct verification *v, const struct reel_deblock_item *item,
              struct reel_err *err)
{
    const bool bad = v->bad_before_mark + v->bad_behind_mark > 0;

    REEL_TRY(finish_archive(v, item, err));
    v->archive = reel_archive_check_new(&v->diag, item->archive);
    if (v->archive == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to verify an archive");
    v->diag.result->archives++;
    return reel_archive_check_begin(v->archive, &v->h, bad, v->missing, err);
}

/* ------------------------------------------------------------------ blocks */

static enum reel_status
on_bad(struct verification *v, const struct reel_deblock_item *item,
       struct reel_err *err)
{
    const bool invalid = item->err.status == REEL_E_INVALID;

    v->bad_behind_mark++;
    if (v->archive != NULL)
        reel_archive_check_bad(v->archive);
    if (v->volume.label_reel || v->volume.good_seen)
        reel_diagnose(&v->diag, invalid ? REEL_NOTE_INVALID : REEL_NOTE_DAMAGE,
                      &item->err, NULL);
    return reel_verify_volume_bad(&v->volume, err);
}

/* Data that end inside a segment belong to an archive without END, and that
   is told of as such. */
static bool
cut_off(const struct verification *v, const struct reel_deblock_item *item)
{
    return item->err.rule != NULL && strcmp(item->err.rule, "G-1") == 0 &&
           v->archive != NULL && !v->archive->catalog.have_end;
}

/* Were the blocks that are missing met as bad ones? Then all is said, and it
   is known on which side of a filemark they stood. */
static void
on_gap(struct verification *v, const struct reel_deblock_item *item)
{
    const uint64_t bad = v->bad_before_mark + v->bad_behind_mark;
    const bool explained =
        v->missing || (bad > 0 && item->missing_to - item->missing_from <= bad);
    const bool before_hurt =
        !explained || v->bad_before_mark > 0 || item->kind == v->kind;
    const bool behind_hurt = !explained || v->bad_behind_mark > 0;
    const bool invalid     = item->err.status != REEL_E_TRUNCATED;

    if (!explained && item->err.rule != NULL && !cut_off(v, item))
        reel_diagnose(&v->diag, invalid ? REEL_NOTE_INVALID : REEL_NOTE_DAMAGE,
                      &item->err, NULL);
    v->bad_before_mark = v->bad_behind_mark = 0;
    if (v->missing && v->archive != NULL && item->missing_to > 0)
        reel_archive_check_gap(v->archive, item->kind, REEL_BLOCK_DATA);
    else if (v->archive != NULL && (explained || !cut_off(v, item)))
        reel_archive_check_gap(v->archive, before_hurt ? item->kind : 0,
                               behind_hurt ? v->kind : 0);
}

/* A good block breaks a rule: one about its place makes all wrong that names
   it. */
static void
on_rule(struct verification *v, const struct reel_deblock_item *item)
{
    const char *const rule = item->err.rule;

    reel_diagnose(&v->diag, REEL_NOTE_INVALID, &item->err, NULL);
    if (v->archive != NULL &&
        (strcmp(rule, "B-20") == 0 || strcmp(rule, "L-10") == 0))
        reel_archive_check_astray(v->archive);
}

static enum reel_status
on_block(struct verification *v, const struct reel_verify_job *job,
         struct reel_err *err)
{
    const bool had_front = v->volume.good_seen;

    reel_verify_volume_block(&v->volume, job);
    if (!had_front && job->h.kind != REEL_BLOCK_VOLUME && v->archive != NULL)
        v->archive->unsure = true; /* its VOLUME belongs to the catalog */
    v->h    = job->h;
    v->kind = job->h.kind;
    if (v->archive != NULL && v->archive->number == job->h.archive)
        return reel_archive_check_block(v->archive, job, err);
    return REEL_OK;
}

/* The first block of an archive is announced before its archive is known. */
static enum reel_status
on_archive(struct verification *v, const struct reel_verify_job *job,
           struct reel_err *err)
{
    struct reel_verify_job first = *job;

    REEL_TRY(begin_archive(v, &job->item, err));
    first.h           = v->h;
    first.behind_mark = true;
    return reel_archive_check_block(v->archive, &first, err);
}

/* ---------------------------------------------------------------- segments */

static enum reel_status
on_broken_segment(struct verification *v, const struct reel_verify_job *job)
{
    reel_diagnose(&v->diag,
                  job->opened == REEL_E_CORRUPT ? REEL_NOTE_DAMAGE
                                                : REEL_NOTE_INVALID,
                  &job->why, NULL);
    if (v->archive != NULL)
        reel_archive_check_broken(v->archive, job->item.kind);
    return REEL_OK;
}

static void
judge_volume_record(struct verification *v, const struct reel_verify_job *job)
{
    struct reel_pos in = job->item.pos;
    struct reel_record r;
    struct reel_cursor c;
    struct reel_err why;
    enum reel_status status;

    in.in_segment = true;
    c             = reel_cursor_init(job->raw.data, job->raw.len, &in);
    while ((status = reel_record_next(&r, &c, &why)) == REEL_OK ||
           status == REEL_E_INVALID) {
        if (status != REEL_OK)
            reel_diagnose(&v->diag, REEL_NOTE_INVALID, &why, NULL);
        reel_verify_volume_record(&v->volume, &r);
    }
    if (status != REEL_END)
        reel_diagnose(&v->diag, REEL_NOTE_INVALID, &why, NULL);
}

static enum reel_status
on_segment(struct verification *v, const struct reel_verify_job *job,
           struct reel_err *err)
{
    v->bad_before_mark = v->bad_behind_mark = 0;
    v->missing = v->missing && job->item.kind == REEL_BLOCK_VOLUME;
    if (job->opened != REEL_OK)
        return on_broken_segment(v, job);
    if (job->item.kind == REEL_BLOCK_VOLUME)
        judge_volume_record(v, job);
    if (v->archive == NULL)
        return REEL_OK;
    return reel_archive_check_segment(v->archive, job, err);
}

/* -------------------------------------------------------------------- jobs */

static enum reel_status
on_item(struct verification *v, const struct reel_verify_job *job,
        struct reel_err *err)
{
    const struct reel_deblock_item *const item = &job->item;

    switch (item->event) {
    case REEL_DEBLOCK_SEGMENT:
        return on_segment(v, job, err);
    case REEL_DEBLOCK_BAD_BLOCK:
        return on_bad(v, item, err);
    case REEL_DEBLOCK_GAP:
        on_gap(v, item);
        return REEL_OK;
    case REEL_DEBLOCK_ARCHIVE:
        return on_archive(v, job, err);
    case REEL_DEBLOCK_RULE:
        on_rule(v, item);
        return REEL_OK;
    case REEL_DEBLOCK_REPEATED:
        reel_diagnose(&v->diag, REEL_NOTE_INVALID, &item->err, NULL);
        return REEL_OK;
    case REEL_DEBLOCK_FOREIGN:
        reel_diagnose(&v->diag, REEL_NOTE_DAMAGE, &item->err, NULL);
        return REEL_OK;
    case REEL_DEBLOCK_UNKNOWN:
        reel_diagnose(&v->diag,
                      item->err.rule != NULL ? REEL_NOTE_INFO : REEL_NOTE_LOST,
                      &item->err, NULL);
        return REEL_OK;
    case REEL_DEBLOCK_SUPERSEDED:
        if (v->archive != NULL)
            v->archive->superseded++;
        return REEL_OK;
    }
    return REEL_OK;
}

static enum reel_status
on_filemark(struct verification *v)
{
    v->bad_before_mark += v->bad_behind_mark;
    v->bad_behind_mark = 0;
    v->mark_last       = true;
    reel_verify_volume_filemark(&v->volume);
    if (v->archive != NULL)
        reel_archive_check_filemark(v->archive);
    return REEL_OK;
}

static enum reel_status
on_volume_end(struct verification *v, const struct reel_verify_job *job,
              struct reel_err *err)
{
    v->diag.result->volumes++;
    if (job->end_lost)
        reel_diagnose_end_lost(&v->diag, job->volume, job->address);
    REEL_TRY(reel_verify_volume_end(&v->volume, job, err));
    reel_verify_volume_init(&v->volume, &v->diag);
    if (v->archive != NULL)
        reel_archive_check_volume_end(v->archive);
    return REEL_OK;
}

/* A volume that cannot be had. Where it is not certain that there is one, an
   archive that stops as on a full volume says so; one that was interrupted is
   told of as incomplete. */
static void
on_wanted(struct verification *v, const struct reel_verify_job *job)
{
    const struct reel_archive_check *const a = v->archive;
    const bool open = a != NULL && !a->catalog.have_end && v->mark_last &&
                      !a->checkpoint_last;

    if (!job->certain && !open)
        return;
    v->missing = true;
    reel_diagnose_wanted(&v->diag, job->volume, job->last_volume, job->certain);
}

static enum reel_status
handle(void *ctx, const struct reel_verify_job *job, struct reel_err *err)
{
    struct verification *const v         = ctx;
    const struct reel_reporter *const to = &v->options->report;

    REEL_TRY(reel_diagnose_go_on(&v->diag, err));
    if (to->progress != NULL && job->kind == REEL_VERIFY_ITEM)
        to->progress(to->ctx, job->bytes,
                     v->diag.result->proven + v->diag.result->flawed +
                         v->diag.result->damaged + v->diag.result->lost);
    if (job->kind < REEL_VERIFY_VOLUME_END && job->kind != REEL_VERIFY_FILEMARK)
        v->mark_last = false;
    switch (job->kind) {
    case REEL_VERIFY_LABEL:
        return reel_verify_volume_label(&v->volume, job, err);
    case REEL_VERIFY_LEADER:
        return reel_verify_volume_leader(&v->volume, job, err);
    case REEL_VERIFY_FILEMARK:
        return on_filemark(v);
    case REEL_VERIFY_BLOCK:
        return on_block(v, job, err);
    case REEL_VERIFY_ITEM:
        return on_item(v, job, err);
    case REEL_VERIFY_VOLUME_END:
        return on_volume_end(v, job, err);
    case REEL_VERIFY_WANTED:
        on_wanted(v, job);
        return REEL_OK;
    case REEL_VERIFY_TAPE_END:
        break;
    }
    return finish_archive(v, &job->item, err);
}

static enum reel_status
verify_full(struct verification *v, struct reel_err *err)
{
    const unsigned int threads              = v->options->threads;
    struct reel_verify_result *const result = v->diag.result;
    struct reel_verify_feed feed;
    enum reel_status status;

    status = reel_verify_feed_init(&feed, v->options, threads > 1, err);
    if (status == REEL_OK && v->known != NULL)
        status = reel_verify_feed_know(&feed, v->known, err);
    if (status == REEL_OK)
        status = reel_verify_pipeline_run(&feed, threads, handle, v, err);
    result->blocks     = feed.blocks;
    result->bad_blocks = feed.bad_blocks;
    result->bytes      = feed.bytes;
    reel_verify_feed_fini(&feed);
    reel_archive_check_free(v->archive);
    return status;
}

enum reel_status
reel_verify(const struct reel_verify_options *options,
            struct reel_verify_result *result, struct reel_err *err)
{
    return reel_verify_listened(options, NULL, NULL, result, err);
}

enum reel_status
reel_verify_listened(const struct reel_verify_options *options,
                     const struct reel_verify_known *known,
                     const struct reel_verify_listener *listener,
                     struct reel_verify_result *result, struct reel_err *err)
{
    struct verification *v;
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    v = reel_alloc_array(1, sizeof(*v));
    if (v == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the verifier");
    v->options       = options;
    v->known         = known;
    v->diag.options  = options;
    v->diag.result   = result;
    v->diag.listener = listener;
    v->diag.known    = known != NULL;
    reel_verify_volume_init(&v->volume, &v->diag);
    status = options->depth == REEL_VERIFY_QUICK
                 ? reel_verify_quick(&v->diag, &v->volume, err)
                 : verify_full(v, err);
    reel_free(v);
    return status;
}
