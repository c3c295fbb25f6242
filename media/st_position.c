/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving a tape by Linux' st driver; spec chapter 2, word "address". The tape
 * backend counts blocks and filemarks itself. Where the drive tells positions
 * that agree with the count it is asked and sent by them (MTIOCPOS, MTSEEK),
 * else the tape is spaced element by element from where it is known to stand.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "st_state.h"

static struct reel_pos
here(const struct reel_st *s)
{
    return (struct reel_pos){.block = s->address};
}

/* Does the drive know where it stands, and is that where we count? *there is
   set to where it stands if it is another place that it knows. */
static bool
place_lost(const struct reel_st *s, bool *elsewhere, uint64_t *there)
{
    uint64_t pos = 0;
    int error;

    *elsewhere = false;
    if (!s->can_ask)
        return false;
    error = reel_st_position(s->fd, &pos);
    if (error == 0 && s->known && s->proven) {
        *there     = pos - s->origin;
        *elsewhere = *there != s->address;
    }
    return error == EIO;
}

enum reel_status
reel_st_failed(struct reel_st *s, const char *what, int error,
               struct reel_err *err)
{
    const struct reel_pos pos = here(s);
    uint64_t there            = 0;
    bool elsewhere;
    const bool lost = place_lost(s, &elsewhere, &there);

    s->known = false;
    s->file  = -1;
    if (lost)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "%s failed: the drive %s was reset, or its tape was "
                         "changed; the position must be found anew",
                         what, s->name);
    if (error == ENOMEDIUM)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "%s failed: there is no tape in the drive %s any more",
                         what, s->name);
    if (elsewhere)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "%s failed on %s, which stands at %llu now; it was "
                         "reset, or has lost blocks",
                         what, s->name, (unsigned long long)there);
    return reel_fail(err, REEL_E_MEDIUM, &pos, NULL, "%s failed on %s: %s",
                     what, s->name, strerror(error));
}

void
reel_st_no_mark(struct reel_st *s)
{
    /* Any call of this kind that is none of those makes the driver forget
       that it was writing; this one asks the least of the drive. Refused by
       the drive it does the same. */
    if (s->writing)
        (void)reel_st_op(s->fd, MTUNLOCK, 1);
    s->writing = false;
}

struct mtget
reel_st_note_file(struct reel_st *s)
{
    struct mtget status;
    const int error = reel_st_status(s->fd, &status);

    s->file      = error == 0 ? (int)status.mt_fileno : -1;
    s->file_head = status.mt_blkno == 0;
    return status;
}

enum reel_status
reel_st_any_length(struct reel_st *s, struct reel_err *err)
{
    struct mtget status;
    int error = reel_st_status(s->fd, &status);

    if (error == 0 && (status.mt_dsreg & MT_ST_BLKSIZE_MASK) == 0)
        return REEL_OK;
    error = reel_st_op(s->fd, MTSETBLK, 0);
    if (error == 0)
        return REEL_OK;
    return reel_st_failed(s, "setting blocks of any length", error, err);
}

static void
stand_at(struct reel_st *s, uint64_t address)
{
    s->address = address;
    s->known   = true;
}

enum reel_status
reel_st_rewind(struct reel_st *s, struct reel_err *err)
{
    int error;

    reel_st_no_mark(s);
    error = reel_st_op(s->fd, MTREW, 1);
    if (error != 0)
        return reel_st_failed(s, "rewinding", error, err);
    stand_at(s, 0);
    s->warned = false;
    (void)reel_st_note_file(s);
    return REEL_OK;
}

void
reel_st_learn_origin(struct reel_st *s)
{
    s->can_ask = reel_st_position(s->fd, &s->origin) == 0;
    s->proven  = false;
}

bool
reel_st_compare(struct reel_st *s, bool refused)
{
    uint64_t pos;

    if (!s->can_ask)
        return true;
    if (reel_st_position(s->fd, &pos) != 0 || !s->known)
        return false;
    if (pos == s->origin + s->address) {
        s->proven = s->proven || s->address > 0;
        return true;
    }
    if (!s->proven) {
        s->can_ask = false; /* it counts something else */
        return true;
    }
    if (!refused || pos != s->origin + s->address + 1)
        return false;
    s->address++;
    return true;
}

/* ---- one element ---- */

enum reel_st_step
reel_st_forward(struct reel_st *s, int *error)
{
    const int file       = s->file;
    const bool file_head = s->file_head;
    struct mtget status;

    *error = reel_st_op(s->fd, MTFSR, 1);
    if (*error == 0) {
        s->address++;
        s->file_head = false;
        return REEL_ST_STEP_BLOCK;
    }
    status = reel_st_note_file(s);
    if (*error == EIO && GMT_EOD(status.mt_gstat))
        return REEL_ST_STEP_END;
    /* At the head of a file a bad block shows the same flag. */
    if (*error == EIO && GMT_EOF(status.mt_gstat) &&
        (file >= 0 ? s->file == file + 1 : !file_head)) {
        s->address++;
        return REEL_ST_STEP_MARK;
    }
    s->known = false;
    return REEL_ST_STEP_FAILED;
}

