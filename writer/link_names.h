/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files with several names, while not all of them are met: which object has
 * their content. Private to writer/. Memory: an entry and a path for each file
 * of which names are still to come.
 */
#ifndef REEL_WRITER_LINK_NAMES_H
#define REEL_WRITER_LINK_NAMES_H

#include "reel/object.h"

struct reel_link_name; /* one file */

struct reel_link_names {
    struct reel_link_name **slots;
    size_t capacity;
    size_t used;
};

void reel_link_names_init(struct reel_link_names *t);
void reel_link_names_fini(struct reel_link_names *t);

/* The first name met of the file that `o`, no LINK, describes: object `number`.
   MEMORY. Nothing is kept unless link_count is above 1 and the file id is
   known. A file that had the same id, and is no more, is forgotten. */
enum reel_status reel_link_names_add(struct reel_link_names *t,
                                     const struct reel_object *o,
                                     uint64_t number,
                                     struct reel_err *err) REEL_MUST_CHECK;

/*
 * Is `o` a further name of a file met before? Then *target and *path (valid
 * until the next call of reel_link_names_met) are its object.
 */
bool reel_link_names_find(const struct reel_link_names *t,
                          const struct reel_object *o, uint64_t *target,
                          struct reel_bytes *path);

/* The name `o` was written as a link; with its last name the file is
   forgotten, names outside of the archive (spec 8.4) among them. */
void reel_link_names_met(struct reel_link_names *t,
                         const struct reel_object *o);

#endif
