/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3 and 9.6; writer: what an interrupted archive left. */
#include "resume.h"

#include <stdio.h>
#include <string.h>

#include "asking.h"
#include "data_end.h"
#include "reel/alloc.h"
#include "reel/segment.h"

static enum reel_status
no_memory(struct reel_err *err)
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

/* ------------------------------------------------------------------- blocks */

/* What stands at `address`: a good block of the archive, or not. */
static enum reel_status
read_block(struct reel_resume *r, struct reel_block_header *h,
           enum reel_event *event, bool *good, struct reel_err *err)
{
    enum reel_status status;
    size_t bytes;

    *good = false;
    REEL_TRY(reel_medium_read(r->medium, r->row.buf, REEL_BLOCK_BYTES_MAX,
                              event, &bytes, err));
    if (*event != REEL_EVENT_BLOCK)
        return REEL_OK;
    status = reel_block_decode(h, r->row.buf, bytes, NULL, err);
    if (status == REEL_E_UNSUPPORTED)
        return status;
    *good = status == REEL_OK &&
            memcmp(h->set_id, r->set_id, sizeof(r->set_id)) == 0 &&
            h->archive == r->archive;
    return REEL_OK;
}

/* Remember the run that block `h` belongs to. */
static enum reel_status
learn_run(struct reel_resume *r, const struct reel_block_header *h,
          struct reel_err *err)
{
    struct reel_resume_run *more;
    size_t i;

    if (h->run > r->run)
        r->run = h->run;
    for (i = 0; i < r->run_count; i++)
        if (r->runs[i].run == h->run)
            return REEL_OK;
    more = reel_realloc_array(r->runs, r->run_count + 1, sizeof(*more));
    if (more == NULL)
        return no_memory(err);
    r->runs                     = more;
    r->runs[r->run_count].run   = h->run;
    r->runs[r->run_count].start = h->run_start;
    r->run_count++;
    return REEL_OK;
}

/* B-18, as far as later runs were met. */
static bool
superseded(const struct reel_resume *r, uint32_t run, uint64_t sequence)
{
    size_t i;

    for (i = 0; i < r->run_count; i++)
        if (r->runs[i].run > run && r->runs[i].start <= sequence)
            return true;
    return false;
}

/* ------------------------------------------------------------------ volumes */

/* Remember the volume in the drive, which was looked at. */
static enum reel_status
learn_volume(struct reel_resume *r, const struct reel_volume_look *l,
             struct reel_err *err)
{
    struct reel_resume_volume *const more =
        reel_realloc_array(r->seen, r->seen_count + 1, sizeof(*more));
    struct reel_resume_volume *v;

    if (more == NULL)
        return no_memory(err);
    r->seen = more;
    v       = &more[r->seen_count++];
    memset(v, 0, sizeof(*v));
    v->number = l->volume.volume;
    if (l->header.archive == r->archive) {
        memcpy(v->record, l->record, l->record_bytes);
        v->record_bytes = l->record_bytes;
        REEL_TRY(learn_run(r, &l->header, err));
    }
    return REEL_OK;
}

/* Is it volume `number` of the set? If not, it is refused. */
static enum reel_status
judge_volume(struct reel_resume *r, uint32_t number, struct reel_volume_look *l,
             struct reel_asking *a, struct reel_err *err)
{
    const enum reel_status status =
        reel_volume_look_at(l, r->medium, r->row.buf, err);
    char why[64];

    if (status == REEL_E_MEDIUM) {
        reel_asking_refuse(a, "it cannot be read: ", err->text);
    } else if (status != REEL_OK) {
        return status;
    } else if (l->state != REEL_VOLUME_REEL ||
               memcmp(l->volume.set_id, r->set_id, sizeof(r->set_id)) != 0) {
        reel_asking_refuse(a, "it is no volume of this set", "");
    } else if (l->volume.volume != number) {
        (void)snprintf(why, sizeof(why), "it is volume %u of the set",
                       l->volume.volume);
        reel_asking_refuse(a, why, "");
    }
    return REEL_OK;
}

