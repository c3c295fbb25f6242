/* SPDX-License-Identifier: Apache-2.0 */
/* Which paths came by: a set of their digests, cut to 64 bits. Private to
   reader/. */
#ifndef REEL_READER_SINK_SEEN_H
#define REEL_READER_SINK_SEEN_H

#include "reel/bytes.h"
#include "reel/err.h"

struct reel_sink_seen {
    uint64_t *slots; /* 0: free */
    size_t slot_count;
    size_t used;
};

void reel_sink_seen_init(struct reel_sink_seen *s);
void reel_sink_seen_fini(struct reel_sink_seen *s);

/* Fails with MEMORY. */
enum reel_status reel_sink_seen_add(struct reel_sink_seen *s,
                                    struct reel_bytes path,
                                    struct reel_err *err) REEL_MUST_CHECK;
bool reel_sink_seen_has(const struct reel_sink_seen *s, struct reel_bytes path);

#endif
