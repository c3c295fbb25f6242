/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.6; writer: is the medium at hand appended to, or begun anew? */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "asking.h"
#include "writing.h"

static enum reel_status
new_set(struct reel_writing *w, struct reel_err *err)
{
    w->append.new_set = true;
    w->append.archive = 1;
    w->block_bytes    = w->o.block_bytes;
    if (w->o.set_id != NULL) {
        memcpy(w->set_id, w->o.set_id, sizeof(w->set_id));
        return REEL_OK;
    }
    if (getrandom(w->set_id, sizeof(w->set_id), 0) !=
        (ssize_t)sizeof(w->set_id))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "no random set id to be had: %s", strerror(errno));
    return REEL_OK;
}

static enum reel_status
not_the_last(const struct reel_append *first, bool resume, struct reel_err *err)
{
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "archive %u breaks off on volume %u: %sgive the last "
                     "volume; --last-volume if this is it",
                     first->archive - 1, first->volume,
                     resume ? "" : "resume it, or ");
}

/* Put the last volume of the set into the drive. `first` is what was found on
   the one at hand. */
static enum reel_status
ask_for_last(struct reel_writing *w, const struct reel_append *first,
             struct reel_err *err)
{
    const struct reel_volume_wish wish = {0, true, first->set_id, NULL, NULL};
    struct reel_asking asking          = {0};
    enum reel_status status;

    for (;;) {
        status =
            reel_asking_get(&asking, w->o.volumes, &wish, &w->o.medium, err);
        if (status == REEL_END)
            return not_the_last(first, w->o.resume, err);
        REEL_TRY(status);
        reel_append_fini(&w->append);
        status = reel_append_find(&w->append, w->o.medium, err);
        if (status == REEL_E_MEMORY)
            return status;
        if (status == REEL_OK && !w->append.new_set &&
            memcmp(w->append.set_id, first->set_id, sizeof(first->set_id)) == 0)
            return REEL_OK;
        reel_asking_refuse(&asking, "it is no volume of this set", "");
    }
}

/* Nothing of an archive stands on the volume at hand, and it is not the first.
   That before it is wanted, if somebody can bring it. */
enum reel_status
reel_writing_pass_unused(struct reel_writing *w, struct reel_err *err)
{
    const struct reel_volume_wish wish = {0, true, NULL, NULL, NULL};
    struct reel_asking asking          = {0};
    enum reel_status status;

    while (w->append.new_set) {
        const bool blank = w->append.look.state == REEL_VOLUME_BLANK;

        reel_asking_refuse(&asking,
                           blank ? "it is empty" : "it holds a label only", "");
        status =
            reel_asking_get(&asking, w->o.volumes, &wish, &w->o.medium, err);
        if (status == REEL_END)
            return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                             "the medium %s: give the volume before it%s",
                             blank ? "is empty" : "holds a label only",
                             w->o.resume ? ", if there is one"
                                         : ", or --overwrite");
        REEL_TRY(status);
        reel_append_fini(&w->append);
        REEL_TRY(reel_append_find(&w->append, w->o.medium, err));
    }
    return REEL_OK;
}

static enum reel_status
end_lost(const struct reel_append *a, struct reel_err *err)
{
    return reel_fail(
        err, REEL_E_MEDIUM, NULL, NULL,
        "the end of the data on volume %u cannot be found (%.30s): "
        "give another one, or --overwrite",
        a->volume, a->why_lost.text);
}

enum reel_status
reel_writing_to_last(struct reel_writing *w, struct reel_err *err)
{
    struct reel_append first;
    enum reel_status status;

    if (w->append.new_set || !w->append.goes_on || w->o.last_volume)
        return REEL_OK;
    first = w->append;
    memset(&w->append, 0, sizeof(w->append));
    status = ask_for_last(w, &first, err);
    reel_append_fini(&first);
    return status;
}

/* What stands on the last volume of the set. */
static enum reel_status
look_at_set(struct reel_writing *w, struct reel_err *err)
{
    REEL_TRY(reel_append_find(&w->append, w->o.medium, err));
    /* A further volume says of itself that others stand before it. */
    if (w->append.look.begun_as > 1 && w->o.volumes != NULL)
        REEL_TRY(reel_writing_pass_unused(w, err));
    if (w->append.end_lost)
        return end_lost(&w->append, err);
    REEL_TRY(reel_writing_to_last(w, err));
    return w->append.end_lost ? end_lost(&w->append, err) : REEL_OK;
}

/* Append, or begin a new set? */
enum reel_status
reel_writing_look(struct reel_writing *w, struct reel_err *err)
{
    if (!reel_medium_info(w->o.medium)->can_locate)
        return new_set(w, err);
    if (!w->o.overwrite) {
        REEL_TRY(look_at_set(w, err));
        if (!w->append.new_set) {
            w->block_bytes = w->append.block_bytes;
            memcpy(w->set_id, w->append.set_id, sizeof(w->set_id));
            return REEL_OK;
        }
    }
    REEL_TRY(reel_medium_locate(w->o.medium, 0, err));
    return new_set(w, err);
}
