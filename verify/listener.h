/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who listens while a set is judged: what is accepted goes by, in order, and
 * nothing else. Private to verify/.
 */
#ifndef REEL_VERIFY_LISTENER_H
#define REEL_VERIFY_LISTENER_H

#include "reel/known.h"
#include "reel/verify.h"
#include "reel/walk.h"

/* An archive, when all of it that there is went by. */
struct reel_listened_archive {
    uint32_t archive;
    bool complete; /* has a valid END */
    bool whole;    /* and all its objects are at hand */
    uint8_t fingerprint[REEL_DIGEST_BYTES]; /* from the data, if `whole` */
};

/* All are called; what is handed in is borrowed for the call. A status other
   than REEL_OK ends the verification and is passed up. */
struct reel_verify_listener {
    void *ctx;
    enum reel_status (*object)(void *ctx, uint32_t archive, uint64_t number,
                               const struct reel_object *o,
                               struct reel_err *err);
    /* OBJECT was not met. */
    enum reel_status (*orphan)(void *ctx, uint32_t archive, uint64_t number,
                               const struct reel_continued *k,
                               struct reel_err *err);
    /* The same stream may come once more behind a gap. */
    enum reel_status (*stream)(void *ctx, const struct reel_stream *s,
                               struct reel_err *err);
    enum reel_status (*data)(void *ctx, const struct reel_data *d,
                             struct reel_err *err);
    /* e NULL: OBJECT END was not met. */
    enum reel_status (*end)(void *ctx, const struct reel_object_end *e,
                            enum reel_walk_outcome outcome,
                            struct reel_err *err);
    /* A catalog, or the slice of a checkpoint, names an object. */
    enum reel_status (*named)(void *ctx, uint32_t archive, bool checkpoint,
                              uint64_t number, const struct reel_object *o,
                              struct reel_err *err);
    /* What was named since the last call counts, because the digest over all of
       it agrees, or it does not. */
    void (*named_end)(void *ctx, bool checkpoint, bool agrees);
    enum reel_status (*archive)(void *ctx,
                                const struct reel_listened_archive *a,
                                struct reel_err *err);
};

/* What is known of the set before it is read. */
struct reel_verify_known {
    const uint8_t *set_id;
    const struct reel_known *runs;
    uint32_t first;   /* number of the volume that options->medium is */
    uint32_t highest; /* of a volume that is at hand */
};

/*
 * As reel_verify, with depth FULL, on volumes that are images: options->volumes
 * brings the right volume, or none. Both are borrowed.
 */
enum reel_status
reel_verify_listened(const struct reel_verify_options *options,
                     const struct reel_verify_known *known,
                     const struct reel_verify_listener *listener,
                     struct reel_verify_result *result,
                     struct reel_err *err) REEL_MUST_CHECK;

#endif
