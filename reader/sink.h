/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where objects go: to a directory, to standard output, or to a comparison.
 * Private to reader/. The engine in front of it has taken care of order,
 * checksums, selection and links; it calls
 *
 *   begin, xattr*, ( stream, data*, …, group_end )*, end
 *
 * for each object, or link() for a further name of an object that ended
 * before. What is handed in is borrowed for the call.
 *
 * A sink that cannot do something for one object says so in a note, ignores
 * the rest of that object, and returns REEL_OK. A failure means nothing more
 * can be done at all.
 */
#ifndef REEL_READER_SINK_H
#define REEL_READER_SINK_H

#include "reel/group_end.h"
#include "reel/note.h"
#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/stream.h"
#include "reel/xattr.h"

/* What the engine can say of an object at its end. */
enum reel_outcome {
    REEL_OUTCOME_PROVEN,  /* every octet and digest agrees */
    REEL_OUTCOME_FLAWED,  /* proven, but its OBJECT END names bad ranges */
    REEL_OUTCOME_DAMAGED, /* something is missing or does not agree */
    REEL_OUTCOME_ABSENT   /* the same, and told already: the rest stands on a
                             volume that is not at hand */
};

struct reel_sink;

struct reel_sink_ops {
    /* o->kind is never LINK, unless links_as_objects. `number` is the
       object's, for link() later. */
    enum reel_status (*begin)(struct reel_sink *s, uint64_t number,
                              const struct reel_object *o,
                              struct reel_err *err);
    enum reel_status (*xattr)(struct reel_sink *s, const struct reel_xattr *x,
                              struct reel_err *err);
    enum reel_status (*stream)(struct reel_sink *s,
                               const struct reel_stream *stream,
                               struct reel_err *err);
    enum reel_status (*data)(struct reel_sink *s, const struct reel_data *d,
                             struct reel_err *err);
    enum reel_status (*group_end)(struct reel_sink *s,
                                  const struct reel_group_end *g,
                                  struct reel_err *err);
    /* e is NULL when OBJECT END was not found. */
    enum reel_status (*end)(struct reel_sink *s,
                            const struct reel_object_end *e,
                            enum reel_outcome outcome, struct reel_err *err);
    /*
     * `o` (kind LINK, with its own path) is a further name of object
     * `o->target`, which was handed in before. *made false: the sink does not
     * have that object (it could not be put in place): noted already.
     */
    enum reel_status (*link)(struct reel_sink *s, const struct reel_object *o,
                             bool *made, struct reel_err *err);
    /* Everything was handed in: directories' times and the like. */
    enum reel_status (*finish)(struct reel_sink *s, struct reel_err *err);
    void (*free)(struct reel_sink *s);

    /* May be NULL. Before begin: does the sink have `o` already, so that its
       data need not be read? `content` is the digest of its content or NULL. */
    enum reel_status (*have)(struct reel_sink *s, uint64_t number,
                             const struct reel_object *o,
                             const struct reel_group_end *content, bool *have,
                             struct reel_err *err);

    /* Further names, those marked outside too, go by as objects with their one
       stream; link() is not called. */
    bool links_as_objects;
};

struct reel_sink {
    const struct reel_sink_ops *ops;
    /* The engine clears it before begin and link. Set by a sink that did not do
       with the object what it is there for, and so does not count as handed
       out. */
    bool left_out;
};

#endif
