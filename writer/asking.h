/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for one volume until the right one comes, or for so long. Private to
   writer/. */
#ifndef REEL_WRITER_ASKING_H
#define REEL_WRITER_ASKING_H

#include "reel/volumes.h"

/* So many volumes are refused for one wish; then it cannot be had. */
#define REEL_REFUSALS_MAX 16U

/* Zero it for each wish. */
struct reel_asking {
    unsigned int refusals;
    char refused[200]; /* why the last one is not it; "": nothing was refused
                          since it was asked for */
};

/* What was given is not it: `why`, and `more` of that. */
void reel_asking_refuse(struct reel_asking *a, const char *why,
                        const char *more);

/*
 * Ask once, with the sentence of the last refusal; `wish` is without one. On
 * REEL_OK *medium is set, and nothing is refused any more. REEL_END: it cannot
 * be had, or was refused too often; `a` still has the last sentence. `volumes`
 * may be NULL: nothing is to be had. Fails with what `get` returned.
 */
enum reel_status reel_asking_get(struct reel_asking *a,
                                 const struct reel_volumes *volumes,
                                 const struct reel_volume_wish *wish,
                                 struct reel_medium **medium,
                                 struct reel_err *err) REEL_MUST_CHECK;

#endif
