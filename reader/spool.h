/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments of a catalog, and going through their records again and again: the
 * first few as they are in memory, the rest packed in a temporary file without
 * a name. Private to reader/.
 */
#ifndef REEL_READER_SPOOL_H
#define REEL_READER_SPOOL_H

#include "reel/record.h"
#include "reel/segment.h"
#include "temporary.h"

struct reel_spool_segment {
    uint8_t *raw; /* unpacked; NULL: in the file */
    uint32_t raw_bytes;
    uint64_t at;
    uint32_t packed_bytes;
    bool marked; /* holds something of what is wanted; else it is not kept */
};

struct reel_reader_spool {
    struct reel_temporary file; /* not open as long as nothing is in it */
    uint64_t bytes;             /* in the file */
    size_t kept_bytes;          /* in memory */
    struct reel_spool_segment *segments;
    size_t count;
    size_t capacity;
};

/* dir NULL: /tmp. */
void reel_reader_spool_init(struct reel_reader_spool *s, const char *dir);
void reel_reader_spool_fini(struct reel_reader_spool *s);

/* One segment, which nobody will ask for: it takes its place in the row, but
   is not kept. MEMORY. */
enum reel_status reel_reader_spool_pass(struct reel_reader_spool *s,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* One segment, packed and, if that is at hand, unpacked (else empty). FULL,
   MEDIUM, MEMORY. */
enum reel_status reel_reader_spool_add(struct reel_reader_spool *s,
                                       struct reel_bytes packed,
                                       struct reel_bytes raw,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Going through the records; several at a time may. */
struct reel_spool_cursor {
    const struct reel_reader_spool *spool;
    size_t index; /* of the next segment */
    struct reel_unpacker *unpacker;
    uint8_t *packed;
    size_t packed_capacity;
    uint8_t *raw;
    size_t raw_capacity;
    struct reel_cursor at;
    bool skipped; /* segments were passed over before the last record */
};

/* MEMORY. fini is fine on a zeroed one. */
enum reel_status reel_spool_cursor_init(struct reel_spool_cursor *c,
                                        const struct reel_reader_spool *s,
                                        struct reel_err *err) REEL_MUST_CHECK;
void reel_spool_cursor_fini(struct reel_spool_cursor *c);

/* The next record, valid until the next call; REEL_END behind the last.
   MEDIUM, CORRUPT, MEMORY. INVALID: *out breaks a requirement by its header
   alone; TRUNCATED: it ends behind its segment, and what comes next is the
   first of the next one. */
enum reel_status reel_spool_cursor_next(struct reel_spool_cursor *c,
                                        struct reel_record *out,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