/* One element backward; pre: not at the beginning. A filemark makes the driver
   say EIO, and count one file less. */
static enum reel_st_step
backward(struct reel_st *s, int *error)
{
    const int file      = s->file;
    enum reel_st_step r = REEL_ST_STEP_BLOCK;

    *error = reel_st_op(s->fd, MTBSR, 1);
    (void)reel_st_note_file(s);
    if (*error == EIO && file > 0 && s->file == file - 1)
        r = REEL_ST_STEP_MARK;
    else if (*error != 0)
        r = REEL_ST_STEP_FAILED;
    s->known = r != REEL_ST_STEP_FAILED;
    if (s->known)
        s->address--;
    s->file_head = true; /* not known better */
    return r;
}

/* ---- to an address ---- */

/* To `address` or the end of data, counting. */
static enum reel_status
go_counting(struct reel_st *s, uint64_t address, bool *ended,
            struct reel_err *err)
{
    enum reel_st_step step = REEL_ST_STEP_BLOCK;
    int error              = 0;

    *ended = false;
    while (s->known && s->address > address && address > s->address / 2 &&
           step != REEL_ST_STEP_FAILED)
        step = backward(s, &error);
    if (!s->known || s->address > address)
        REEL_TRY(reel_st_rewind(s, err));
    while (s->address < address) {
        step = reel_st_forward(s, &error);
        if (step == REEL_ST_STEP_FAILED)
            return reel_st_failed(s, "spacing", error, err);
        *ended = step == REEL_ST_STEP_END;
        if (*ended)
            break;
    }
    return REEL_OK;
}

/* Where the drive says it stands. */
static enum reel_status
ask(struct reel_st *s, uint64_t *address, struct reel_err *err)
{
    uint64_t pos    = 0;
    const int error = reel_st_position(s->fd, &pos);

    if (error == 0 && pos >= s->origin) {
        *address = pos - s->origin;
        return REEL_OK;
    }
    return reel_st_failed(s, "asking for the position",
                          error != 0 ? error : EIO, err);
}

/* Behind everything, by the drive's own position. */
static enum reel_status
seek_end(struct reel_st *s, struct reel_err *err)
{
    const int error  = reel_st_op(s->fd, MTEOM, 1);
    uint64_t address = 0;

    if (error != 0)
        return reel_st_failed(s, "going to the end of data", error, err);
    REEL_TRY(ask(s, &address, err));
    stand_at(s, address);
    (void)reel_st_note_file(s);
    return REEL_OK;
}

/* The drive would not go to `address`, or says it stands elsewhere. */
static enum reel_status
seek_missed(struct reel_st *s, uint64_t address, int error, bool *ended,
            struct reel_err *err)
{
    REEL_TRY(seek_end(s, err));
    *ended = s->address < address;
    if (s->address <= address)
        return REEL_OK;
    return reel_st_failed(s, "locating", error != 0 ? error : EIO, err);
}

static enum reel_status
go_seeking(struct reel_st *s, uint64_t address, bool *ended,
           struct reel_err *err)
{
    uint64_t there = 0;
    int error      = EINVAL;

    *ended = false;
    if (address <= (uint64_t)INT_MAX - s->origin)
        error = reel_st_op(s->fd, MTSEEK, (int)(s->origin + address));
    if (error == 0)
        REEL_TRY(ask(s, &there, err));
    if (error != 0 || there != address)
        return seek_missed(s, address, error, ended, err);
    stand_at(s, address);
    s->file      = -1; /* the driver has lost count */
    s->file_head = address == 0;
    return REEL_OK;
}

/*
 * Before the drive's positions are used for the first time: do they count as
 * we do? The element that shows it is the first on the tape.
 */
static enum reel_status
prove(struct reel_st *s, struct reel_err *err)
{
    int error;

    if (!s->can_ask || s->proven)
        return REEL_OK;
    if (!s->known || s->address == 0) {
        REEL_TRY(reel_st_rewind(s, err));
        if (reel_st_forward(s, &error) == REEL_ST_STEP_FAILED)
            REEL_TRY(reel_st_rewind(s, err));
    }
    (void)reel_st_compare(s, false);
    return REEL_OK;
}

/* What was lost with the position must be set again. */
static enum reel_status
settle(struct reel_st *s, bool was_known, struct reel_err *err)
{
    if (was_known)
        return REEL_OK;
    return reel_st_any_length(s, err);
}

