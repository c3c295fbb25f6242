/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as a source of objects, for the writer's own packer. */
#ifndef REEL_FUZZ_PLAN_SOURCE_H
#define REEL_FUZZ_PLAN_SOURCE_H

#include "plan.h"
#include "source.h"

struct plan_source {
    struct reel_source source;
    const struct plan *plan; /* borrowed */
    size_t next;             /* object */
    uint32_t next_stream;
    bool xattr_given;
    uint64_t at; /* in the body */
    uint8_t name[256];
};

/* Caller storage, nothing to release. */
void plan_source_init(struct plan_source *s, const struct plan *plan);

/* The facts and the attribute of an object as the source gives them; names are
   borrowed from the plan, and from `value`. */
struct reel_object plan_object_facts(const struct plan *p, size_t index);
struct reel_xattr plan_object_xattr(const struct plan *p, size_t index,
                                    uint8_t value[256]);

#endif
