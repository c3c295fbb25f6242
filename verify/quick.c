/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.6; verify: from the end of each volume backward, without the data. */
#include "quick.h"

#include <assert.h>
#include <string.h>

#include "pipeline.h"
#include "reel/alloc.h"
#include "reel/find_end.h"

/* So many blocks of each volume of a set are tried: each takes a drive the
   time to get there. */
#define SAMPLES 4U

struct quick {
    const struct reel_diagnoser *diag;
    struct reel_verify_volume *volume;
    struct reel_verify_feed feed;
    struct reel_verify_job *job;
    struct reel_unpacker *unpacker;

    bool have_end;
    struct reel_end end; /* its texts are not kept */
    struct reel_pos end_pos;

    /* The catalog, as far as it was read. */
    struct reel_sha256 digest;
    uint64_t records;
    uint64_t bytes;
    bool broken;

    bool over;   /* there are no more volumes */
    bool closed; /* the volume at hand ends with END */
    bool wanted; /* the last volume is missing */
};

/* The next job, opened. */
static enum reel_status
next(struct quick *q, struct reel_err *err)
{
    REEL_TRY(reel_diagnose_go_on(q->diag, err));
    REEL_TRY(reel_verify_feed_next(&q->feed, q->job, err));
    return reel_verify_job_open(q->job, q->unpacker, err);
}

static bool
is_segment(const struct quick *q)
{
    return q->job->kind == REEL_VERIFY_ITEM &&
           q->job->item.event == REEL_DEBLOCK_SEGMENT;
}

/* What is wrong with what was met, if something is. */
static void
complain(struct quick *q)
{
    const struct reel_deblock_item *const item = &q->job->item;

    if (is_segment(q) && q->job->opened != REEL_OK) {
        q->broken = true;
        reel_diagnose(q->diag, REEL_NOTE_DAMAGE, &q->job->why, NULL);
        return;
    }
    if (q->job->kind != REEL_VERIFY_ITEM || is_segment(q) ||
        item->event == REEL_DEBLOCK_ARCHIVE ||
        item->event == REEL_DEBLOCK_SUPERSEDED)
        return;
    if (item->event == REEL_DEBLOCK_BAD_BLOCK ||
        item->event == REEL_DEBLOCK_GAP)
        q->broken = true;
    if (item->event != REEL_DEBLOCK_GAP && item->err.status != REEL_OK)
        reel_diagnose(q->diag,
                      item->event == REEL_DEBLOCK_RULE ? REEL_NOTE_INVALID
                                                       : REEL_NOTE_DAMAGE,
                      &item->err, NULL);
}

static void
each_record(struct quick *q,
            void (*take)(struct quick *q, const struct reel_record *r))
{
    struct reel_pos in = q->job->item.pos;
    struct reel_record r;
    struct reel_cursor c;

    in.in_segment = true;
    c             = reel_cursor_init(q->job->raw.data, q->job->raw.len, &in);
    while (reel_record_next(&r, &c, NULL) == REEL_OK)
        take(q, &r);
}

/* ------------------------------------------------------------------- front */

static void
take_volume(struct quick *q, const struct reel_record *r)
{
    reel_verify_volume_record(q->volume, r);
}

static enum reel_status
front_job(struct quick *q, bool *done, struct reel_err *err)
{
    switch (q->job->kind) {
    case REEL_VERIFY_LABEL:
        return reel_verify_volume_label(q->volume, q->job, err);
    case REEL_VERIFY_LEADER:
        return reel_verify_volume_leader(q->volume, q->job, err);
    case REEL_VERIFY_FILEMARK:
        reel_verify_volume_filemark(q->volume);
        return REEL_OK;
    case REEL_VERIFY_BLOCK:
        reel_verify_volume_block(q->volume, q->job);
        *done = q->job->h.kind != REEL_BLOCK_VOLUME;
        return REEL_OK;
    case REEL_VERIFY_VOLUME_END:
        *done = true;
        return reel_verify_volume_end(q->volume, q->job, err);
    case REEL_VERIFY_WANTED:
        q->wanted = true;
        reel_diagnose_wanted(q->diag, q->job->volume, q->job->last_volume,
                             q->job->certain);
        return REEL_OK;
    case REEL_VERIFY_TAPE_END:
        q->over = true;
        *done   = true;
        return REEL_OK;
    case REEL_VERIFY_ITEM:
        break;
    }
    complain(q);
    if (q->job->item.event == REEL_DEBLOCK_BAD_BLOCK)
        return reel_verify_volume_bad(q->volume, err);
    if (!is_segment(q))
        return REEL_OK;
    *done = true;
    if (q->job->item.kind == REEL_BLOCK_VOLUME && q->job->opened == REEL_OK)
        each_record(q, take_volume);
    return REEL_OK;
}

