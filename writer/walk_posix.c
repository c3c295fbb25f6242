/* SPDX-License-Identifier: Apache-2.0 */
/* Source layer: order and names of objects (spec 8.1, 8.2). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>

#include "facts_posix.h"
#include "reel/alloc.h"
#include "reel/limits.h"
#include "walk_posix.h"

/* Directories on the path that stay open; the ones above are found again. */
#define OPEN_FRAMES_MAX 32U
/* The longest path and one component too many behind it. */
#define PATH_ROOM (REEL_PATH_BYTES_MAX + 1U + 4096U)
/* What one openat takes; a longer root is opened in parts. */
#define PART_BYTES_MAX 4000U

#define FRAME_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct reel_walk_frame {
    int fd; /* -1: closed, to be found again */
    bool lost;
    uint64_t file_system;
    uint64_t inode;
    size_t path_len; /* of the archived path of this directory */
    struct reel_names_list list;
    size_t next; /* in the index of names */
};

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the walk over the tree");
}

enum reel_status
reel_walk_posix_init(struct reel_walk_posix *w,
                     const struct reel_source_posix_options *options,
                     const struct reel_calls_posix *calls, reel_paths_fn paths,
                     void *paths_ctx, struct reel_err *err)
{
    memset(w, 0, sizeof(*w));
    w->options   = options;
    w->calls     = calls;
    w->paths     = paths;
    w->paths_ctx = paths_ctx;
    w->root_dir  = -1;
    w->path      = reel_alloc_array(PATH_ROOM, 1);
    if (w->path == NULL)
        return no_memory(err);
    return reel_names_posix_init(&w->names, calls, err);
}

static void
close_fd(const struct reel_walk_posix *w, int *fd)
{
    if (*fd >= 0)
        (void)w->calls->close(*fd);
    *fd = -1;
}

static void
close_root(struct reel_walk_posix *w)
{
    if (w->root_dir != w->options->base_fd)
        close_fd(w, &w->root_dir);
    w->root_dir = -1;
}

void
reel_walk_posix_fini(struct reel_walk_posix *w)
{
    if (w->options == NULL)
        return; /* never begun */
    for (size_t i = 0; i < w->frame_count; i++)
        close_fd(w, &w->frames[i].fd);
    close_root(w);
    reel_names_posix_fini(&w->names);
    reel_free(w->frames);
    reel_free(w->path);
    w->frames      = NULL;
    w->frame_count = 0;
    w->path        = NULL;
}

static void
note(const struct reel_walk_posix *w, enum reel_note_kind kind,
     const char *path, size_t path_len, const char *what, int error)
{
    const struct reel_bytes bytes = {(const uint8_t *)path, path_len};
    const enum reel_status status =
        kind == REEL_NOTE_INFO ? REEL_OK : REEL_E_MEDIUM;
    struct reel_err err;

    if (error == 0)
        (void)reel_fail(&err, status, NULL, NULL, "%s", what);
    else
        (void)reel_fail(&err, status, NULL, NULL, "%s: %s", what,
                        strerror(error));
    reel_note_send(w->options->report, kind, REEL_ENCODING_POSIX, bytes, 0,
                   &err);
}

void
reel_walk_posix_note(const struct reel_walk_posix *w, enum reel_note_kind kind,
                     const char *what, int error)
{
    note(w, kind, w->path, w->path_len, what, error);
}

