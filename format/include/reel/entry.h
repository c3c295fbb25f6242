/* SPDX-License-Identifier: Apache-2.0 */
/* PLACE and ENTRY: where an object stands (spec 9.1, 9.2). */
#ifndef REEL_ENTRY_H
#define REEL_ENTRY_H

#include "reel/record.h"

/* Where a record stands. All zero: nowhere. */
struct reel_place {
    uint32_t volume;         /* from 1; 0: nowhere */
    uint32_t payload_offset; /* of its segment, in the payload of the block in
                                which that begins */
    uint64_t sequence;       /* of that block */
    uint64_t address;        /* of that block */
    uint32_t record_offset;  /* of the record in the unpacked segment */
    uint32_t zero;
};
#define REEL_PLACE_BYTES 32U

REEL_API void reel_place_get(struct reel_place *out, struct reel_cursor *c);
REEL_API void reel_place_put(const struct reel_place *p,
                             struct reel_builder *b);
REEL_API bool reel_place_equal(const struct reel_place *a,
                               const struct reel_place *b);

#define REEL_ENTRY_OPEN 0x1U
#define REEL_ENTRY_TORN 0x2U

struct reel_entry {
    uint32_t flags;
    uint32_t zero;
    struct reel_place begin; /* of OBJECT */
    struct reel_place end;   /* of OBJECT END; nowhere if open or torn */
    struct reel_place data;  /* of a link's target; else nowhere */
};

/* Decode the payload at `c`. INVALID. Pure. */
REEL_API enum reel_status
reel_entry_decode(struct reel_entry *out, struct reel_cursor *c,
                  struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_entry_encode(const struct reel_entry *e, uint64_t number,
                  struct reel_builder *b, struct reel_err *err) REEL_MUST_CHECK;

#endif
