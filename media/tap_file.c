/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The .tap file backend of the medium interface; spec chapters 0 and 2.
 *
 * The position is an address with its offset in the file. All offsets come
 * from walking forward from an offset in an index, so that each address has
 * one offset only. One index serves the whole image. Another has the part
 * around the position in more detail, so that going back one by one costs about
 * as much as going forward, however many objects there are.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capacity.h"
#include "medium_ops.h"
#include "reel/alloc.h"
#include "reel/medium_tap.h"
#include "tap_index.h"
#include "tap_parts.h"
#include "tap_scan.h"
#include "whole_io.h"

/* Room kept at the end of a limited image for filemarks. */
#define MARKS_RESERVE_BYTES 64u

struct tap_file {
    struct reel_medium base;
    int fd;
    bool sync;
    bool stale; /* what is in the file goes with the first write */
    struct reel_medium_begin begin; /* before that; fn NULL: it was */
    struct reel_capacity capacity;
    struct reel_tap_scan scan;
    struct reel_tap_index index;
    struct reel_tap_index near; /* its base is not above the position */
    uint64_t address;
    uint64_t off;
};

static struct reel_pos
here(const struct tap_file *f)
{
    return (struct reel_pos){.block = f->address};
}

static enum reel_status
system_failed(const struct tap_file *f, const char *what, int error,
              struct reel_err *err)
{
    const struct reel_pos pos = here(f);

    return reel_io_fail(err, &pos, what, error);
}

/* ---- moving ---- */

/* How far behind its base the index of the part goes: past the next address in
   that of the whole, so that one may go to and fro over it. */
static uint64_t
near_span(const struct tap_file *f)
{
    return 2 * f->index.stride;
}

static void
pass(struct tap_file *f, const struct reel_tap_object *o)
{
    f->address++;
    f->off = o->next;
    /* Behind a torn record is not behind the data: nobody starts there. */
    if (o->thing == REEL_TAP_THING_TORN)
        return;
    reel_tap_index_note(&f->index, f->address, f->off);
    if (f->address - f->near.base <= near_span(f))
        reel_tap_index_note(&f->near, f->address, f->off);
}

/* Stand at the nearest known address from which one can walk to `address`. */
static void
start_for(struct tap_file *f, uint64_t address)
{
    uint64_t known     = address;
    const uint64_t off = reel_tap_index_find(&f->index, &known);

    if (address < f->near.base || address - f->near.base > near_span(f))
        reel_tap_index_init(&f->near, known, off);
    f->address = address;
    f->off     = reel_tap_index_find(&f->near, &f->address);
}

/*
 * Walk from an index to `address`, or to the end of data if that comes first;
 * with `before_torn`, a torn record is the end.
 */
static enum reel_status
walk_to(struct tap_file *f, uint64_t address, bool before_torn,
        struct reel_err *err)
{
    start_for(f, address);
    while (f->address < address) {
        struct reel_tap_object o;

        REEL_TRY(reel_tap_scan_look(&f->scan, f->off, &o, err));
        if (o.thing == REEL_TAP_THING_END ||
            (o.thing == REEL_TAP_THING_TORN && before_torn))
            return REEL_OK;
        pass(f, &o);
    }
    return REEL_OK;
}

/* One object toward the beginning; *mark tells whether it is a filemark. */
static enum reel_status
step_back(struct tap_file *f, bool *mark, struct reel_err *err)
{
    struct reel_tap_object o;

    assert(f->address > 0);
    REEL_TRY(walk_to(f, f->address - 1, false, err));
    REEL_TRY(reel_tap_scan_look(&f->scan, f->off, &o, err));
    *mark = o.thing == REEL_TAP_THING_MARK;
    return REEL_OK;
}

static enum reel_status
space_forward(struct tap_file *f, int64_t count, int64_t *passed,
              struct reel_err *err)
{
    while (*passed < count) {
        struct reel_tap_object o;

        REEL_TRY(reel_tap_scan_look(&f->scan, f->off, &o, err));
        if (o.thing == REEL_TAP_THING_END)
            return REEL_OK;
        pass(f, &o);
        *passed += o.thing == REEL_TAP_THING_MARK;
    }
    return REEL_OK;
}

static enum reel_status
space_backward(struct tap_file *f, int64_t count, int64_t *passed,
               struct reel_err *err)
{
    while (-*passed > count && f->address > 0) {
        bool mark = false;

        REEL_TRY(step_back(f, &mark, err));
        *passed += mark;
    }
    return REEL_OK;
}

static enum reel_status
tap_file_space(void *state, int64_t count, int64_t *passed,
               struct reel_err *err)
{
    struct tap_file *f = state;

