/* SPDX-License-Identifier: Apache-2.0 */
/* A tree of a POSIX file system as a source. Private to writer/. */
#ifndef REEL_WRITER_SOURCE_POSIX_H
#define REEL_WRITER_SOURCE_POSIX_H

#include "reel/write.h"
#include "source.h"

/* One thing to leave out: fnmatch pattern; without '/' it is matched against
   the last component, else against the whole archived path (FNM_PATHNAME). */
struct reel_source_posix_options {
    int base_fd; /* directory that relative paths start from; borrowed */
    const char *const *excludes; /* patterns; borrowed */
    size_t exclude_count;
    bool one_file_system;
    bool access_times; /* record them (off: REEL_FACT_ACCESSED not set) */
    const struct reel_file_identity *avoid; /* not to be archived; borrowed */
    size_t avoid_count;
    bool (*avoided)(void *ctx, const struct reel_file_identity *file);
    void *avoided_ctx;                  /* both as in reel/write.h */
    const struct reel_reporter *report; /* borrowed */
};

/*
 * A walk over the paths that `paths` gives, each with all that is in it.
 * Leading "/" and "./" components are dropped from the archived path, "." is
 * the empty path; a path with ".." components is noted SKIPPED and passed
 * over. NULL, with err filled, when memory runs out.
 */
struct reel_source *
reel_source_posix_new(const struct reel_source_posix_options *options,
                      reel_paths_fn paths, void *paths_ctx,
                      struct reel_err *err);

#endif
