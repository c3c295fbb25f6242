/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3 and 9.6; writer: what an interrupted archive left. */
#include "resume.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/segment.h"
#include "resume_search.h"

enum reel_status
reel_resume_no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory to resume an archive");
}

static enum reel_status
nothing(struct reel_err *err, const char *why)
{
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL, "nothing to resume: %s",
                     why);
}

/* --------------------------------------------------------------------- head */

static enum reel_status
keep_archive(struct reel_resume *r, const struct reel_record *rec,
             struct reel_err *err)
{
    struct reel_cursor c;

    if (r->archive_record != NULL)
        return REEL_OK;
    r->archive_record = reel_alloc_array(rec->payload.len + 1, 1);
    if (r->archive_record == NULL)
        return reel_resume_no_memory(err);
    memcpy(r->archive_record, rec->payload.data, rec->payload.len);
    c = reel_cursor_init(r->archive_record, rec->payload.len, NULL);
    return reel_archive_decode(&r->facts, &c, err);
}

/* A record behind which the head may end. END: it has. */
static enum reel_status
head_record(struct reel_resume *r, const struct reel_record *rec,
            struct reel_err *err)
{
    switch (rec->type) {
    case REEL_RECORD_ARCHIVE:
        REEL_TRY(keep_archive(r, rec, err));
        return reel_spool_add(&r->head, rec->whole, err);
    case REEL_RECORD_SOURCE:
    case REEL_RECORD_EARLIER_VOLUME:
    case REEL_RECORD_EARLIER_ARCHIVE:
        return reel_spool_add(&r->head, rec->whole, err);
    case REEL_RECORD_OBJECT:
        r->head_whole = true;
        return REEL_END;
    default:
        return REEL_OK;
    }
}

static enum reel_status
head_of_slices(void *ctx, const struct reel_record *rec, uint64_t behind,
               struct reel_err *err)
{
    (void)behind;
    return head_record(ctx, rec, err);
}

static enum reel_status
head_of_data(void *ctx, struct reel_bytes packed, struct reel_bytes raw,
             struct reel_err *err)
{
    struct reel_cursor c    = reel_cursor_init(raw.data, raw.len, NULL);
    enum reel_status status = REEL_OK;
    struct reel_record rec;

    (void)packed;
    while (status == REEL_OK && reel_record_next(&rec, &c, NULL) == REEL_OK)
        status = head_record(ctx, &rec, err);
    return status;
}

static enum reel_status
read_head(struct reel_resume *r, const struct reel_resume_search *s,
          struct reel_err *err)
{
    struct reel_segment_wish wish = {NULL, r->set_id, r->archive,
                                     REEL_BLOCK_DATA, s->head_address};
    enum reel_status status;

    if (r->chain_count > 0) {
        status = reel_resume_each(r, head_of_slices, r, err);
        if (status != REEL_OK && status != REEL_END)
            return status;
    } else if (s->head) {
        REEL_TRY(reel_resume_need_volume(r, s->head_volume, err));
        wish.medium = r->medium;
        REEL_TRY(reel_segment_row_read(&r->row, &wish, head_of_data, r, err));
    }
    if (r->archive_record == NULL || !r->head_whole)
        return nothing(err, "too little of the archive stands on the medium; "
                            "write it anew");
    return REEL_OK;
}

/* ------------------------------------------------------------------- public */

static enum reel_status
prepare(struct reel_resume *r, const char *temporary_dir, struct reel_err *err)
{
    REEL_TRY(reel_spool_init(&r->slices, temporary_dir, err));
    REEL_TRY(reel_spool_init(&r->head, temporary_dir, err));
    return reel_segment_row_init(&r->row, err);
}

static enum reel_status
find(struct reel_resume *r, const struct reel_append *a, struct reel_err *err)
{
    struct reel_volume_look *l;
    struct reel_resume_search s = {0};
    enum reel_status status;
    uint32_t number;

    REEL_TRY(reel_resume_learn_volume(r, &a->look, err));
    for (number = r->last_volume;; number--) {
        REEL_TRY(reel_resume_search(r, &s, number, err));
        if (r->chain_count > 0 || s.head || s.older || number <= 1)
            break;
    }
    REEL_TRY(read_head(r, &s, err));
    r->first_volume = r->chain_count > 0
                          ? r->chain[r->chain_count - 1].checkpoint.slice.volume
                          : s.head_volume;
    if (r->at_volume == r->last_volume)
        return REEL_OK;
    l = reel_alloc_array(1, sizeof(*l));
    if (l == NULL)
        return reel_resume_no_memory(err);
    status = reel_resume_get_volume(r, r->last_volume, true, l, err);
    reel_free(l);
    return status;
}

enum reel_status
reel_resume_find(struct reel_resume *r, const struct reel_append *a,
                 struct reel_medium *medium, const struct reel_volumes *volumes,
                 const char *temporary_dir, struct reel_err *err)
{
    memset(r, 0, sizeof(*r));
    r->known          = a;
    r->slices.file.fd = -1;
    r->head.file.fd   = -1;
    r->medium         = medium;
    r->volumes        = volumes;
    if (a->archive <= 1)
        return nothing(err, "no archive was begun on the medium; write one "
                            "without --resume");
    if (a->archives[a->archive_count - 1].complete)
        return nothing(err, "the newest archive on the medium is complete; "
                            "without --resume a new one is written");
    memcpy(r->set_id, a->set_id, sizeof(r->set_id));
    r->archive     = a->archive - 1;
    r->last_volume = a->volume;
    r->at_volume   = a->volume;
    REEL_TRY(prepare(r, temporary_dir, err));
    return find(r, a, err);
}

void
reel_resume_fini(struct reel_resume *r)
{
    if (r->slices.file.directory != NULL || r->slices.file.fd > 0)
        reel_spool_fini(&r->slices);
    if (r->head.file.directory != NULL || r->head.file.fd > 0)
        reel_spool_fini(&r->head);
    reel_segment_row_fini(&r->row);
    reel_free(r->archive_record);
    reel_free(r->chain);
    reel_free(r->seen);
    reel_known_fini(&r->runs);
    memset(r, 0, sizeof(*r));
}

/* Every record of one segment. */
static enum reel_status
each_record(struct reel_bytes raw, uint64_t behind, reel_resume_record_fn fn,
            void *ctx, struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(raw.data, raw.len, NULL);
    struct reel_record rec;
    enum reel_status status;

    while ((status = reel_record_next(&rec, &c, err)) == REEL_OK)
        REEL_TRY(fn(ctx, &rec, behind, err));
    return status == REEL_END ? REEL_OK : status;
}

enum reel_status
reel_resume_each(struct reel_resume *r, reel_resume_record_fn fn, void *ctx,
                 struct reel_err *err)
{
    size_t i;

    for (i = r->chain_count; i-- > 0;) {
        uint64_t at = r->chain[i].begin;

        while (at < r->chain[i].end) {
            struct reel_bytes packed;
            struct reel_bytes raw;

            REEL_TRY(reel_spool_next(&r->slices, &at, &packed, err));
            REEL_TRY(reel_segment_open(r->row.unpacker, packed.data, packed.len,
                                       r->row.raw, REEL_SEGMENT_LIMIT_MAX, &raw,
                                       NULL, err));
            REEL_TRY(each_record(raw, r->chain[i].behind, fn, ctx, err));
        }
    }
    return REEL_OK;
}
