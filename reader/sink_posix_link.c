/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 8.3, further names (K-7, K-9), and objects that need no data because
 * they stand there already. Policy layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "sink_posix_state.h"

uint8_t *
reel_sink_posix_copy(struct reel_sink_posix *s)
{
    if (s->copy == NULL)
        s->copy = reel_alloc_array(2, REEL_COPY_BYTES);
    return s->copy;
}

static struct reel_sink_subject
subject_of(const struct reel_sink_posix *s, uint64_t number,
           const struct reel_object *o)
{
    const struct reel_sink_subject about = {.report   = s->options.report,
                                            .object   = number,
                                            .path     = o->path,
                                            .encoding = o->encoding};

    return about;
}

/* Open what was made for `m`; -1: noted, it is no longer there. */
static int
open_made(struct reel_sink_posix *s, const struct reel_made *m,
          const struct reel_sink_subject *about)
{
    struct reel_sink_identity there;
    const int fd = reel_beneath_open(&s->beneath, (const char *)m->path.data,
                                     m->path.len, O_PATH);

    if (fd >= 0 &&
        reel_sink_identity_get(s->calls, fd, "", AT_EMPTY_PATH, &there) == 0 &&
        reel_sink_identity_same(&there, &m->identity))
        return fd;
    if (fd >= 0)
        (void)s->calls->close(fd);
    reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                   "what was restored as object %llu is no longer in its "
                   "place",
                   (unsigned long long)m->number);
    return -1;
}

