/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 8.5, the directory beside an object for what has no place in it: filled
 * under a temporary name, put in place when the object is (N-9). Policy layer.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reel/wtf8.h"
#include "sink_posix_state.h"

#define SUFFIX ".reel-streams"
#define NAME_SUFFIX ".name"
#define TRIES 16
/* linux/fs.h has it too, and much that collides with it. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1U
#endif

static bool
fail(struct reel_sink_posix *s, const char *what)
{
    reel_sink_note_errno(&s->object.about, errno, what);
    return false;
}

/* The directory under its temporary name; false: noted. */
static bool
make_directory(struct reel_sink_posix *s)
{
    struct reel_sink_posix_side *const side = &s->object.side;
    const int dir                           = reel_sink_posix_parent(s, true);
    int tries;

    if (side->dir_fd >= 0)
        return true;
    if (side->failed)
        return false;
    side->failed = true; /* told once */
    if (dir < 0)
        return fail(s, "no directory can be made beside it");
    for (tries = 0; tries < TRIES; tries++) {
        reel_sink_posix_temporary(s, side->temporary);
        if (s->calls->mkdirat(dir, side->temporary, 0777) == 0)
            break;
        side->temporary[0] = '\0';
        if (errno != EEXIST)
            break;
    }
    if (side->temporary[0] == '\0')
        return fail(s, "no directory can be made beside it");
    side->dir_fd =
        s->calls->openat(dir, side->temporary,
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (side->dir_fd < 0)
        return fail(s, "the directory beside it cannot be opened");
    side->failed = false;
    return true;
}

static int
create(struct reel_sink_posix *s, const char *name)
{
    return s->calls->openat(s->object.side.dir_fd, name,
                            O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                            0666);
}

bool
reel_sink_posix_side_put(struct reel_sink_posix *s, const char *name,
                         struct reel_bytes value)
{
    int error = 0;
    int fd;

    if (!make_directory(s))
        return false;
    fd = create(s, name);
    if (fd < 0)
        return fail(s, "a file beside it cannot be made");
    if (reel_sink_write_all(s->calls, fd, value.data, value.len, 0) != 0)
        error = errno;
    if (s->calls->close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0)
        return true;
    (void)s->calls->unlinkat(s->object.side.dir_fd, name, 0);
    errno = error;
    return fail(s, "a file beside it cannot be written");
}

/* The name of a file for `x`, by 8.5. *whole false: the name of the stream is
   not all in it. */
static void
name_of(const struct reel_sink_extra *x, char out[UINT8_MAX + 1], bool *whole)
{
    uint8_t octets[REEL_WTF8_BYTES_MAX(REEL_STREAM_NAME_BYTES_MAX)];
    const struct reel_bytes header = {x->name, x->name_len};
    const char *const kind         = reel_stream_id_name(x->id);
    struct reel_bytes name;
    size_t len;
    size_t more;
    size_t i;

    *whole = x->name_len == 0;
    if (strcmp(kind, "unknown") == 0)
        len = (size_t)snprintf(out, UINT8_MAX + 1, "%02u-stream%u", x->ordinal,
                               x->id);
    else
        len = (size_t)snprintf(out, UINT8_MAX + 1, "%02u-%s", x->ordinal, kind);
    for (i = 0; i < len; i++)
        out[i] = (char)tolower((unsigned char)out[i]);
    if (!reel_sink_windows_stream_name(header, &name))
        return;
    more = reel_wtf8_from_units(octets, name);
    if (more > UINT8_MAX - len - 1 || memchr(octets, '/', more) != NULL)
        return;
    out[len++] = '-';
    memcpy(out + len, octets, more);
    out[len + more] = '\0';
    *whole          = true;
}

bool
reel_sink_posix_side_open(struct reel_sink_posix *s,
                          const struct reel_sink_extra *x)
{
    struct reel_sink_posix_side *const side = &s->object.side;
    const struct reel_bytes units           = {x->name, x->name_len};
    char of_name[UINT8_MAX + sizeof(NAME_SUFFIX)];
    bool whole;

    if (!make_directory(s))
        return false;
    name_of(x, side->file, &whole);
    if (!whole) {
        (void)snprintf(of_name, sizeof(of_name), "%s%s", side->file,
                       NAME_SUFFIX);
        if (!reel_sink_posix_side_put(s, of_name, units))
            return false;
    }
    side->file_fd = create(s, side->file);
    return side->file_fd >= 0 || fail(s, "a file beside it cannot be made");
}

/* It is not whole, and must not look so. */
static bool
abandon(struct reel_sink_posix *s)
{
    struct reel_sink_posix_side *const side = &s->object.side;

    (void)fail(s, "a file beside it cannot be written");
    if (side->file_fd >= 0)
        (void)s->calls->close(side->file_fd);
    side->file_fd = -1;
    if (s->calls->unlinkat(side->dir_fd, side->file, 0) != 0 &&
        s->calls->unlinkat(side->dir_fd, side->file, 0) != 0)
        reel_sink_posix_side_discard(s); /* then none of them */
    return false;
}

bool
reel_sink_posix_side_write(struct reel_sink_posix *s, const uint8_t *data,
                           size_t len, uint64_t at)
{
    if (len == 0 || reel_sink_write_all(s->calls, s->object.side.file_fd, data,
                                        len, at) == 0)
        return true;
    return abandon(s);
}

bool
reel_sink_posix_side_close(struct reel_sink_posix *s, uint64_t size)
{
    struct reel_sink_posix_side *const side = &s->object.side;
    const bool sized = s->calls->ftruncate(side->file_fd, (off_t)size) == 0;
    const int error  = errno;
    const int result = s->calls->close(side->file_fd);

    side->file_fd = -1;
    if (!sized)
        errno = error;
    return (sized && result == 0) || abandon(s);
}

/* "<name>.reel-streams", where a file system can have it. */
static bool
final_name(const struct reel_sink_posix *s, char out[UINT8_MAX + 1])
{
    const char *const name =
        s->path.len == 0 ? "" : reel_sink_path_name(&s->path);
    const int n = snprintf(out, UINT8_MAX + 1, "%s%s", name, SUFFIX);

    errno = ENAMETOOLONG;
    return n >= 0 && n <= UINT8_MAX;
}

/* A fresh name for a directory; where the file system cannot rename without
   replacing, an empty directory of that name is made for it. */
static int
rename_fresh(struct reel_sink_posix *s, int dir, const char *from,
             const char *to)
{
    if (s->calls->renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (s->calls->mkdirat(dir, to, 0700) != 0)
        return -1;
    return s->calls->renameat2(dir, from, dir, to, 0);
}

bool
reel_sink_posix_side_place(struct reel_sink_posix *s)
{
    struct reel_sink_posix_side *const side = &s->object.side;
    char name[UINT8_MAX + 1];
    int dir;

    if (side->dir_fd < 0)
        return false;
    if (!reel_sink_posix_parent_stays(s, &s->object.about)) {
        reel_sink_posix_side_discard(s);
        return false;
    }
    dir = reel_sink_posix_parent(s, false);
    if (dir < 0 || !final_name(s, name) ||
        rename_fresh(s, dir, side->temporary, name) != 0) {
        if (errno == EEXIST)
            reel_sink_note(&s->object.about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                           "its streams are not put beside it, for the name "
                           "with " SUFFIX " exists already");
        else
            (void)fail(s, "its streams cannot be put beside it");
        reel_sink_posix_side_discard(s);
        return false;
    }
    (void)s->calls->close(side->dir_fd);
    side->dir_fd       = -1;
    side->temporary[0] = '\0';
    return true;
}

void
reel_sink_posix_side_discard(struct reel_sink_posix *s)
{
    struct reel_sink_posix_side *const side = &s->object.side;

    if (side->file_fd >= 0)
        (void)s->calls->close(side->file_fd);
    if (side->temporary[0] != '\0')
        reel_sink_posix_remove_directory(s, &s->object.about, side->temporary,
                                         side->dir_fd);
    side->file_fd      = -1;
    side->dir_fd       = -1;
    side->temporary[0] = '\0';
}
