/* SPDX-License-Identifier: Apache-2.0 */
/* Spec V-7, V-9 and N-5; policy layer: partial files. */
#include "partial_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"

#define SUFFIX ".reel-partial"
#define NAME_MAX_BYTES 255U
#define NUMBERS_MAX 64 /* of a name that is taken */

void
reel_partial_file_init(struct reel_partial_file *p, int dir_fd, uint32_t strip,
                       const struct timespec *begun,
                       const struct reel_sink_calls *calls)
{
    memset(p, 0, sizeof(*p));
    p->calls     = calls;
    p->dir_fd    = dir_fd;
    p->strip     = strip;
    p->begun     = *begun;
    p->parent_fd = p->fd = -1;
    reel_beneath_init(&p->beneath, dir_fd, calls);
    reel_sink_path_init(&p->path);
}

static void
close_both(struct reel_partial_file *p)
{
    if (p->fd >= 0)
        (void)p->calls->close(p->fd);
    if (p->parent_fd >= 0)
        (void)p->calls->close(p->parent_fd);
    p->fd = p->parent_fd = -1;
}

void
reel_partial_file_fini(struct reel_partial_file *p)
{
    if (p->calls == NULL)
        return;
    close_both(p);
    reel_sink_mounts_fini(&p->mounts, p->calls);
    reel_sink_path_fini(&p->path);
    reel_free(p->name);
}

/* Archive and number in the place of a path that cannot be used. */
static enum reel_status
set_number(struct reel_partial_file *p, uint32_t archive, uint64_t number,
           struct reel_err *err)
{
    enum reel_sink_path_verdict verdict;
    struct reel_err why;
    char text[48];

    (void)snprintf(text, sizeof(text), "%" PRIu32 ".%" PRIu64, archive, number);
    return reel_sink_path_set(&p->path, reel_bytes_of(text),
                              REEL_ENCODING_POSIX, 0, &verdict, &why, err);
}

static enum reel_status
set_path(struct reel_partial_file *p, uint32_t archive,
         const struct reel_sink_subject *about, struct reel_err *err)
{
    enum reel_sink_path_verdict verdict = REEL_SINK_PATH_ILLEGAL;
    struct reel_err why;

    if (about->encoding != 0)
        REEL_TRY(reel_sink_path_set(&p->path, about->path, about->encoding,
                                    p->strip, &verdict, &why, err));
    if (verdict == REEL_SINK_PATH_FINE && p->path.len > 0 &&
        strlen(reel_sink_path_name(&p->path)) + sizeof(SUFFIX) + 4 <=
            NAME_MAX_BYTES)
        return REEL_OK;
    return set_number(p, archive, about->object, err);
}

/* NAME.reel-partial, or with a number behind it where that is taken. */
static bool
make(struct reel_partial_file *p)
{
    const char *const base = reel_sink_path_name(&p->path);
    const size_t room      = strlen(base) + sizeof(SUFFIX) + 8;
    int n;

    reel_free(p->name);
    p->name = reel_alloc_array(room, 1);
    if (p->name == NULL) {
        errno = ENOMEM;
        return false;
    }
    for (n = 1; n <= NUMBERS_MAX; n++) {
        (void)snprintf(p->name, room, n == 1 ? "%s" SUFFIX : "%s" SUFFIX "-%d",
                       base, n);
        p->fd = p->calls->openat(
            p->parent_fd, p->name,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (p->fd >= 0 || errno != EEXIST)
            break;
    }
    return p->fd >= 0;
}

static void
note_mount(struct reel_partial_file *p)
{
    struct stat st;

    if (p->calls->fstatat(p->parent_fd, "", &st, AT_EMPTY_PATH) == 0)
        reel_sink_mounts_note(&p->mounts, p->calls, p->parent_fd, st.st_dev);
}

enum reel_status
reel_partial_file_open(struct reel_partial_file *p, uint32_t archive,
                       const struct reel_sink_subject *about, bool *made,
                       struct reel_err *err)
{
    close_both(p);
    *made = false;
    REEL_TRY(set_path(p, archive, about, err));
    p->parent_fd =
        reel_beneath_make(&p->beneath, p->path.text, p->path.parent_len);
    *made = p->parent_fd >= 0 && make(p);
    if (*made)
        note_mount(p);
    if (!*made)
        reel_sink_note_errno(about, errno,
                             "what is left of it cannot be written");
    return REEL_OK;
}

size_t
reel_partial_file_write(struct reel_partial_file *p, struct reel_bytes bytes,
                        uint64_t at)
{
    return reel_sink_write_most(p->calls, p->fd, bytes.data, bytes.len, at);
}

/* What is too long for this file system ends earlier. */
static void
set_length(const struct reel_partial_file *p,
           const struct reel_sink_subject *about, uint64_t size)
{
    if (size > 0 && size <= INT64_MAX &&
        p->calls->ftruncate(p->fd, (off_t)size) != 0 && errno != EFBIG &&
        errno != EINVAL)
        reel_sink_note_errno(about, errno,
                             "what is left of it does not get its length");
}

/* Does the object itself stand beside it? What stood there before this restore
   is something else; in doubt both are kept. */
static bool
is_beside(const struct reel_partial_file *p)
{
    struct stat st;

    return p->calls->fstatat(p->parent_fd, reel_sink_path_name(&p->path), &st,
                             AT_SYMLINK_NOFOLLOW) == 0 &&
           (st.st_ctim.tv_sec > p->begun.tv_sec ||
            (st.st_ctim.tv_sec == p->begun.tv_sec &&
             st.st_ctim.tv_nsec >= p->begun.tv_nsec));
}

bool
reel_partial_file_close(struct reel_partial_file *p,
                        const struct reel_sink_subject *about, uint64_t size,
                        bool drop, bool *unsure)
{
    bool there = p->fd >= 0;

    *unsure = false;
    if (there) {
        set_length(p, about, size);
        if (drop && is_beside(p))
            there = p->calls->unlinkat(p->parent_fd, p->name, 0) != 0;
        *unsure = p->calls->close(p->fd) != 0 && there;
        p->fd   = -1;
    }
    if (*unsure) /* says what a slow write ended in */
        reel_sink_note_errno(about, errno,
                             "what is left of it may not be written whole");
    close_both(p);
    return there;
}
