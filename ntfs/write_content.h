/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Content of DATA and ALTERNATE_DATA groups (spec 7.3) on NTFS. */
#ifndef RN_WRITE_CONTENT_H
#define RN_WRITE_CONTENT_H

#include "reel/stream.h"
#include "write_target.h"

#include <ntfs-3g/attrib.h>

/* One at a time. Zero it. */
struct rn_content {
    ntfs_attr *na; /* NULL: none is open */
    uint64_t end;  /* of what was given */
    uint64_t size; /* of the content */
    bool sparse;   /* to be marked so */
    bool unmarked; /* only behind rn_content_close: it could not be */
};

/*
 * Begin the group whose first stream is `h`, which has content. UNSUPPORTED: it
 * has no place in NTFS, or comes twice; FULL, MEDIUM, MEMORY.
 */
enum reel_status rn_content_open(struct rn_content *c, struct rn_target *t,
                                 ntfs_inode *ni,
                                 const struct reel_stream_header *h,
                                 struct reel_err *err) REEL_MUST_CHECK;

/* Put octets at `at`, not before what was put; what is between is a hole.
   FULL, MEDIUM, INVALID. */
enum reel_status rn_content_put(struct rn_content *c, const struct rn_target *t,
                                uint64_t at, struct reel_bytes octets,
                                struct reel_err *err) REEL_MUST_CHECK;

/* The content is `size` octets long. INVALID when there are more. */
enum reel_status rn_content_end_at(struct rn_content *c, uint64_t size,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* The group is whole. FULL, MEDIUM; it is closed in any case. */
enum reel_status rn_content_close(struct rn_content *c,
                                  const struct rn_target *t,
                                  struct reel_err *err) REEL_MUST_CHECK;
void rn_content_abandon(struct rn_content *c);

/*
 * Copy the content of all named streams, and of the file itself if `unnamed`,
 * from one object to another that does not have them. Holes stay holes.
 */
enum reel_status rn_content_copy(const struct rn_target *t, ntfs_inode *from,
                                 ntfs_inode *to, bool unnamed,
                                 struct reel_err *err) REEL_MUST_CHECK;

/* Is the unnamed content the same? MEDIUM, MEMORY. */
enum reel_status rn_content_same(ntfs_inode *a, ntfs_inode *b, bool *same,
                                 struct reel_err *err) REEL_MUST_CHECK;

#endif
