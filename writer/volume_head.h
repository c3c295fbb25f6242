/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in front on a volume: label, leader, VOLUME (spec chapter 2).
   Private to writer/. */
#ifndef REEL_WRITER_VOLUME_HEAD_H
#define REEL_WRITER_VOLUME_HEAD_H

#include "reel/medium.h"
#include "reel/volume.h"

/* Longer than any VOLUME record. */
#define REEL_VOLUME_RECORD_ROOM 384U

/*
 * Put all of it on `medium`, which stands at its beginning. `v` has everything
 * but leader octets and digest, `next` is the header of the block behind
 * VOLUME. `block` is working memory of v->block_bytes octets.
 * record   room for the VOLUME record; *record_bytes is set
 * address  set to where the next block goes
 * Fails with what the medium returned, and INVALID.
 */
enum reel_status reel_volume_head_write(struct reel_medium *medium,
                                        const struct reel_volume *v,
                                        const struct reel_block_header *next,
                                        uint8_t *block,
                                        uint8_t record[REEL_VOLUME_RECORD_ROOM],
                                        size_t *record_bytes, uint64_t *address,
                                        struct reel_err *err) REEL_MUST_CHECK;

/*
 * The id of volume `number` from that of the volume before it: its last digits
 * count on and keep their width where six characters leave no room for more.
 * One without digits gets the number, if there is room. Pure.
 */
void reel_volume_id_next(uint8_t id[REEL_VOLUME_ID_BYTES], uint32_t number);

#endif