static enum reel_status
go(struct reel_st *s, uint64_t address, bool *ended, struct reel_err *err)
{
    const bool was_known = s->known;

    *ended    = false;
    s->warned = false;
    reel_st_no_mark(s);
    REEL_TRY(prove(s, err));
    if (address == 0)
        REEL_TRY(reel_st_rewind(s, err));
    else if (s->can_ask && s->proven)
        REEL_TRY(go_seeking(s, address, ended, err));
    else
        REEL_TRY(go_counting(s, address, ended, err));
    return settle(s, was_known, err);
}

enum reel_status
reel_st_go(struct reel_st *s, uint64_t address, struct reel_err *err)
{
    bool ended;

    REEL_TRY(go(s, address, &ended, err));
    if (!ended)
        return REEL_OK;
    return reel_st_failed(s, "locating", EIO, err);
}

enum reel_status
reel_st_locate(void *state, uint64_t address, struct reel_err *err)
{
    struct reel_st *s = state;
    struct reel_pos pos;
    bool ended;

    REEL_TRY(go(s, address, &ended, err));
    if (!ended)
        return REEL_OK;
    pos = here(s);
    return reel_fail(err, REEL_E_TRUNCATED, &pos, NULL,
                     "the tape ends before address %llu",
                     (unsigned long long)address);
}

enum reel_status
reel_st_end_of_data(void *state, struct reel_err *err)
{
    struct reel_st *s    = state;
    const bool was_known = s->known;
    bool ended;

    s->warned = false;
    reel_st_no_mark(s);
    REEL_TRY(prove(s, err));
    if (s->can_ask && s->proven)
        REEL_TRY(seek_end(s, err));
    else
        REEL_TRY(go_counting(s, UINT64_MAX, &ended, err));
    return settle(s, was_known, err);
}

enum reel_status
reel_st_tell(void *state, uint64_t *address, struct reel_err *err)
{
    struct reel_st *s         = state;
    const struct reel_pos pos = here(s);

    if (s->known && !reel_st_compare(s, false))
        return reel_st_failed(s, "asking for the position", EIO, err);
    if (!s->known)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "the position on %s is not known", s->name);
    *address = s->address;
    return REEL_OK;
}

/* ---- over filemarks ---- */

/* Element by element, to behind (before) the next filemark. */
static enum reel_status
space_counting(struct reel_st *s, bool forward, bool *ended,
               struct reel_err *err)
{
    enum reel_st_step step = REEL_ST_STEP_BLOCK;
    int error              = 0;

    while (step == REEL_ST_STEP_BLOCK) {
        if (!forward && s->address == 0) {
            *ended = true;
            return REEL_OK;
        }
        step = forward ? reel_st_forward(s, &error) : backward(s, &error);
    }
    *ended = step == REEL_ST_STEP_END;
    if (step != REEL_ST_STEP_FAILED)
        return REEL_OK;
    return reel_st_failed(s, "spacing over filemarks", error, err);
}

/* One filemark by the drive's own means; then ask where that is. */
static enum reel_status
space_asking(struct reel_st *s, bool forward, bool *ended, struct reel_err *err)
{
    const int error           = reel_st_op(s->fd, forward ? MTFSF : MTBSF, 1);
    const struct mtget status = reel_st_note_file(s);
    uint64_t address          = 0;

    if (error != 0 && error != EIO)
        return reel_st_failed(s, "spacing over filemarks", error, err);
    REEL_TRY(ask(s, &address, err));
    if (!forward)
        s->file_head = true; /* not known better */
    *ended = error == EIO;
    if (error == EIO && forward && !GMT_EOD(status.mt_gstat))
        return reel_st_failed(s, "spacing over filemarks", error, err);
    if (error == EIO && !forward && address != 0)
        return reel_st_failed(s, "spacing over filemarks", error, err);
    stand_at(s, address);
    return REEL_OK;
}

enum reel_status
reel_st_space(void *state, int64_t count, int64_t *passed, struct reel_err *err)
{
    struct reel_st *s  = state;
    const bool forward = count > 0;
    bool ended         = false;

    s->warned = false;
    reel_st_no_mark(s);
    if (!reel_st_compare(s, false)) /* also: is its position worth asking? */
        return reel_st_failed(s, "spacing over filemarks", EIO, err);
    while (*passed < (forward ? count : -count)) {
        if (s->can_ask && s->proven)
            REEL_TRY(space_asking(s, forward, &ended, err));
        else
            REEL_TRY(space_counting(s, forward, &ended, err));
        if (ended)
            return REEL_OK;
        *passed += 1;
    }
    return REEL_OK;
}
