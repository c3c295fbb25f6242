/* SPDX-License-Identifier: Apache-2.0 */
/* A directory of raw streams (reel/raw.h) as a source. Private to writer/. */
#ifndef REEL_WRITER_SOURCE_RAW_H
#define REEL_WRITER_SOURCE_RAW_H

#include "reel/note.h"
#include "source.h"

struct reel_source_raw_options {
    int dir_fd;                         /* the directory; borrowed */
    const struct reel_reporter *report; /* borrowed */
};

/*
 * Its objects in the order of their numbers. Streams and facts of each are
 * checked whole before next() gives it; one that is not whole, or breaks a
 * rule, is noted SKIPPED by the name of its file, and so is each link to it.
 * Gives links by number. NULL, with err filled: MEMORY, MEDIUM, UNSUPPORTED
 * (built without a parser).
 */
struct reel_source *
reel_source_raw_new(const struct reel_source_raw_options *options,
                    struct reel_err *err);

#endif
