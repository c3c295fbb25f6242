/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.7, one volume of the set after the other; policy layer. */
#include <stdio.h>
#include <string.h>

#include "notes.h"
#include "reel/alloc.h"
#include "volume.h"

/* Whoever brings the wrong one so often will not bring the right one. */
#define REFUSALS_MAX 16U
/* Where VOLUME is damaged, so many blocks are asked which volume this is. */
#define LEARN_BLOCKS 64U

/* ---- notes ---- */

void
reel_reader_volume_note(struct reel_reader_volume *v, enum reel_note_kind kind,
                        const struct reel_err *why)
{
    if (!v->deferred) {
        reel_notes_send(&v->report, kind, why);
        return;
    }
    if (v->told_count == v->told_capacity) {
        const size_t capacity =
            v->told_capacity == 0 ? 4 : 2 * v->told_capacity;
        struct reel_reader_told *const more =
            reel_realloc_array(v->told, capacity, sizeof(*more));

        if (more == NULL)
            return; /* what matters is told when it is missed */
        v->told          = more;
        v->told_capacity = capacity;
    }
    v->told[v->told_count++] = (struct reel_reader_told){kind, *why};
}

void
reel_reader_volume_tell(struct reel_reader_volume *v)
{
    size_t i;

    for (i = 0; i < v->told_count; i++)
        reel_notes_send(&v->report, v->told[i].kind, &v->told[i].err);
    v->told_count = 0;
}

const char *
reel_reader_volume_name(struct reel_reader_volume *v, uint32_t number,
                        char out[REEL_VOLUME_NAME_BYTES])
{
    const char *id;

    (void)pthread_mutex_lock(&v->lock);
    id = reel_reader_labels_of(&v->labels, number);
    if (id[0] != '\0')
        (void)snprintf(out, REEL_VOLUME_NAME_BYTES, "volume %u (%s)", number,
                       id);
    else
        (void)snprintf(out, REEL_VOLUME_NAME_BYTES, "volume %u", number);
    (void)pthread_mutex_unlock(&v->lock);
    return out;
}

/* ---- what cannot be had ---- */

/* The first number from `from` on that is known to be missing; above any number
   of a volume: none. */
static uint64_t
missing_from(struct reel_reader_volume *v, uint32_t from)
{
    uint64_t number;

    if (v->volumes == NULL)
        return v->number == 0      ? UINT64_MAX
               : from == v->number ? (uint64_t)from + 1
                                   : from;
    (void)pthread_mutex_lock(&v->lock);
    number = reel_number_set_from(&v->missing, from);
    (void)pthread_mutex_unlock(&v->lock);
    return number;
}

bool
reel_reader_volume_missing(struct reel_reader_volume *v, uint32_t number)
{
    return missing_from(v, number) == number;
}

uint32_t
reel_reader_volume_first_missing(struct reel_reader_volume *v, uint32_t from,
                                 uint32_t to)
{
    const uint64_t number = missing_from(v, from);

    return number <= to ? (uint32_t)number : 0;
}

static enum reel_status
add_missing(struct reel_reader_volume *v, uint32_t number, struct reel_err *err)
{
    char name[REEL_VOLUME_NAME_BYTES];
    enum reel_status status;
    struct reel_err why;

    (void)pthread_mutex_lock(&v->lock);
    status = reel_number_set_add(&v->missing, number, err);
    (void)pthread_mutex_unlock(&v->lock);
    if (status != REEL_OK || number == 0 || number > v->highest)
        return status; /* it is not said that there is one */
    (void)reel_fail(&why, REEL_E_TRUNCATED, NULL, NULL,
                    "%s of the set is not at hand",
                    reel_reader_volume_name(v, number, name));
    reel_reader_volume_note(v, REEL_NOTE_WANTED, &why);
    return REEL_OK;
}

/* ---- mounting ---- */

/* VOLUME did not say which volume this is: some block will. */
static enum reel_status
learn_number(struct reel_reader_volume *v, struct reel_err *err)
{
    struct reel_reader_block b;
    struct reel_block_header h;
    unsigned int i;

    if (v->number != 0 || !v->can_locate)
        return REEL_OK;
    for (i = 0; i < LEARN_BLOCKS && v->number == 0; i++) {
        REEL_TRY(reel_reader_volume_read(v, &b, err));
        if (b.event == REEL_EVENT_END)
            break;
        if (b.event == REEL_EVENT_BLOCK &&
            reel_block_decode(&h, b.data, b.len, NULL, NULL) == REEL_OK)
            reel_reader_volume_learn(v, &h);
    }
    return reel_reader_volume_seek(v, v->first_address, err);
}

