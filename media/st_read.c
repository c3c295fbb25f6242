/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a tape by Linux' st driver; spec chapter 2, and chapter 3 for blocks
 * that a drive's logical block protection made four octets longer: those are
 * read whole like any other.
 *
 * What the driver's answers mean:
 * - 0 octets: a filemark only if the driver counts one more and stands at the
 *   head of a file. Else the end of data if it says so, else a bad block, which
 *   some drives report as one of no length.
 * - EIO: a bad block, or the end of data behind an interrupted write, or of a
 *   blank tape. Spacing over the element from before it tells them apart. It
 *   is never taken for the end by itself.
 * - ENOMEM: a block longer than the buffer, and the tape is behind it.
 */
#include <errno.h>
#include <string.h>

#include "drive_scsi.h"
#include "reel/alloc.h"
#include "st_state.h"

/* A caller's buffer below this is not read into: the driver would lose what is
   longer and not say how long it was. */
#define DIRECT_BYTES_MIN (1U << 20)

/* Requests are not made shorter than this. */
#define REQUEST_BYTES_MIN ((size_t)1 << 16)

/* The longest block of the format, with block protection, and then any. */
static const size_t spare_sizes[] = {(1U << 20) + 4096, 4U << 20, 0x00FFFFFFU};
#define SPARE_SIZES (sizeof(spare_sizes) / sizeof(spare_sizes[0]))

/* ---- 0 octets ---- */

static enum reel_event
at_mark(struct reel_st *s)
{
    s->address++;
    return REEL_EVENT_FILEMARK;
}

static enum reel_event
at_bad_block(struct reel_st *s)
{
    s->address++;
    s->file_head = false;
    return REEL_EVENT_UNREADABLE;
}

/* The driver stood at the head of a file that it has no number for, and still
   does: only going back tells whether that was a filemark. */
static enum reel_status
look_back(struct reel_st *s, enum reel_event *event, struct reel_err *err)
{
    const uint64_t address = s->address;
    enum reel_st_step step;
    int error;

    s->known = false; /* before or behind it */
    REEL_TRY(reel_st_go(s, address, err));
    step = reel_st_forward(s, &error);
    if (step == REEL_ST_STEP_FAILED)
        return reel_st_failed(s, "spacing", error, err);
    *event = step == REEL_ST_STEP_MARK    ? REEL_EVENT_FILEMARK
             : step == REEL_ST_STEP_BLOCK ? REEL_EVENT_UNREADABLE
                                          : REEL_EVENT_END;
    return REEL_OK;
}

static enum reel_status
after_nothing(struct reel_st *s, enum reel_event *event, struct reel_err *err)
{
    const int file            = s->file;
    const bool file_head      = s->file_head;
    const struct mtget status = reel_st_note_file(s);

    if (GMT_EOD(status.mt_gstat))
        *event = REEL_EVENT_END;
    else if (status.mt_blkno != 0)
        *event = at_bad_block(s);
    else if (file >= 0)
        *event = s->file == file + 1 ? at_mark(s) : at_bad_block(s);
    else if (!file_head)
        *event = at_mark(s);
    else
        return look_back(s, event, err);
    return REEL_OK;
}

/* ---- EIO ---- */

/* What stands at `address`, where a read failed? Goes behind it. */
static enum reel_status
look_again(struct reel_st *s, uint64_t address, enum reel_event *event,
           struct reel_err *err)
{
    enum reel_st_step step;
    int error;

    s->known = false; /* before or behind it */
    REEL_TRY(reel_st_go(s, address, err));
    step   = reel_st_forward(s, &error);
    *event = REEL_EVENT_UNREADABLE;
    if (step == REEL_ST_STEP_END)
        *event = REEL_EVENT_END;
    if (step == REEL_ST_STEP_MARK)
        *event = REEL_EVENT_FILEMARK;
    if (step == REEL_ST_STEP_FAILED) /* cannot space over it: jump */
        return reel_st_go(s, address + 1, err);
    return REEL_OK;
}

/* Try the bad block at `address` as often as asked. *got < 0: in vain. */
static enum reel_status
retry(struct reel_st *s, uint64_t address, void *buf, size_t bytes,
      ssize_t *got, struct reel_err *err)
{
    const struct reel_pos pos = {.block = address};

    *got = -1;
    for (uint32_t i = 0; i < s->read_retries && *got <= 0; i++) {
        if (s->report && reel_stop_asked(s->report))
            return reel_fail(err, REEL_E_STOPPED, &pos, NULL,
                             "interrupted while a bad block was read again");
        s->known = false;
        REEL_TRY(reel_st_go(s, address, err));
        *got = reel_st_read(s->fd, buf, bytes);
        if (*got > 0)
            reel_st_tell_note(s->report, REEL_NOTE_INFO, &pos,
                              "a bad block was read at attempt %lu",
                              (unsigned long)i + 2);
    }
    return REEL_OK;
}

/* A tape that the drive has no key for looks as if every block were bad. */
static enum reel_status
check_key(struct reel_st *s, uint64_t address, struct reel_err *err)
{
    const struct reel_pos pos = {.block = address};
    enum reel_drive_key key;

    if (s->any_block || s->key_asked)
        return REEL_OK;
    s->key_asked = true;
    REEL_TRY(reel_st_go(s, address, err));
    key = reel_drive_next_key(s->fd);
    if (key == REEL_DRIVE_KEY_MISSING)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "the tape is encrypted by a drive, and the drive %s "
                         "has not been given its key (see stenc)",
                         s->name);
    if (key == REEL_DRIVE_KEY_UNKNOWN)
        reel_st_tell_note(s->report, REEL_NOTE_INFO, &pos,
                          "no block could be read yet; so does a tape look "
                          "that a drive encrypted, to a drive without the key");
    return REEL_OK;
}

