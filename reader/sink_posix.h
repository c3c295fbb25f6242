/* SPDX-License-Identifier: Apache-2.0 */
/* A directory of a POSIX file system as a sink. Private to reader/. */
#ifndef REEL_READER_SINK_POSIX_H
#define REEL_READER_SINK_POSIX_H

#include "sink.h"

enum reel_existing {
    REEL_EXISTING_REFUSE, /* what is there stays; noted SKIPPED */
    REEL_EXISTING_SKIP,   /* what is there stays if it is the same */
    REEL_EXISTING_REPLACE /* what is there is replaced (never a directory
                             that is not empty by something else) */
};

struct reel_sink_posix_options {
    int dir_fd; /* restore into this directory, never outside; borrowed */
    enum reel_existing existing;
    bool preserve;      /* owners, setuid/setgid/sticky, capabilities, trusted.*
                           and security.*, device nodes */
    bool numeric_owner; /* by number, not by name */
    bool dry_run;       /* say what would be done, touch nothing */
    bool side_files;    /* what the target does not take of Windows objects
                           goes into files beside them (spec 8.5) */
    uint32_t strip;     /* leading components to drop from each path */
    const struct reel_reporter *report;     /* borrowed */
    const char *temporary_dir;              /* for what must spill; borrowed */
    const struct reel_owner_lookup *lookup; /* of owners by name; borrowed,
                                               NULL: the system is asked */
};

/* NULL, with err filled, when memory runs out. */
struct reel_sink *
reel_sink_posix_new(const struct reel_sink_posix_options *options,
                    struct reel_err *err);

#endif
