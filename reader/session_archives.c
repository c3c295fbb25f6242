/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.4 and 9.6, the ENDs of a set, over its volumes; policy layer. */
#include "notes.h"
#include "session.h"

/* Does the volume that is mounted end with the END of its newest archive? */
static bool
ends_complete(const struct reel_session *s)
{
    const struct reel_reader_archives *const a = &s->archives;

    return a->count > 0 && a->list[0].number == a->newest &&
           a->list[0].volume == s->volume.number;
}

/* The last one cannot be had: which are there behind the one at hand? */
static enum reel_status
probe_ahead(struct reel_session *s, uint32_t number, struct reel_err *err)
{
    bool have = true;

    while (have && number < UINT32_MAX) {
        REEL_TRY(reel_reader_volume_mount(&s->volume, ++number, &have, err));
        if (have)
            REEL_TRY(reel_reader_archives_find(&s->archives, &s->volume, err));
        if (have && ends_complete(s))
            return REEL_OK;
    }
    return REEL_OK;
}

/* The ENDs of the volume at hand, and if its archive goes on elsewhere, those
   of the last one of the set. */
enum reel_status
reel_session_find(struct reel_session *s, struct reel_err *err)
{
    const uint32_t at_hand = s->volume.number;
    bool have;

    REEL_TRY(reel_reader_archives_find(&s->archives, &s->volume, err));
    if (s->volume.volumes == NULL || s->access->catalog_fd >= 0 ||
        ends_complete(s))
        return REEL_OK;
    REEL_TRY(reel_reader_volume_mount(&s->volume, 0, &have, err));
    if (!have)
        return probe_ahead(s, at_hand, err);
    if (s->volume.number == at_hand)
        return REEL_OK;
    return reel_reader_archives_find(&s->archives, &s->volume, err);
}

/* The volume on which the END before the oldest one known stands. */
static enum reel_status
follow_back(struct reel_session *s, bool *found, struct reel_err *err)
{
    struct reel_reader_archives *const a = &s->archives;
    const size_t before                  = a->count;
    const uint32_t number = a->list[before - 1].end.previous.volume;

    *found = false;
    REEL_TRY(reel_reader_volume_mount(&s->volume, number, found, err));
    if (!*found) {
        s->wanted = number;
        return REEL_OK;
    }
    REEL_TRY(reel_reader_archives_follow(a, &s->volume, err));
    *found = a->count > before;
    return REEL_OK;
}

/* No END is known, and the newest archive is not the first: from volume to
   volume towards the beginning until there is one. */
static enum reel_status
search_back(struct reel_session *s, struct reel_err *err)
{
    struct reel_reader_volume *const v = &s->volume;
    bool have                          = v->number != 0;
    uint32_t number                    = have ? v->number - 1 : v->highest;

    if (v->volumes == NULL)
        return REEL_OK;
    while (s->archives.count == 0 && number > 0 &&
           !(have && v->first_archive == 1)) {
        REEL_TRY(reel_reader_volume_mount_any(v, number, 1, &have, err));
        if (!have)
            return REEL_OK;
        number = v->number - 1;
        REEL_TRY(reel_reader_archives_find(&s->archives, v, err));
    }
    return REEL_OK;
}

/* Make the END of `archive` (0: of the latest complete one) known, if it can
   be had. */
enum reel_status
reel_session_seek(struct reel_session *s, uint32_t archive,
                  struct reel_err *err)
{
    struct reel_reader_archives *const a = &s->archives;
    bool found                           = true;

    s->wanted = 0;
    if (a->count == 0 && a->newest > 1)
        REEL_TRY(search_back(s, err));
    while (found && archive != 0 && a->count > 0 &&
           a->list[a->count - 1].number > archive &&
           a->list[a->count - 1].end.previous_archive >= archive)
        REEL_TRY(follow_back(s, &found, err));
    return REEL_OK;
}

enum reel_status
reel_session_latest(struct reel_session *s, uint32_t *archive,
                    struct reel_err *err)
{
    const struct reel_reader_archives *const a = &s->archives;

    REEL_TRY(reel_session_seek(s, 0, err));
    *archive = a->count > 0 ? a->list[0].number : a->newest;
    if (a->count > 0 && a->newest > *archive)
        reel_notes_say(&s->access->report,
                       a->damaged ? REEL_NOTE_DAMAGE : REEL_NOTE_INFO,
                       REEL_E_TRUNCATED, NULL, "A-14",
                       "archive %u is not complete; archive %u, the latest "
                       "complete one, is taken",
                       a->newest, *archive);
    return REEL_OK;
}

enum reel_status
reel_session_all(struct reel_session *s, struct reel_err *err)
{
    return reel_session_seek(s, 1, err);
}