/* Is what was brought the volume wanted? *why: one sentence, if it is not.
   Only what ends everything is a failure. */
static enum reel_status
judge(struct reel_reader_volume *v, uint32_t number, bool *right,
      struct reel_err *why, struct reel_err *err)
{
    const uint32_t highest = v->highest;
    const bool had_set     = v->have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];
    enum reel_status status;
    bool same;

    memcpy(set_id, v->set_id, sizeof(set_id));
    v->have_set = false;
    status      = reel_reader_volume_front(v, why);
    if (status == REEL_OK)
        status = learn_number(v, why);
    same = !had_set || !v->have_set ||
           memcmp(set_id, v->set_id, sizeof(set_id)) == 0;
    if (had_set) {
        memcpy(v->set_id, set_id, sizeof(set_id));
        v->have_set = true;
    }
    *right = status == REEL_OK && same && v->number != 0 &&
             (number == 0 || v->number == number);
    if (!*right)
        v->highest = highest;
    if (status != REEL_OK && status != REEL_E_MAGIC &&
        status != REEL_E_MEDIUM && status != REEL_E_TRUNCATED) {
        if (err != NULL)
            *err = *why;
        return status;
    }
    if (status == REEL_OK && !same)
        (void)reel_fail(why, REEL_E_INVALID, NULL, NULL,
                        "it belongs to another set");
    else if (status == REEL_OK && v->number == 0)
        (void)reel_fail(why, REEL_E_INVALID, NULL, NULL,
                        "no block on it says which volume it is");
    else if (status == REEL_OK && !*right)
        (void)reel_fail(why, REEL_E_INVALID, NULL, NULL,
                        "it is volume %u of the set", v->number);
    return REEL_OK;
}

static void
unmount(struct reel_reader_volume *v)
{
    v->medium      = NULL;
    v->held_any    = false;
    v->have_volume = false;
    v->number      = 0;
}

static enum reel_status
bring(struct reel_reader_volume *v, uint32_t number, bool *have,
      struct reel_err *err)
{
    const char *const id         = reel_reader_labels_of(&v->labels, number);
    struct reel_volume_wish wish = {.number = number};
    char label[REEL_VOLUME_ID_BYTES + 1];
    struct reel_medium *medium;
    enum reel_status status;
    struct reel_err why;
    unsigned int refusals;

    memcpy(label, id, strlen(id) + 1);
    wish.volume_id = label[0] != '\0' ? label : NULL;
    wish.set_id    = v->have_set ? v->set_id : NULL;
    for (refusals = 0; refusals < REFUSALS_MAX; refusals++) {
        unmount(v);
        medium = NULL;
        status = v->volumes->get(v->volumes->ctx, &wish, &medium, err);
        if (status == REEL_END)
            break;
        REEL_TRY(status);
        v->medium = medium;
        REEL_TRY(judge(v, number, have, &why, err));
        if (*have)
            return REEL_OK;
        wish.refused = why.text;
    }
    unmount(v);
    return add_missing(v, number, err);
}

enum reel_status
reel_reader_volume_mount(struct reel_reader_volume *v, uint32_t number,
                         bool *have, struct reel_err *err)
{
    *have = v->medium != NULL && number != 0 &&
            (v->number == number || (v->number == 0 && v->volumes == NULL));
    if (*have || v->volumes == NULL || reel_number_set_has(&v->missing, number))
        return REEL_OK;
    REEL_TRY(bring(v, number, have, err));
    if (*have && number == 0)
        v->last = v->number;
    return REEL_OK;
}

/* Those between `from` and `to` are not asked for. */
static void
note_row(struct reel_reader_volume *v, uint32_t from, uint32_t to)
{
    const uint32_t low = from < to ? from : to + 1;
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_TRUNCATED, NULL, NULL,
                    "%u volumes in a row are not at hand; volumes %u to %u of "
                    "the set are not asked for",
                    REEL_VOLUMES_MISSED_MAX, low, from < to ? to - 1 : from);
    reel_reader_volume_note(v, REEL_NOTE_WANTED, &why);
}

enum reel_status
reel_reader_volume_mount_any(struct reel_reader_volume *v, uint32_t from,
                             uint32_t to, bool *have, struct reel_err *err)
{
    uint32_t number = from;
    uint32_t missed = 0;

    for (;;) {
        REEL_TRY(reel_reader_volume_mount(v, number, have, err));
        if (*have || number == to)
            return REEL_OK;
        number = from < to ? number + 1 : number - 1;
        if (v->volumes == NULL) {
            number = to;
        } else if (++missed == REEL_VOLUMES_MISSED_MAX && number != to) {
            note_row(v, number, to);
            number = to;
        }
    }
}
