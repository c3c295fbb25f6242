/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tape in memory, for tests: what a drive does at the end of a tape and with
 * bad blocks, and access to what stands on the tape. The tape outlives the
 * media opened on it. One thread at a time may use a tape and its medium.
 */
#ifndef REEL_MEDIUM_MEMORY_H
#define REEL_MEDIUM_MEMORY_H

#include "reel/medium.h"

struct reel_memory_tape; /* opaque */

/* How a tape behaves. All zero is an endless tape without faults. */
struct reel_memory_options {
    uint64_t capacity_bytes;      /* sum of all blocks; 0: endless */
    uint64_t early_warning_bytes; /* so long before capacity_bytes */
    bool full_on_tape; /* the first write refused in early warning that fits
                          is on tape all the same */
    bool write_protected;
    bool write_once;          /* nothing that stands there is written over */
    bool no_locate;           /* behave as a pipe: forward only */
    bool drive;               /* say that it is one: what cannot be read may be
                                 data; else it is an image */
    uint32_t block_bytes_max; /* 0: 16,777,215 */
};

/* One block or filemark. */
struct reel_memory_element {
    bool filemark;        /* then there are no bytes */
    bool unreadable;      /* a read meets REEL_EVENT_UNREADABLE */
    const uint8_t *bytes; /* NULL if byte_count is 0 */
    size_t byte_count;
};

/*
 * An empty tape, or NULL when memory is out. `options` may be NULL and is
 * copied. The caller frees it, behind the last medium on it.
 */
REEL_API struct reel_memory_tape *
reel_memory_tape_new(const struct reel_memory_options *options);

/* NULL is fine. No medium may be open on it. */
REEL_API void reel_memory_tape_free(struct reel_memory_tape *t);

/* Blocks and filemarks on the tape; addresses run from 0 to one less. */
REEL_API uint64_t reel_memory_tape_count(const struct reel_memory_tape *t);

/*
 * What stands at `address`, which must be below the count. Its bytes are
 * valid until the next change of the tape.
 */
REEL_API struct reel_memory_element
reel_memory_tape_get(const struct reel_memory_tape *t, uint64_t address);

/*
 * Replace what stands at `address`, below the count; insert before it, at or
 * below the count; remove it, below the count. The element's bytes are copied
 * and may be those of an element of this tape. Fails with MISUSE, MEMORY,
 * then nothing has changed. A medium open on the tape keeps its address.
 */
REEL_API enum reel_status
reel_memory_tape_set(struct reel_memory_tape *t, uint64_t address,
                     const struct reel_memory_element *element,
                     struct reel_err *err) REEL_MUST_CHECK;
REEL_API enum reel_status
reel_memory_tape_insert(struct reel_memory_tape *t, uint64_t address,
                        const struct reel_memory_element *element,
                        struct reel_err *err) REEL_MUST_CHECK;
REEL_API enum reel_status
reel_memory_tape_remove(struct reel_memory_tape *t, uint64_t address,
                        struct reel_err *err) REEL_MUST_CHECK;

/*
 * Flip bit `bit` (counted from the lowest of the first byte) of the block at
 * `address`; make that block unreadable. Fails with MISUSE.
 */
REEL_API enum reel_status
reel_memory_tape_flip(struct reel_memory_tape *t, uint64_t address,
                      uint64_t bit, struct reel_err *err) REEL_MUST_CHECK;
REEL_API enum reel_status
reel_memory_tape_spoil(struct reel_memory_tape *t, uint64_t address,
                       struct reel_err *err) REEL_MUST_CHECK;

/*
 * Lose the end of data, as a drive that lost its power: until something is
 * written, going to it, reading it, and passing over it fail with MEDIUM, and
 * nothing can be written there.
 */
REEL_API void reel_memory_tape_lose_end(struct reel_memory_tape *t);

/*
 * Let the `nth` call from now on (from 1) fail with MEDIUM and do nothing
 * else, with `and_after` every later one too; 0 lets all succeed. Counted are
 * read, write, filemark, space_filemarks, locate, tell, end_of_data and
 * close; a close that fails releases the medium all the same.
 */
REEL_API void reel_memory_tape_fail_at(struct reel_memory_tape *t,
                                       unsigned long nth, bool and_after);

/* Calls counted since the last reel_memory_tape_fail_at. */
REEL_API unsigned long reel_memory_tape_calls(const struct reel_memory_tape *t);

/*
 * Open the tape at its beginning. *out is set on REEL_OK; the caller closes
 * it before the tape is freed. At most one at a time. Fails with MISUSE,
 * MEMORY.
 */
REEL_API enum reel_status
reel_medium_memory_new(struct reel_medium **out, struct reel_memory_tape *tape,
                       enum reel_medium_mode mode,
                       struct reel_err *err) REEL_MUST_CHECK;

#endif
