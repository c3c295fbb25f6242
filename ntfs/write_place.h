/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where objects stand: below the base, and, before they are whole, in the
 * pending directory. Paths are units joined by "/".
 */
#ifndef RN_WRITE_PLACE_H
#define RN_WRITE_PLACE_H

#include "write_entry.h"

/*
 * The directory `path` below the base, made where it is not there yet. One on
 * the way that is a reparse point, no directory, or belongs to NTFS itself is
 * not entered: MEDIUM. Also FULL, MEMORY, and INVALID for a path that breaks
 * N-2 or has a component too long.
 */
enum reel_status rn_place_directory(struct rn_target *t, struct reel_bytes path,
                                    uint64_t *reference,
                                    struct reel_err *err) REEL_MUST_CHECK;

/* The same for the parent of `path`, which is not empty; *name is the last
   component, borrowed from path. */
enum reel_status rn_place_parent(struct rn_target *t, struct reel_bytes path,
                                 uint64_t *parent, struct reel_bytes *name,
                                 struct reel_err *err) REEL_MUST_CHECK;

/* What was found may not be there any more. */
void rn_place_forget(struct rn_target *t);

/* Make the pending directory, or empty the one there is. */
enum reel_status rn_place_pending_open(struct rn_target *t,
                                       struct reel_err *err) REEL_MUST_CHECK;
/* Remove it, if there is one. MEDIUM: it is not empty, for one. */
enum reel_status rn_place_pending_close(struct rn_target *t,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* A name in the pending directory. */
struct rn_pending_name {
    uint8_t octets[34];
    struct reel_bytes bytes; /* of octets */
};
void rn_pending_name_make(struct rn_pending_name *n, uint64_t number);

/* A fresh file or directory in the pending directory. FULL, MEDIUM. */
enum reel_status rn_pending_create(struct rn_target *t, uint64_t number,
                                   bool directory, ntfs_inode **out,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Delete it; takes ni. What fails is reported. */
void rn_pending_discard(struct rn_target *t, uint64_t number, ntfs_inode *ni,
                        const struct rn_subject *about);

/* Take it out of the pending directory; it has its name elsewhere. */
enum reel_status rn_pending_leave(struct rn_target *t, uint64_t number,
                                  ntfs_inode *ni,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
