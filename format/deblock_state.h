/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.1; what is remembered from block to block. Private to deblock*.c. */
#ifndef REEL_DEBLOCK_STATE_H
#define REEL_DEBLOCK_STATE_H

#include "assembly.h"
#include "reel/deblock.h"

#define DEBLOCK_QUEUE_MAX 8 /* notes one block can give rise to */

enum deblock_state {
    STATE_NONE, /* no archive is at hand */
    STATE_SEEK, /* nothing is known of the octets of payload that come next */
    STATE_READ  /* the next payload goes on where the last one ended */
};

/* A place in the row of payloads of an archive. */
struct deblock_place {
    uint64_t sequence;
    size_t at; /* in the payload */
};

struct reel_deblock {
    struct reel_known known;
    bool have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];

    /* What the reader remembers; the letters are those of 12.1. */
    enum deblock_state state;
    uint32_t archive;       /* A */
    uint32_t run;           /* R */
    uint64_t run_start;     /* S */
    uint32_t volume;        /* V; 0: none */
    uint64_t expected;      /* E */
    uint16_t kind;          /* K; 0: none */
    uint16_t stretch;       /* the same; at the front of an archive that of its
                                  first block */
    struct reel_assembly p; /* P */
    bool have_done;
    struct deblock_place done; /* D */
    bool anywhere;             /* begun in the middle: E is what comes first */
    bool missed;               /* blocks, directly before the one at hand */
    bool front;   /* of a stretch, and nothing is missing before it */
    bool spanned; /* B-11 was broken, and what follows from that is not told */
    uint32_t start_offset; /* behind a jump: where to begin, or NONE */
    uint64_t reached;      /* one more than the highest sequence taken */

    /* 12.2: does the next segment of data follow the last one? */
    bool hole;
    uint64_t hole_from; /* where what is lost begins */
    bool gave_up;       /* one at `given_up`, that may be taken again */
    struct deblock_place given_up;

    /* The block that was fed. */
    struct reel_block_header h;
    uint64_t address;
    const uint8_t *payload; /* NULL: nothing left of it */
    size_t at;
    bool first_seen; /* a segment began in this block already */
    bool astray;     /* its first segment passes over one, which is told */

    /* Items that stand before the segments of the block. */
    struct reel_deblock_item queue[DEBLOCK_QUEUE_MAX];
    size_t queued;
    size_t taken;
};

/* ---- deblock_items.c: what is told ---- */

/* Where the block at hand stands. */
struct reel_pos reel_deblock_pos(const struct reel_deblock *d, uint32_t volume);

/* One more item, to be filled; of the good block at hand, or of `volume`. */
struct reel_deblock_item *reel_deblock_push(struct reel_deblock *d,
                                            enum reel_deblock_event event);
struct reel_deblock_item *reel_deblock_push_of(struct reel_deblock *d,
                                               enum reel_deblock_event event,
                                               uint32_t volume);

/* That a rule is broken (NULL: none); that [from, to) is missing. */
void reel_deblock_push_rule(struct reel_deblock *d,
                            enum reel_deblock_event event,
                            enum reel_status status, const char *rule,
                            const char *text);
struct reel_deblock_item *reel_deblock_push_gap(struct reel_deblock *d,
                                                uint64_t from, uint64_t to,
                                                const char *rule,
                                                const char *text);

/* ---- deblock_payload.c: what was taken, and what is lost ---- */

/* D becomes this place. */
void reel_deblock_set_done(struct reel_deblock *d, uint64_t sequence,
                           size_t at);

/* A loss (12.2), from the sequence `from` on. */
void reel_deblock_lose(struct reel_deblock *d, uint64_t from);

#endif
