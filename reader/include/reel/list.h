/* SPDX-License-Identifier: Apache-2.0 */
/* List what a set holds, from the catalog where there is one. */
#ifndef REEL_LIST_H
#define REEL_LIST_H

#include "reel/access.h"
#include "reel/entry.h"
#include "reel/group_end.h"
#include "reel/object.h"
#include "reel/object_end.h"

struct reel_list_item {
    uint32_t archive;
    uint64_t number;
    const struct reel_object *object;
    const struct reel_object_end *end;    /* NULL: torn or open */
    const struct reel_group_end *content; /* of the unnamed DATA; NULL: none.
                                             Of a link: NULL */
    struct reel_bytes symlink_target;     /* always empty from a catalog */
    const struct reel_entry *entry;
};

/* Everything in *item is borrowed for the call. A failure stops the list. */
typedef enum reel_status (*reel_list_fn)(void *ctx,
                                         const struct reel_list_item *item,
                                         struct reel_err *err);

/*
 * Call fn for every object selected, in the order of the archive. A pattern
 * that matches nothing is noted SKIPPED. A catalog that is missing or damaged
 * is noted DAMAGE, and the volume is scanned instead, unless no_scan.
 * Fails with MAGIC (not Reel), CORRUPT, UNSUPPORTED, MEDIUM, MEMORY, …
 */
REEL_API enum reel_status reel_list(const struct reel_access *access,
                                    const struct reel_selection *selection,
                                    reel_list_fn fn, void *ctx,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
