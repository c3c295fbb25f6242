/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.7; verify: from one volume of a set to the next. */
#include "feed_parts.h"

/* Is there more behind this volume, as far as is known? */
bool
reel_feed_goes_on(const struct reel_verify_feed *f)
{
    const struct reel_verify_set *const s = &f->set;

    return s->number > 0 && (s->number < s->known || !f->closed);
}

/* A volume is at hand, at its beginning. */
static enum reel_status
begin_volume(struct reel_verify_feed *f, struct reel_err *err)
{
    size_t i;

    f->phase         = REEL_FEED_READ;
    f->address       = 0;
    f->at            = 0;
    f->marks         = 0;
    f->behind_mark   = false;
    f->bad_before    = false;
    f->good_seen     = false;
    f->data_ended    = false;
    f->shifted       = false;
    f->address_shift = 0;
    f->turned_to     = f->set.number;
    f->waits         = false;
    for (i = 0; i < f->set.runs.known.run_count; i++) {
        const struct reel_known_run *const run = &f->set.runs.known.runs[i];

        REEL_TRY(reel_deblock_run(f->deblock, run->archive, run->run,
                                  run->start, err));
    }
    return REEL_OK;
}

/* Begin with volume 1, if that can be had. */
enum reel_status
reel_feed_begin(struct reel_verify_feed *f, struct reel_err *err)
{
    REEL_TRY(reel_verify_set_survey(&f->set, err));
    if (f->set.volumes == NULL || f->set.number <= 1)
        return begin_volume(f, err);
    f->turned_to = 0;
    f->phase     = REEL_FEED_TURN;
    return REEL_OK;
}

/* The volume at hand is read. */
void
reel_feed_end_volume(struct reel_verify_feed *f, struct reel_verify_job *job)
{
    const struct reel_verify_volume_read all = {f->set.number, f->blocks,
                                                f->bad_blocks, f->bytes};
    const struct reel_verify_volume_read v   = {
          f->set.number, all.blocks - f->before.blocks,
          all.bad_blocks - f->before.bad_blocks, all.bytes - f->before.bytes};

    if (f->options->volume != NULL)
        f->options->volume(f->options->volume_ctx, &v);
    f->before     = all;
    f->phase      = reel_feed_goes_on(f) ? REEL_FEED_TURN : REEL_FEED_FINISH;
    job->kind     = REEL_VERIFY_VOLUME_END;
    job->volume   = f->set.number;
    job->address  = f->address;
    job->end_lost = reel_medium_end_lost(f->set.medium);
}

/* No other volume: what is unfinished stays so. */
void
reel_feed_finish(struct reel_verify_feed *f)
{
    reel_deblock_finish(f->deblock);
    f->phase = REEL_FEED_FINISH;
}

/* Is volume `number` at hand, not read yet? */
static bool
waits(const struct reel_verify_feed *f, uint32_t number)
{
    return f->waits && f->set.medium != NULL && f->set.number == number;
}

/* Volume `number` cannot be had. Where nothing says that there is one, the last
   of the set is asked for: it tells, and waits until it is its turn. */
static enum reel_status
ask_for_last(struct reel_verify_feed *f, uint32_t number, struct reel_err *err)
{
    enum reel_status status;

    if (number <= f->set.known || f->last_asked)
        return REEL_OK;
    f->last_asked = true;
    status        = reel_verify_set_bring(&f->set, 0, number - 1, err);
    f->waits      = status == REEL_OK;
    return status == REEL_END ? REEL_OK : status;
}

/* Volumes from `number` on that cannot be had: which is the last one that is
   told of in the same row? */
static uint32_t
row_end(struct reel_verify_feed *f, uint32_t number)
{
    if (++f->missed < REEL_VOLUMES_MISSED_MAX || number >= f->set.known ||
        f->set.known - number == 1)
        return number;
    return f->set.known - 1;
}

/* The one behind the last that was tried; *wanted if it cannot be had. */
enum reel_status
reel_feed_turn_to_next(struct reel_verify_feed *f, struct reel_verify_job *job,
                       bool *wanted, struct reel_err *err)
{
    const uint32_t number   = f->turned_to + 1;
    enum reel_status status = REEL_OK;

    if (!waits(f, number)) {
        f->waits = false;
        status   = reel_verify_set_bring(&f->set, number, 0, err);
    }
    if (status == REEL_END) {
        REEL_TRY(ask_for_last(f, number, err));
        if (waits(f, number))
            status = REEL_OK;
    }
    if (status == REEL_OK) {
        f->missed = 0;
        return begin_volume(f, err);
    }
    if (status != REEL_END)
        return status;
    *wanted          = true;
    job->kind        = REEL_VERIFY_WANTED;
    job->volume      = number;
    job->last_volume = row_end(f, number);
    job->certain     = number <= f->set.known;
    job->address     = 0;
    f->turned_to     = job->last_volume;
    return REEL_OK;
}
