/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that their writer never finished: one that comes whole behind them
   under the same path takes their place. Private to reader/. */
#ifndef REEL_READER_TORN_H
#define REEL_READER_TORN_H

#include "path_key.h"
#include "reel/note.h"
#include "relink.h"

struct reel_torn {
    struct reel_pending_links list;
    struct reel_torn_slot {
        struct reel_path_key key;
        bool used;
        size_t taken; /* so many in front of the list are not torn, if they have
                         that path */
    } * slots;
    size_t slot_count; /* 0 or a power of two */
    size_t used;
    struct reel_path_seed seed;
};

/* temporary_dir NULL: /tmp. */
void reel_torn_init(struct reel_torn *t, const char *temporary_dir);
void reel_torn_fini(struct reel_torn *t);

/* One more, which begins at `place`. MEMORY; FULL and MEDIUM where a temporary
   file fails. */
enum reel_status reel_torn_add(struct reel_torn *t, uint64_t number,
                               const struct reel_object *o,
                               const struct reel_place *place,
                               struct reel_err *err) REEL_MUST_CHECK;

/* A whole one of the same path. */
void reel_torn_forget(struct reel_torn *t, const struct reel_object *o);

/*
 * Tell of those that are left; *lost gets their number. `wanting`, which may
 * be NULL, says of which more stands on a volume that is not at hand. MEMORY,
 * MEDIUM.
 */
enum reel_status
reel_torn_tell(struct reel_torn *t, const struct reel_reporter *report,
               bool (*wanting)(const void *ctx, uint64_t number),
               const void *ctx, uint64_t *lost,
               struct reel_err *err) REEL_MUST_CHECK;

#endif
