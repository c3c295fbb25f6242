/* SPDX-License-Identifier: Apache-2.0 */
/* The POSIX source with other system calls, for tests. Private to writer/. */
#ifndef REEL_WRITER_SOURCE_POSIX_CALLS_H
#define REEL_WRITER_SOURCE_POSIX_CALLS_H

#include "calls_posix.h"
#include "source_posix.h"

/* As reel_source_posix_new; `calls` is borrowed as long as the source. */
struct reel_source *
reel_source_posix_new_calls(const struct reel_source_posix_options *options,
                            const struct reel_calls_posix *calls,
                            reel_paths_fn paths, void *paths_ctx,
                            struct reel_err *err);

#endif
