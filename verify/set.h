/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The volumes of a set: which one is at hand, how the next one is got, and
 * what can be known of a volume before it is read. Private to verify/.
 */
#ifndef REEL_VERIFY_SET_H
#define REEL_VERIFY_SET_H

#include "reel/known.h"
#include "reel/number_map.h"
#include "reel/volumes.h"

/* What a medium is read with: longer than a block may be, so that L-3 can be
   told. */
#define REEL_VERIFY_READ_BYTES ((size_t)2 * REEL_BLOCK_BYTES_MAX)

/* Runs above 0. What a good block says first of one counts: another is a
   fault. */
struct reel_verify_runs {
    struct reel_number_map met; /* 1, by archive and run in one number */
    struct reel_known known;
};

struct reel_verify_set {
    const struct reel_volumes *volumes; /* NULL: there is only the medium */
    struct reel_medium *medium;         /* at hand; NULL: none is */
    uint8_t *buf;                       /* the caller's, of buf_bytes */
    size_t buf_bytes;
    bool front_only; /* runs are not looked for */
    bool told;       /* `known` and the runs are all there is to know, and what
                        is brought is what was asked for */
    uint32_t number; /* of the volume at hand; 0: not known */
    uint32_t known;  /* volumes up to this one are known to be there */
    bool have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];
    struct reel_verify_runs runs;
    char refused[120];
};

/* `medium` is borrowed, and closed when another volume is asked for. */
void reel_verify_set_init(struct reel_verify_set *s, struct reel_medium *medium,
                          const struct reel_volumes *volumes, uint8_t *buf,
                          size_t buf_bytes);
void reel_verify_set_fini(struct reel_verify_set *s);

/*
 * Hop over the tape files of the medium at hand, which stands at its beginning
 * and does so again afterwards: which volume is it, and where do runs begin?
 * One that cannot be positioned is left alone. MEDIUM, MEMORY.
 */
enum reel_status reel_verify_set_survey(struct reel_verify_set *s,
                                        struct reel_err *err) REEL_MUST_CHECK;

/*
 * Ask for a volume until it is the right one, and survey it. number 0: the
 * last one, if that is behind `behind`. REEL_END: it cannot be had.
 */
enum reel_status reel_verify_set_bring(struct reel_verify_set *s,
                                       uint32_t number, uint32_t behind,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Runs that are known to begin somewhere. MEMORY. */
enum reel_status reel_verify_set_runs(struct reel_verify_set *s,
                                      const struct reel_known *runs,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* A good block was met: if its run is above 0, that is known from now on. */
enum reel_status reel_verify_set_meet(struct reel_verify_set *s,
                                      const struct reel_block_header *h,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* Is it known to be superseded (3.3)? */
bool reel_verify_set_superseded(const struct reel_verify_set *s,
                                const struct reel_block_header *h);

#endif
