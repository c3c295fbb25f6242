/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.7; writer: how another volume is asked for. */
#include "asking.h"

#include <stdio.h>

void
reel_asking_refuse(struct reel_asking *a, const char *why, const char *more)
{
    (void)snprintf(a->refused, sizeof(a->refused), "%s%s", why, more);
    a->refusals++;
}

enum reel_status
reel_asking_get(struct reel_asking *a, const struct reel_volumes *volumes,
                const struct reel_volume_wish *wish,
                struct reel_medium **medium, struct reel_err *err)
{
    struct reel_volume_wish w = *wish;
    enum reel_status status;

    if (volumes == NULL || a->refusals >= REEL_REFUSALS_MAX)
        return REEL_END;
    w.refused = a->refused[0] == '\0' ? NULL : a->refused;
    status    = volumes->get(volumes->ctx, &w, medium, err);
    if (status == REEL_OK)
        a->refused[0] = '\0';
    return status;
}
