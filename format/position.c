/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 5 and 9: places of blocks; records layer. */
#include "reel/position.h"

bool
reel_position_zero(const struct reel_position *p)
{
    return p->volume == 0 && p->sequence == 0 && p->address == 0;
}

bool
reel_position_equal(const struct reel_position *a,
                    const struct reel_position *b)
{
    return a->volume == b->volume && a->sequence == b->sequence &&
           a->address == b->address;
}
