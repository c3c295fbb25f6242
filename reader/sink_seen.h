/* SPDX-License-Identifier: Apache-2.0 */
/* Which paths came by: a set of their digests, with a seed and cut to 128 bits.
   Private to reader/. */
#ifndef REEL_READER_SINK_SEEN_H
#define REEL_READER_SINK_SEEN_H

#include "reel/bytes.h"
#include "reel/err.h"

#define REEL_SINK_SEEN_SEED_BYTES 16U

struct reel_sink_seen {
    struct reel_sink_seen_key {
        uint64_t low; /* both 0: free */
        uint64_t high;
    } * slots;
    size_t slot_count;
    size_t used;
    uint8_t seed[REEL_SINK_SEEN_SEED_BYTES]; /* so that nobody can make a tape
                                                whose paths are one */
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
