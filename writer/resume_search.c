/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3 and 9.6; writer: the newest chain of checkpoints is looked for from
   the end of a volume. */
#include "resume_search.h"

#include <string.h>

#include "reel/alloc.h"

/* So many bad blocks at the front of a tape file are passed over. */
#define BAD_BLOCKS_MAX 64U

/* ------------------------------------------------------------------- blocks */

/* What stands here: a good block of the archive, or not. `h` is of any good
   block; else all zero. */
static enum reel_status
read_block(struct reel_resume *r, struct reel_block_header *h,
           enum reel_event *event, bool *good, struct reel_err *err)
{
    enum reel_status status;
    size_t bytes;

    *good = false;
    memset(h, 0, sizeof(*h));
    REEL_TRY(reel_medium_read(r->medium, r->row.buf, REEL_BLOCK_BYTES_MAX,
                              event, &bytes, err));
    if (*event != REEL_EVENT_BLOCK)
        return REEL_OK;
    status = reel_block_decode(h, r->row.buf, bytes, NULL, err);
    if (status == REEL_E_UNSUPPORTED)
        return status;
    if (status != REEL_OK)
        memset(h, 0, sizeof(*h));
    *good = status == REEL_OK &&
            memcmp(h->set_id, r->set_id, sizeof(r->set_id)) == 0 &&
            h->archive == r->archive;
    return REEL_OK;
}

/* Remember the run that block `h` belongs to. */
enum reel_status
reel_resume_learn_run(struct reel_resume *r, const struct reel_block_header *h,
                      struct reel_err *err)
{
    const struct reel_known_run run = {h->archive, h->run, h->run_start};

    if (h->run > r->run)
        r->run = h->run;
    return h->run == 0 ? REEL_OK : reel_known_add_run(&r->runs, &run, err);
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
        return reel_resume_no_memory(err);
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
    REEL_TRY(reel_resume_need_volume(r, k.previous.volume, err));
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

static void
learn_head(struct reel_resume_search *s, const struct reel_block_header *h,
           uint64_t address)
{
    if (s->head && s->head_run >= h->run)
        return;
    s->head         = true;
    s->head_run     = h->run;
    s->head_address = address;
    s->head_volume  = h->volume;
}

/* The first block of a tape file is none of ours, or bad. Of which run is what
   stands behind a bad one? A number of a run must not come twice (B-15). */
static enum reel_status
look_behind(struct reel_resume *r, struct reel_resume_search *s,
            struct reel_block_header *h, enum reel_event event,
            struct reel_err *err)
{
    bool good  = false;
    unsigned n = 0;

    s->older |= event == REEL_EVENT_BLOCK && h->archive != 0 &&
                h->archive < r->archive &&
                memcmp(h->set_id, r->set_id, sizeof(r->set_id)) == 0;
    while (!good && h->archive == 0 && event != REEL_EVENT_FILEMARK &&
           event != REEL_EVENT_END && n++ < BAD_BLOCKS_MAX)
        REEL_TRY(read_block(r, h, &event, &good, err));
    return good ? reel_resume_learn_run(r, h, err) : REEL_OK;
}

/* The tape file that begins at `begin`: whose is it? */
static enum reel_status
look_at_file(struct reel_resume *r, struct reel_resume_search *s,
             uint64_t begin, struct reel_err *err)
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
    if (!good)
        return look_behind(r, s, &h, event, err);
    REEL_TRY(reel_resume_learn_run(r, &h, err));
    if (h.kind == REEL_BLOCK_DATA && h.sequence == 0)
        learn_head(s, &h, at);
    if (h.kind != REEL_BLOCK_CHECKPOINT || reel_known_superseded(&r->runs, &h))
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
find_end(struct reel_resume *r, struct reel_resume_search *s, uint64_t *end,
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
enum reel_status
reel_resume_search(struct reel_resume *r, struct reel_resume_search *s,
                   uint32_t number, struct reel_err *err)
{
    uint64_t end;
    uint64_t begin;
    int64_t passed = -1;

    REEL_TRY(reel_resume_need_volume(r, number, err));
    REEL_TRY(find_end(r, s, &end, err));
    while (passed != 0 && r->chain_count == 0 && !s->older) {
        REEL_TRY(reel_resume_need_volume(r, number, err));
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
