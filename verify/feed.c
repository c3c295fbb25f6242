/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2, 3 and 12.1; verify: from the medium to jobs. */
#include "feed.h"

#include <string.h>

#include "reel/alloc.h"

#define RESERVE_STEP 65536U
#define READ_BYTES (REEL_BLOCK_BYTES_MAX + 4U) /* a drive may add four */

enum reel_status
reel_verify_feed_init(struct reel_verify_feed *f, struct reel_medium *medium,
                      bool own, struct reel_err *err)
{
    memset(f, 0, sizeof(*f));
    f->medium  = medium;
    f->own     = own;
    f->deblock = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    f->history = reel_alloc_array(1, sizeof(*f->history));
    f->buf     = reel_alloc_array(READ_BYTES, 1);
    if (f->deblock == NULL || f->history == NULL || f->buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to read the medium");
    return REEL_OK;
}

void
reel_verify_feed_fini(struct reel_verify_feed *f)
{
    reel_deblock_free(f->deblock);
    reel_free(f->history);
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
    REEL_TRY(reel_medium_locate(f->medium, address, err));
    reel_deblock_jump(f->deblock, REEL_NONE32);
    f->address     = address;
    f->data_ended  = false;
    f->finished    = false;
    f->announce    = false;
    f->rule_count  = 0;
    f->behind_mark = true;
    return REEL_OK;
}

/* ------------------------------------------------------- one block is read */

static void
push_rule(struct reel_verify_feed *f, const char *rule, const char *text)
{
    struct reel_deblock_item *item;

    if (f->rule_count == REEL_FEED_RULES_MAX)
        return;
    item = &f->rules[f->rule_count++];
    memset(item, 0, sizeof(*item));
    item->event      = REEL_DEBLOCK_RULE;
    item->kind       = f->h.kind;
    item->volume     = f->h.volume;
    item->archive    = f->h.archive;
    item->run        = f->h.run;
    item->pos.volume = f->h.volume;
    item->pos.block  = f->at;
    (void)reel_fail(&item->err, REEL_E_INVALID, &item->pos, rule, "%s", text);
}

/* A fault that is likely to be in every block is told of the first. */
static void
judge_constant(struct reel_verify_feed *f)
{
    const bool zero = f->h.zero_a == 0 && f->h.zero_b == 0;

    if (!zero && !f->zero_told)
        push_rule(f, "C-3", "a zero field of the block header is not zero");
    f->zero_told = !zero;
    if (f->block_bytes == 0)
        f->block_bytes = f->h.block_bytes;
    if (f->block_bytes != f->h.block_bytes && !f->size_told)
        push_rule(f, "L-4", "block is not as long as the first one");
    f->size_told = f->block_bytes != f->h.block_bytes;
}

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

/* B-20: a shift of all blocks behind some place is told once, and not at all
   where a gap or a foreign block explains it. */
static bool
address_is_news(struct reel_verify_feed *f)
{
    const int64_t shift = (int64_t)(f->h.address - f->at);
    const bool news     = shift != f->address_shift && !f->shifted;

    f->address_shift = shift;
    f->shifted       = false;
    return news;
}

/* De-blocking passes over the second END; it has an address all the same. */
static void
judge_repeated_end(struct reel_verify_feed *f)
{
    if (f->h.address != f->at && address_is_news(f))
        push_rule(f, "B-20", "address in the block is not where it stands");
    if (!reel_block_padding_zero(&f->h, f->buf) && !f->padding_told)
        push_rule(f, "B-8", "octets behind the payload are not zero");
}

/* A block that the medium gave has proved itself. */
static void
take_good(struct reel_verify_feed *f, const struct reel_block_header *last)
{
    const enum reel_block_seen seen =
        reel_block_history_meet(f->history, &f->h, f->buf);

    f->blocks++;
    f->repeated             = seen == REEL_BLOCK_SAME;
    f->announce             = begins_something(f, last);
    f->announce_behind_mark = f->behind_mark;
    if (seen == REEL_BLOCK_OTHER)
        push_rule(f, "B-15",
                  "a block with this sequence stood before with "
                  "another payload");
    judge_constant(f);
    if (f->h.address == f->at) {
        f->address_shift = 0;
        f->shifted       = false;
    }
    if (f->repeated && f->h.kind == REEL_BLOCK_END)
        judge_repeated_end(f);
    f->good_seen   = true;
    f->behind_mark = false;
}

static enum reel_status
feed_block(struct reel_verify_feed *f, enum reel_event event, size_t len,
           struct reel_err *err)
{
    const struct reel_block_header last = f->h;
    bool good                           = false;

    if (event != REEL_EVENT_BLOCK) {
        reel_deblock_unreadable(f->deblock, f->at);
        return REEL_OK;
    }
    REEL_TRY(
        reel_deblock_block(f->deblock, f->buf, len, f->at, &f->h, &good, err));
    if (good)
        take_good(f, &last);
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
    job->event      = event;
    job->octets.len = event == REEL_EVENT_BLOCK ? len : 0;
    if (!f->own) {
        job->octets.data = f->buf;
        return REEL_OK;
    }
    REEL_TRY(
        reel_verify_job_reserve(&job->buf, &job->capacity, READ_BYTES, err));
    memcpy(job->buf, f->buf, job->octets.len);
    job->octets.data = job->buf;
    return REEL_OK;
}

/* Read what stands next; *done when that gives a job of its own. */
static enum reel_status
read_one(struct reel_verify_feed *f, struct reel_verify_job *job, bool *done,
         struct reel_err *err)
{
    enum reel_event event;
    size_t len;

    *done = true;
    REEL_TRY(
        reel_medium_read(f->medium, f->buf, READ_BYTES, &event, &len, err));
    f->at        = f->address;
    job->address = f->at;
    if (event == REEL_EVENT_END) {
        reel_deblock_finish(f->deblock);
        f->data_ended = true;
        *done         = false;
        return REEL_OK;
    }
    f->address++;
    f->bytes += len;
    if (event == REEL_EVENT_FILEMARK) {
        f->marks++;
        f->behind_mark = true;
        job->kind      = REEL_VERIFY_FILEMARK;
        return REEL_OK;
    }
    if (!f->good_seen && f->marks <= 1 && !is_reel(f, event, len)) {
        job->kind = f->at == 0 ? REEL_VERIFY_LABEL : REEL_VERIFY_LEADER;
        return give_block(f, job, event, len, err);
    }
    *done = false;
    return feed_block(f, event, len, err);
}

/* ------------------------------------------------------------ what it gave */

static bool
rule_is_news(struct reel_verify_feed *f, const struct reel_deblock_item *item)
{
    if (item->err.rule == NULL)
        return true;
    if (strcmp(item->err.rule, "B-20") == 0)
        return address_is_news(f);
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
note_item(struct reel_verify_feed *f, const struct reel_deblock_item *item)
{
    switch (item->event) {
    case REEL_DEBLOCK_BAD_BLOCK:
        f->bad_blocks++;
        return true;
    case REEL_DEBLOCK_GAP:
        f->shifted = true;
        if (item->missing_to > item->missing_from) {
            f->gap_from = item->missing_from;
            f->gap_to   = item->missing_to;
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
    if (f->announce) {
        f->announce      = false;
        job->kind        = REEL_VERIFY_BLOCK;
        job->h           = f->h;
        job->behind_mark = f->announce_behind_mark;
        job->repeated    = f->repeated;
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

enum reel_status
reel_verify_feed_next(struct reel_verify_feed *f, struct reel_verify_job *job,
                      struct reel_err *err)
{
    enum reel_status status;
    bool done = false;

    if (f->finished)
        return REEL_END;
    do {
        job->address = f->at;
        job->bytes   = f->bytes;
        status       = take_item(f, job, err);
        if (status != REEL_END)
            return status;
        if (f->data_ended) {
            f->finished  = true;
            job->kind    = REEL_VERIFY_TAPE_END;
            job->address = f->address;
            return REEL_OK;
        }
        REEL_TRY(read_one(f, job, &done, err));
    } while (!done);
    return REEL_OK;
}
