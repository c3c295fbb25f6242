/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 7.4, symbolic links, FIFOs, sockets and devices: made under a temporary
 * name, then put in place. Policy layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "reel/reparse.h"
#include "sink_posix_state.h"

/* Judge the reparse data. False: noted. */
static bool
read_reparse(const struct reel_sink_posix_object *o,
             struct reel_sink_reparse *r)
{
    const struct reel_bytes body = {o->reparse, o->reparse_len};
    const enum reel_sink_reparse_verdict verdict =
        reel_sink_reparse_read(r, body, o->windows);

    if (verdict == REEL_SINK_REPARSE_FOREIGN || r->kind != o->facts.kind) {
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                       "its reparse data has no counterpart on this system");
        return false;
    }
    if (verdict == REEL_SINK_REPARSE_LENGTH) {
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                       "a target of %zu octets cannot be put back",
                       r->target_len);
        return false;
    }
    return true;
}

static bool
is_device(uint8_t kind)
{
    return kind == REEL_KIND_CHARACTER || kind == REEL_KIND_BLOCK;
}

bool
reel_sink_posix_special_wanted(struct reel_sink_posix *s)
{
    const struct reel_sink_posix_object *o = &s->object;

    if (!is_device(o->facts.kind))
        return true;
    if (!s->options.preserve) {
        reel_sink_note(&o->about, REEL_NOTE_OMITTED, REEL_E_UNSUPPORTED,
                       "devices are not made unless asked for");
        return false;
    }
    if ((o->facts.known & REEL_FACT_DEVICE) == 0 &&
        !(o->windows && o->fate == REEL_FATE_IGNORED)) { /* they may come */
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                       "its device numbers are not known");
        return false;
    }
    return true;
}

/* Is what stands there, of the same type, the same in all? */
static bool
same_special(struct reel_sink_posix *s, int dir, const struct stat *st,
             const char *target)
{
    const struct reel_sink_posix_object *o = &s->object;
    char there[PATH_MAX];
    ssize_t n;

    if (is_device(o->facts.kind))
        return st->st_rdev == makedev(o->major, o->minor);
    if (o->facts.kind != REEL_KIND_SYMLINK)
        return true;
    n = s->calls->readlinkat(dir, reel_sink_path_name(&s->path), there,
                             sizeof(there));
    return n >= 0 && (size_t)n == strlen(target) &&
           memcmp(there, target, (size_t)n) == 0;
}

static int
make(struct reel_sink_posix *s, int dir, const char *target)
{
    struct reel_sink_posix_object *o = &s->object;
    const char *name                 = o->temporary;

    reel_sink_posix_temporary(s, o->temporary);
    switch (o->facts.kind) {
    case REEL_KIND_SYMLINK:
        return s->calls->symlinkat(target, dir, name);
    case REEL_KIND_FIFO:
        return s->calls->mknodat(dir, name, S_IFIFO | 0600, 0);
    case REEL_KIND_SOCKET:
        return s->calls->mknodat(dir, name, S_IFSOCK | 0600, 0);
    case REEL_KIND_CHARACTER:
        return s->calls->mknodat(dir, name, S_IFCHR | 0600,
                                 makedev(o->major, o->minor));
    default:
        return s->calls->mknodat(dir, name, S_IFBLK | 0600,
                                 makedev(o->major, o->minor));
    }
}

/* Is it what was made, with no other name? No call makes such a thing and opens
   it, so somebody may have put another one under its temporary name. */
static bool
is_ours(const struct reel_sink_posix_object *o, const struct stat *st)
{
    return (st->st_mode & S_IFMT) == reel_sink_posix_type(o->facts.kind) &&
           st->st_nlink == 1 &&
           (!is_device(o->facts.kind) ||
            st->st_rdev == makedev(o->major, o->minor));
}

/* Open what was made. -1: noted. */
static int
open_made(struct reel_sink_posix *s, int dir)
{
    struct reel_sink_posix_object *o = &s->object;
    const int fd =
        s->calls->openat(dir, o->temporary, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
    struct stat st;

    if (fd < 0 || s->calls->fstatat(fd, "", &st, AT_EMPTY_PATH) != 0 ||
        reel_sink_identity_get(s->calls, fd, "", AT_EMPTY_PATH, &o->made) != 0)
        reel_sink_note_errno(&o->about, errno, "cannot be looked at");
    else if (!is_ours(o, &st))
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "somebody put another thing in its place: not put back");
    else
        return fd;
    if (fd >= 0)
        (void)s->calls->close(fd);
    return -1;
}

/* Facts on what was made, through a descriptor. False: noted. */
static bool
dress(struct reel_sink_posix *s, int dir)
{
    struct reel_sink_posix_object *o = &s->object;
    const int fd                     = open_made(s, dir);

    if (fd < 0)
        return false;
    o->facts.inherited_acl = s->parent.hands_down_acl;
    reel_sink_posix_extras_dress(s, fd, true);
    reel_facts_apply(&s->rules, &o->facts, fd, true, &o->about);
    (void)s->calls->close(fd);
    return true;
}

static enum reel_status
make_special(struct reel_sink_posix *s, const struct reel_sink_reparse *r,
             struct reel_err *err)
{
    struct reel_sink_posix_object *o = &s->object;
    const int dir                    = reel_sink_posix_parent(s, true);

    if (dir < 0) {
        reel_sink_note_errno(&o->about, errno,
                             "its directory cannot be opened");
        return REEL_OK;
    }
    if (make(s, dir, r->target) != 0) {
        o->temporary[0] = '\0';
        reel_sink_note_errno(&o->about, errno, "cannot be made");
        return REEL_OK;
    }
    if (!dress(s, dir) || !reel_sink_posix_place(s, &o->about, o->temporary)) {
        reel_sink_posix_discard(s);
        return REEL_OK;
    }
    o->temporary[0]  = '\0';
    s->sink.left_out = false;
    if (r->elsewhere)
        reel_sink_note(&o->about, REEL_NOTE_OMITTED, REEL_E_UNSUPPORTED,
                       "its target stands on the source, and is kept as text "
                       "only");
    reel_sink_posix_extras_finish(s);
    REEL_TRY(reel_sink_posix_placed(s, &o->about, err));
    return reel_sink_posix_remember(s, &o->made, err);
}

enum reel_status
reel_sink_posix_special_end(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_sink_posix_object *o = &s->object;
    struct reel_sink_identity identity;
    struct reel_sink_reparse reparse;
    struct stat st;

    if (!reel_sink_content_whole(&o->content)) {
        reel_sink_note(&o->about, REEL_NOTE_LOST, REEL_E_CORRUPT,
                       "its streams do not add up: not put back");
        return REEL_OK;
    }
    if (!read_reparse(o, &reparse))
        return REEL_OK;
    o->standing = reel_sink_posix_judge(s, &o->about, o->facts.kind, 0, &st);
    if (o->standing == REEL_STANDING_CLEAR)
        return make_special(s, &reparse, err);
    if (o->standing == REEL_STANDING_STAYS)
        return REEL_OK;
    if (same_special(s, s->parent.fd, &st, reparse.target) &&
        reel_sink_identity_get(s->calls, s->parent.fd,
                               reel_sink_path_name(&s->path),
                               AT_SYMLINK_NOFOLLOW, &identity) == 0) {
        s->sink.left_out = false;
        return reel_sink_posix_remember(s, &identity, err);
    }
    reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                   "exists and differs");
    return REEL_OK;
}
