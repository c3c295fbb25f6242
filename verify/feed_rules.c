/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3; verify: the rules that a good block may break, as it is read.
 */
#include "feed_parts.h"

#include <string.h>

void
reel_feed_rule(struct reel_verify_feed *f, const char *rule, const char *text)
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
void
reel_feed_judge_constant(struct reel_verify_feed *f)
{
    const bool zero = f->h.zero_a == 0 && f->h.zero_b == 0;

    if (!zero && !f->zero_told)
        reel_feed_rule(f, "C-1",
                       "a zero field of the block header is not zero");
    f->zero_told = !zero;
    if (f->h.kind == REEL_BLOCK_VOLUME && f->h.first_segment != 0)
        reel_feed_rule(f, "B-12", "first segment of VOLUME is not 0");
    if (f->block_bytes == 0) {
        f->block_bytes = f->h.block_bytes;
        if (!reel_block_bytes_legal(f->h.block_bytes))
            reel_feed_rule(f, "L-3",
                           "B is not a multiple of 512 in 512 ... 1048576");
    }
    if (f->block_bytes != f->h.block_bytes && !f->size_told)
        reel_feed_rule(f, "L-4", "block is not as long as the first one");
    f->size_told = f->block_bytes != f->h.block_bytes;
}

/* B-20: a shift of all blocks behind some place is told once, and not at all
   where a gap or a foreign block explains it. */
bool
reel_feed_address_is_news(struct reel_verify_feed *f)
{
    const int64_t shift = (int64_t)(f->h.address - f->at);
    const bool news     = shift != f->address_shift && !f->shifted;

    f->address_shift = shift;
    f->shifted       = false;
    return news;
}

/* De-blocking passes over the second END and what is superseded; they have an
   address all the same. */
void
reel_feed_judge_passed_over(struct reel_verify_feed *f)
{
    if (f->h.address != f->at && reel_feed_address_is_news(f))
        reel_feed_rule(f, "B-20",
                       "address in the block is not where it stands");
    if (!reel_block_padding_zero(&f->h, f->buf) && !f->padding_told)
        reel_feed_rule(f, "B-8", "octets behind the payload are not zero");
}

/* B-19, B-23, as far as the first block of a run tells. */
static void
judge_run_begin(struct reel_verify_feed *f,
                const struct reel_block_header *last)
{
    const bool alone = f->behind_mark || (last->kind == REEL_BLOCK_VOLUME &&
                                          last->volume == f->h.volume);

    f->run_begins = true;
    if (f->bad_before)
        return;
    if (f->h.sequence != f->h.run_start && !f->run_told) {
        f->run_told = true;
        reel_feed_rule(
            f, "B-17",
            "run start is not the sequence of the first block of the "
            "run");
    }
    if (!alone)
        reel_feed_rule(
            f, "B-23",
            "the first block of a run does not stand behind a filemark");
    if (f->h.first_segment != 0 && !f->run_told)
        reel_feed_rule(f, "B-19", "a run does not begin with a segment");
}

/* Run and run start, of every good block. Where the volume before is not at
   hand, the first block that is met is not the first of its run. */
void
reel_feed_judge_run(struct reel_verify_feed *f,
                    const struct reel_block_header *last)
{
    const bool volume = f->h.kind == REEL_BLOCK_VOLUME;
    const bool same   = f->run_known && f->run.archive == f->h.archive &&
                      f->run.run == f->h.run;

    f->run_begins   = false;
    f->volume_wrong = false;
    if (!same) {
        f->run_due = f->h.run > 0 &&
                     (volume ? f->h.sequence == f->h.run_start : f->run_known);
        f->run_told    = false;
        f->run.archive = f->h.archive;
        f->run.run     = f->h.run;
        f->run.start   = f->h.run_start;
    } else if (f->h.run_start != f->run.start && !f->run_told) {
        f->run_told = true;
        reel_feed_rule(
            f, "B-17",
            "run start is not that of the blocks before of this run");
    }
    if (!reel_block_run_start_legal(&f->h) && !f->run_told) {
        f->run_told = true;
        reel_feed_rule(f, "B-17",
                       "run start is not zero in run 0, or behind the block");
    }
    f->run_known = true;
    if (volume)
        return;
    /* De-blocking takes it for a block that comes again, or for one behind a
       gap. Where one is gone from between them, the addresses show it. */
    f->volume_wrong = last->kind == REEL_BLOCK_VOLUME &&
                      last->volume == f->h.volume && same && !f->bad_before &&
                      f->h.sequence != last->sequence &&
                      f->h.address <= last->address + 1;
    if (f->volume_wrong)
        reel_feed_rule(
            f, "B-24",
            "VOLUME does not have the sequence of the block behind it");
    if (f->run_due)
        judge_run_begin(f, last);
    f->run_due = false;
}
