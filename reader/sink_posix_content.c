/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 7.2 and 7.3, the unnamed content into a temporary file beside its
 * place. Policy layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sink_posix_state.h"

#define TEMPORARY_TRIES 16

/* The permissions to make a file with: its own, if it gets all of them and
   stays with us; else ours alone until it has its owner. */
static mode_t
mode_to_make(const struct reel_sink_posix *s)
{
    const struct reel_facts *f = &s->object.facts;
    const uint32_t mode        = f->mode & 07777;

    if ((f->known & REEL_FACT_POSIX) == 0 || s->options.preserve ||
        s->parent.hands_down_acl || (mode & (s->umask | 07000)) != 0)
        return 0600;
    return (mode_t)mode;
}

bool
reel_sink_posix_content_open(struct reel_sink_posix *s)
{
    struct reel_sink_posix_object *o = &s->object;
    const int dir                    = reel_sink_posix_parent(s, true);
    int error                        = EEXIST;
    int tries;

    if (dir < 0) {
        reel_sink_note_errno(&o->about, errno,
                             "its directory cannot be opened");
        return false;
    }
    o->facts.mode_made = mode_to_make(s);
    for (tries = 0; tries < TEMPORARY_TRIES; tries++) {
        reel_sink_posix_temporary(s, o->temporary);
        o->fd =
            s->calls->openat(dir, o->temporary,
                             O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                             (mode_t)o->facts.mode_made);
        if (o->fd >= 0)
            return true;
        error = errno;
        if (error != EEXIST)
            break;
    }
    reel_sink_note_errno(&o->about, error, "cannot be made");
    if (error != EEXIST) /* a sandbox judges making and opening apart */
        reel_sink_posix_remove(s, &o->about, o->temporary);
    o->temporary[0] = '\0';
    return false;
}

void
reel_sink_posix_discard_file(struct reel_sink_posix *s)
{
    struct reel_sink_posix_object *o = &s->object;

    if (o->fd >= 0)
        (void)s->calls->close(o->fd);
    o->fd = -1;
    if (o->temporary[0] != '\0')
        reel_sink_posix_remove(s, &o->about, o->temporary);
    o->temporary[0] = '\0';
}

void
reel_sink_posix_discard(struct reel_sink_posix *s)
{
    reel_sink_posix_discard_file(s);
    reel_sink_posix_side_discard(s);
    reel_sink_extras_clear(&s->object.extras);
}

static bool
is_reparse(const struct reel_sink_posix_object *o,
           const struct reel_stream_header *h)
{
    return h->id == REEL_STREAM_REPARSE_DATA && o->reparse_len == 0 &&
           o->facts.kind != REEL_KIND_FILE &&
           o->facts.kind != REEL_KIND_DIRECTORY;
}

enum reel_status
reel_sink_posix_content_stream(struct reel_sink_posix *s,
                               const struct reel_stream *stream,
                               struct reel_err *err)
{
    struct reel_sink_posix_object *o   = &s->object;
    const struct reel_stream_header *h = &stream->header;
    const enum reel_sink_part part = reel_sink_content_stream(&o->content, h);
    const bool extra               = o->windows && o->fate != REEL_FATE_DRY;

    if (part == REEL_SINK_PART_CONTENT && extra)
        reel_sink_posix_extras_close(s);
    if (part == REEL_SINK_PART_BLOCK && extra)
        return reel_sink_posix_extras_stream(s, stream, true, err);
    o->reparse_stream = false;
    if (part != REEL_SINK_PART_OTHER)
        return REEL_OK;
    if (is_reparse(o, h)) {
        reel_sink_posix_extras_close(s);
        o->reparse_stream = true;
    } else if (extra) {
        return reel_sink_posix_extras_stream(s, stream, false, err);
    } else if (!o->windows) {
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                       "stream %u %s of %llu octets has no place on this "
                       "system",
                       h->id, reel_stream_id_name(h->id),
                       (unsigned long long)h->size);
    }
    return REEL_OK;
}

static void
keep_reparse(struct reel_sink_posix_object *o, struct reel_bytes bytes)
{
    if (bytes.len > sizeof(o->reparse) - o->reparse_len) {
        o->content.wrong = true; /* none is that long */
        return;
    }
    memcpy(o->reparse + o->reparse_len, bytes.data, bytes.len);
    o->reparse_len += bytes.len;
}

void
reel_sink_posix_content_data(struct reel_sink_posix *s,
                             const struct reel_data *d)
{
    struct reel_sink_posix_object *o = &s->object;
    struct reel_bytes bytes;
    uint64_t at;

    if (!reel_sink_content_data(&o->content, d, &bytes, &at)) {
        if (o->reparse_stream)
            keep_reparse(o, d->bytes);
        else if (o->windows)
            reel_sink_posix_extras_data(s, d);
        return;
    }
    if (bytes.len == 0 || o->fate != REEL_FATE_FILE)
        return;
    if (reel_sink_write_all(s->calls, o->fd, bytes.data, bytes.len, at) != 0) {
        reel_sink_note_errno(&o->about, errno, "cannot be written");
        reel_sink_posix_discard(s);
        o->fate          = REEL_FATE_IGNORED;
        s->sink.left_out = true;
        return;
    }
    if (o->file_end < at + bytes.len)
        o->file_end = at + bytes.len;
}