static enum reel_status
after_error(struct reel_st *s, void *buf, size_t bytes, ssize_t *got,
            enum reel_event *event, struct reel_err *err)
{
    const uint64_t address = s->address;

    if (GMT_EOD(reel_st_note_file(s).mt_gstat)) {
        *event = REEL_EVENT_END;
        return REEL_OK;
    }
    REEL_TRY(look_again(s, address, event, err));
    if (*event != REEL_EVENT_UNREADABLE)
        return REEL_OK;
    REEL_TRY(check_key(s, address, err));
    REEL_TRY(retry(s, address, buf, bytes, got, err));
    if (*got > 0) {
        s->address = address;
        s->known   = true;
        return REEL_OK;
    }
    if (s->known && s->address == address + 1)
        return REEL_OK;
    return look_again(s, address, event, err);
}

/* ---- ENOMEM ---- */

static bool
make_spare(struct reel_st *s, size_t bytes)
{
    uint8_t *grown;

    if (s->spare_bytes >= bytes)
        return true;
    grown = reel_realloc_array(s->spare, bytes, 1);
    if (!grown)
        return false;
    s->spare       = grown;
    s->spare_bytes = bytes;
    return true;
}

/* How long is the block that the tape has moved past? What cannot be found out
   is told as the longest that was tried and one more. */
static enum reel_status
measure(struct reel_st *s, size_t tried, size_t *block_bytes,
        struct reel_err *err)
{
    const uint64_t address = s->address;
    ssize_t got            = -1;
    size_t bytes;

    *block_bytes = tried + 1;
    for (size_t i = 0; i < SPARE_SIZES && got < 0; i++) {
        bytes = spare_sizes[i];
        if (bytes > s->base.info.block_bytes_max)
            bytes = s->base.info.block_bytes_max;
        if (bytes <= tried || bytes < *block_bytes || !make_spare(s, bytes))
            continue;
        s->address = address + 1;
        REEL_TRY(reel_st_go(s, address, err));
        got = reel_st_read(s->fd, s->spare, bytes);
        if (got > 0)
            *block_bytes = (size_t)got;
        else if (errno == ENOMEM)
            *block_bytes = bytes + 1;
    }
    s->address = address + 1;
    s->known   = got > 0;
    return got > 0 ? REEL_OK : reel_st_go(s, address + 1, err);
}

/* ---- the read ---- */

/*
 * The next block, with a request of *bytes or, where the host adapter or the
 * drive takes no request as long as that, of what they take. The tape does not
 * move for a request that is not taken. As reel_st_read.
 */
static ssize_t
read_some(struct reel_st *s, void *buf, size_t *bytes)
{
    ssize_t got;

    if (*bytes > s->read_max)
        *bytes = s->read_max;
    for (;;) {
        got = reel_st_read(s->fd, buf, *bytes);
        if (got >= 0 || *bytes <= REQUEST_BYTES_MIN ||
            (errno != EBUSY && errno != EOVERFLOW && errno != EINVAL))
            return got;
        s->read_max = REQUEST_BYTES_MIN;
        while (s->read_max < *bytes - s->read_max)
            s->read_max *= 2;
        *bytes = s->read_max; /* the power of two below */
    }
}

static enum reel_status
refused(struct reel_st *s, int error, size_t bytes, struct reel_err *err)
{
    const struct reel_pos pos = {.block = s->address};

    if (error != EBUSY && error != EOVERFLOW && error != EINVAL)
        return reel_st_failed(s, "reading", error, err);
    return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                     "the host adapter of %s takes no request of %zu octets "
                     "(%s)",
                     s->name, bytes, strerror(error));
}

/* `got` octets are in the buffer, or errno says why not. */
static enum reel_status
judge(struct reel_st *s, void *buf, size_t bytes, ssize_t got,
      enum reel_event *event, size_t *block_bytes, struct reel_err *err)
{
    const int error = errno;

    if (got < 0 && error == EIO)
        REEL_TRY(after_error(s, buf, bytes, &got, event, err));
    else if (got < 0 && error == ENOMEM) {
        *event = REEL_EVENT_TOO_LONG;
        return measure(s, bytes, block_bytes, err);
    } else if (got < 0)
        return refused(s, error, bytes, err);
    else if (got == 0)
        return after_nothing(s, event, err);
    if (got <= 0)
        return REEL_OK;
    *event       = REEL_EVENT_BLOCK;
    *block_bytes = (size_t)got;
    s->address++;
    s->file_head = false;
    s->any_block = true;
    return REEL_OK;
}

enum reel_status
reel_st_read_block(void *state, void *buf, size_t capacity,
                   enum reel_event *event, size_t *block_bytes,
                   struct reel_err *err)
{
    struct reel_st *s = state;
    bool own          = false;
    size_t bytes      = capacity;
    void *into        = buf;
    ssize_t got;

    if (capacity < DIRECT_BYTES_MIN) {
        if (!make_spare(s, spare_sizes[0]))
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for a block of the tape");
        own   = true;
        into  = s->spare;
        bytes = spare_sizes[0];
    }
    *block_bytes = 0;
    s->warned    = false;
    s->writing   = false; /* so does the driver see it */
    got          = read_some(s, into, &bytes);
    REEL_TRY(judge(s, into, bytes, got, event, block_bytes, err));
    if (!s->proven && s->known && s->address > 0 && !reel_st_compare(s, false))
        return reel_st_failed(s, "reading", EIO, err);
    if (!own || *event != REEL_EVENT_BLOCK)
        return REEL_OK;
    if (*block_bytes > capacity)
        *event = REEL_EVENT_TOO_LONG;
    else if (*block_bytes > 0)
        memcpy(buf, s->spare, *block_bytes);
    return REEL_OK;
}
