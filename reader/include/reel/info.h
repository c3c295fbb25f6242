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
    /* Each archive known, ascending. end is NULL for an incomplete one. */
    void (*archive)(void *ctx, uint32_t number, const struct reel_end *end);
    /* Each volume of the set that is known, ascending; `volume_id`, the label,
       is "" where it is not known. May be NULL; else the volumes on which
       earlier archives end are asked for, too. */
    void (*set_volume)(void *ctx, uint32_t number, const char *volume_id);
};

/* Fails as reel_list does. */
REEL_API enum reel_status reel_info(const struct reel_access *access,
                                    const struct reel_info_fns *fns,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
