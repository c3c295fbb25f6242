/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of one object beside those of what stands in a directory.
   Private to sink_compare.c. */
#ifndef REEL_READER_SINK_COMPARE_FACTS_H
#define REEL_READER_SINK_COMPARE_FACTS_H

#include "facts_apply.h"

/* Where differences of one object go: one sentence each. */
struct reel_sink_differences {
    void (*differs)(void *ctx, uint8_t encoding, struct reel_bytes path,
                    const char *what);
    void *ctx;
    uint8_t encoding;
    struct reel_bytes path; /* borrowed */
};

void reel_sink_differ(const struct reel_sink_differences *d, const char *fmt,
                      ...) REEL_PRINTF(2, 3);

/* Kind, size, mode, owner, device, time. False: the kind differs, and nothing
   else was looked at. `owners` NULL: by number. */
bool reel_sink_compare_facts(const struct reel_sink_differences *d,
                             const struct reel_object *o, const struct stat *st,
                             struct reel_sink_owners *owners);

/* Attributes of what `fd`, opened with O_PATH, stands for. Fails with MEMORY;
   -1 in *unreadable: they cannot be read, errno set. */
enum reel_status reel_sink_compare_xattrs(const struct reel_sink_differences *d,
                                          int fd,
                                          const struct reel_facts_xattrs *x,
                                          int *unreadable,
                                          struct reel_err *err) REEL_MUST_CHECK;

#endif
