/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How further volumes of a set come to the drive: somebody changes tapes, a
 * robot does, or the next image is opened. The libraries ask; whoever calls
 * them answers (spec 2.1, 9.7).
 */
#ifndef REEL_VOLUMES_H
#define REEL_VOLUMES_H

#include "reel/medium.h"

/* So many volumes in a row may be missing before those up to the last one that
   is known are not asked for one by one any more: a damaged or hostile block
   may state a number as large as can be. */
#define REEL_VOLUMES_MISSED_MAX 10000U

/* What is asked for. Everything is borrowed for the call. */
struct reel_volume_wish {
    uint32_t number;       /* of the volume, from 1; 0: the last of the set */
    bool write;            /* to be written: blank, or free to be overwritten */
    const uint8_t *set_id; /* 16 octets; NULL: not known */
    const char *volume_id; /* its label, without spaces; NULL: not known */
    const char *refused;   /* one sentence: why what was given for the same
                              wish just before is not it; NULL at first */
};

/*
 * `get` closes the medium that was in use before (the caller's own first one,
 * or what was given last), brings the volume, opens it in the mode wanted at
 * its beginning, and sets *medium, which stays its property. What it brings is
 * judged by who asked: a volume that is not the right one is refused by asking
 * again, with a sentence. After REEL_END no medium is open.
 * REEL_END: it cannot be had, and the operation goes on without it, or ends.
 * Fails with STOPPED, MEDIUM, MEMORY: the operation ends.
 * Called by one thread at a time, not always the same one.
 */
struct reel_volumes {
    void *ctx;
    enum reel_status (*get)(void *ctx, const struct reel_volume_wish *wish,
                            struct reel_medium **medium, struct reel_err *err);
};

#endif
