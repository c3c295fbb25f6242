/* SPDX-License-Identifier: Apache-2.0 */
/* A directory of raw streams (reel/raw.h) as a sink. Private to reader/. */
#ifndef REEL_READER_SINK_RAW_H
#define REEL_READER_SINK_RAW_H

#include "sink.h"
#include "sink_calls.h"
#include "sink_posix.h"

struct reel_sink_raw_options {
    int dir_fd; /* the directory; borrowed */
    enum reel_existing existing;
    bool dry_run; /* say what would be done, touch nothing */
    const struct reel_reporter *report; /* borrowed */
};

/* NULL, with err filled, when memory runs out. */
struct reel_sink *reel_sink_raw_new(const struct reel_sink_raw_options *options,
                                    struct reel_err *err);

/* The same on calls that a test gives; borrowed. */
struct reel_sink *
reel_sink_raw_new_on(const struct reel_sink_raw_options *options,
                     const struct reel_sink_calls *calls, struct reel_err *err);

#endif
