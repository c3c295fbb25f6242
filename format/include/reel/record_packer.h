/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From records to packed segments, for streams of records that are not
 * objects: catalogs and their slices (spec 9.2). Segments are cut where the
 * next record does not fit, and where the caller says so.
 */
#ifndef REEL_RECORD_PACKER_H
#define REEL_RECORD_PACKER_H

#include "reel/segment.h"

/* Takes one packed segment, borrowed for the call. */
typedef enum reel_status (*reel_segment_emit_fn)(void *ctx,
                                                 struct reel_bytes packed,
                                                 struct reel_err *err);

struct reel_record_packer;

/*
 * compression and level as in ARCHIVE. limit_bytes: the segment limit.
 * NULL when memory runs out.
 */
REEL_API struct reel_record_packer *
reel_record_packer_new(enum reel_compression compression, int level,
                       uint32_t limit_bytes, reel_segment_emit_fn emit,
                       void *ctx);
REEL_API void reel_record_packer_free(struct reel_record_packer *p);

/* One whole record, header included. Fails with what emit returned, MEMORY. */
REEL_API enum reel_status
reel_record_packer_add(struct reel_record_packer *p, struct reel_bytes record,
                       struct reel_err *err) REEL_MUST_CHECK;

/* Cut here: emit what is gathered, if anything is. */
REEL_API enum reel_status
reel_record_packer_cut(struct reel_record_packer *p,
                       struct reel_err *err) REEL_MUST_CHECK;

/*
 * Take a cut back: what was emitted does not count, and the open_bytes octets
 * that were gathered before it are gathered still. Pre: nothing was added
 * since, and reel_record_packer_open_bytes was open_bytes before the cut.
 */
REEL_API size_t
reel_record_packer_open_bytes(const struct reel_record_packer *p);
REEL_API void reel_record_packer_uncut(struct reel_record_packer *p,
                                       size_t open_bytes);

#endif