/* Its id without spaces; "" if no catalog at hand tells it. */
static void
find_id(const struct reel_resume *r, uint32_t number,
        char id[REEL_VOLUME_ID_BYTES + 1])
{
    size_t i;

    memset(id, 0, REEL_VOLUME_ID_BYTES + 1);
    for (i = 0; i < r->known->volume_count; i++)
        if (r->known->volumes[i].volume == number)
            memcpy(id, r->known->volumes[i].volume_id, REEL_VOLUME_ID_BYTES);
    for (i = REEL_VOLUME_ID_BYTES; i > 0 && id[i - 1] == ' '; i--)
        id[i - 1] = '\0';
}

static enum reel_status
not_to_be_had(const struct reel_asking *a, uint32_t number, const char *id,
              struct reel_err *err)
{
    const bool refused = a->refused[0] != '\0';

    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "volume %u%s%s%s is needed to resume, and is not to be "
                     "had%s%s; nothing was changed",
                     number, id[0] == '\0' ? "" : " (", id,
                     id[0] == '\0' ? "" : ")", refused ? ": " : "", a->refused);
}

/* Get volume `number` of the set into the drive. */
static enum reel_status
get_volume(struct reel_resume *r, uint32_t number, bool write,
           struct reel_volume_look *l, struct reel_err *err)
{
    char id[REEL_VOLUME_ID_BYTES + 1];
    struct reel_volume_wish wish = {number, write, r->set_id, NULL, NULL};
    struct reel_asking a         = {0};
    enum reel_status status;

    find_id(r, number, id);
    if (id[0] != '\0')
        wish.volume_id = id;
    do {
        r->medium = NULL;
        status    = reel_asking_get(&a, r->volumes, &wish, &r->medium, err);
        if (status == REEL_END)
            return not_to_be_had(&a, number, id, err);
        REEL_TRY(status);
        REEL_TRY(judge_volume(r, number, l, &a, err));
    } while (a.refused[0] != '\0');
    r->at_volume = number;
    return REEL_OK;
}

/* Have volume `number` in the drive, to be read. */
static enum reel_status
need_volume(struct reel_resume *r, uint32_t number, struct reel_err *err)
{
    struct reel_volume_look *l;
    enum reel_status status;
    size_t i;

    if (r->at_volume == number)
        return REEL_OK;
    l = reel_alloc_array(1, sizeof(*l));
    if (l == NULL)
        return no_memory(err);
    status = get_volume(r, number, false, l, err);
    for (i = 0; i < r->seen_count && r->seen[i].number != number; i++)
        continue;
    if (status == REEL_OK && i == r->seen_count)
        status = learn_volume(r, l, err);
    reel_free(l);
    return status;
}

/* ------------------------------------------------------------------- slices */

/* What a slice adds up to. */
struct slice_sum {
    struct reel_resume *r;
    struct reel_sha256 digest;
    uint64_t records;
    uint64_t bytes;
    bool closed; /* CHECKPOINT was met: */
    struct reel_checkpoint checkpoint;
};

static enum reel_status
take_slice(void *ctx, struct reel_bytes packed, struct reel_bytes raw,
           struct reel_err *err)
{
    struct slice_sum *const row = ctx;
    struct reel_cursor c        = reel_cursor_init(raw.data, raw.len, NULL);
    struct reel_record rec;
    struct reel_cursor k;

    while (reel_record_next(&rec, &c, NULL) == REEL_OK) {
        if (rec.type == REEL_RECORD_CHECKPOINT) {
            k = reel_record_cursor(&rec);
            row->closed =
                reel_checkpoint_decode(&row->checkpoint, &k, NULL) == REEL_OK;
            continue;
        }
        reel_sha256_update(&row->digest, rec.whole.data, rec.whole.len);
        row->records++;
        row->bytes += rec.whole.len;
    }
    return reel_spool_add(&row->r->slices, packed, err);
}

/* The slice whose first block `h` stands at `address`. *valid: it is what its
   CHECKPOINT says, and the newest of the chain. */
