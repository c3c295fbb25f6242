/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From records to objects: the order of records (spec 5.1), counts, offsets
 * and digests (chapters 6 to 8) as a state machine without I/O. It is fed the
 * unpacked segments of DATA stretches and calls back with what they say.
 */
#ifndef REEL_WALK_H
#define REEL_WALK_H

#include "reel/archive.h"
#include "reel/continued.h"
#include "reel/entry.h"
#include "reel/group_end.h"
#include "reel/head.h"
#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/stream.h"
#include "reel/xattr.h"

/* What can be said of an object at its end. */
enum reel_walk_outcome {
    REEL_WALK_PROVEN,  /* every octet and digest agrees */
    REEL_WALK_FLAWED,  /* the same, but OBJECT END names bad ranges */
    REEL_WALK_DAMAGED, /* something is missing or does not agree */
    REEL_WALK_TORN     /* its writer never finished it */
};

/*
 * Any may be NULL. What is handed out is borrowed for the call. A status other
 * than REEL_OK stops the walk and is passed up.
 */
struct reel_walk_calls {
    void *ctx;
    enum reel_status (*archive)(void *ctx, const struct reel_archive *a,
                                struct reel_err *err);
    enum reel_status (*begin)(void *ctx, uint64_t number,
                              const struct reel_object *o,
                              const struct reel_place *place,
                              struct reel_err *err);
    /* A segment goes on with an object whose OBJECT was not met: nothing but
       this is known of it. Where OBJECT was met and makes no sense, not even
       that: kind and encoding are 0. Followed by stream, data …, end. */
    enum reel_status (*orphan)(void *ctx, uint64_t number,
                               const struct reel_continued *k,
                               struct reel_err *err);
    /* Behind a loss a group goes on that `first` began, a stream that was not
       met or is met again; before `stream`. */
    enum reel_status (*resume)(void *ctx, const struct reel_stream *first,
                               struct reel_err *err);
    enum reel_status (*xattr)(void *ctx, const struct reel_xattr *x,
                              struct reel_err *err);
    enum reel_status (*stream)(void *ctx, const struct reel_stream *s,
                               struct reel_err *err);
    enum reel_status (*data)(void *ctx, const struct reel_data *d,
                             struct reel_err *err);
    enum reel_status (*group_end)(void *ctx, const struct reel_group_end *g,
                                  struct reel_err *err);
    /* e NULL: OBJECT END was not met. */
    enum reel_status (*end)(void *ctx, uint64_t number,
                            const struct reel_object_end *e,
                            enum reel_walk_outcome outcome,
                            struct reel_err *err);
    /* Every record as it is met, before the calls above. */
    enum reel_status (*record)(void *ctx, const struct reel_record *r,
                               const struct reel_place *place,
                               struct reel_err *err);
    /* A rule is broken; the walk goes on. number 0: no object. */
    enum reel_status (*fault)(void *ctx, uint64_t number,
                              const struct reel_err *why, struct reel_err *err);
};

struct reel_walk;

/* digests false: SHA-256 is neither computed nor compared, so that PROVEN says
   less. NULL when memory runs out. */
REEL_API struct reel_walk *reel_walk_new(const struct reel_walk_calls *calls,
                                         bool digests);
REEL_API void reel_walk_free(struct reel_walk *w);

/* Another archive begins: nothing is known, number `archive`. An object that
   is open ends DAMAGED. */
REEL_API enum reel_status
reel_walk_archive(struct reel_walk *w, uint32_t archive,
                  struct reel_err *err) REEL_MUST_CHECK;

/* What comes next does not go on from what came before. */
REEL_API void reel_walk_gap(struct reel_walk *w);

/* A higher run begins: an object that is open is torn. anew: the run
   begins with the archive itself, which comes once more. */
REEL_API enum reel_status reel_walk_run(struct reel_walk *w, bool anew,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* Start anew at an object somewhere: what was open is forgotten. */
REEL_API void reel_walk_jump(struct reel_walk *w);

/* Behind a jump: what begins before this offset in the next segment is of no
   interest. */
REEL_API void reel_walk_skip(struct reel_walk *w, uint32_t record_offset);

/* One unpacked segment whose place is `place`; `pos` says where it begins.
   Fails with what a call returned, and MEMORY. */
REEL_API enum reel_status
reel_walk_segment(struct reel_walk *w, const uint8_t *raw, size_t raw_bytes,
                  const struct reel_place *place, const struct reel_pos *pos,
                  struct reel_err *err) REEL_MUST_CHECK;

/* The data of the archive ended; `complete` if it was meant to. */
REEL_API enum reel_status
reel_walk_finish(struct reel_walk *w, bool complete,
                 struct reel_err *err) REEL_MUST_CHECK;

/* The object that is open, 0 if none. */
REEL_API uint64_t reel_walk_open_object(const struct reel_walk *w);

#endif
