/* SPDX-License-Identifier: Apache-2.0 */
/* What a volume says of itself and of its archives. */
#ifndef REEL_INFO_H
#define REEL_INFO_H

#include "reel/access.h"
#include "reel/head.h"

struct reel_info_fns {
    void *ctx;
    /* Once: the volume. `label` NULL if the label cannot be read. All calls
       borrow their arguments for the call. */
    void (*volume)(void *ctx, const struct reel_volume *v);
    /* Each archive known, ascending: first and last are its number. Or those
       from `first` to `last` have no END, then `end` is NULL: one is
       incomplete; of more, at least the last one is. */
    void (*archive)(void *ctx, uint32_t first, uint32_t last,
                    const struct reel_end *end);
    /* Each volume of the set that is known, ascending, with the label
       `volume_id`; or those from `first` to `last` have labels that are not
       known, then it is "". May be NULL; else the volumes on which earlier
       archives end are asked for, too. */
    void (*set_volume)(void *ctx, uint32_t first, uint32_t last,
                       const char *volume_id);
};

/* Fails as reel_list does. */
REEL_API enum reel_status reel_info(const struct reel_access *access,
                                    const struct reel_info_fns *fns,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
