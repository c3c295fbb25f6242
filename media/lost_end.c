/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a tape without an end of data, as a loss of power leaves it; spec
 * 9.6, beneath medium.c.
 *
 * Such a drive fails where others say that the tape ends: going there, and
 * spacing or reading over the last thing written. It passes filemarks all the
 * same, so hopping over them tells how far the tape can be read for sure; a
 * read that fails behind the last of them has met the end.
 */
#include "lost_end.h"

/* Behind the last filemark something may stand, too: then behind the first
   block of that, so that who goes back over filemarks finds it. */
static void
step_in(struct reel_medium *m, uint64_t *end)
{
    enum reel_event event = REEL_EVENT_END;
    size_t bytes          = 0;
    uint8_t one;

    if (m->ops->locate(m->state, *end, NULL) == REEL_OK &&
        m->ops->read(m->state, &one, sizeof(one), &event, &bytes, NULL) ==
            REEL_OK &&
        event != REEL_EVENT_END)
        *end += 1;
}

/* Behind the last filemark that can be passed, from the beginning. */
static enum reel_status
hop(struct reel_medium *m, uint64_t *end)
{
    const struct reel_medium_ops *const ops = m->ops;
    enum reel_status status                 = REEL_OK;
    int64_t passed                          = 1;

    *end = 0;
    REEL_TRY(ops->locate(m->state, 0, NULL));
    while (status == REEL_OK && passed == 1) {
        passed = 0;
        status = ops->space_filemarks(m->state, 1, &passed, NULL);
        if (status == REEL_OK)
            status = ops->tell(m->state, end, NULL);
    }
    return status == REEL_E_MEDIUM ? REEL_OK : status;
}

void
reel_lost_end_judge(struct reel_medium *m)
{
    uint64_t end;

    if (m->end_judged || m->mode != REEL_MEDIUM_READ || !m->info.can_locate)
        return;
    m->end_judged = true;
    if (m->ops->end_of_data(m->state, NULL) != REEL_E_MEDIUM ||
        hop(m, &end) != REEL_OK || end == 0)
        return;
    step_in(m, &end);
    m->end_lost = true;
    m->end      = end;
}

enum reel_status
reel_lost_end_go(struct reel_medium *m, uint64_t address, struct reel_err *err)
{
    const enum reel_status status = m->ops->locate(m->state, address, err);

    m->position_lost = status != REEL_OK && status != REEL_E_TRUNCATED;
    return status;
}