static enum reel_status
read_slice(struct reel_resume *r, const struct reel_block_header *h,
           uint64_t address, bool *valid, struct reel_err *err)
{
    const struct reel_segment_wish wish = {r->medium, r->set_id, r->archive,
                                           REEL_BLOCK_CHECKPOINT, address};
    struct slice_sum row                = {.r = r};
    struct reel_resume_slice slice      = {.begin = r->slices.written};
    struct reel_resume_slice *more;
    uint8_t digest[REEL_DIGEST_BYTES];

    *valid = false;
    reel_sha256_init(&row.digest);
    REEL_TRY(reel_segment_row_read(&r->row, &wish, take_slice, &row, err));
    reel_sha256_final(&row.digest, digest);
    slice.checkpoint  = row.checkpoint;
    slice.behind      = r->row.next;
    slice.end         = r->slices.written;
    r->slices.written = slice.begin;
    if (!row.closed || r->row.have > 0 ||
        row.checkpoint.slice_records != row.records ||
        row.checkpoint.slice_bytes != row.bytes ||
        row.checkpoint.slice.sequence != h->sequence ||
        row.checkpoint.slice.volume != h->volume ||
        memcmp(row.checkpoint.slice_digest, digest, sizeof(digest)) != 0)
        return REEL_OK;
    more = reel_realloc_array(r->chain, r->chain_count + 1, sizeof(*more));
    if (more == NULL)
        return no_memory(err);
    r->chain                   = more;
    r->chain[r->chain_count++] = slice;
    r->slices.written          = slice.end;
    *valid                     = true;
    return REEL_OK;
}

/* Where the newest of the chain says the one before it is. *valid: there it
   was found. */
static enum reel_status
follow(struct reel_resume *r, bool *valid, struct reel_err *err)
{
    const struct reel_checkpoint k = r->chain[r->chain_count - 1].checkpoint;
    struct reel_block_header h;
    enum reel_event event;
    enum reel_status status;
    bool good;

    *valid = false;
    REEL_TRY(need_volume(r, k.previous.volume, err));
    status = reel_medium_locate(r->medium, k.previous.address, err);
    if (status == REEL_E_TRUNCATED)
        return REEL_OK;
    REEL_TRY(status);
    REEL_TRY(read_block(r, &h, &event, &good, err));
    if (!good || h.kind != REEL_BLOCK_CHECKPOINT ||
        h.sequence != k.previous.sequence)
        return REEL_OK;
    REEL_TRY(read_slice(r, &h, k.previous.address, valid, err));
    if (*valid &&
        r->chain[r->chain_count - 1].checkpoint.number != k.previous_number)
        *valid = false;
    return REEL_OK;
}

static void
forget_chain(struct reel_resume *r)
{
    r->chain_count    = 0;
    r->slices.written = 0;
}

/* A candidate: all of its chain has to be there. */
static enum reel_status
try_chain(struct reel_resume *r, const struct reel_block_header *h,
          uint64_t address, struct reel_err *err)
{
    bool valid;

    REEL_TRY(read_slice(r, h, address, &valid, err));
    while (valid && r->chain[r->chain_count - 1].checkpoint.number > 1)
        REEL_TRY(follow(r, &valid, err));
    if (!valid)
        forget_chain(r);
    return REEL_OK;
}

/* ------------------------------------------------- the tape files, backward */

/* Where the archive's first block of data stands, once it was met. */
struct search {
    bool head; /* block 0 of the archive is at: */
    uint64_t head_address;
    uint32_t head_volume;
    uint32_t head_run;
    bool older; /* something of an earlier archive was met */
};

static void
learn_head(struct search *s, const struct reel_block_header *h,
           uint64_t address)
{
    if (s->head && s->head_run >= h->run)
        return;
    s->head         = true;
    s->head_run     = h->run;
    s->head_address = address;
    s->head_volume  = h->volume;
}

/* The tape file that begins at `begin`: whose is it? */
static enum reel_status
look_at_file(struct reel_resume *r, struct search *s, uint64_t begin,
             struct reel_err *err)
{
    uint64_t at = begin;
    struct reel_block_header h;
    enum reel_event event;
    bool good;