static enum reel_status
front(struct quick *q, struct reel_err *err)
{
    bool done = false;

    while (!done) {
        REEL_TRY(next(q, err));
        assert(q->job != NULL); /* what has succeeded gave one */
        q->wanted = q->wanted && q->job->kind >= REEL_VERIFY_VOLUME_END;
        REEL_TRY(front_job(q, &done, err));
    }
    return REEL_OK;
}

/* --------------------------------------------------------------------- END */

static void
take_end(struct quick *q, const struct reel_record *r)
{
    struct reel_cursor c      = reel_record_cursor(r);
    struct reel_cursor judged = c;
    struct reel_end stated;
    struct reel_err why;

    if (r->type != REEL_RECORD_END ||
        reel_end_accept(&q->end, q->job->item.archive, &c, NULL) != REEL_OK)
        return;
    if (reel_end_decode(&stated, &judged, &why) != REEL_OK)
        reel_diagnose(q->diag, REEL_NOTE_INVALID, &why, NULL);
    if (q->end.archive != q->job->item.archive)
        reel_diagnose_rule(q->diag, &r->pos, "A-9",
                           "END in archive %u says that it is of archive %u",
                           q->job->item.archive, q->end.archive);
    q->end.archive   = q->job->item.archive;
    q->have_end      = true;
    q->end_pos       = r->pos;
    q->end.name.data = NULL;
    q->end.host.data = NULL;
}

/* The END that stands at `address`, if one does. */
static enum reel_status
read_end(struct quick *q, uint64_t address, struct reel_err *err)
{
    q->have_end = false;
    REEL_TRY(reel_verify_feed_locate(&q->feed, address, err));
    do {
        REEL_TRY(next(q, err));
        complain(q);
        if (is_segment(q) && q->job->item.kind == REEL_BLOCK_END &&
            q->job->opened == REEL_OK)
            each_record(q, take_end);
    } while (!q->have_end && q->job->kind != REEL_VERIFY_FILEMARK &&
             q->job->kind != REEL_VERIFY_VOLUME_END && !is_segment(q));
    return REEL_OK;
}

/* Back over two filemarks: behind the second stands END. */
static enum reel_status
find_last_end(struct quick *q, struct reel_err *err)
{
    struct reel_medium *const m = q->feed.set.medium;
    uint64_t address;
    int64_t passed;

    q->have_end = false;
    REEL_TRY(reel_medium_end_of_data(m, err));
    REEL_TRY(reel_medium_space_filemarks(m, -2, &passed, err));
    if (passed != 2 && passed != -2)
        return REEL_OK;
    REEL_TRY(reel_medium_space_filemarks(m, 1, &passed, err));
    REEL_TRY(reel_medium_tell(m, &address, err));
    return read_end(q, address, err);
}

/* What a search for END wants to know. */
static enum reel_status
answer(struct quick *q, struct reel_find_end *f, struct reel_err *err)
{
    struct reel_medium *const m = q->feed.set.medium;
    enum reel_event event       = REEL_EVENT_END;
    int64_t passed;
    uint64_t at = 0;
    size_t len  = 0;

    REEL_TRY(reel_diagnose_go_on(q->diag, err));
    REEL_TRY(reel_medium_locate(m, f->address, err));
    if (f->move == REEL_FIND_MARK) {
        REEL_TRY(reel_medium_space_filemarks(m, -1, &passed, err));
        if (passed != 0)
            REEL_TRY(reel_medium_tell(m, &at, err));
        reel_find_end_mark(f, passed != 0, at);
        return REEL_OK;
    }
    REEL_TRY(reel_medium_read(m, q->feed.buf, q->feed.set.buf_bytes, &event,
                              &len, err));
    return reel_find_end_block(
        f, event == REEL_EVENT_BLOCK ? q->feed.buf : NULL, len, err);
}

/* An archive that ends on a volume before the last thing on it. */
static enum reel_status
find_any_end(struct quick *q, struct reel_err *err)
{
    struct reel_medium *const m = q->feed.set.medium;
    struct reel_find_end f;
    uint64_t address;

    REEL_TRY(reel_medium_end_of_data(m, err));
    REEL_TRY(reel_medium_tell(m, &address, err));
    reel_find_end_init(&f, address, 0, q->feed.set.set_id);
    while (f.move != REEL_FIND_DONE)
        REEL_TRY(answer(q, &f, err));
    return f.found ? read_end(q, f.end_address, err) : REEL_OK;
}

/* ----------------------------------------------------------------- catalog */

static void
take_catalog(struct quick *q, const struct reel_record *r)
{
    q->records++;
    q->bytes += r->whole.len;
    reel_sha256_update(&q->digest, r->whole.data, r->whole.len);
}