/* Where octets begin at or behind `at`; `size` when only a hole follows. */
static uint64_t
next_data(int fd, uint64_t at, uint64_t size)
{
    const off_t found = lseek(fd, (off_t)at, SEEK_DATA);

    if (found >= 0)
        return (uint64_t)found < size ? (uint64_t)found : size;
    return errno == ENXIO ? size : at; /* else it does not tell: read all */
}

/* Do the files behind two descriptors, equally long, hold the same? Holes are
   not read. -1: one cannot be read. */
static int
same_content(struct reel_sink_posix *s, int a, int b, uint64_t size)
{
    uint8_t *x  = reel_sink_posix_copy(s);
    uint64_t at = 0;

    if (x == NULL) {
        errno = ENOMEM;
        return -1;
    }
    for (;;) {
        const uint64_t in_a = next_data(a, at, size);
        const uint64_t in_b = next_data(b, at, size);
        ssize_t n;
        ssize_t m;

        at = in_a < in_b ? in_a : in_b;
        if (at >= size)
            return 1;
        n = reel_sink_read_full(s->calls, a, x, REEL_COPY_BYTES, at);
        if (n < 0)
            return -1;
        m = reel_sink_read_full(s->calls, b, x + REEL_COPY_BYTES,
                                REEL_COPY_BYTES, at);
        if (m < 0)
            return -1;
        if (n == 0 || m != n || memcmp(x, x + REEL_COPY_BYTES, (size_t)n) != 0)
            return 0;
        at += (uint64_t)n;
    }
}

/* Under skip: something of the same size stands there. It stays; when it is
   the same, it counts as restored. */
static enum reel_status
adopt_or_note(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_sink_posix_object *o = &s->object;
    const int dir                    = reel_sink_posix_parent(s, false);
    enum reel_status status          = REEL_OK;
    struct reel_sink_identity identity;
    struct stat st;
    int same = -1;
    int fd   = -1;

    if (dir >= 0)
        fd =
            s->calls->openat(dir, reel_sink_path_name(&s->path),
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd >= 0 && s->calls->fstatat(fd, "", &st, AT_EMPTY_PATH) == 0 &&
        reel_sink_identity_get(s->calls, fd, "", AT_EMPTY_PATH, &identity) ==
            0) {
        same = S_ISREG(st.st_mode) && (uint64_t)st.st_size == o->content.size
                   ? same_content(s, o->fd, fd, o->content.size)
                   : 0;
    }
    s->sink.left_out = same != 1;
    if (same == 1)
        status = reel_sink_posix_remember(s, &identity, err);
    else if (same == 0)
        reel_sink_note(&o->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "exists and differs");
    else
        reel_sink_note_errno(&o->about, errno, "exists and cannot be compared");
    if (fd >= 0)
        (void)s->calls->close(fd);
    return status;
}

/* Facts on, descriptor closed, final name given. False: noted. */
static bool
finish_file(struct reel_sink_posix *s)
{
    struct reel_sink_posix_object *o = &s->object;
    int result;

    if (o->file_end < o->content.size &&
        s->calls->ftruncate(o->fd, (off_t)o->content.size) != 0) {
        reel_sink_note_errno(&o->about, errno, "cannot be written");
        return false;
    }
    o->facts.inherited_acl = s->parent.hands_down_acl;
    reel_sink_posix_extras_dress(s, o->fd, false);
    reel_facts_apply(&s->rules, &o->facts, o->fd, false, &o->about);
    if ((o->link_count != 1 || o->windows) &&
        reel_sink_identity_get(s->calls, o->fd, "", AT_EMPTY_PATH, &o->made) !=
            0) {
        reel_sink_note_errno(&o->about, errno, "cannot be looked at");
        return false;
    }
    result = s->calls->close(o->fd); /* says what a slow write ended in */
    o->fd  = -1;
    if (result != 0) {
        reel_sink_note_errno(&o->about, errno, "cannot be written");
        return false;
    }
    if (!reel_sink_posix_place(s, &o->about, o->temporary))
        return false;
    o->temporary[0] = '\0';
    reel_sink_posix_extras_finish(s);
    return true;
}

enum reel_status
reel_sink_posix_content_end(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_sink_posix_object *o = &s->object;
    enum reel_status status          = REEL_OK;

    if (!reel_sink_content_whole(&o->content)) {
        reel_sink_note(&o->about, REEL_NOTE_LOST, REEL_E_CORRUPT,
                       "its streams give %llu octets, its facts say %llu: "
                       "not put back",
                       (unsigned long long)o->content.end,
                       (unsigned long long)o->content.size);
    } else if (o->standing == REEL_STANDING_ALIKE) {
        if (o->file_end < o->content.size &&
            s->calls->ftruncate(o->fd, (off_t)o->content.size) != 0)
            reel_sink_note_errno(&o->about, errno, "cannot be written");
        else
            status = adopt_or_note(s, err);
    } else if (finish_file(s)) {
        s->sink.left_out = false;
        status           = reel_sink_posix_placed(s, &o->about, err);
        if (status == REEL_OK && o->link_count != 1)
            status = reel_sink_posix_remember(s, &o->made, err);
    }
    reel_sink_posix_discard(s);
    return status;
}
