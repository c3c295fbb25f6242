/* SPDX-License-Identifier: Apache-2.0 */
/* A drive by hand: facts, rewinding, putting the tape out; no spec chapter. */
#include "reel/drive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drive_facts.h"
#include "medium_ops.h"
#include "reel/alloc.h"
#include "reel/medium_tap.h"
#include "st.h"
#include "st_calls.h"

struct reel_drive {
    int fd;
};

enum reel_status
reel_medium_drive_facts(struct reel_medium *m, struct reel_drive_facts *out,
                        struct reel_err *err)
{
    if (!m || !out)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a medium and a result are needed");
    if (!m->ops->drive_facts)
        return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                         "the medium is no tape drive");
    m->ops->drive_facts(m->state, out);
    return REEL_OK;
}

static enum reel_status
failed(struct reel_err *err, const char *what, int error)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s failed: %s", what,
                     error == EBUSY ? "the drive is in use by another program"
                                    : strerror(error));
}

static enum reel_status
no_drive(struct reel_err *err)
{
    return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                     "this is no tape drive; name one as /dev/nst0");
}

enum reel_status
reel_drive_open(struct reel_drive **out, const char *name, struct reel_err *err)
{
    struct reel_drive *d;
    struct stat st;
    int fd;

    if (!out || !name)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a name and a result are needed");
    if (stat(name, &st) != 0)
        return failed(err, "opening the drive", errno);
    if (!reel_st_is_tape(&st))
        return no_drive(err);
    fd = reel_medium_opener_open(NULL, name, O_RDONLY | O_NONBLOCK);
    if (fd < 0)
        return failed(err, "opening the drive", errno);
    d = reel_alloc_array(1, sizeof(*d));
    if (!d) {
        (void)close(fd);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the drive");
    }
    d->fd = fd;
    *out  = d;
    return REEL_OK;
}

void
reel_drive_close(struct reel_drive *d)
{
    if (!d)
        return;
    (void)close(d->fd);
    reel_free(d);
}

enum reel_status
reel_drive_facts(struct reel_drive *d, struct reel_drive_facts *out,
                 struct reel_err *err)
{
    if (!d || !out)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a drive and a result are needed");
    reel_drive_facts_get(d->fd, out);
    return REEL_OK;
}

static enum reel_status
move(struct reel_drive *d, short op, const char *what, struct reel_err *err)
{
    int error;

    if (!d)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL, "a drive is needed");
    error = reel_st_op(d->fd, op, 1);
    return error == 0 ? REEL_OK : failed(err, what, error);
}

enum reel_status
reel_drive_rewind(struct reel_drive *d, struct reel_err *err)
{
    return move(d, MTREW, "rewinding", err);
}

enum reel_status
reel_drive_eject(struct reel_drive *d, struct reel_err *err)
{
    return move(d, MTOFFL, "putting the tape out", err);
}
