/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.7; writer: the volume at hand is begun, and the next one got. */
#include "tape_volume.h"

#include <stdio.h>
#include <string.h>

#include "reel/alloc.h"
#include "volume_look.h"

/* The sequence that stands behind VOLUME. */
static uint64_t
sequence_behind(const struct reel_tape_writer *t)
{
    return t->retained.count > 0
               ? reel_retained_get(&t->retained, 0)->header.sequence
               : t->packer.next.sequence;
}

enum reel_status
reel_tape_volume_begin(struct reel_tape_writer *t, bool again,
                       struct reel_err *err)
{
    struct reel_block_header *const next = &t->packer.next;
    struct reel_block_header first       = *next;
    uint8_t record[REEL_VOLUME_RECORD_ROOM];
    struct reel_bytes volume = {record, 0};

    first.sequence = sequence_behind(t);
    REEL_TRY(reel_volume_head_write(t->o.medium, &t->o.volume, &first, t->work,
                                    record, &volume.len, &next->address, err));
    next->volume = t->o.volume.volume;
    t->useful    = false;
    return t->o.begun(t->o.ctx, volume, again, err);
}

/* Put the blocks kept on the volume just begun. */
static enum reel_status
repeat(struct reel_tape_writer *t, struct reel_err *err)
{
    struct reel_block_header *const next = &t->packer.next;
    size_t i;

    for (i = 0; i < t->retained.count; i++) {
        struct reel_retained_block *const b =
            reel_retained_get(&t->retained, i);

        b->header.volume  = next->volume;
        b->header.address = next->address;
        REEL_TRY(reel_block_seal(&b->header, b->data, err));
        REEL_TRY(reel_medium_write(t->o.medium, b->data, b->header.block_bytes,
                                   err));
        t->blocks++;
        t->since_checkpoint += b->header.block_bytes;
        next->address++;
    }
    return REEL_OK;
}

static void
refuse(struct reel_tape_writer *t, const char *why, const char *more)
{
    reel_asking_refuse(&t->asking, why, more);
}

static bool
refused(const struct reel_tape_writer *t)
{
    return t->asking.refused[0] != '\0';
}

static void
refuse_own(struct reel_tape_writer *t, uint32_t volume)
{
    char why[64];

    (void)snprintf(why, sizeof(why), "it is volume %u of this set already",
                   volume);
    refuse(t, why, "");
}

/* Is it the right thing to write on? If not, it is refused. */
static enum reel_status
judge(struct reel_tape_writer *t, struct reel_volume_look *l,
      struct reel_err *err)
{
    const struct reel_medium_info *const info = reel_medium_info(t->o.medium);
    uint8_t *buf;
    enum reel_status status;

    if (info->write_protected)
        refuse(t, "it is write-protected", "");
    else if (info->block_bytes_max < t->o.volume.block_bytes)
        refuse(t, "it does not take blocks as long as those of the set", "");
    if (refused(t) || !info->can_locate)
        return REEL_OK;
    buf = reel_alloc_array(REEL_BLOCK_BYTES_MAX, 1);
    if (buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to look at a volume");
    status = reel_volume_look_at(l, t->o.medium, buf, &l->why);
    reel_free(buf);
    if (status == REEL_E_MEMORY)
        return status;
    if (status != REEL_OK)
        refuse(t, "it cannot be read: ", l->why.text);
    else if (l->state == REEL_VOLUME_REEL &&
             memcmp(l->volume.set_id, t->o.volume.set_id,
                    sizeof(l->volume.set_id)) == 0)
        refuse_own(t, l->volume.volume);
    else if (l->state == REEL_VOLUME_REEL && !t->o.overwrite)
        refuse(t, "it is a volume of another set", "");
    else if (l->state == REEL_VOLUME_OTHER && !t->o.overwrite)
        refuse(t, "it holds other data: ", l->why.text);
    else if (reel_medium_locate(t->o.medium, 0, &l->why) != REEL_OK)
        refuse(t, "it cannot be positioned: ", l->why.text);
    return REEL_OK;
}

/* Ask once. */
static enum reel_status
ask(struct reel_tape_writer *t, struct reel_err *err)
{
    const struct reel_volume *const v  = &t->o.volume;
    char id[REEL_VOLUME_ID_BYTES + 1]  = {0};
    const struct reel_volume_wish wish = {v->volume, true, v->set_id, id, NULL};
    struct reel_medium *medium         = NULL;
    enum reel_status status;
    size_t i;

    for (i = 0; i < sizeof(v->volume_id) && v->volume_id[i] != ' '; i++)
        id[i] = (char)v->volume_id[i];
    t->o.medium = NULL;
    status = reel_asking_get(&t->asking, t->o.volumes, &wish, &medium, err);
    if (status == REEL_OK)
        t->o.medium = medium;
    if (status == REEL_END)
        return reel_fail(err, REEL_E_FULL, NULL, NULL,
                         "volume %u is wanted, and is not to be had%s%s",
                         v->volume, refused(t) ? "; the last one given: " : "",
                         t->asking.refused);
    return status;
}

/* Begin the volume just got, with what is to be repeated there. */
static enum reel_status
take_volume(struct reel_tape_writer *t, bool *again, struct reel_err *err)
{
    enum reel_status status = reel_tape_volume_begin(t, *again, err);

    if (status == REEL_OK) {
        *again = true;
        status = repeat(t, err);
    }
    if (status == REEL_E_FULL)
        refuse(t, "it is too small", "");
    else if (status == REEL_E_MEDIUM)
        refuse(t, "it cannot be written: ", err->text);
    else
        return status;
    return REEL_OK;
}

/* Ask until a volume is there on which the blocks kept stand. */
static enum reel_status
get_volume(struct reel_tape_writer *t, bool again, struct reel_err *err)
{
    struct reel_volume_look *const l = reel_alloc_array(1, sizeof(*l));
    enum reel_status status;

    if (l == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to look at a volume");
    do {
        status = ask(t, err);
        if (status == REEL_OK)
            status = judge(t, l, err);
        if (status == REEL_OK && !refused(t))
            status = take_volume(t, &again, err);
    } while (status == REEL_OK && refused(t));
    reel_free(l);
    return status;
}

/* The volume behind the one at hand; or, where that was got while writing and
   is of no use, another one in its place. */
enum reel_status
reel_tape_volume_turn(struct reel_tape_writer *t, struct reel_err *err)
{
    const bool again = t->further && !t->useful;
    enum reel_status status;

    if (again) {
        refuse(t, "it is too small", "");
    } else {
        memset(&t->asking, 0, sizeof(t->asking));
        t->o.volume.volume++;
        reel_volume_id_next(t->o.volume.volume_id, t->o.volume.volume);
    }
    t->since_checkpoint = 0;
    t->further          = true;
    status              = get_volume(t, again, err);
    if (status != REEL_OK)
        t->o.medium = NULL;
    else if (!again)
        t->volumes++;
    return status;
}
