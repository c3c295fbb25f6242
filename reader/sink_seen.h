/* SPDX-License-Identifier: Apache-2.0 */
/* Which paths came by: a set of their keys. Private to reader/. */
#ifndef REEL_READER_SINK_SEEN_H
#define REEL_READER_SINK_SEEN_H

#include "path_key.h"
#include "reel/err.h"

struct reel_sink_seen {
    struct reel_path_key *slots; /* zeroed: free */
    size_t slot_count;
    size_t used;
    struct reel_path_seed seed;
};

void reel_sink_seen_init(struct reel_sink_seen *s);
void reel_sink_seen_fini(struct reel_sink_seen *s);

/* The same octets in another encoding are another path. Fails with MEMORY. */
enum reel_status reel_sink_seen_add(struct reel_sink_seen *s, uint8_t encoding,
                                    struct reel_bytes path,
                                    struct reel_err *err) REEL_MUST_CHECK;
bool reel_sink_seen_has(const struct reel_sink_seen *s, uint8_t encoding,
                        struct reel_bytes path);

#endif
