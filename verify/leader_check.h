/* SPDX-License-Identifier: Apache-2.0 */
/* The first page of the leader, and whether it names what it must (L-8).
   Private to verify/. */
#ifndef REEL_VERIFY_LEADER_CHECK_H
#define REEL_VERIFY_LEADER_CHECK_H

#include "reel/volume.h"

/* A page that is longer is not judged. */
#define REEL_LEADER_PAGE_MAX 8192U

struct reel_leader_page {
    uint8_t text[REEL_LEADER_PAGE_MAX]; /* without empty lines */
    size_t len;
    bool ended; /* what came last belongs to the page no more */
    bool over;  /* it is longer */
};

/* One block of the leader, in order. */
void reel_leader_page_add(struct reel_leader_page *p, struct reel_bytes block);

/* What of `v` it does not name, as words for people; NULL: it names all, or is
   not judged. */
const char *reel_leader_page_lacks(const struct reel_leader_page *p,
                                   const struct reel_volume *v);

#endif