    if (count > 0)
        REEL_TRY(space_forward(f, count, passed, err));
    else
        REEL_TRY(space_backward(f, count, passed, err));
    reel_capacity_moved(&f->capacity, f->off);
    return REEL_OK;
}

static enum reel_status
tap_file_locate(void *state, uint64_t address, struct reel_err *err)
{
    struct tap_file *f = state;
    struct reel_pos pos;

    if (address != f->address || f->base.position_lost)
        REEL_TRY(walk_to(f, address, false, err));
    reel_capacity_moved(&f->capacity, f->off);
    if (f->address == address)
        return REEL_OK;
    pos = here(f);
    return reel_fail(err, REEL_E_TRUNCATED, &pos, NULL,
                     "the image ends before address %llu",
                     (unsigned long long)address);
}

static enum reel_status
tap_file_tell(void *state, uint64_t *address, struct reel_err *err)
{
    const struct tap_file *f = state;

    (void)err;
    *address = f->address;
    return REEL_OK;
}

static enum reel_status
tap_file_end_of_data(void *state, struct reel_err *err)
{
    struct tap_file *f = state;

    REEL_TRY(walk_to(f, UINT64_MAX, true, err));
    reel_capacity_moved(&f->capacity, f->off);
    return REEL_OK;
}

/* ---- reading ---- */

static enum reel_event
event_of(const struct reel_tap_object *o, size_t capacity)
{
    switch (o->thing) {
    case REEL_TAP_THING_BLOCK:
        return o->bytes > capacity ? REEL_EVENT_TOO_LONG : REEL_EVENT_BLOCK;
    case REEL_TAP_THING_BAD:
    case REEL_TAP_THING_DAMAGED:
    case REEL_TAP_THING_TORN:
        return REEL_EVENT_UNREADABLE;
    case REEL_TAP_THING_MARK:
        return REEL_EVENT_FILEMARK;
    case REEL_TAP_THING_END:
        break;
    }
    return REEL_EVENT_END;
}

static enum reel_status
read_data(struct tap_file *f, const struct reel_tap_object *o, void *buf,
          struct reel_err *err)
{
    struct iovec iov = {buf, o->bytes};
    size_t done;

    if (!reel_io_read(f->fd, &iov, 1, o->off + REEL_TAP_WORD_BYTES, &done))
        return system_failed(f, "reading the image", errno, err);
    if (done < o->bytes) {
        const struct reel_pos pos = here(f);

        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "the image became shorter while it was read");
    }
    return REEL_OK;
}

static enum reel_status
tap_file_read(void *state, void *buf, size_t capacity, enum reel_event *event,
              size_t *block_bytes, struct reel_err *err)
{
    struct tap_file *f = state;
    struct reel_tap_object o;

    REEL_TRY(reel_tap_scan_look(&f->scan, f->off, &o, err));
    *event       = event_of(&o, capacity);
    *block_bytes = o.bytes;
    if (*event == REEL_EVENT_UNREADABLE)
        *block_bytes = 0;
    if (*event == REEL_EVENT_BLOCK)
        REEL_TRY(read_data(f, &o, buf, err));
    if (*event != REEL_EVENT_END)
        pass(f, &o);
    reel_capacity_moved(&f->capacity, f->off);
    return REEL_OK;
}

/* ---- writing ---- */

static enum reel_status
begin(struct tap_file *f, struct reel_err *err)
{
    if (f->begin.fn == NULL)
        return REEL_OK;
    REEL_TRY(f->begin.fn(f->begin.ctx, err));
    f->begin.fn = NULL;
    return REEL_OK;
}

/* Let the file end at the position. */
static enum reel_status
cut(struct tap_file *f, struct reel_err *err)
{
    reel_tap_index_cut(&f->index, f->address);
    reel_tap_index_cut(&f->near, f->address);
    if (f->scan.bytes == f->off && !f->stale)
        return REEL_OK;
    if (ftruncate(f->fd, (off_t)f->off) != 0)
        return system_failed(f, "cutting the image", errno, err);
    reel_tap_scan_changed(&f->scan, f->off);
    f->stale = false;
    return REEL_OK;
}

/* A write failed half way: take back what came of it. If that cannot be done,
   it is no end of the medium, behind which a filemark may be tried. */
static enum reel_status
take_back(struct tap_file *f, size_t done, int error, struct reel_err *err)
{
    const struct reel_pos pos = here(f);

    if (done > 0 && ftruncate(f->fd, (off_t)f->off) != 0)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "cutting the image: %s", strerror(errno));
    return system_failed(f, "writing the image", error, err);
}

