/* SPDX-License-Identifier: Apache-2.0 */
/* What every reading verb begins with: volume, archives, selection, and the
   catalog of an archive. Private to reader/. */
#ifndef REEL_READER_SESSION_H
#define REEL_READER_SESSION_H

#include <time.h>

#include "archives.h"
#include "catalog_source.h"
#include "reel/number_set.h"
#include "reel/restore.h"

struct reel_session {
    const struct reel_access *access;
    struct timespec begun; /* by the clock that dates files */
    struct reel_reader_volume volume;
    struct reel_read_pipeline *pipeline;  /* NULL: there is no medium */
    struct reel_reader_archives archives; /* empty on a pipe */
    uint32_t wanted; /* volume on which a catalog stands and that is not at
                        hand; 0: none */
    struct reel_matcher matcher;
    struct reel_number_set *whole; /* gets what was handed out whole; NULL:
                                      nobody asks */
    /* Called when all is handed out, before the sink finishes: directories are
       still as they were made. NULL: nothing. */
    enum reel_status (*handed_out)(struct reel_session *s, uint32_t archive,
                                   const struct reel_restore_result *result,
                                   struct reel_err *err);
    const struct reel_restore_options *options; /* for that */
};

/* All is borrowed for the session. Fails as the verbs do. Fini is fine on a
   zeroed one, and behind a failure. */
enum reel_status reel_session_open(struct reel_session *s,
                                   const struct reel_access *access,
                                   const struct reel_selection *selection,
                                   struct reel_err *err) REEL_MUST_CHECK;
void reel_session_close(struct reel_session *s);

/* The archive that 0 means: the latest complete one, else the newest; 0 if
   nothing is known. A newer one that is not complete is told. Volumes may be
   asked for. */
enum reel_status reel_session_latest(struct reel_session *s, uint32_t *archive,
                                     struct reel_err *err) REEL_MUST_CHECK;

/*
 * The catalog of `archive` into *src, which is initialised and its to free:
 * from the file, from the medium, or, where that is allowed, from the
 * checkpoints and what stands behind them, or by a scan. On a
 * pipe `archive` may be 0: the last complete one.
 * Fails with CORRUPT (no scan is allowed), MISUSE (no such archive), INVALID
 * (the file is of another set), and as the verbs do.
 */
enum reel_status reel_session_catalog(struct reel_session *s, uint32_t archive,
                                      bool all_segments,
                                      struct reel_catalog_source *src,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* Only what a valid END leads to; nothing if that cannot be used. */
enum reel_status reel_session_read(struct reel_session *s, uint32_t archive,
                                   struct reel_catalog_source *src,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Make the ENDs of all archives known that can be had; volumes may be asked
   for. */
enum reel_status reel_session_all(struct reel_session *s,
                                  struct reel_err *err) REEL_MUST_CHECK;

/* The ENDs of the volume at hand, and if its archive goes on elsewhere, those
   of the last volume of the set. */
enum reel_status reel_session_find(struct reel_session *s,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Make the END of `archive` (0: of the latest complete one) known, if it can
   be had. */
enum reel_status reel_session_seek(struct reel_session *s, uint32_t archive,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* By a scan in any case. */
enum reel_status reel_session_scan(struct reel_session *s, uint32_t archive,
                                   struct reel_catalog_source *src,
                                   struct reel_err *err) REEL_MUST_CHECK;

#endif
