/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 8.5, objects of encoding 2: what becomes of them, known when all of
 * their streams came. Policy layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "sink_posix_state.h"

void
reel_sink_posix_windows_set(struct reel_sink_posix *s,
                            const struct reel_object *from)
{
    struct reel_sink_posix_object *o = &s->object;
    const size_t len                 = from->short_name.len;

    o->windows          = from->encoding == REEL_ENCODING_UTF16;
    o->may_turn         = reel_sink_windows_may_turn(from);
    o->attributes       = from->attributes;
    o->times_len        = 0;
    o->short_name_len   = 0;
    o->side.failed      = false;
    o->facts.reparse    = (struct reel_bytes){NULL, 0};
    o->facts.mode_given = false;
    if (!o->windows)
        return;
    if ((from->facts & REEL_FACT_BIRTH) != 0)
        o->times_len = reel_sink_windows_times(from, o->times);
    if (len > 0 && len <= sizeof(o->short_name)) {
        memcpy(o->short_name, from->short_name.data, len);
        o->short_name_len = len;
    }
    if ((from->facts & REEL_FACT_POSIX) == 0) {
        o->facts.mode_given = true;
        o->facts.mode       = reel_sink_windows_mode(from, s->umask);
    }
}

/* WSL keeps the numbers of a device in an EA. */
static void
find_device(struct reel_sink_posix_object *o)
{
    struct reel_sink_extra *const x =
        reel_sink_extras_find(&o->extras, REEL_STREAM_EA_DATA);
    struct reel_bytes body;

    if ((o->facts.known & REEL_FACT_DEVICE) == 0 && x != NULL &&
        reel_sink_extras_value(&o->extras, x, &body) &&
        reel_sink_windows_device(body, &o->major, &o->minor))
        o->facts.known |= REEL_FACT_DEVICE;
}

/* Does the reparse data say that it is a link or a special file? Then it is
   that from now on. */
static bool
turn(struct reel_sink_posix *s)
{
    struct reel_sink_posix_object *const o = &s->object;
    struct reel_sink_extra *const x =
        reel_sink_extras_find(&o->extras, REEL_STREAM_REPARSE_DATA);
    struct reel_sink_reparse reparse;
    struct reel_bytes body;

    if (!o->may_turn || x == NULL || !reel_sink_content_whole(&o->content) ||
        !reel_sink_extras_value(&o->extras, x, &body) ||
        body.len > sizeof(o->reparse) ||
        reel_sink_reparse_read(&reparse, body, true) != REEL_SINK_REPARSE_FINE)
        return false;
    if (body.len > 0)
        memcpy(o->reparse, body.data, body.len);
    o->reparse_len = body.len;
    o->facts.kind  = reparse.kind;
    find_device(o);
    reel_sink_extras_release(&o->extras, x, REEL_EXTRA_APPLIED);
    reel_sink_posix_discard_file(s);
    return true;
}

static enum reel_status
end_special(struct reel_sink_posix *s, struct reel_err *err)
{
    if (!reel_sink_posix_special_wanted(s))
        return REEL_OK;
    return reel_sink_posix_special_end(s, err);
}

/* What was put off at its begin: what stands there, under skip. */
static enum reel_status
end_file(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_sink_posix_object *const o = &s->object;
    struct stat st;

    if (o->may_turn && s->options.existing == REEL_EXISTING_SKIP)
        o->standing = reel_sink_posix_judge(s, &o->about, o->facts.kind,
                                            o->content.size, &st);
    if (o->standing == REEL_STANDING_STAYS)
        return REEL_OK;
    return reel_sink_posix_content_end(s, err);
}

/* Its streams go on now; its facts wait, as those of any directory. */
static enum reel_status
end_directory(struct reel_sink_posix *s, struct reel_err *err)
{
    int fd;

    if (s->object.fate == REEL_FATE_LATER &&
        !(reel_sink_posix_parent_stays(s, &s->object.about) &&
          reel_sink_posix_directory_make(s)))
        return REEL_OK;
    fd = reel_sink_posix_extras_open(s);
    if (fd >= 0) {
        reel_sink_posix_extras_dress(s, fd, true);
        (void)s->calls->close(fd);
    }
    reel_sink_posix_extras_finish(s);
    if (s->object.made_here)
        REEL_TRY(reel_sink_posix_placed(s, &s->object.about, err));
    else
        REEL_TRY(reel_sink_posix_name_placed(s, &s->object.about, err));
    return reel_sink_posix_directory_end(s, err);
}

enum reel_status
reel_sink_posix_windows_end(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_sink_posix_object *const o = &s->object;

    reel_sink_posix_extras_close(s);
    if (o->fate == REEL_FATE_SPECIAL) {
        find_device(o);
        return end_special(s, err);
    }
    if (turn(s))
        return end_special(s, err);
    return o->fate == REEL_FATE_FILE ? end_file(s, err) : end_directory(s, err);
}
