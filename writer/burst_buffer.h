/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed segments waiting for a drive. A drive that is given too little stops,
 * backs up and starts again; so it is given nothing until the buffer is filled
 * to the start mark, and then everything until the stop mark: long bursts, not
 * many short ones. One thread puts, one takes. Private to writer/.
 */
#ifndef REEL_WRITER_BURST_BUFFER_H
#define REEL_WRITER_BURST_BUFFER_H

#include "reel/bytes.h"
#include "reel/write.h"

struct reel_burst_buffer;

/*
 * `bytes` in all; raised to what four entries of `entry_bytes`, the longest
 * there can be, need. NULL when memory runs out.
 */
struct reel_burst_buffer *reel_burst_buffer_new(uint64_t bytes,
                                                size_t entry_bytes);
void reel_burst_buffer_free(struct reel_burst_buffer *b);

/* Add a segment and its part for the catalog; both are copied. Waits for room.
   False: aborted. */
bool reel_burst_buffer_put(struct reel_burst_buffer *b, struct reel_bytes part,
                           struct reel_bytes packed);

/*
 * The oldest segment, borrowed until it is dropped. Waits for the start mark
 * where a burst is over. False: closed and empty, or aborted.
 */
bool reel_burst_buffer_take(struct reel_burst_buffer *b,
                            struct reel_bytes *part, struct reel_bytes *packed);
void reel_burst_buffer_drop(struct reel_burst_buffer *b);

/* Nothing more is put: what is there is taken without waiting. */
void reel_burst_buffer_close(struct reel_burst_buffer *b);

/* Let both threads come to an end. */
void reel_burst_buffer_abort(struct reel_burst_buffer *b);

/* What was seen; behind the last take. */
struct reel_write_bursts
reel_burst_buffer_bursts(const struct reel_burst_buffer *b);

#endif
