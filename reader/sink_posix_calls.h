/* SPDX-License-Identifier: Apache-2.0 */
/* The POSIX sink on given calls, for tests. Private to reader/. */
#ifndef REEL_READER_SINK_POSIX_CALLS_H
#define REEL_READER_SINK_POSIX_CALLS_H

#include "sink_calls.h"
#include "sink_posix.h"

/* As reel_sink_posix_new, on `calls`, borrowed. */
struct reel_sink *
reel_sink_posix_new_on(const struct reel_sink_posix_options *options,
                       const struct reel_sink_calls *calls,
                       struct reel_err *err);

#endif