static enum reel_status
read_catalog(struct quick *q, struct reel_err *err)
{
    const struct reel_reporter *const to = &q->diag->options->report;
    bool behind                          = false;

    q->records = q->bytes = 0;
    q->broken             = false;
    reel_sha256_init(&q->digest);
    REEL_TRY(reel_verify_feed_locate(&q->feed, q->end.catalog.address, err));
    while (!behind) {
        REEL_TRY(next(q, err));
        complain(q);
        behind = q->job->kind == REEL_VERIFY_FILEMARK ||
                 q->job->kind == REEL_VERIFY_VOLUME_END ||
                 (is_segment(q) && q->job->item.kind != REEL_BLOCK_CATALOG);
        if (!behind && is_segment(q) && q->job->opened == REEL_OK)
            each_record(q, take_catalog);
        if (to->progress != NULL)
            to->progress(to->ctx, q->feed.bytes, 0);
    }
    return REEL_OK;
}

static void
judge_catalog(struct quick *q)
{
    uint8_t digest[REEL_DIGEST_BYTES];

    if (q->broken) /* told of already */
        return;
    reel_sha256_final(&q->digest, digest);
    if (memcmp(digest, q->end.catalog_digest, sizeof(digest)) != 0)
        reel_diagnose_rule(q->diag, &q->end_pos, "A-11",
                           "the catalog digest in END of archive %u is not "
                           "that of the catalog",
                           q->end.archive);
    else if (q->records != q->end.catalog_records ||
             q->bytes != q->end.catalog_bytes)
        reel_diagnose_rule(q->diag, &q->end_pos, "A-10",
                           "END of archive %u counts the records of the "
                           "catalog wrongly",
                           q->end.archive);
}

static void
note_last(struct quick *q)
{
    struct reel_verify_archive *const last = &q->diag->result->last;

    if (last->archive > q->end.archive)
        return;
    last->archive      = q->end.archive;
    last->complete     = true;
    last->objects      = q->end.objects;
    last->stream_bytes = q->end.stream_bytes;
    memcpy(last->fingerprint, q->end.fingerprint, sizeof(last->fingerprint));
}

/* ----------------------------------------------------------------- archives */

static void
no_end(struct quick *q, const char *what)
{
    struct reel_err why;

    q->diag->result->incomplete_archives++;
    (void)reel_fail(&why, REEL_E_TRUNCATED, NULL, NULL,
                    "no END stands %s, so this archive is incomplete or "
                    "damaged; only a full verification can tell more",
                    what);
    reel_diagnose(q->diag, REEL_NOTE_DAMAGE, &why, NULL);
}

/* The archives that end on the volume at hand, the last one first. */
static enum reel_status
chain(struct quick *q, struct reel_err *err)
{
    struct reel_verify_result *const r = q->diag->result;

    note_last(q);
    if (r->archives < q->end.archive)
        r->archives = q->end.archive;
    while (q->have_end) {
        const struct reel_end end = q->end;

        REEL_TRY(read_catalog(q, err));
        judge_catalog(q);
        if (end.archive > end.previous_archive)
            r->incomplete_archives += end.archive - end.previous_archive - 1;
        if (end.previous_archive == 0 ||
            end.previous.volume != end.catalog.volume)
            break;
        REEL_TRY(read_end(q, end.previous.address, err));
        if (!q->have_end || q->end.archive != end.previous_archive) {
            no_end(q, "where the archive behind it says");
            break;
        }
    }
    return REEL_OK;
}

static enum reel_status
archives(struct quick *q, struct reel_err *err)
{
    REEL_TRY(find_last_end(q, err));
    q->closed = q->have_end;
    if (!q->have_end && q->diag->options->volumes != NULL)
        REEL_TRY(find_any_end(q, err));
    return q->have_end ? chain(q, err) : REEL_OK;
}

/* ------------------------------------------------------------------ samples */

static enum reel_status
sample(struct quick *q, uint64_t address, struct reel_err *err)
{
    struct reel_verify_feed *const f = &q->feed;
    struct reel_block_header h;
    enum reel_event event;
    struct reel_err why;
    struct reel_pos pos;
    size_t len;

    memset(&pos, 0, sizeof(pos));
    pos.volume = f->set.number;
    pos.block  = address;
    REEL_TRY(reel_medium_locate(f->set.medium, address, err));
    REEL_TRY(reel_medium_read(f->set.medium, f->buf, f->set.buf_bytes, &event,
                              &len, err));
    if (event == REEL_EVENT_FILEMARK || event == REEL_EVENT_END)
        return REEL_OK;
    f->bytes += len;
    (void)reel_fail(&why, REEL_E_MEDIUM, &pos, NULL, "block cannot be read");
    if (event == REEL_EVENT_BLOCK &&
        reel_block_decode(&h, f->buf, len, &pos, &why) == REEL_OK) {
        f->blocks++;
        return REEL_OK;
    }
    f->bad_blocks++;
    reel_diagnose(q->diag,
                  why.status == REEL_E_INVALID ? REEL_NOTE_INVALID
                                               : REEL_NOTE_DAMAGE,
                  &why, NULL);
    return REEL_OK;
}

