/* SPDX-License-Identifier: Apache-2.0 */
/* A directory, compared with what is handed in. Private to reader/. */
#ifndef REEL_READER_SINK_COMPARE_H
#define REEL_READER_SINK_COMPARE_H

#include "sink.h"

struct reel_sink_compare_options {
    int dir_fd;         /* compared beneath this; borrowed */
    bool numeric_owner; /* owners by number, not by name */
    uint32_t strip;     /* leading components to drop from each path */
    const struct reel_reporter *report;     /* borrowed */
    const char *temporary_dir;              /* for what must spill; borrowed */
    const struct reel_owner_lookup *lookup; /* of owners by name; borrowed,
                                               NULL: the system is asked */
    /*
     * Called for each difference: `what` is a sentence for people. For
     * something that the archive lacks, the path is the one in the directory,
     * encoding 1. Must not be NULL.
     */
    void (*differs)(void *ctx, uint8_t encoding, struct reel_bytes path,
                    const char *what);
    void *ctx;
};

/*
 * Compares kind, size, content octet by octet, mode, owner, time of change of
 * content, extended attributes, devices, targets, and which names are one
 * file; and names what the directories of the archive hold besides. Holes are
 * zeros; the time of last access is not compared, nor what only Windows knows,
 * nor extended attributes of objects of encoding 2. Nothing is changed. Memory:
 * 16 to 32 octets for each object. What cannot be compared is noted SKIPPED,
 * what the archive does not prove LOST or FLAWED.
 * NULL, with err filled, when memory runs out.
 */
struct reel_sink *
reel_sink_compare_new(const struct reel_sink_compare_options *options,
                      struct reel_err *err);

#endif