/* Write one object behind everything. */
static enum reel_status
append(struct tap_file *f, struct iovec *iov, int count, struct reel_err *err)
{
    struct reel_tap_object o = {.off = f->off};
    size_t done;

    REEL_TRY(begin(f, err));
    REEL_TRY(cut(f, err));
    if (!reel_io_write(f->fd, iov, count, f->off, &done))
        return take_back(f, done, errno, err);
    o.next = f->off + done;
    reel_tap_scan_changed(&f->scan, o.next);
    pass(f, &o);
    return REEL_OK;
}

static enum reel_status
tap_file_write(void *state, const void *buf, size_t bytes, struct reel_err *err)
{
    const uint32_t length = (uint32_t)bytes; /* at most block_bytes_max */
    struct tap_file *f    = state;
    struct reel_tap_parts parts;

    if (reel_capacity_ask(&f->capacity, f->off, reel_tap_record_span(length)) !=
        REEL_ROOM) {
        const struct reel_pos pos = here(f);

        return reel_fail(err, REEL_E_FULL, &pos, NULL,
                         "the image has reached the size of its volume");
    }
    reel_tap_parts_init(&parts, buf, length);
    REEL_TRY(append(f, parts.iov, REEL_TAP_PARTS, err));
    reel_capacity_written(&f->capacity, f->off);
    return REEL_OK;
}

static enum reel_status
tap_file_filemark(void *state, struct reel_err *err)
{
    struct tap_file *f = state;
    uint8_t mark[REEL_TAP_WORD_BYTES];
    struct iovec iov = {mark, sizeof(mark)};

    reel_tap_word_encode(mark, (struct reel_tap_word){REEL_TAP_MARK, 0});
    REEL_TRY(append(f, &iov, 1, err));
    reel_capacity_filemark(&f->capacity);
    if (f->sync && fdatasync(f->fd) != 0)
        return system_failed(f, "syncing the image", errno, err);
    return REEL_OK;
}

static uint64_t
tap_file_octets(const void *state)
{
    const struct tap_file *f = state;

    return f->off;
}

static bool
tap_file_early_warning(const void *state)
{
    const struct tap_file *f = state;

    return f->capacity.warned;
}

static enum reel_status
tap_file_close(void *state, struct reel_err *err)
{
    struct tap_file *f        = state;
    enum reel_status status   = REEL_OK;
    const struct reel_pos pos = here(f);

    if (close(f->fd) != 0 && errno != EINTR)
        status = reel_io_fail(err, &pos, "closing the image", errno);
    reel_free(f);
    return status;
}

static const struct reel_medium_ops tap_file_ops = {
    .read            = tap_file_read,
    .write           = tap_file_write,
    .filemark        = tap_file_filemark,
    .space_filemarks = tap_file_space,
    .locate          = tap_file_locate,
    .tell            = tap_file_tell,
    .end_of_data     = tap_file_end_of_data,
    .early_warning   = tap_file_early_warning,
    .octets          = tap_file_octets,
    .close           = tap_file_close,
};

static void
set_capacity(struct reel_capacity *c, const struct reel_medium_open_opts *opts)
{
    const uint64_t max = opts->volume_bytes_max;

    if (max == 0)
        return;
    c->bytes_max = max > MARKS_RESERVE_BYTES ? max - MARKS_RESERVE_BYTES : 1;
    c->early_warning_bytes = opts->early_warning_bytes;
}

enum reel_status
reel_medium_tap_file_new(struct reel_medium **out, int fd,
                         enum reel_medium_mode mode,
                         const struct reel_medium_open_opts *opts,
                         struct reel_err *err)
{
    struct tap_file *f;
    struct stat st;

    if (fstat(fd, &st) != 0)
        return reel_io_fail(err, NULL, "asking for the size", errno);
    f = reel_alloc_array(1, sizeof(*f));
    if (!f)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the image");
    f->base.ops                  = &tap_file_ops;
    f->base.state                = f;
    f->base.mode                 = mode;
    f->base.info.can_locate      = true;
    f->base.info.write_protected = mode != REEL_MEDIUM_WRITE;
    f->base.info.block_bytes_max = REEL_TAP_RECORD_BYTES_MAX;
    f->fd                        = fd;
    f->scan.fd                   = fd;
    f->scan.bytes                = (uint64_t)st.st_size;
    reel_tap_index_init(&f->index, 0, 0);
    reel_tap_index_init(&f->near, 0, 0);
    if (opts && opts->overwrite && mode == REEL_MEDIUM_WRITE) {
        f->stale      = st.st_size > 0;
        f->scan.bytes = 0;
    }
    if (opts) {
        f->begin = opts->begin;
        f->sync  = opts->sync;
        set_capacity(&f->capacity, opts);
    }
    /* Who is asked to stop writing has to move about to end well. */
    if (opts && mode == REEL_MEDIUM_READ)
        f->scan.report = opts->report;
    *out = &f->base;
    return REEL_OK;
}
