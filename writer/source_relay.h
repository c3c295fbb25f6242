/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that another program reads and sends as a relay (reel/relay.h). It is
 * not trusted: whatever breaks the grammar of a relay or a rule of the format
 * ends the walk. Private to writer/.
 */
#ifndef REEL_WRITER_SOURCE_RELAY_H
#define REEL_WRITER_SOURCE_RELAY_H

#include "source.h"

struct reel_source_relay_options {
    int fd;         /* borrowed */
    uint8_t source; /* enum reel_source_kind: NTFS has an order of streams */
    const struct reel_reporter *report; /* borrowed */
};

/*
 * next() gives objects of kind LINK, too. It fails with what DONE says, with
 * MEDIUM where the relay ends before DONE, with INVALID and LIMIT where it is
 * not as it ought to be. NULL: MEMORY, told in *err.
 */
struct reel_source *
reel_source_relay_new(const struct reel_source_relay_options *options,
                      struct reel_err *err);

/* Wait until there is an object, or the end, to be had by next(). Fails as
   that does. */
enum reel_status reel_source_relay_look(struct reel_source *s,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
