/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 6.1, directories: made when they come, given their facts when
 * everything in them is done. Policy layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sink_posix_state.h"

bool
reel_sink_posix_directory_make(struct reel_sink_posix *s)
{
    struct reel_sink_posix_object *o    = &s->object;
    const struct reel_sink_calls *calls = s->calls;
    const char *name                    = reel_sink_path_name(&s->path);
    const int dir                       = reel_sink_posix_parent(s, true);
    const bool replace = s->options.existing == REEL_EXISTING_REPLACE;
    bool made;

    if (dir < 0) {
        reel_sink_note_errno(&o->about, errno,
                             "its directory cannot be opened");
        return false;
    }
    if (s->path.len == 0)
        name = ".";
    made = s->path.len > 0 && calls->mkdirat(dir, name, 0700) == 0;
    if (!made && s->path.len > 0 && errno != EEXIST) {
        reel_sink_note_errno(&o->about, errno, "cannot be made");
        return false;
    }
    o->made_here           = made;
    o->facts.inherited_acl = made && s->parent.hands_down_acl;
    if (reel_sink_identity_get(calls, dir, name, AT_SYMLINK_NOFOLLOW,
                               &o->made) != 0) {
        reel_sink_note_errno(&o->about, errno, "cannot be looked at");
        return false;
    }
    if (o->made.type == S_IFDIR)
        return made || !o->windows ||
               reel_sink_posix_name_free(s, &o->about, dir, name);
    if (!replace) {
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "exists and is not a directory");
        return false;
    }
    if (calls->unlinkat(dir, name, 0) != 0 ||
        calls->mkdirat(dir, name, 0700) != 0 ||
        reel_sink_identity_get(calls, dir, name, AT_SYMLINK_NOFOLLOW,
                               &o->made) != 0) {
        reel_sink_note_errno(&o->about, errno,
                             "cannot take the place of what is there");
        return false;
    }
    o->made_here           = true;
    o->facts.inherited_acl = s->parent.hands_down_acl;
    return o->made.type == S_IFDIR;
}

/* A directory is done last; that it cannot be remembered is no reason to stop
   unless memory is gone. */
enum reel_status
reel_sink_posix_directory_end(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_sink_posix_object *o = &s->object;
    struct reel_pending_dir d;
    struct reel_err why;
    enum reel_status status;

    s->sink.left_out = false; /* it stands there; facts are another thing */
    memset(&d, 0, sizeof(d));
    d.number            = o->about.object;
    d.identity          = o->made;
    d.encoding          = o->about.encoding;
    d.path              = o->about.path;
    d.facts             = o->facts;
    d.facts.mode_made   = UINT32_MAX; /* it may have been there before */
    d.facts.xattrs.data = s->xattrs.data;
    d.facts.xattrs.len  = s->xattrs.len;
    status              = reel_pending_dirs_add(&s->pending, &d, &why);
    if (status == REEL_E_MEMORY && err != NULL)
        *err = why;
    if (status == REEL_E_MEMORY)
        return status;
    if (status != REEL_OK)
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, status,
                       "its facts are not put back: %.110s", why.text);
    return REEL_OK;
}

/* Open the directory s->path if it is still the one of `d`; *by_path: only
   with O_PATH, for it may not be read. -1 with errno set. */
static int
directory_open(struct reel_sink_posix *s, const struct reel_pending_dir *d,
               bool *by_path)
{
    struct reel_sink_identity there;
    int error;
    int fd;

    *by_path = false;
    fd       = reel_beneath_open(&s->beneath, s->path.text, s->path.len,
                                 O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno == EACCES) {
        *by_path = true;
        fd       = reel_beneath_open(&s->beneath, s->path.text, s->path.len,
                                     O_PATH | O_DIRECTORY);
    }
    if (fd < 0)
        return -1;
    if (reel_sink_identity_get(s->calls, fd, "", AT_EMPTY_PATH, &there) == 0) {
        if (reel_sink_identity_same(&there, &d->identity))
            return fd;
        errno = ESTALE;
    }
    error = errno;
    (void)s->calls->close(fd);
    errno = error;
    return -1;
}

static enum reel_status
directory_dress(struct reel_sink_posix *s, const struct reel_pending_dir *d,
                struct reel_err *err)
{
    const struct reel_sink_subject about = {.report   = s->options.report,
                                            .object   = d->number,
                                            .path     = d->path,
                                            .encoding = d->encoding};
    bool by_path;
    bool fine;
    int fd;

    REEL_TRY(reel_sink_posix_path(s, &about, true, &fine, err));
    if (!fine)
        return REEL_OK;
    fd = directory_open(s, d, &by_path);
    if (fd < 0) {
        reel_sink_note_errno(&about, errno, "its facts are not put back");
        return REEL_OK;
    }
    reel_facts_apply(&s->rules, &d->facts, fd, by_path, &about);
    (void)s->calls->close(fd);
    return REEL_OK;
}

enum reel_status
reel_sink_posix_directory_all(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_pending_dir d;
    enum reel_status status;

    while ((status = reel_pending_dirs_next(&s->pending, &d, err)) == REEL_OK)
        REEL_TRY(directory_dress(s, &d, err));
    return status == REEL_END ? REEL_OK : status;
}