/* A name for what `fd` stands for, never by a path. */
static int
link_fd(struct reel_sink_posix *s, int fd, int dir, const char *name)
{
    char proc[REEL_SINK_PROC_BYTES];

    reel_sink_proc_path(proc, fd);
    if (s->calls->linkat(AT_FDCWD, proc, dir, name, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    if (errno != ENOENT && errno != ENOTDIR)
        return -1;
    return s->calls->linkat(fd, "", dir, name, AT_EMPTY_PATH); /* no /proc */
}

static bool
link_over(struct reel_sink_posix *s, int fd, int dir,
          const struct reel_sink_subject *about)
{
    char temporary[REEL_TEMPORARY_BYTES];

    reel_sink_posix_temporary(s, temporary);
    if (link_fd(s, fd, dir, temporary) != 0) {
        reel_sink_note_errno(about, errno, "cannot be linked");
        return false;
    }
    if (reel_sink_posix_place(s, about, temporary))
        return true;
    reel_sink_posix_remove(s, about, temporary);
    return false;
}

/* Something has the name already. True: the file itself, or it has it now. */
static bool
name_taken(struct reel_sink_posix *s, const struct reel_made *m, int fd,
           int dir, const struct reel_sink_subject *about)
{
    struct reel_sink_identity there;

    if (reel_sink_identity_get(s->calls, dir, reel_sink_path_name(&s->path),
                               AT_SYMLINK_NOFOLLOW, &there) == 0 &&
        reel_sink_identity_same(&there, &m->identity))
        return true;
    if (reel_sink_posix_replaces(s, about))
        return link_over(s, fd, dir, about);
    reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                   s->options.existing == REEL_EXISTING_SKIP
                       ? "exists and differs"
                       : "exists already");
    return false;
}

/* False: what was made is gone. sink.left_out: the name was not given. */
static bool
make_link(struct reel_sink_posix *s, const struct reel_made *m,
          const struct reel_sink_subject *about)
{
    const int fd = open_made(s, m, about);
    int dir;

    if (fd < 0)
        return false;
    dir = reel_sink_posix_parent(s, true);
    if (dir < 0)
        reel_sink_note_errno(about, errno, "its directory cannot be opened");
    else if (link_fd(s, fd, dir, reel_sink_path_name(&s->path)) == 0)
        s->sink.left_out = false;
    else if (errno == EEXIST)
        s->sink.left_out = !name_taken(s, m, fd, dir, about);
    else
        reel_sink_note_errno(about, errno, "cannot be linked");
    (void)s->calls->close(fd);
    return true;
}

enum reel_status
reel_sink_posix_link(struct reel_sink *sink, const struct reel_object *o,
                     bool *made, struct reel_err *err)
{
    struct reel_sink_posix *s            = reel_sink_posix_of(sink);
    const struct reel_sink_subject about = subject_of(s, 0, o);
    struct reel_made m;
    bool found;
    bool fine;

    reel_sink_posix_discard(s);
    *made          = true;
    sink->left_out = true;
    if ((o->facts & REEL_FACT_OUTSIDE) != 0) {
        reel_sink_note(&about, REEL_NOTE_OMITTED, REEL_E_UNSUPPORTED,
                       "a name outside of the archive is not made");
        return REEL_OK;
    }
    REEL_TRY(reel_made_table_find(&s->made, o->target, &found, &m, err));
    *made = found;
    if (!found)
        return REEL_OK;
    if (o->short_name.len > 0)
        s->windows_left_out.short_names++;
    REEL_TRY(reel_sink_posix_path(s, &about, false, &fine, err));
    if (fine && s->options.dry_run) {
        reel_sink_note(&about, REEL_NOTE_INFO, REEL_OK, "would be linked");
        sink->left_out = false;
    } else if (fine) {
        *made = make_link(s, &m, &about);
    }
    reel_made_table_name_met(&s->made, o->target);
    if (!sink->left_out && !s->options.dry_run)
        return reel_sink_posix_placed(s, &about, err);
    return REEL_OK;
}

/* SHA-256 of what stands at s->path. False: it cannot be read, errno set. */
static bool
digest_of(struct reel_sink_posix *s, uint8_t out[REEL_DIGEST_BYTES],
          struct reel_sink_identity *identity)
{
    uint8_t *buf = reel_sink_posix_copy(s);
    const int fd =
        s->calls->openat(s->parent.fd, reel_sink_path_name(&s->path),
                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    struct reel_sha256 sha;
    uint64_t at = 0;
    ssize_t n   = -1;

    reel_sha256_init(&sha);
    if (fd >= 0 && buf != NULL &&
        reel_sink_identity_get(s->calls, fd, "", AT_EMPTY_PATH, identity) ==
            0 &&
        identity->type == S_IFREG) {
        while (!reel_stop_asked(s->options.report) &&
               (n = reel_sink_read_full(s->calls, fd, buf, REEL_COPY_BYTES,
                                        at)) > 0) {
            reel_sha256_update(&sha, buf, (size_t)n);
            at += (uint64_t)n;
        }
    }
    if (fd >= 0)
        (void)s->calls->close(fd);
    reel_sha256_final(&sha, out);
    return n == 0;
}

/* A file of the right size stands there: is it the one? */
static enum reel_status
compare_digest(struct reel_sink_posix *s, const struct reel_sink_subject *about,
               const struct reel_object *o,
               const struct reel_group_end *content, struct reel_err *err)
{
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_sink_identity identity;

    if (!digest_of(s, digest, &identity)) {
        REEL_TRY(reel_go_on(s->options.report, err));
        reel_sink_note_errno(about, errno, "exists and cannot be compared");
        return REEL_OK;
    }
    if (content != NULL &&
        memcmp(digest, content->content_digest, REEL_DIGEST_BYTES) != 0) {
        reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "exists and differs");
        return REEL_OK;
    }
    s->sink.left_out = false;
    return reel_made_table_add(&s->made, about->object, s->path.text,
                               s->path.len, &identity, o->link_count, err);
}

enum reel_status
reel_sink_posix_have(struct reel_sink *sink, uint64_t number,
                     const struct reel_object *o,
                     const struct reel_group_end *content, bool *have,
                     struct reel_err *err)
{
    struct reel_sink_posix *s            = reel_sink_posix_of(sink);
    const struct reel_sink_subject about = subject_of(s, number, o);
    const bool telling =
        content == NULL ? o->size == 0
                        : (content->flags & REEL_GROUP_HAS_CONTENT_DIGEST) != 0;
    struct stat st;
    bool fine;

    reel_sink_posix_discard(s); /* of an object that never ended */
    *have = false;
    if (o->kind != REEL_KIND_FILE)
        return REEL_OK; /* costs nothing to make */
    if (!reel_sink_posix_judge_early(s, o->size) ||
        reel_sink_windows_may_turn(o))
        return REEL_OK;
    REEL_TRY(reel_sink_posix_path(s, &about, false, &fine, err));
    sink->left_out = !fine;
    if (!fine) {
        *have = true; /* noted */
        return REEL_OK;
    }
    s->judged_standing =
        reel_sink_posix_judge(s, &about, o->kind, o->size, &st);
    s->judged = number;
    if (s->judged_standing == REEL_STANDING_CLEAR ||
        (s->judged_standing == REEL_STANDING_ALIKE && !telling))
        return REEL_OK;
    *have          = true;
    sink->left_out = true;
    if (s->judged_standing == REEL_STANDING_STAYS)
        return REEL_OK;
    return compare_digest(s, &about, o, content, err);
}
