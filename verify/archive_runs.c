/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.3 and 9.2; verify: the runs of an archive, and which VOLUMEs its
   catalog holds. */
#include "archive_parts.h"

#include <string.h>

#include "reel/alloc.h"

/* ----------------------------------------------------------------- volumes */

enum reel_status
reel_archive_hold_volume(struct reel_archive_check *a,
                         const struct reel_record *r,
                         const struct reel_place *place, struct reel_err *err)
{
    struct reel_held_volume *v;

    if (r->whole.len > sizeof(v->octets)) /* told of: it cannot be decoded */
        return REEL_OK;
    if (a->volume_count == a->volume_capacity) {
        const size_t more =
            a->volume_capacity == 0 ? 4 : a->volume_capacity * 2;
        struct reel_held_volume *const bigger =
            reel_realloc_array(a->volumes, more, sizeof(*bigger));

        if (bigger == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the list of volumes");
        a->volumes         = bigger;
        a->volume_capacity = more;
    }
    v        = &a->volumes[a->volume_count++];
    v->len   = r->whole.len;
    v->place = *place;
    memcpy(v->octets, r->whole.data, r->whole.len);
    return REEL_OK;
}

static enum reel_status
volume_to_catalog(struct reel_archive_check *a,
                  const struct reel_held_volume *v, struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(v->octets, v->len, NULL);
    struct reel_record r;
    const enum reel_status status = reel_record_next(&r, &c, NULL);

    if (status != REEL_OK && status != REEL_E_INVALID) /* told of before */
        return REEL_OK;
    return reel_catalog_record(a->catalog.made.catalog, &r, &v->place, err);
}

/* 9.2: VOLUMEs stand in front of the first segment of data behind them. */
enum reel_status
reel_archive_tell_volumes(struct reel_archive_check *a, uint16_t kind,
                          struct reel_err *err)
{
    if (kind != REEL_BLOCK_DATA)
        return REEL_OK;
    for (; a->volumes_told < a->volume_count; a->volumes_told++)
        REEL_TRY(volume_to_catalog(a, &a->volumes[a->volumes_told], err));
    return REEL_OK;
}

/* -------------------------------------------------------------------- runs */

#define LINK_BYTES 64U               /* of one in the tables, about */
#define COPIED_FREE_BYTES (1U << 20) /* at any time */

bool
reel_archive_may_copy(const struct reel_archive_check *a)
{
    const uint64_t links = (uint64_t)a->links.capacity + a->links.open_capacity;

    return links * LINK_BYTES <= COPIED_FREE_BYTES ||
           links * LINK_BYTES <= a->walked_bytes;
}

enum reel_status
reel_archive_keep_point(struct reel_archive_check *a, struct reel_run_point *p,
                        uint64_t sequence, struct reel_err *err)
{
    REEL_TRY(reel_run_point_keep(p, &a->catalog, &a->links, err));
    a->walked_bytes = 0;
    p->sequence     = sequence;
    p->next         = a->next;
    p->whole        = a->whole;
    p->partial      = a->partial;
    p->faults       = a->faults;
    p->lossy        = a->lossy;
    p->gap          = a->gap;
    p->unsure       = a->unsure;
    p->volumes      = a->volumes_told;
    return REEL_OK;
}

/* What was taken behind the point has no meaning, VOLUME apart. */
static enum reel_status
go_back(struct reel_archive_check *a, const struct reel_run_point *p,
        struct reel_err *err)
{
    REEL_TRY(reel_run_point_restore(p, &a->catalog, &a->links, err));
    a->walked_bytes = 0;
    a->next         = p->next;
    a->whole        = p->whole;
    a->partial      = p->partial;
    a->faults       = p->faults;
    a->lossy        = p->lossy;
    a->gap          = p->gap;
    a->unsure       = p->unsure;
    a->data_ended   = false;
    a->number_due   = p->sequence > 0;
    a->taken_to     = p->sequence;
    if (p->sequence > 0)
        reel_walk_jump(a->walk);
    a->volumes_told = p->volumes;
    return REEL_OK;
}

/* B-22, as far as the checkpoints are known. */
static bool
start_legal(const struct reel_archive_check *a,
            const struct reel_block_header *h)
{
    uint64_t i;

    if (h->run_start == 0 || h->kind == REEL_BLOCK_CATALOG ||
        a->run_start_count > REEL_RUN_STARTS_MAX || !reel_archive_sure(a) ||
        a->catalog.checkpoint_unsure)
        return true;
    for (i = 0; i < a->run_start_count; i++)
        if (a->run_starts[i] == h->run_start)
            return true;
    return a->catalog.row_seen && a->catalog.row.first.sequence == h->run_start;
}

static enum reel_status
cannot_go_back(struct reel_archive_check *a, const struct reel_block_header *h,
               const struct reel_pos *pos)
{
    a->unsure = true;
    reel_walk_jump(a->walk);
    reel_diagnose_info(a->diag, pos,
                       "run %u supersedes blocks that were judged already; "
                       "the catalog cannot be compared",
                       h->run);
    return REEL_OK;
}

/* Where does it go on? What was taken of lower runs from there on counts for
   nothing; it was passed over already where the run was known beforehand. */
static enum reel_status
take_run_start(struct reel_archive_check *a, const struct reel_block_header *h,
               const struct reel_pos *pos, struct reel_err *err)
{
    const uint64_t start = h->run_start;
    const bool too_far =
        start < a->taken_to || (a->data_ended && h->kind == REEL_BLOCK_DATA);

    if (!start_legal(a, h))
        reel_diagnose_rule(a->diag, pos, "B-22",
                           "run %u begins at block %llu of the archive: no "
                           "checkpoint ends before it, and no catalog begins "
                           "there",
                           h->run, (unsigned long long)start);
    if (!too_far)
        return REEL_OK;
    REEL_TRY(reel_archive_turn_run(a, err));
    if (!reel_archive_may_copy(a)) /* of the links that are known by now */
        return cannot_go_back(a, h, pos);
    if (a->point.held && a->point.sequence == start)
        return go_back(a, &a->point, err);
    if (start == 0)
        return go_back(a, &a->start, err);
    return cannot_go_back(a, h, pos);
}

/* The first block of a higher run, VOLUME apart. */
enum reel_status
reel_archive_begin_run(struct reel_archive_check *a,
                       const struct reel_verify_job *job, struct reel_err *err)
{
    struct reel_pos pos;

    memset(&pos, 0, sizeof(pos));
    pos.volume      = job->h.volume;
    pos.block       = job->address;
    a->run          = job->h.run;
    a->run_unjudged = job->run_begins;
    a->run_turn     = true;
    a->run_anew     = job->h.run_start == 0;
    REEL_TRY(take_run_start(a, &job->h, &pos, err));
    a->ends      = 0;
    a->end_alone = false;
    a->end_open  = false;
    reel_links_check_again(&a->links);
    if (job->run_begins && job->h.first_segment != 0) { /* told of, B-19 */
        reel_archive_lose(a);
        a->broken = true;
    }
    return reel_catalog_check_again(&a->catalog, err);
}

/* B-19, as far as the first record of a run tells. */
void
reel_archive_judge_run_record(struct reel_archive_check *a,
                              const struct reel_verify_job *job)
{
    struct reel_cursor c =
        reel_cursor_init(job->raw.data, job->raw.len, &job->item.pos);
    struct reel_record r;

    if (reel_record_next(&r, &c, NULL) != REEL_OK ||
        r.type != REEL_RECORD_CONTINUED)
        return;
    reel_diagnose_rule(a->diag, &job->item.pos, "B-19",
                       "run %u begins inside an object", a->run);
    reel_archive_lose(a);
    reel_archive_break_off(a);
}
