/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalog (spec 9.2): made from the records of an archive as they go by,
 * and read back into one item for each object. Writer, scan and verifier make
 * it with the same code, so that it is the same octet for octet.
 */
#ifndef REEL_CATALOG_H
#define REEL_CATALOG_H

#include "reel/checkpoint.h"
#include "reel/end.h"
#include "reel/entry.h"
#include "reel/group_end.h"
#include "reel/link_table.h"
#include "reel/object.h"
#include "reel/object_end.h"

/* Takes the octets of one whole record of the catalog. */
typedef enum reel_status (*reel_catalog_emit_fn)(void *ctx,
                                                 struct reel_bytes record,
                                                 struct reel_err *err);

/* Totals of an archive, as END and CHECKPOINT state them. */
struct reel_catalog_totals {
    uint64_t objects; /* complete ones */
    uint64_t torn;
    uint64_t flawed;
    uint64_t stream_bytes;
    uint64_t records; /* of the catalog */
    uint64_t bytes;   /* of these records */
    uint64_t next_object;
};

struct reel_catalog;

/* emit may be NULL: only digests and totals are wanted. NULL: no memory. */
REEL_API struct reel_catalog *reel_catalog_new(reel_catalog_emit_fn emit,
                                               void *ctx);
REEL_API void reel_catalog_free(struct reel_catalog *k);

/*
 * The same catalog once more, as far as it is made, to go back to when a run
 * begins (3.3). What is emitted from either goes to the same place. NULL: no
 * memory.
 */
REEL_API struct reel_catalog *reel_catalog_copy(const struct reel_catalog *k);

/*
 * One record of the data, or VOLUME, in order; `place` is its own. Types that
 * the catalog does not repeat are passed over. Fails with what emit returned,
 * and MEMORY. A record that cannot be decoded is passed over.
 */
REEL_API enum reel_status
reel_catalog_record(struct reel_catalog *k, const struct reel_record *r,
                    const struct reel_place *place,
                    struct reel_err *err) REEL_MUST_CHECK;

/* Every record of one unpacked segment. */
REEL_API enum reel_status
reel_catalog_segment(struct reel_catalog *k, const uint8_t *raw,
                     size_t raw_bytes, const struct reel_place *place,
                     struct reel_err *err) REEL_MUST_CHECK;

/*
 * One record of a catalog itself, or of its slices (9.3) without CHECKPOINT,
 * in order: brings `k` to the state it had behind that record, digests, totals
 * and the object that is open included. What the catalog holds is emitted.
 * Fails with INVALID, MEMORY, and with what emit returned.
 */
REEL_API enum reel_status
reel_catalog_load(struct reel_catalog *k, const struct reel_record *r,
                  struct reel_err *err) REEL_MUST_CHECK;

/*
 * A slice ends here (9.3): emits the ENTRY of the object that is open, if one
 * is; that ENTRY counts for the slice but not for the catalog. slice_records,
 * slice_bytes and slice_digest of *out are set, next_object and totals too; a
 * new slice begins.
 */
REEL_API enum reel_status
reel_catalog_slice(struct reel_catalog *k, struct reel_checkpoint *out,
                   reel_catalog_emit_fn emit_open, void *ctx,
                   struct reel_err *err) REEL_MUST_CHECK;

/*
 * The same in two steps: what a slice that ended here would be, with nothing
 * changed; and a new slice begins.
 */
REEL_API enum reel_status
reel_catalog_slice_look(const struct reel_catalog *k,
                        struct reel_checkpoint *out,
                        reel_catalog_emit_fn emit_open, void *ctx,
                        struct reel_err *err) REEL_MUST_CHECK;
REEL_API void reel_catalog_slice_next(struct reel_catalog *k);

/*
 * The data ended: an object that is open is torn. digest and fingerprint are
 * set, the totals too.
 */
REEL_API enum reel_status
reel_catalog_finish(struct reel_catalog *k, struct reel_catalog_totals *totals,
                    uint8_t digest[REEL_DIGEST_BYTES],
                    uint8_t fingerprint[REEL_DIGEST_BYTES],
                    struct reel_err *err) REEL_MUST_CHECK;

/* One object as the catalog has it; all of it borrowed for the call. */
struct reel_catalog_item {
    uint64_t number;
    struct reel_object object;
    bool has_content;              /* a group of the unnamed DATA */
    struct reel_group_end content; /* if has_content */
    bool has_end;
    struct reel_object_end end; /* if has_end */
    struct reel_entry entry;
};

struct reel_catalog_parser; /* what one object's records add up to */

REEL_API struct reel_catalog_parser *reel_catalog_parser_new(void);
REEL_API void reel_catalog_parser_free(struct reel_catalog_parser *p);

/* What is open is forgotten: an OBJECT is due. */
REEL_API void reel_catalog_parser_reset(struct reel_catalog_parser *p);

/* The payload of the last OBJECT, as it was met and not judged; valid until the
   next one. Empty before the first. */
REEL_API struct reel_bytes
reel_catalog_parser_object(const struct reel_catalog_parser *p);

/*
 * One record of a catalog. *item is set, and valid until the next call, when
 * the record is the ENTRY of an object (REEL_OK and *have true). Fails with
 * INVALID where the records make no object.
 */
REEL_API enum reel_status
reel_catalog_parse(struct reel_catalog_parser *p, const struct reel_record *r,
                   struct reel_catalog_item *item, bool *have,
                   struct reel_err *err) REEL_MUST_CHECK;

#endif
