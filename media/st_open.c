/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a tape drive by Linux' st driver; no spec chapter. The device is
 * first opened without waiting, again and again while its tape is loading,
 * which the driver itself would do for two minutes only and without a word.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "drive_facts.h"
#include "reel/alloc.h"
#include "st.h"
#include "st_state.h"

#define LOAD_WAIT_SECONDS 9000U
#define TELL_SECONDS 60U
#define BLOCK_BYTES_MAX 0x00FFFFFFU /* a request has 24 bits for it */

bool
reel_st_is_tape(const struct stat *st)
{
    return S_ISCHR(st->st_mode) && major(st->st_rdev) == REEL_ST_MAJOR;
}

/* ---- why not ---- */

static enum reel_status
refused(const struct reel_st *s, int error, struct reel_err *err)
{
    const char *next;

    switch (error) {
    case EBUSY:
        next = "is in use by another program; wait for it, or see fuser";
        break;
    case ENOMEDIUM:
        next = "holds no tape; put one in";
        break;
    case EROFS:
        next = "holds a write-protected tape; move the tab of the cartridge, "
               "or take another";
        break;
    case EACCES:
    case EPERM:
        next = "is not open to this user; become a member of its group "
               "(often tape)";
        break;
    case ENXIO:
    case ENODEV:
        next = "has no drive behind it; is it connected and switched on?";
        break;
    case EIO:
        next = "does not become ready; look at the drive, and take the tape "
               "out and in";
        break;
    default:
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "%s cannot be opened: %s", s->name, strerror(error));
    }
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s %s", s->name, next);
}

static enum reel_status
no_tape_drive(const struct reel_st *s, struct reel_err *err)
{
    return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                     "%s is a device, but no tape drive", s->name);
}

/* ---- waiting ---- */

/* Is a tape ready? The driver looks only while it opens. */
static enum reel_status
look(const struct reel_st *s, const char *name, struct mtget *status,
     struct reel_err *err)
{
    const int fd =
        reel_medium_opener_open(s->opener, name, O_RDONLY | O_NONBLOCK);
    struct stat st;
    int error;

    if (fd < 0)
        return refused(s, errno, err);
    error = reel_st_status(fd, status);
    if (fstat(fd, &st) != 0 || !reel_st_is_tape(&st))
        error = ENOTTY;
    (void)close(fd);
    if (error == ENOTTY || error == EINVAL)
        return no_tape_drive(s, err);
    return error == 0 ? REEL_OK : refused(s, error, err);
}

static void
tell_waiting(const struct reel_st *s, const struct mtget *status,
             uint32_t seconds)
{
    reel_st_tell_note(
        s->report, REEL_NOTE_INFO, NULL, "%s %s (%lu s so far)", s->name,
        GMT_DR_OPEN(status->mt_gstat) ? "holds no tape; waiting for one"
                                      : "is loading its tape; waiting",
        (unsigned long)seconds);
}

static enum reel_status
wait_online(const struct reel_st *s, const char *name, uint32_t wait_seconds,
            struct reel_err *err)
{
    const struct timespec second = {1, 0};
    struct mtget status          = {0};
    uint32_t limit;

    for (uint32_t seconds = 0;; seconds++) {
        REEL_TRY(look(s, name, &status, err));
        if (GMT_ONLINE(status.mt_gstat))
            return REEL_OK;
        limit = wait_seconds;
        if (limit == 0 && !GMT_DR_OPEN(status.mt_gstat))
            limit = LOAD_WAIT_SECONDS;
        if (seconds >= limit)
            break;
        if (seconds % TELL_SECONDS == 0)
            tell_waiting(s, &status, seconds);
        (void)nanosleep(&second, NULL);
        if (s->report && reel_stop_asked(s->report))
            return reel_fail(err, REEL_E_STOPPED, NULL, NULL,
                             "interrupted while waiting for the tape in %s",
                             s->name);
    }
    return refused(s, GMT_DR_OPEN(status.mt_gstat) ? ENOMEDIUM : EIO, err);
}

/* ---- setting up ---- */

static void
set_compression(const struct reel_st *s, enum reel_drive_compression wanted)
{
    const int on = wanted == REEL_DRIVE_COMPRESSION_ON;
    int error;

    if (wanted == REEL_DRIVE_COMPRESSION_LEAVE)
        return;
    error = reel_st_op(s->fd, MTCOMPRESSION, on);
    if (error != 0)
        reel_st_tell_note(s->report, REEL_NOTE_INFO, NULL,
                          "%s does not let its compression be switched %s "
                          "(%s); going on",
                          s->name, on ? "on" : "off", strerror(error));
}

static enum reel_status
set_up(struct reel_st *s, const struct reel_medium_open_opts *opts,
       struct reel_err *err)
{
    const bool write = s->base.mode == REEL_MEDIUM_WRITE;
    struct reel_drive_facts facts;
    struct mtget status;
    const int error = reel_st_status(s->fd, &status);

    if (error != 0)
        return refused(s, error, err);
    REEL_TRY(reel_st_any_length(s, err));
    if (write && opts)
        set_compression(s, opts->compression);
    REEL_TRY(reel_st_rewind(s, err));
    reel_st_learn_origin(s);
    reel_drive_facts_limits(s->fd, &facts);
    s->base.info.write_protected = !write || GMT_WR_PROT(status.mt_gstat);
    s->base.info.append_only     = facts.has_write_once && facts.write_once;
    if (facts.has_block_limits && facts.block_bytes_max > 0)
        s->base.info.block_bytes_max = facts.block_bytes_max;
    s->read_max = s->base.info.block_bytes_max;
    return REEL_OK;
}

static void
init(struct reel_st *s, const char *name, enum reel_medium_mode mode,
     const struct reel_medium_open_opts *opts)
{
    const size_t len = strlen(name);

    s->base =
        (struct reel_medium){.ops   = &reel_st_ops,
                             .state = s,
                             .mode  = mode,
                             .info  = {.can_locate      = true,
                                       .drive           = true,
                                       .block_bytes_max = BLOCK_BYTES_MAX}};
    s->fd   = -1;
    s->file = -1;
    (void)snprintf(s->name, sizeof(s->name), "%s",
                   len < sizeof(s->name) ? name
                                         : name + len + 1 - sizeof(s->name));
    if (opts) {
        s->opener       = opts->opener;
        s->report       = opts->report;
        s->read_retries = opts->read_retries;
    }
}

static enum reel_status
open_drive(struct reel_st *s, const char *name,
           const struct reel_medium_open_opts *opts, struct reel_err *err)
{
    const bool write = s->base.mode == REEL_MEDIUM_WRITE;

    REEL_TRY(wait_online(s, name, opts ? opts->load_wait_seconds : 0, err));
    s->fd = reel_medium_opener_open(s->opener, name, write ? O_RDWR : O_RDONLY);
    if (s->fd < 0)
        return refused(s, errno, err);
    return set_up(s, opts, err);
}

enum reel_status
reel_st_new(struct reel_medium **out, const char *name,
            enum reel_medium_mode mode,
            const struct reel_medium_open_opts *opts, struct reel_err *err)
{
    struct reel_st *s = reel_alloc_array(1, sizeof(*s));
    enum reel_status status;

    if (!s)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the tape drive");
    init(s, name, mode, opts);
    status = open_drive(s, name, opts, err);
    if (status == REEL_OK) {
        *out = &s->base;
        return REEL_OK;
    }
    if (s->fd >= 0)
        (void)close(s->fd);
    reel_free(s);
    return status;
}
