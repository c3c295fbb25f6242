/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One object after the other: its verdict, what of it is proven, and the rules
 * that the walk does not know of (O-16, O-18, S-15, S-16, K-2, K-4). Private to
 * verify/.
 */
#ifndef REEL_VERIFY_OBJECT_CHECK_H
#define REEL_VERIFY_OBJECT_CHECK_H

#include "diagnose.h"
#include "links_check.h"
#include "nonzero.h"
#include "reel/archive.h"
#include "reel/reparse.h"
#include "reel/walk.h"

#define REEL_RANGES_MAX 1024U       /* what is more is not called proven */
#define REEL_STREAM_SIZES_MAX 8192U /* O-16 is judged up to there */

struct reel_object_check {
    const struct reel_diagnoser *diag;
    struct reel_links_check *links;
    uint32_t archive;
    uint8_t source; /* of ARCHIVE; 0: not known */

    uint64_t number; /* 0: none is open */
    bool orphan;
    uint8_t kind;
    uint8_t encoding;
    uint64_t target;
    uint64_t size;   /* as OBJECT says */
    uint32_t faults; /* of this object */
    uint8_t path[REEL_PATH_BYTES_MAX];
    size_t path_bytes;

    struct reel_pos pos; /* of the record at hand */
    uint32_t streams;
    uint32_t ordinal; /* of the stream at hand */
    uint32_t stream_id;
    bool streams_told;       /* S-15, S-16 */
    uint32_t before;         /* id that began the group at hand; 0: none */
    struct reel_sha256 body; /* of a link */
    uint8_t reparse[REEL_REPARSE_BYTES_MAX];
    size_t reparse_bytes;

    struct reel_nonzero nonzero; /* O-18 */

    struct reel_verify_range ranges[REEL_RANGES_MAX];
    size_t range_count;
    uint64_t sizes[REEL_STREAM_SIZES_MAX];
};

/* What the walk calls back with; `o` is the caller's context. */
enum reel_status reel_object_check_begin(struct reel_object_check *o,
                                         uint64_t number,
                                         const struct reel_object *facts,
                                         struct reel_err *err) REEL_MUST_CHECK;
void reel_object_check_orphan(struct reel_object_check *o, uint64_t number,
                              const struct reel_continued *k);
void reel_object_check_stream(struct reel_object_check *o,
                              const struct reel_stream *s);
void reel_object_check_data(struct reel_object_check *o,
                            const struct reel_data *d);
/* A rule is broken; nothing of the object is proven any more if `content`. */
void reel_object_check_fault(struct reel_object_check *o, uint64_t number,
                             const struct reel_err *why);
/* `torn_lost`: an object that is torn is reported, as LOST. */
enum reel_status reel_object_check_end(struct reel_object_check *o,
                                       const struct reel_object_end *e,
                                       enum reel_walk_outcome outcome,
                                       bool torn_lost,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
