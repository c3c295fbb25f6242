/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the feed share. Private to feed*.c. */
#ifndef REEL_VERIFY_FEED_PARTS_H
#define REEL_VERIFY_FEED_PARTS_H

#include "feed.h"

/* ---- feed_rules.c: the good block at hand ---- */

/* It breaks `rule`: to be handed out. */
void reel_feed_rule(struct reel_verify_feed *f, const char *rule,
                    const char *text);

/* A fault that is likely to be in every block is told of the first. */
void reel_feed_judge_constant(struct reel_verify_feed *f);

/* B-20: is it worth telling that its address is not where it stands? */
bool reel_feed_address_is_news(struct reel_verify_feed *f);

/* What de-blocking passes over and so does not judge. */
void reel_feed_judge_passed_over(struct reel_verify_feed *f);

/* Run and run start; `last` is the good block before it. */
void reel_feed_judge_run(struct reel_verify_feed *f,
                         const struct reel_block_header *last);

/* ---- feed_volumes.c ---- */

/* Is there more behind this volume, as far as is known? */
bool reel_feed_goes_on(const struct reel_verify_feed *f);

/* Begin with volume 1, if that can be had. */
enum reel_status reel_feed_begin(struct reel_verify_feed *f,
                                 struct reel_err *err) REEL_MUST_CHECK;

/* The volume at hand is read: VOLUME_END. */
void reel_feed_end_volume(struct reel_verify_feed *f,
                          struct reel_verify_job *job);

/* No other volume: what is unfinished stays so. */
void reel_feed_finish(struct reel_verify_feed *f);

/* To the one behind the last that was tried; *wanted, with the job WANTED, if
   it cannot be had. */
enum reel_status reel_feed_turn_to_next(struct reel_verify_feed *f,
                                        struct reel_verify_job *job,
                                        bool *wanted,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
