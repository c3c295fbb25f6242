/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where objects come from: a walk over a tree that gives facts, extended
 * attributes and streams, one object after the other. Private to writer/.
 *
 *   while next() is REEL_OK:
 *       next_xattr() until REEL_END
 *       next_stream() until REEL_END; after each, read() until its size is had
 *       finish()
 *
 * next() may be called early to pass over the rest of an object. What a call
 * hands out is valid until the next call of next(), next_xattr() or
 * next_stream() that hands out the same.
 */
#ifndef REEL_WRITER_SOURCE_H
#define REEL_WRITER_SOURCE_H

#include "reel/note.h"
#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/stream.h"
#include "reel/xattr.h"

struct reel_source;

struct reel_source_ops {
    /*
     * The next object of the walk: a directory before what is in it, names
     * within it ascending octet by octet. Whether an object is a further name
     * is for the caller to see by file_system, file_id and link_count; kind is
     * not LINK and target 0. Only a source that says so gives objects of kind
     * LINK, too: behind their object, with its file_system and file_id, their
     * own path, and without attributes and streams; target is not 0, but
     * otherwise the source's own affair. Such a source gives every further
     * name so. What cannot be opened or looked at is noted (SKIPPED) and passed
     * over. REEL_END at the end of the walk.
     */
    enum reel_status (*next)(struct reel_source *s, struct reel_object *out,
                             struct reel_err *err);

    /* The next extended attribute of the object, names ascending; REEL_END. */
    enum reel_status (*next_xattr)(struct reel_source *s,
                                   struct reel_xattr *out,
                                   struct reel_err *err);

    /*
     * The next stream of the object in the order of the spec (7.4); REEL_END.
     * sparse_offset: for a SPARSE_BLOCK the number its body begins with (the
     * body read() gives includes those eight octets), else REEL_NONE64.
     */
    enum reel_status (*next_stream)(struct reel_source *s,
                                    struct reel_stream_header *out,
                                    uint64_t *sparse_offset,
                                    struct reel_err *err);

    /*
     * Up to `want` octets more of the stream's body into buf; *got is 1 …
     * want unless `want` is 0 or the promised size has been given. *reason is
     * 0 for content, or enum reel_bad_reason: then the octets are zeros that
     * stand for what the source could not give. Never fails because of the
     * file; a failure means the walk cannot go on.
     */
    enum reel_status (*read)(struct reel_source *s, uint8_t *buf, size_t want,
                             size_t *got, uint32_t *reason,
                             struct reel_err *err);

    /* After the last stream: REEL_OBJECT_CHANGED, REEL_OBJECT_GREW, or 0. */
    enum reel_status (*finish)(struct reel_source *s, uint32_t *flags,
                               struct reel_err *err);

    void (*free)(struct reel_source *s);

    /* Objects of kind LINK are like others, with streams; their target is the
       how-manieth object that next() gave, from 1. No further names are seen
       in file ids. */
    bool links_by_number;

    /* May be NULL. After finish(): an OBJECT END of which only the bad ranges
       count, those that read() did not tell of: both is not allowed for one
       object. Valid until the next call of next(). */
    struct reel_object_end (*bad_ranges)(struct reel_source *s);
};

struct reel_source {
    const struct reel_source_ops *ops;
};

#endif
