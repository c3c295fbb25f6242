/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reading stage: the medium, de-blocked, as a row of jobs. One thread at a
 * time uses it. Private to verify/.
 */
#ifndef REEL_VERIFY_FEED_H
#define REEL_VERIFY_FEED_H

#include "block_history.h"
#include "job.h"
#include "listener.h"
#include "reel/verify.h"
#include "set.h"

#define REEL_FEED_RULES_MAX 8U

/* Where the feed stands among the volumes. */
enum reel_feed_phase {
    REEL_FEED_BEGIN,  /* nothing was done yet */
    REEL_FEED_READ,   /* a volume is read */
    REEL_FEED_TURN,   /* the volume behind `turned_to` is due */
    REEL_FEED_FINISH, /* there is no other; what is left is handed out */
    REEL_FEED_OVER
};

struct reel_verify_feed {
    const struct reel_verify_options *options;
    struct reel_verify_set set;
    enum reel_feed_phase phase;
    uint32_t turned_to;
    uint32_t missed; /* so many in a row were not to be had */
    bool last_asked; /* the last volume of the set was asked for */
    bool waits;      /* it is at hand, and others may stand before it */
    bool closed;     /* an END in a tape file of its own stood last */
    struct reel_verify_volume_read before; /* sums behind the last volume */
    struct reel_deblock *deblock;
    struct reel_block_history history;
    uint8_t *buf;
    bool own; /* octets of a job are copied, or handed over, into the job */

    uint64_t address; /* of what is read next */
    uint64_t at;      /* of what was read last */
    uint32_t marks;   /* filemarks passed */
    bool behind_mark;
    bool good_seen;
    bool data_ended; /* the medium has no more */

    uint64_t bytes;
    uint64_t blocks; /* good ones */
    uint64_t bad_blocks;

    /* The good block at hand, and the one before it. */
    struct reel_block_header h;
    bool announce; /* a BLOCK job is due */
    bool announce_behind_mark;
    bool repeated;
    bool superseded;
    bool bad_before; /* bad blocks stand directly before it */
    bool shifted;    /* a gap or a foreign block explains other addresses */

    /* The run at hand. */
    bool run_known;
    bool run_due;      /* its first block, VOLUME apart, is still to come */
    bool run_told;     /* its run start was found wrong */
    bool volume_wrong; /* its sequence is not that of the block at hand */
    bool run_begins;   /* with the block at hand */
    struct reel_known_run run;

    /* What was found wrong with the block at hand, to be handed out. */
    struct reel_deblock_item rules[REEL_FEED_RULES_MAX];
    size_t rule_count;
    size_t rule_taken;

    /* So that a fault of all blocks is told once. */
    int64_t address_shift; /* what B-20 was told of last */
    bool zero_told;
    bool padding_told;
    bool size_told;
    uint32_t block_bytes; /* of the first good block; 0: none yet */
    uint64_t gap_from;    /* the last gap: blocks met late are known of */
    uint64_t gap_to;
};

/* Fails with MEMORY; reel_verify_feed_fini is fine then too. */
enum reel_status
reel_verify_feed_init(struct reel_verify_feed *f,
                      const struct reel_verify_options *options, bool own,
                      struct reel_err *err) REEL_MUST_CHECK;
void reel_verify_feed_fini(struct reel_verify_feed *f);

/* Before the first job: what is known already. MEMORY. */
enum reel_status reel_verify_feed_know(struct reel_verify_feed *f,
                                       const struct reel_verify_known *known,
                                       struct reel_err *err) REEL_MUST_CHECK;

/*
 * The next job. What it borrows is valid until the next call unless the feed
 * `own`s. REEL_END behind TAPE_END. Fails with MEDIUM, MEMORY, UNSUPPORTED,
 * STOPPED.
 */
enum reel_status reel_verify_feed_next(struct reel_verify_feed *f,
                                       struct reel_verify_job *job,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* The volume behind the one at hand is due. Pre: there are volumes to ask
   for. */
void reel_verify_feed_turn(struct reel_verify_feed *f);

/* Go on at `address`, where a segment begins at the front of a block. */
enum reel_status reel_verify_feed_locate(struct reel_verify_feed *f,
                                         uint64_t address,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* Make room for `need` octets in a job's buffer; MEMORY. */
enum reel_status reel_verify_job_reserve(uint8_t **buf, size_t *capacity,
                                         size_t need,
                                         struct reel_err *err) REEL_MUST_CHECK;

#endif
