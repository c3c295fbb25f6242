/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sink that sends what is handed in as a relay (reel/relay.h) to another
 * program, and takes its answer on a thread of its own, so that neither waits
 * for the other. Private to reader/.
 */
#ifndef REEL_READER_SINK_RELAY_H
#define REEL_READER_SINK_RELAY_H

#include "sink.h"

struct reel_sink_relay_options {
    int to_fd;   /* to the program; taken, and closed with the sink at latest */
    int from_fd; /* its answer; borrowed */
    const struct reel_reporter *report; /* borrowed */
};

/*
 * Every call hands notes that have come on to the reporter. A call fails with
 * what the program says in DONE, or with MEDIUM, when it ended before its time.
 * The program must end, or close its answer, when what it reads ends: free()
 * waits for that. NULL: MEMORY or MEDIUM, told in *err, with to_fd closed.
 */
struct reel_sink *
reel_sink_relay_new(const struct reel_sink_relay_options *options,
                    struct reel_err *err);

#endif
