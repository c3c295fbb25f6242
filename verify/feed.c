/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2, 3 and 12.1; verify: from the medium to jobs. feed_rules.c
   judges blocks, feed_volumes.c turns to other volumes. */
#include "feed_parts.h"

#include <string.h>

#include "reel/alloc.h"

#define RESERVE_STEP 65536U

enum reel_status
reel_verify_feed_init(struct reel_verify_feed *f,
                      const struct reel_verify_options *options, bool own,
                      struct reel_err *err)
{
    memset(f, 0, sizeof(*f));
    f->options = options;
    f->own     = own;
    f->deblock = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    f->buf     = reel_alloc_array(REEL_VERIFY_READ_BYTES, 1);
    reel_verify_set_init(&f->set, options->medium, options->volumes, f->buf,
                         REEL_VERIFY_READ_BYTES);
    if (f->deblock == NULL || f->buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to read the medium");
    return REEL_OK;
}

enum reel_status
reel_verify_feed_know(struct reel_verify_feed *f,
                      const struct reel_verify_known *known,
                      struct reel_err *err)
{
    struct reel_verify_set *const s = &f->set;

    s->told     = true;
    s->have_set = true;
    s->number   = known->first;
    s->known    = known->highest;
    memcpy(s->set_id, known->set_id, sizeof(s->set_id));
    reel_deblock_set(f->deblock, known->set_id);
    return reel_verify_set_runs(s, known->runs, err);
}

void
reel_verify_feed_fini(struct reel_verify_feed *f)
{
    reel_deblock_free(f->deblock);
    reel_block_history_fini(&f->history);
    reel_verify_set_fini(&f->set);
    reel_free(f->buf);
}

enum reel_status
reel_verify_job_reserve(uint8_t **buf, size_t *capacity, size_t need,
                        struct reel_err *err)
{
    uint8_t *fresh;

    if (need <= *capacity)
        return REEL_OK;
    /* In steps: segments differ a little, and the heap likes that not. */
    need  = (need + RESERVE_STEP - 1) / RESERVE_STEP * RESERVE_STEP;
    fresh = reel_alloc_array(need, 1);
    if (fresh == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a segment");
    reel_free(*buf);
    *buf      = fresh;
    *capacity = need;
    return REEL_OK;
}

enum reel_status
reel_verify_feed_locate(struct reel_verify_feed *f, uint64_t address,
                        struct reel_err *err)
{
    REEL_TRY(reel_medium_locate(f->set.medium, address, err));
    reel_deblock_jump(f->deblock, REEL_NONE32);
    f->phase       = REEL_FEED_READ;
    f->address     = address;
    f->data_ended  = false;
    f->run_known   = false;
    f->announce    = false;
    f->rule_count  = 0;
    f->behind_mark = true;
    return REEL_OK;
}

void
reel_verify_feed_turn(struct reel_verify_feed *f)
{
    reel_deblock_jump(f->deblock, REEL_NONE32);
    f->phase      = REEL_FEED_TURN;
    f->turned_to  = f->set.number;
    f->announce   = false;
    f->rule_count = 0;
    f->run_known  = false;
}

/* ------------------------------------------------------- one block is read */

/* Does the block begin something that the judges want to know of? */
static bool
begins_something(const struct reel_verify_feed *f,
                 const struct reel_block_header *last)
{
    return !f->good_seen || f->behind_mark || last->kind != f->h.kind ||
           last->archive != f->h.archive || last->volume != f->h.volume ||
           last->run != f->h.run || f->h.kind == REEL_BLOCK_END ||
           f->h.kind == REEL_BLOCK_VOLUME;
}

/* The volume of a medium that cannot be positioned is known late. */
static void
note_volume(struct reel_verify_feed *f)
{
    struct reel_verify_set *const s = &f->set;

    if (s->number == 0) {
        s->number    = f->h.volume;
        f->turned_to = s->number;
    }
    if (s->known < s->number)
        s->known = s->number;
    if (!s->have_set)
        memcpy(s->set_id, f->h.set_id, sizeof(s->set_id));
    s->have_set = true;
}

/* A block that the medium gave has proved itself. */
static enum reel_status
take_good(struct reel_verify_feed *f, const struct reel_block_header *last,
          struct reel_err *err)
{
    enum reel_block_seen seen;

    if (f->history.count == 0)
        REEL_TRY(reel_block_history_init(&f->history, f->h.block_bytes, err));
    seen = reel_block_history_meet(&f->history, &f->h, f->buf);
    note_volume(f);
    REEL_TRY(reel_verify_set_meet(&f->set, &f->h, err));
    f->superseded = reel_verify_set_superseded(&f->set, &f->h);
    f->blocks++;
    f->repeated             = seen == REEL_BLOCK_SAME;
    f->announce             = begins_something(f, last);
    f->announce_behind_mark = f->behind_mark;
    if (seen == REEL_BLOCK_OTHER)
        reel_feed_rule(f, "B-15",
                       "a block with this sequence stood before with "
                       "another payload");
    if (f->good_seen && last->volume != f->h.volume)
        reel_feed_rule(f, "L-10",
                       "block of another volume than the one before");
    reel_feed_judge_constant(f);
    reel_feed_judge_run(f, last);
    if (f->h.address == f->at) {
        f->address_shift = 0;
        f->shifted       = false;
    }
    if (f->superseded || (f->repeated && f->h.kind == REEL_BLOCK_END))
        reel_feed_judge_passed_over(f);
    if (!f->superseded)
        f->closed = f->h.kind == REEL_BLOCK_END && f->behind_mark;
    f->good_seen   = true;
    f->bad_before  = false;
    f->behind_mark = false;
    return REEL_OK;
}

static enum reel_status
feed_block(struct reel_verify_feed *f, enum reel_event event, size_t len,
           struct reel_err *err)
{
    const struct reel_block_header last = f->h;
    bool good                           = false;

