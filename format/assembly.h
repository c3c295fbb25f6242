/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The segment that is being put together from payloads (spec 12.1, P): its
 * octets so far, and where it began. Private to format/.
 */
#ifndef REEL_FORMAT_ASSEMBLY_H
#define REEL_FORMAT_ASSEMBLY_H

#include "reel/entry.h"
#include "reel/segment.h"

/* Zeroed but for limit_bytes is empty. */
struct reel_assembly {
    uint32_t limit_bytes; /* longest raw segment taken */
    uint8_t *buf;
    size_t capacity;
    size_t have; /* 0: there is none */
    size_t need; /* octets of the whole segment, 24 until its header is had */
    struct reel_place place;
    struct reel_pos pos;
};

void reel_assembly_fini(struct reel_assembly *a);

/* Is there one? */
bool reel_assembly_open(const struct reel_assembly *a);

/* Give it up; true if there was one. */
bool reel_assembly_drop(struct reel_assembly *a);

/* One begins here; its octets follow. Pre: there is none. */
void reel_assembly_begin(struct reel_assembly *a,
                         const struct reel_place *place,
                         const struct reel_pos *pos);

/*
 * The next octets, of which *used are taken. REEL_OK: it is whole and stands
 * in *whole, borrowed from `data` or until the next call; there is none now.
 * REEL_END: all were taken, and more are needed. Otherwise its header makes no
 * sense (G-2, G-4 to G-6, G-8, G-10: MAGIC, UNSUPPORTED, INVALID, LIMIT), and
 * it is to be dropped; or MEMORY.
 */
enum reel_status reel_assembly_take(struct reel_assembly *a,
                                    const uint8_t *data, size_t len,
                                    size_t *used, struct reel_bytes *whole,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
