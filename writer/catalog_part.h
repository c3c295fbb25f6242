/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the catalog needs of a segment of data (spec 9.2): some of its records,
 * each with its offset in the segment. Small where the segment is large, so it
 * can be kept until it is known on which volume the segment stands. Private to
 * writer/.
 */
#ifndef REEL_WRITER_CATALOG_PART_H
#define REEL_WRITER_CATALOG_PART_H

#include "reel/bytes.h"
#include "reel/catalog.h"

/* Octets that the part of a segment of `raw_bytes` can have at most. */
size_t reel_catalog_part_room(size_t raw_bytes);

/*
 * Take the part of the segment whose records are `raw` into `buf`, which has
 * reel_catalog_part_room(raw.len) octets. Returns what was used of it. Pure.
 */
struct reel_bytes reel_catalog_part_take(uint8_t *buf, struct reel_bytes raw);

/*
 * Give the records of a part to the catalog. `place` is that of the segment,
 * with record_offset 0. Fails as reel_catalog_record does.
 */
enum reel_status reel_catalog_part_replay(struct reel_catalog *k,
                                          struct reel_bytes part,
                                          const struct reel_place *place,
                                          struct reel_err *err) REEL_MUST_CHECK;

#endif
