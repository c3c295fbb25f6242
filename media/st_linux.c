/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tape backend of the medium interface on Linux' st driver; spec chapter
 * 2: writing, and what ends it. The driver's ways with the end of a tape:
 *
 * - The write that meets early warning succeeds; MTIOCGET then says EOT. The
 *   next one is refused with ENOSPC, mostly without touching the tape, the one
 *   behind it is done, and so in turns until nothing fits. So ENOSPC is FULL,
 *   and where the tape stands is asked of the drive.
 * - Drives buffer: a write that succeeded can fail later. Only MTWEOF, which
 *   waits for the drive, proves what was written before it.
 * - Closing, rewinding and locating behind a write put a filemark on the tape.
 *   It is not ours, and never wanted: writers end with one of their own.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drive_facts.h"
#include "reel/alloc.h"
#include "st_state.h"

void
reel_st_tell_note(const struct reel_reporter *report, enum reel_note_kind kind,
                  const struct reel_pos *pos, const char *fmt, ...)
{
    static const struct reel_bytes no_path = {NULL, 0};
    struct reel_err err;
    char text[sizeof(err.text)];
    va_list args;

    if (!report)
        return;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)reel_fail(&err, REEL_OK, pos, NULL, "%s", text);
    reel_note_send(report, kind, 0, no_path, 0, &err);
}

/* ---- writing ---- */

/* The end of the tape was met; what stands where is asked anew. */
static enum reel_status
full(struct reel_st *s, const char *what, struct reel_err *err)
{
    struct reel_pos pos;

    s->warned = true;
    if (!s->can_ask || !s->proven || !s->known)
        s->known = false; /* nobody can say */
    else if (!reel_st_compare(s, true))
        return reel_st_failed(s, what, EIO, err);
    pos = (struct reel_pos){.block = s->address};
    return reel_fail(err, REEL_E_FULL, &pos, NULL,
                     "the end of the tape in %s is near or met", s->name);
}

static enum reel_status
write_refused(struct reel_st *s, int error, size_t bytes, struct reel_err *err)
{
    const struct reel_pos pos = {.block = s->address};

    if (error == ENOSPC)
        return full(s, "writing", err);
    if (error == EACCES || error == EROFS)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "the tape in %s is write-protected", s->name);
    if (error == EINVAL || error == EBUSY || error == EOVERFLOW)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "%s or its host adapter takes no block of %zu octets "
                         "(%s); choose a smaller block size",
                         s->name, bytes, strerror(error));
    return reel_st_failed(s, "writing", error, err);
}

/* Did the write meet early warning? What failed of an earlier write may come
   out here, too. */
static enum reel_status
look_for_warning(struct reel_st *s, struct reel_err *err)
{
    struct mtget status;
    const int error = reel_st_status(s->fd, &status);

    if (error == ENOSPC || (error == 0 && GMT_EOT(status.mt_gstat)))
        s->warned = true;
    if (error == 0 || error == ENOSPC)
        return REEL_OK;
    return reel_st_failed(s, "writing", error, err);
}

static enum reel_status
st_write(void *state, const void *buf, size_t bytes, struct reel_err *err)
{
    struct reel_st *s = state;
    const ssize_t put = reel_st_write(s->fd, buf, bytes);
    enum reel_status status;

    s->file_head = false;
    s->writing   = true;
    if (put < 0) {
        status = write_refused(s, errno, bytes, err);
    } else if ((size_t)put != bytes) {
        status = reel_st_failed(s, "writing a whole block", EIO, err);
    } else {
        s->address++;
        status = look_for_warning(s, err);
        /* Learn what the drive's positions are worth before they are needed. */
        if (status == REEL_OK && !s->proven && !reel_st_compare(s, false))
            status = reel_st_failed(s, "writing", EIO, err);
    }
    if (status == REEL_E_MEDIUM)
        reel_st_no_mark(s);
    return status;
}

/* The mark is on the tape: the drive must stand where we count. */
static enum reel_status
confirm(struct reel_st *s, struct reel_err *err)
{
    const struct reel_pos pos = {.block = s->address};

    if (reel_st_compare(s, false))
        return REEL_OK;
    s->known = false;
    return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                     "%s stands elsewhere than it must behind what was "
                     "written; blocks are lost or written twice",
                     s->name);
}

static enum reel_status
st_filemark(void *state, struct reel_err *err)
{
    struct reel_st *s = state;
    const int error   = reel_st_op(s->fd, MTWEOF, 1);

    s->writing = false; /* so does the driver see it */
    if (error == ENOSPC || (error == EIO && s->warned))
        return full(s, "writing a filemark", err);
    if (error != 0)
        return reel_st_failed(s, "writing a filemark", error, err);
    s->address++;
    (void)reel_st_note_file(s);
    return confirm(s, err);
}

static bool
st_early_warning(const void *state)
{
    const struct reel_st *s = state;

    return s->warned;
}

static void
st_drive_facts(void *state, struct reel_drive_facts *out)
{
    struct reel_st *s = state;

    reel_drive_facts_get(s->fd, out);
    /* A reset is told once, and may have been told to one of our questions. */
    if (reel_st_compare(s, false))
        return;
    reel_st_no_mark(s);
    s->known              = false;
    s->base.position_lost = true;
}

static enum reel_status
st_close(void *state, struct reel_err *err)
{
    struct reel_st *s         = state;
    enum reel_status status   = REEL_OK;
    const struct reel_pos pos = {.block = s->address};

    reel_st_no_mark(s);
    if (close(s->fd) != 0 && errno != EINTR)
        status = reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                           "closing %s failed: %s", s->name, strerror(errno));
    reel_free(s->spare);
    reel_free(s);
    return status;
}

const struct reel_medium_ops reel_st_ops = {
    .read            = reel_st_read_block,
    .write           = st_write,
    .filemark        = st_filemark,
    .space_filemarks = reel_st_space,
    .locate          = reel_st_locate,
    .tell            = reel_st_tell,
    .end_of_data     = reel_st_end_of_data,
    .early_warning   = st_early_warning,
    .close           = st_close,
    .drive_facts     = st_drive_facts,
};
