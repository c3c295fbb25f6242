/* SPDX-License-Identifier: Apache-2.0 */
/* How a writer of blocks comes to volumes. Private to tape_writer.c. */
#ifndef REEL_WRITER_TAPE_VOLUME_H
#define REEL_WRITER_TAPE_VOLUME_H

#include "tape_writer.h"

/* Label, leader and VOLUME on the medium at hand; `again`: in the place of the
   volume begun last. Fails with what the medium returned. */
enum reel_status reel_tape_volume_begin(struct reel_tape_writer *t, bool again,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* The volume behind the one at hand, with what is to be repeated there; or,
   where that was got while writing and is of no use, another one in its place.
   FULL: it is not to be had. */
enum reel_status reel_tape_volume_turn(struct reel_tape_writer *t,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