/* Some blocks of a volume, from behind its leader to its end. */
static enum reel_status
samples(struct quick *q, struct reel_err *err)
{
    struct reel_verify_feed *const f = &q->feed;
    const uint64_t from              = f->address;
    uint64_t end;
    uint32_t n;

    if (q->diag->options->volumes == NULL)
        return REEL_OK;
    REEL_TRY(reel_medium_end_of_data(f->set.medium, err));
    REEL_TRY(reel_medium_tell(f->set.medium, &end, err));
    for (n = 0; n < SAMPLES && end > from; n++)
        REEL_TRY(sample(q, from + (end - from) / SAMPLES * n, err));
    return REEL_OK;
}

/* ------------------------------------------------------------------ volumes */

static bool
goes_on(const struct quick *q)
{
    const struct reel_verify_set *const s = &q->feed.set;

    return s->volumes != NULL && s->number > 0 &&
           (s->number < s->known || !q->closed);
}

/* Front, samples and archives of the next volume. */
static enum reel_status
one_volume(struct quick *q, struct reel_err *err)
{
    const struct reel_verify_options *const o = q->diag->options;
    const struct reel_verify_feed *const f    = &q->feed;
    const uint64_t before[] = {f->blocks, f->bad_blocks, f->bytes};
    struct reel_verify_volume_read read;

    REEL_TRY(front(q, err));
    if (q->over)
        return REEL_OK;
    q->diag->result->volumes++;
    if (!reel_medium_info(f->set.medium)->can_locate)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a quick verification needs media that can be "
                         "positioned");
    if (q->volume->good_seen) {
        REEL_TRY(samples(q, err));
        REEL_TRY(archives(q, err));
    }
    if (reel_medium_end_lost(f->set.medium))
        reel_diagnose_end_lost(q->diag, f->set.number, f->address);
    read.number     = f->set.number;
    read.blocks     = f->blocks - before[0];
    read.bad_blocks = f->bad_blocks - before[1];
    read.bytes      = f->bytes - before[2];
    if (o->volume != NULL)
        o->volume(o->volume_ctx, &read);
    return REEL_OK;
}

static enum reel_status
run(struct quick *q, struct reel_err *err)
{
    bool good;

    REEL_TRY(one_volume(q, err));
    good = q->volume->good_seen;
    while (!q->over && goes_on(q)) {
        reel_verify_volume_init(q->volume, q->diag);
        reel_verify_feed_turn(&q->feed);
        REEL_TRY(one_volume(q, err));
        good = good || q->volume->good_seen;
    }
    if (!good || q->closed)
        return REEL_OK;
    if (q->diag->result->archives == 0)
        q->diag->result->archives = 1;
    if (q->wanted)
        q->diag->result->incomplete_archives++;
    else
        no_end(q, "before the end of the data");
    return REEL_OK;
}

enum reel_status
reel_verify_quick(const struct reel_diagnoser *diag,
                  struct reel_verify_volume *volume, struct reel_err *err)
{
    struct reel_medium *const m = diag->options->medium;
    struct quick q;
    enum reel_status status;

    if (!reel_medium_info(m)->can_locate)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a quick verification needs a medium that can be "
                         "positioned, not a pipe");
    memset(&q, 0, sizeof(q));
    q.diag     = diag;
    q.volume   = volume;
    status     = reel_verify_feed_init(&q.feed, diag->options, false, err);
    q.job      = reel_alloc_array(1, sizeof(*q.job));
    q.unpacker = reel_unpacker_new();
    if (status == REEL_OK && (q.job == NULL || q.unpacker == NULL))
        status = reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                           "no memory for the verifier");
    q.feed.set.front_only = true;
    if (status == REEL_OK)
        status = run(&q, err);
    diag->result->blocks     = q.feed.blocks;
    diag->result->bad_blocks = q.feed.bad_blocks;
    diag->result->bytes      = q.feed.bytes;
    reel_unpacker_free(q.unpacker);
    if (q.job != NULL) {
        reel_free(q.job->buf);
        reel_free(q.job->raw_buf);
    }
    reel_free(q.job);
    reel_verify_feed_fini(&q.feed);
    return status;
}
