/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.4, places and what they are worth; policy layer. */
#include "locate.h"

#include <string.h>

#define GUESSES_MAX 8U
#define SEARCHES_MAX 4U /* through a whole volume */
#define MARKS_MAX 4U    /* in a row, at the end of the data */

/* What stands at an address. */
enum standing {
    STANDING_RIGHT,
    STANDING_OTHER, /* a good block, but another one */
    STANDING_BAD,   /* a block that cannot be used */
    STANDING_MARK,  /* a filemark */
    STANDING_NONE   /* nothing: the data end before */
};

struct look {
    struct reel_reader_volume *v;
    uint32_t archive;
    uint64_t sequence;
    struct reel_block_header h; /* of RIGHT and OTHER */
};

static enum reel_status
judge(struct look *l, const struct reel_reader_block *b,
      enum standing *standing, struct reel_err *err)
{
    const struct reel_pos pos = {.block = b->address};
    enum reel_status status;

    *standing = STANDING_NONE;
    if (b->event == REEL_EVENT_END)
        return REEL_OK;
    *standing = STANDING_MARK;
    if (b->event == REEL_EVENT_FILEMARK)
        return REEL_OK;
    *standing = STANDING_BAD;
    if (b->event != REEL_EVENT_BLOCK)
        return REEL_OK;
    status = reel_block_decode(&l->h, b->data, b->len, &pos, err);
    if (status == REEL_E_UNSUPPORTED)
        return status;
    if (status != REEL_OK ||
        (l->v->have_set &&
         memcmp(l->h.set_id, l->v->set_id, sizeof(l->h.set_id)) != 0))
        return REEL_OK;
    *standing = l->h.archive == l->archive && l->h.sequence == l->sequence &&
                        l->h.kind != REEL_BLOCK_VOLUME
                    ? STANDING_RIGHT
                    : STANDING_OTHER;
    return REEL_OK;
}

static enum reel_status
look_at(struct look *l, uint64_t address, enum standing *standing,
        struct reel_err *err)
{
    enum reel_status status;
    struct reel_reader_block b;

    *standing = STANDING_NONE;
    if (address < l->v->first_address)
        return REEL_OK; /* label and leader */
    status = reel_reader_volume_seek(l->v, address, err);
    if (status == REEL_E_TRUNCATED) {
        l->v->address = REEL_NONE64; /* somewhere at the end */
        return REEL_OK;
    }
    REEL_TRY(status);
    REEL_TRY(reel_reader_volume_read(l->v, &b, err));
    REEL_TRY(judge(l, &b, standing, err));
    if (*standing == STANDING_RIGHT)
        reel_reader_volume_hold(l->v, &b);
    return REEL_OK;
}

/* A bad block: does the one behind it say that it is the one wanted? */
static enum reel_status
confirm_bad(struct look *l, uint64_t address, bool *confirmed,
            struct reel_err *err)
{
    struct look next = *l;
    enum standing standing;

    next.sequence++;
    REEL_TRY(look_at(&next, address + 1, &standing, err));
    *confirmed = standing != STANDING_OTHER;
    if (!*confirmed || !l->v->can_locate)
        return REEL_OK;
    return reel_reader_volume_seek(l->v, address, err);
}

/* From the beginning of the volume to the block. */
static enum reel_status
search(struct look *l, bool *found, struct reel_err *err)
{
    struct reel_reader_block b;
    enum standing standing;

    *found = false;
    if (!l->v->can_locate || l->v->searches == SEARCHES_MAX)
        return REEL_OK;
    l->v->searches++;
    REEL_TRY(reel_reader_volume_seek(l->v, 0, err));
    do {
        REEL_TRY(reel_reader_volume_read(l->v, &b, err));
        REEL_TRY(judge(l, &b, &standing, err));
        if (standing == STANDING_RIGHT) {
            reel_reader_volume_hold(l->v, &b);
            *found = true;
            return REEL_OK;
        }
    } while (b.event != REEL_EVENT_END);
    return REEL_OK;
}

/* Nothing stands there: from the last block of the volume one can count back.
 *standing NONE: there is none, or what is wanted is behind it. */
static enum reel_status
look_at_end(struct look *l, uint64_t *address, enum standing *standing,
            struct reel_err *err)
{
    unsigned int back;

    *standing = STANDING_NONE;
    if (!l->v->can_locate)
        return REEL_OK;
    l->v->held_any = false;
    REEL_TRY(reel_medium_end_of_data(l->v->medium, err));
    REEL_TRY(reel_medium_tell(l->v->medium, &l->v->address, err));
    *address = l->v->address;
    for (back = 0; *address > 0 && back < MARKS_MAX; back++) {
        REEL_TRY(look_at(l, --*address, standing, err));
        if (*standing != STANDING_MARK)
            break;
    }
    if (*standing == STANDING_OTHER && l->h.archive == l->archive &&
        l->h.sequence < l->sequence)
        *standing = STANDING_NONE;
    return REEL_OK;
}

/* Where to look next, after what stands at *address. False: nowhere. */
static bool
guess_next(const struct look *l, enum standing standing, uint64_t *address)
{
    if (!l->v->can_locate)
        return false;
    if (standing == STANDING_MARK) {
        ++*address;
        return true;
    }
    if (standing != STANDING_OTHER || l->h.archive != l->archive ||
        l->h.sequence == l->sequence ||
        (l->h.sequence > l->sequence && l->h.sequence - l->sequence > *address))
        return false;
    *address += l->sequence - l->h.sequence; /* modulo 2^64 */
    return true;
}

enum reel_status
reel_reader_locate(struct reel_reader_volume *v, uint32_t archive,
                   uint64_t sequence, uint64_t address, bool *found,
                   struct reel_err *err)
{
    struct look l          = {.v = v, .archive = archive, .sequence = sequence};
    unsigned int guesses   = 0;
    enum standing standing = STANDING_NONE;

    *found = false;
    do {
        REEL_TRY(look_at(&l, address, &standing, err));
        if (standing == STANDING_NONE && guesses == 0)
            REEL_TRY(look_at_end(&l, &address, &standing, err));
        *found = standing == STANDING_RIGHT;
        if (standing == STANDING_BAD)
            REEL_TRY(confirm_bad(&l, address, found, err));
        if (*found || standing == STANDING_NONE)
            return REEL_OK;
    } while (++guesses < GUESSES_MAX && guess_next(&l, standing, &address));
    return search(&l, found, err);
}