    if (event != REEL_EVENT_BLOCK) {
        reel_deblock_unreadable(f->deblock, f->at);
        f->bad_before = true;
        return REEL_OK;
    }
    REEL_TRY(
        reel_deblock_block(f->deblock, f->buf, len, f->at, &f->h, &good, err));
    if (good)
        return take_good(f, &last, err);
    f->bad_before = true;
    return REEL_OK;
}

static bool
is_reel(const struct reel_verify_feed *f, enum reel_event event, size_t len)
{
    return event == REEL_EVENT_BLOCK && len >= sizeof(reel_block_magic) &&
           memcmp(f->buf, reel_block_magic, sizeof(reel_block_magic)) == 0;
}

/* Hand over the octets just read. */
static enum reel_status
give_block(struct reel_verify_feed *f, struct reel_verify_job *job,
           enum reel_event event, size_t len, struct reel_err *err)
{
    job->volume     = f->set.number;
    job->event      = event;
    job->octets.len = event == REEL_EVENT_BLOCK ? len : 0;
    if (!f->own) {
        job->octets.data = f->buf;
        return REEL_OK;
    }
    REEL_TRY(reel_verify_job_reserve(&job->buf, &job->capacity,
                                     REEL_VERIFY_READ_BYTES, err));
    memcpy(job->buf, f->buf, job->octets.len);
    job->octets.data = job->buf;
    return REEL_OK;
}

/* What was read last stood at f->at. */
static void
tell_place(const struct reel_verify_feed *f, struct reel_verify_place *p,
           bool good, size_t len)
{
    if (f->options->place == NULL)
        return;
    p->volume = f->set.number;
    p->block  = f->at;
    p->good   = good;
    p->octets = (uint32_t)len;
    p->image  = p->image && reel_medium_octets(f->set.medium, &p->to);
    f->options->place(f->options->place_ctx, p);
}

/* A block of another set is good, too. */
static bool
is_good(const struct reel_verify_feed *f, enum reel_event event, size_t len)
{
    struct reel_block_header h;

    return !f->bad_before ||
           (f->options->place != NULL && event == REEL_EVENT_BLOCK &&
            reel_block_decode(&h, f->buf, len, NULL, NULL) == REEL_OK);
}

/* Read what stands next; *done when that gives a job of its own. */
static enum reel_status
read_one(struct reel_verify_feed *f, struct reel_verify_job *job, bool *done,
         struct reel_err *err)
{
    struct reel_verify_place place = {0};
    enum reel_event event;
    size_t len;

