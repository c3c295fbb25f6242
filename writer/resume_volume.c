/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.7; writer: the volumes of an interrupted archive, one after the
   other. */
#include <stdio.h>
#include <string.h>

#include "asking.h"
#include "reel/alloc.h"
#include "resume_search.h"

/* Remember the volume in the drive, which was looked at. */
enum reel_status
reel_resume_learn_volume(struct reel_resume *r,
                         const struct reel_volume_look *l, struct reel_err *err)
{
    struct reel_resume_volume *const more =
        reel_realloc_array(r->seen, r->seen_count + 1, sizeof(*more));
    struct reel_resume_volume *v;

    if (more == NULL)
        return reel_resume_no_memory(err);
    r->seen = more;
    v       = &more[r->seen_count++];
    memset(v, 0, sizeof(*v));
    v->number = l->volume.volume;
    if (l->header.archive == r->archive) {
        memcpy(v->record, l->record, l->record_bytes);
        v->record_bytes = l->record_bytes;
        REEL_TRY(reel_resume_learn_run(r, &l->header, err));
    }
    return REEL_OK;
}

/* Is it volume `number` of the set? If not, it is refused. */
static enum reel_status
judge_volume(struct reel_resume *r, uint32_t number, struct reel_volume_look *l,
             struct reel_asking *a, struct reel_err *err)
{
    const enum reel_status status =
        reel_volume_look_at(l, r->medium, r->row.buf, err);
    char why[64];

    if (status == REEL_E_MEDIUM) {
        reel_asking_refuse(a, "it cannot be read: ", err->text);
    } else if (status != REEL_OK) {
        return status;
    } else if (l->state != REEL_VOLUME_REEL ||
               memcmp(l->volume.set_id, r->set_id, sizeof(r->set_id)) != 0) {
        reel_asking_refuse(a, "it is no volume of this set", "");
    } else if (l->volume.volume != number) {
        (void)snprintf(why, sizeof(why), "it is volume %u of the set",
                       l->volume.volume);
        reel_asking_refuse(a, why, "");
    }
    return REEL_OK;
}

/* Its id without spaces; "" if no catalog at hand tells it. */
static void
find_id(const struct reel_resume *r, uint32_t number,
        char id[REEL_VOLUME_ID_BYTES + 1])
{
    size_t i;

    memset(id, 0, REEL_VOLUME_ID_BYTES + 1);
    for (i = 0; i < r->known->volume_count; i++)
        if (r->known->volumes[i].volume == number)
            memcpy(id, r->known->volumes[i].volume_id, REEL_VOLUME_ID_BYTES);
    for (i = REEL_VOLUME_ID_BYTES; i > 0 && id[i - 1] == ' '; i--)
        id[i - 1] = '\0';
}

static enum reel_status
not_to_be_had(const struct reel_asking *a, uint32_t number, const char *id,
              struct reel_err *err)
{
    const bool refused = a->refused[0] != '\0';

    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "volume %u%s%s%s is needed to resume, and is not to be "
                     "had%s%s; nothing was changed",
                     number, id[0] == '\0' ? "" : " (", id,
                     id[0] == '\0' ? "" : ")", refused ? ": " : "", a->refused);
}

/* Get volume `number` of the set into the drive. */
enum reel_status
reel_resume_get_volume(struct reel_resume *r, uint32_t number, bool write,
                       struct reel_volume_look *l, struct reel_err *err)
{
    char id[REEL_VOLUME_ID_BYTES + 1];
    struct reel_volume_wish wish = {number, write, r->set_id, NULL, NULL};
    struct reel_asking a         = {0};
    enum reel_status status;

    find_id(r, number, id);
    if (id[0] != '\0')
        wish.volume_id = id;
    do {
        r->medium = NULL;
        status    = reel_asking_get(&a, r->volumes, &wish, &r->medium, err);
        if (status == REEL_END)
            return not_to_be_had(&a, number, id, err);
        REEL_TRY(status);
        REEL_TRY(judge_volume(r, number, l, &a, err));
    } while (a.refused[0] != '\0');
    r->at_volume = number;
    return REEL_OK;
}

/* Have volume `number` in the drive, to be read. */
enum reel_status
reel_resume_need_volume(struct reel_resume *r, uint32_t number,
                        struct reel_err *err)
{
    struct reel_volume_look *l;
    enum reel_status status;
    size_t i;

    if (r->at_volume == number)
        return REEL_OK;
    l = reel_alloc_array(1, sizeof(*l));
    if (l == NULL)
        return reel_resume_no_memory(err);
    status = reel_resume_get_volume(r, number, false, l, err);
    for (i = 0; i < r->seen_count && r->seen[i].number != number; i++)
        continue;
    if (status == REEL_OK && i == r->seen_count)
        status = reel_resume_learn_volume(r, l, err);
    reel_free(l);
    return status;
}