    REEL_TRY(reel_medium_locate(r->medium, begin, err));
    REEL_TRY(read_block(r, &h, &event, &good, err));
    if (good && h.kind == REEL_BLOCK_VOLUME) {
        at++;
        REEL_TRY(read_block(r, &h, &event, &good, err));
    }
    if (!good) {
        s->older |= event == REEL_EVENT_BLOCK && h.archive != 0 &&
                    h.archive < r->archive &&
                    memcmp(h.set_id, r->set_id, sizeof(r->set_id)) == 0;
        return REEL_OK;
    }
    REEL_TRY(learn_run(r, &h, err));
    if (h.kind == REEL_BLOCK_DATA && h.sequence == 0)
        learn_head(s, &h, at);
    if (h.kind != REEL_BLOCK_CHECKPOINT || superseded(r, h.run, h.sequence))
        return REEL_OK;
    return try_chain(r, &h, at, err);
}

/* Behind the last filemark that can be passed. */
static enum reel_status
hop_to_end(struct reel_resume *r, uint64_t *end, struct reel_err *err)
{
    enum reel_status status = reel_medium_locate(r->medium, 0, err);
    int64_t passed          = 1;

    *end = 0;
    while (status == REEL_OK && passed == 1) {
        status = reel_medium_space_filemarks(r->medium, 1, &passed, err);
        if (status == REEL_OK && passed == 1)
            status = reel_medium_tell(r->medium, end, err);
    }
    return status == REEL_E_MEDIUM && *end > 0 ? REEL_OK : status;
}

/* Where the data of the volume at hand end. Where the drive does not find it:
   where the last tape file begins, which is looked at as far as that goes. */
static enum reel_status
find_end(struct reel_resume *r, struct search *s, uint64_t *end,
         struct reel_err *err)
{
    enum reel_status status = reel_medium_end_of_data(r->medium, err);

    if (status == REEL_OK)
        return reel_medium_tell(r->medium, end, err);
    if (status != REEL_E_MEDIUM)
        return status;
    REEL_TRY(hop_to_end(r, end, err));
    status = look_at_file(r, s, *end, err);
    if (status == REEL_E_MEDIUM)
        forget_chain(r);
    return status == REEL_E_MEDIUM ? REEL_OK : status;
}

/* Go through the tape files of volume `number` from its end, until a
   checkpoint is found or the archive has begun. */
static enum reel_status
search_volume(struct reel_resume *r, struct search *s, uint32_t number,
              struct reel_err *err)
{
    uint64_t end;
    uint64_t begin;
    int64_t passed = -1;

    REEL_TRY(need_volume(r, number, err));
    REEL_TRY(find_end(r, s, &end, err));
    while (passed != 0 && r->chain_count == 0 && !s->older) {
        REEL_TRY(need_volume(r, number, err));
        REEL_TRY(reel_medium_locate(r->medium, end, err));
        REEL_TRY(reel_medium_space_filemarks(r->medium, -1, &passed, err));
        REEL_TRY(reel_medium_tell(r->medium, &begin, err));
        begin += passed != 0;
        if (begin < end)
            REEL_TRY(look_at_file(r, s, begin, err));
        end = begin - (passed != 0);
    }
    return REEL_OK;
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
        return no_memory(err);
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
read_head(struct reel_resume *r, const struct search *s, struct reel_err *err)
{
    struct reel_segment_wish wish = {NULL, r->set_id, r->archive,
                                     REEL_BLOCK_DATA, s->head_address};
    enum reel_status status;

    if (r->chain_count > 0) {
        status = reel_resume_each(r, head_of_slices, r, err);
        if (status != REEL_OK && status != REEL_END)
            return status;
    } else if (s->head) {
        REEL_TRY(need_volume(r, s->head_volume, err));
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
    struct search s = {0};
    enum reel_status status;
    uint32_t number;

    REEL_TRY(learn_volume(r, &a->look, err));
    for (number = r->last_volume;; number--) {
        REEL_TRY(search_volume(r, &s, number, err));
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
        return no_memory(err);
    status = get_volume(r, r->last_volume, true, l, err);
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
        return nothing(err, "no archive was begun on the medium");
    if (a->archives[a->archive_count - 1].complete)
        return nothing(err, "the newest archive on the medium is complete");
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
    reel_free(r->runs);
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
