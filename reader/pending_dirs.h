/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories whose facts are applied when everything in them is done: a
 * stack, of which little stands in memory and the rest in an unlinked
 * temporary file. Private to reader/.
 */
#ifndef REEL_READER_PENDING_DIRS_H
#define REEL_READER_PENDING_DIRS_H

#include "facts_apply.h"
#include "sink_calls.h"
#include "sink_identity.h"

struct reel_pending_dir {
    uint64_t number;
    struct reel_sink_identity identity; /* of what was made */
    uint8_t encoding;
    struct reel_bytes path; /* as in the archive */
    struct reel_facts facts;
};

struct reel_pending_dirs {
    const struct reel_sink_calls *calls; /* borrowed */
    const char *temporary_dir;           /* borrowed */
    uint8_t *data;
    size_t len;
    size_t capacity;
    int fd; /* of the temporary file, -1: none yet */
    uint64_t file_len;
};

/* temporary_dir NULL means /tmp. */
void reel_pending_dirs_init(struct reel_pending_dirs *p,
                            const char *temporary_dir,
                            const struct reel_sink_calls *calls);
void reel_pending_dirs_fini(struct reel_pending_dirs *p);

/* Put one on top; what it points to is copied. Fails with MEMORY; with MEDIUM
   or FULL when the temporary file does, and `d` is not kept then. */
enum reel_status reel_pending_dirs_add(struct reel_pending_dirs *p,
                                       const struct reel_pending_dir *d,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Take the last one off. What *out points to is valid until the next call.
   END when there is none; MEMORY, MEDIUM. */
enum reel_status reel_pending_dirs_next(struct reel_pending_dirs *p,
                                        struct reel_pending_dir *out,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