static bool
excluded(const struct reel_walk_posix *w, const char *name)
{
    for (size_t i = 0; i < w->options->exclude_count; i++) {
        const char *const pattern = w->options->excludes[i];

        if (strchr(pattern, '/') == NULL) {
            if (fnmatch(pattern, name, 0) == 0)
                return true;
        } else if (fnmatch(pattern, w->path, FNM_PATHNAME) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- Descriptors of ancestors ---- */

bool
reel_walk_posix_spare(struct reel_walk_posix *w)
{
    /* The deepest one is being read and stays. */
    while (w->closed + 1 < w->frame_count) {
        struct reel_walk_frame *const frame = &w->frames[w->closed++];

        if (frame->fd >= 0) {
            close_fd(w, &frame->fd);
            return true;
        }
    }
    return false;
}

static int
open_sparing(struct reel_walk_posix *w, int dir, const char *name, int flags)
{
    int fd;

    do
        fd = w->calls->openat(dir, name, flags);
    while (fd < 0 && (errno == EINTR || ((errno == EMFILE || errno == ENFILE) &&
                                         reel_walk_posix_spare(w))));
    return fd;
}

/* Is what was opened the directory that the walk went through? */
static bool
is_frame(const struct reel_walk_posix *w, int fd,
         const struct reel_walk_frame *frame)
{
    struct statx stat;

    if (w->calls->statx(fd, "", AT_EMPTY_PATH, STATX_INO, &stat) != 0)
        return false;
    return stat.stx_ino == frame->inode &&
           reel_facts_posix_file_system(&stat) == frame->file_system;
}

/* From the root down, one component after the other; -1 if that fails. */
static int
open_from_root(struct reel_walk_posix *w, const struct reel_walk_frame *frame)
{
    const char *name = w->root_len == 0 ? "." : w->path + w->root_at;
    size_t at        = w->root_len;
    char kept        = w->path[at];
    int fd;

    /* Each component is made a string of its own in place, for the call. */
    w->path[at] = '\0';
    fd          = open_sparing(w, w->root_dir, name, FRAME_FLAGS);
    w->path[at] = kept;
    while (fd >= 0 && at < frame->path_len) {
        const size_t begin = at == 0 ? 0 : at + 1;
        int below;

        at = begin;
        while (at < frame->path_len && w->path[at] != '/')
            at++;
        kept        = w->path[at];
        w->path[at] = '\0';
        below       = open_sparing(w, fd, w->path + begin, FRAME_FLAGS);
        w->path[at] = kept;
        close_fd(w, &fd);
        fd = below;
    }
    return fd;
}

/*
 * Find the directory of the topmost frame again: above `below` (-1: not
 * known), else from the root. Only the very directory will do; if it was moved
 * meanwhile, the names left in it are given up.
 */
static void
find_again(struct reel_walk_posix *w, int below)
{
    struct reel_walk_frame *const frame = &w->frames[w->frame_count - 1];

    if (below >= 0)
        frame->fd = open_sparing(w, below, "..", FRAME_FLAGS);
    if (frame->fd >= 0 && !is_frame(w, frame->fd, frame))
        close_fd(w, &frame->fd);
    if (frame->fd < 0)
        frame->fd = open_from_root(w, frame);
    if (frame->fd >= 0 && !is_frame(w, frame->fd, frame))
        close_fd(w, &frame->fd);
    if (frame->fd < 0) {
        frame->lost = true;
        if (frame->next < frame->list.end)
            note(w, REEL_NOTE_SKIPPED, w->path, frame->path_len,
                 "moved while it was read: the rest of it is left out", 0);
    }
    if (w->closed >= w->frame_count)
        w->closed = w->frame_count - 1;
}

/* ---- Down and up ---- */

static enum reel_status
make_frame_room(struct reel_walk_posix *w, struct reel_err *err)
{
    const size_t room = w->frame_room + w->frame_room / 2 + 16;
    struct reel_walk_frame *more;

    if (w->frame_count < w->frame_room)
        return REEL_OK;
    more = reel_realloc_array(w->frames, room, sizeof(*more));
    if (more == NULL)
        return no_memory(err);
    w->frames     = more;
    w->frame_room = room;
    return REEL_OK;
}

enum reel_status
reel_walk_posix_enter(struct reel_walk_posix *w, int fd,
                      const struct statx *stat, struct reel_err *err)
{
    struct reel_walk_frame frame;
    enum reel_status status;
    int error = 0;

    memset(&frame, 0, sizeof(frame));
    frame.fd          = fd;
    frame.file_system = reel_facts_posix_file_system(stat);
    frame.inode       = stat->stx_ino;
    frame.path_len    = w->path_len;
    status            = make_frame_room(w, err);
    if (status == REEL_OK)
        status = reel_names_posix_push(&w->names, fd, &frame.list, &error, err);
    if (status != REEL_OK) {
        close_fd(w, &frame.fd);
        return status;
    }
    if (error != 0)
        reel_walk_posix_note(w, REEL_NOTE_FLAWED,
                             "cannot read all of the directory", error);
    frame.next                  = frame.list.at;
    w->frames[w->frame_count++] = frame;
    if (w->frame_count - w->closed > OPEN_FRAMES_MAX)
        (void)reel_walk_posix_spare(w);
    return REEL_OK;
}

static void
leave(struct reel_walk_posix *w)
{
    struct reel_walk_frame done = w->frames[w->frame_count - 1];

    reel_names_posix_pop(&w->names, &done.list);
    w->frame_count--;
    if (w->frame_count > 0 && w->frames[w->frame_count - 1].fd < 0 &&
        !w->frames[w->frame_count - 1].lost)
        find_again(w, done.fd);
    close_fd(w, &done.fd);
}

/* Append a component to the path; its length may then be more than allowed. */
static const char *
append(struct reel_walk_posix *w, size_t dir_len, const char *name)
{
    const size_t len = strlen(name);
    size_t at        = dir_len;

    if (at > 0)
        w->path[at++] = '/';
    memcpy(w->path + at, name, len + 1);
    w->path_len = at + len;
    return w->path + at;
}

static void
fill(const struct reel_walk_posix *w, struct reel_walk_entry *out, int dir,
     const char *name, unsigned char type, bool root)
{
    out->dir       = dir;
    out->name      = name;
    out->type      = type;
    out->root      = root;
    out->path.data = (const uint8_t *)w->path;
    out->path.len  = w->path_len;
}

/* The next name of the directory on top; false when it has none. */
static bool
next_in_frame(struct reel_walk_posix *w, struct reel_walk_entry *out)
{
    struct reel_walk_frame *const frame = &w->frames[w->frame_count - 1];

    while (!frame->lost && frame->next < frame->list.end) {
        unsigned char type;
        const char *const read =
            reel_names_posix_at(&w->names, frame->next++, &type);
        const char *const name = append(w, frame->path_len, read);

        if (excluded(w, name))
            continue;
        if (w->path_len > REEL_PATH_BYTES_MAX) {
            reel_walk_posix_note(w, REEL_NOTE_SKIPPED,
                                 "path is longer than 65,535 octets", 0);
            continue;
        }
        fill(w, out, frame->fd, name, type, false);
        return true;
    }
    return false;
}

/* ---- Roots ---- */

/*
 * The archived path of a root: its components but empty ones and ".". False,
 * and noted, for what cannot be archived.
 */
static bool
set_root_path(struct reel_walk_posix *w, const char *given)
{
    const char *at     = given;
    const char *refuse = *given == '\0' ? "a path is empty" : NULL;

    w->path_len = 0;
    w->root_at  = 0;
    w->path[0]  = '\0';
    while (*at != '\0' && refuse == NULL) {
        const size_t len = strcspn(at, "/");

        if (len == 2 && memcmp(at, "..", 2) == 0) {
            refuse = "a path with \"..\" is not archived";
        } else if (w->path_len + 1 + len > REEL_PATH_BYTES_MAX + 1) {
            refuse = "path is longer than 65,535 octets";
        } else if (len > 1 || (len == 1 && *at != '.')) {
            if (w->path_len > 0)
                w->path[w->path_len++] = '/';
            w->root_at = w->path_len;
            memcpy(w->path + w->path_len, at, len);
            w->path_len += len;
        }
        at += len;
        at += *at == '/';
    }
    w->path[w->path_len] = '\0';
    w->root_len          = w->path_len;
    if (refuse == NULL && w->path_len > REEL_PATH_BYTES_MAX)
        refuse = "path is longer than 65,535 octets";
    if (refuse != NULL)
        note(w, REEL_NOTE_SKIPPED, given, strlen(given), refuse, 0);
    return refuse == NULL;
}

/* Where the part of path that begins at `at` ends: before a '/'. */
static size_t
part_end(const struct reel_walk_posix *w, size_t at)
{
    const size_t end = w->root_at - 1; /* the '/' before the last component */
    size_t cut       = at + PART_BYTES_MAX;

    if (end - at <= PART_BYTES_MAX)
        return end;
    while (cut > at && w->path[cut] != '/')
        cut--;
    return cut > at ? cut : end; /* such a component cannot be opened anyway */
}

/* Open what stands before the last component. False with errno. */
static bool
open_root_dir(struct reel_walk_posix *w, bool absolute)
{
    const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    size_t at       = 0;

    w->root_dir = w->options->base_fd;
    if (absolute)
        w->root_dir = open_sparing(w, AT_FDCWD, "/", flags);
    while (w->root_dir != -1 && at < w->root_at) {
        const size_t end = part_end(w, at);
        int below;

        w->path[end] = '\0';
        below        = open_sparing(w, w->root_dir, w->path + at, flags);
        w->path[end] = '/';
        if (w->root_dir != w->options->base_fd) {
            const int error = errno;

            close_fd(w, &w->root_dir);
            errno = error;
        }
        w->root_dir = below;
        at          = end + 1;
    }
    return w->root_dir != -1;
}

/* One path of the caller; *taken is false when it was passed over. */
static enum reel_status
next_root(struct reel_walk_posix *w, struct reel_walk_entry *out, bool *taken,
          struct reel_err *err)
{
    const char *given = NULL;
    const char *name;

    *taken = false;
    close_root(w);
    REEL_TRY(w->paths(w->paths_ctx, &given, err));
    if (!set_root_path(w, given))
        return REEL_OK;
    if (given[0] == '/' && !w->slash_told) {
        w->slash_told = true;
        note(w, REEL_NOTE_INFO, given, strlen(given), "leading / dropped", 0);
    }
    name = w->path_len == 0 ? "." : w->path + w->root_at;
    if (w->path_len > 0 && excluded(w, name))
        return REEL_OK;
    if (!open_root_dir(w, given[0] == '/')) {
        note(w, REEL_NOTE_SKIPPED, given, strlen(given), "cannot open", errno);
        return REEL_OK;
    }
    fill(w, out, w->root_dir, name, DT_UNKNOWN, true);
    *taken = true;
    return REEL_OK;
}

enum reel_status
reel_walk_posix_next(struct reel_walk_posix *w, struct reel_walk_entry *out,
                     struct reel_err *err)
{
    bool taken = false;

    while (w->frame_count > 0) {
        REEL_TRY(reel_go_on(w->options->report, err));
        if (next_in_frame(w, out))
            return REEL_OK;
        leave(w);
    }
    while (!taken) {
        REEL_TRY(reel_go_on(w->options->report, err));
        REEL_TRY(next_root(w, out, &taken, err));
    }
    return REEL_OK;
}