    *done       = true;
    place.image = reel_medium_octets(f->set.medium, &place.from);
    REEL_TRY(reel_medium_read(f->set.medium, f->buf, REEL_VERIFY_READ_BYTES,
                              &event, &len, err));
    f->at        = f->address;
    job->address = f->at;
    if (event == REEL_EVENT_END) {
        if (!reel_feed_goes_on(f))
            reel_deblock_finish(f->deblock);
        f->data_ended = true;
        *done         = false;
        place.end     = true;
        tell_place(f, &place, true, 0);
        return REEL_OK;
    }
    f->address++;
    f->bytes += len;
    if (event == REEL_EVENT_FILEMARK) {
        f->marks++;
        f->behind_mark = true;
        job->kind      = REEL_VERIFY_FILEMARK;
        tell_place(f, &place, true, 0);
        return REEL_OK;
    }
    if (!f->good_seen && f->marks <= 1 && !is_reel(f, event, len)) {
        job->kind = f->at == 0 ? REEL_VERIFY_LABEL : REEL_VERIFY_LEADER;
        tell_place(f, &place, event == REEL_EVENT_BLOCK, len);
        return give_block(f, job, event, len, err);
    }
    *done = false;
    REEL_TRY(feed_block(f, event, len, err));
    tell_place(f, &place, is_good(f, event, len), len);
    return REEL_OK;
}

/* ------------------------------------------------------------ what it gave */

static bool
rule_is_news(struct reel_verify_feed *f, const struct reel_deblock_item *item)
{
    if (item->err.rule == NULL)
        return true;
    if (strcmp(item->err.rule, "B-20") == 0)
        return reel_feed_address_is_news(f);
    if (strcmp(item->err.rule, "B-8") == 0) {
        const bool news = !f->padding_told;

        f->padding_told = true;
        return news;
    }
    return true;
}

/* A block that comes again is none of our business if it is the same; one
   that a gap has missed already was told of. */
static bool
repeat_is_news(const struct reel_verify_feed *f)
{
    return !f->repeated &&
           !(f->h.sequence >= f->gap_from && f->h.sequence < f->gap_to);
}

/* Count the item; is it to be handed out? */
static bool
note_item(struct reel_verify_feed *f, struct reel_deblock_item *item)
{
    switch (item->event) {
    case REEL_DEBLOCK_BAD_BLOCK:
        f->bad_blocks++;
        if (f->set.number > 0) /* the block itself does not say */
            item->err.pos.volume = f->set.number;
        return true;
    case REEL_DEBLOCK_GAP:
        if (item->run_begins) /* the block itself was told of */
            return false;
        f->shifted = true;
        if (item->missing_to > item->missing_from) {
            f->gap_from = item->missing_from;
            f->gap_to   = item->missing_to;
            /* No block is (B-24), or none can be seen to have stood there. */
            if (f->volume_wrong || f->h.kind == REEL_BLOCK_VOLUME)
                item->err.rule = NULL;
        }
        return true;
    case REEL_DEBLOCK_FOREIGN:
        f->shifted = true;
        return true;
    case REEL_DEBLOCK_REPEATED:
        return repeat_is_news(f);
    case REEL_DEBLOCK_RULE:
        return rule_is_news(f, item);
    case REEL_DEBLOCK_SEGMENT:
    case REEL_DEBLOCK_SUPERSEDED:
    case REEL_DEBLOCK_UNKNOWN:
    case REEL_DEBLOCK_ARCHIVE:
        break;
    }
    return true;
}

/* Let the job have the segment for itself: by handing over the buffer in
   which it stands, else by the one copy. */
static enum reel_status
give_segment(struct reel_verify_feed *f, struct reel_verify_job *job,
             struct reel_err *err)
{
    struct reel_bytes *const packed = &job->item.packed;

    if (f->own &&
        !reel_deblock_swap(f->deblock, *packed, &job->buf, &job->capacity)) {
        REEL_TRY(reel_verify_job_reserve(&job->buf, &job->capacity, packed->len,
                                         err));
        memcpy(job->buf, packed->data, packed->len);
        packed->data = job->buf;
    }
    job->octets = *packed;
    return REEL_OK;
}

/* Something that is left of the block at hand; REEL_END if nothing is. */
static enum reel_status
take_item(struct reel_verify_feed *f, struct reel_verify_job *job,
          struct reel_err *err)
{
    job->h           = f->h;
    job->behind_mark = f->announce_behind_mark;
    job->repeated    = f->repeated;
    job->superseded  = f->superseded;
    job->run_begins  = f->run_begins;
    if (f->announce) {
        f->announce = false;
        job->kind   = REEL_VERIFY_BLOCK;
        return REEL_OK;
    }
    job->kind = REEL_VERIFY_ITEM;
    if (f->rule_taken < f->rule_count) {
        job->item = f->rules[f->rule_taken++];
        return REEL_OK;
    }
    f->rule_count = f->rule_taken = 0;
    do
        REEL_TRY(reel_deblock_next(f->deblock, &job->item, err));
    while (!note_item(f, &job->item));
    if (job->item.event == REEL_DEBLOCK_SEGMENT)
        return give_segment(f, job, err);
    return REEL_OK;
}

/* -------------------------------------------------------------- what is next
 */

/* Something other than reading on; *done when it gave a job. */
static enum reel_status
step(struct reel_verify_feed *f, struct reel_verify_job *job, bool *done,
     struct reel_err *err)
{
    *done = true;
    switch (f->phase) {
    case REEL_FEED_BEGIN:
        *done = false;
        return reel_feed_begin(f, err);
    case REEL_FEED_READ:
        if (!f->data_ended)
            return read_one(f, job, done, err);
        reel_feed_end_volume(f, job);
        return REEL_OK;
    case REEL_FEED_TURN:
        *done = false;
        if (f->turned_to == UINT32_MAX ||
            (f->missed > 0 && f->turned_to >= f->set.known)) {
            reel_feed_finish(f);
            return REEL_OK;
        }
        return reel_feed_turn_to_next(f, job, done, err);
    case REEL_FEED_FINISH:
        f->phase          = REEL_FEED_OVER;
        job->kind         = REEL_VERIFY_TAPE_END;
        job->item.follows = reel_deblock_ends_whole(f->deblock);
        job->item.torn    = reel_deblock_run_follows(f->deblock);
        job->address      = f->address;
        return REEL_OK;
    case REEL_FEED_OVER:
        break;
    }
    return REEL_END;
}

enum reel_status
reel_verify_feed_next(struct reel_verify_feed *f, struct reel_verify_job *job,
                      struct reel_err *err)
{
    enum reel_status status;
    bool done = false;

    do {
        job->address = f->at;
        job->bytes   = f->bytes;
        status       = take_item(f, job, err);
        if (status != REEL_END)
            return status;
        REEL_TRY(step(f, job, &done, err));
    } while (!done);
    return REEL_OK;
}
