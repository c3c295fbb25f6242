/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 8.1, final names: what stands there already, and how something proven
 * comes to stand there. Policy layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sink_posix_state.h"

/* linux/fs.h has it too, and much that collides with it. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1U
#endif

void
reel_sink_posix_temporary(struct reel_sink_posix *s,
                          char out[REEL_TEMPORARY_BYTES])
{
    (void)snprintf(out, REEL_TEMPORARY_BYTES, ".reel-%016llx.tmp",
                   (unsigned long long)s->temporary_number++);
}

mode_t
reel_sink_posix_type(uint8_t kind)
{
    switch (kind) {
    case REEL_KIND_FILE:
        return S_IFREG;
    case REEL_KIND_DIRECTORY:
        return S_IFDIR;
    case REEL_KIND_SYMLINK:
        return S_IFLNK;
    case REEL_KIND_FIFO:
        return S_IFIFO;
    case REEL_KIND_SOCKET:
        return S_IFSOCK;
    case REEL_KIND_CHARACTER:
        return S_IFCHR;
    case REEL_KIND_BLOCK:
        return S_IFBLK;
    default:
        return 0;
    }
}

/* Under skip: is `st` perhaps the same as the object? */
static bool
alike(const struct stat *st, uint8_t kind, uint64_t size)
{
    if ((st->st_mode & S_IFMT) != reel_sink_posix_type(kind))
        return false;
    return kind != REEL_KIND_FILE || (uint64_t)st->st_size == size;
}

bool
reel_sink_posix_judge_early(const struct reel_sink_posix *s, uint64_t size)
{
    if (s->options.dry_run)
        return true;
    switch (s->options.existing) {
    case REEL_EXISTING_REFUSE:
        return size >= REEL_COPY_BYTES;
    case REEL_EXISTING_SKIP:
        return true;
    case REEL_EXISTING_REPLACE:
        break;
    }
    return false;
}

/* So many paths are remembered; an archive seldom has one twice. */
#define OWN_MAX (1U << 20)

bool
reel_sink_posix_replaces(const struct reel_sink_posix *s,
                         const struct reel_sink_subject *about)
{
    return s->options.existing == REEL_EXISTING_REPLACE ||
           (s->own.used > 0 &&
            reel_sink_seen_has(&s->own, about->encoding, about->path));
}

enum reel_status
reel_sink_posix_placed(struct reel_sink_posix *s,
                       const struct reel_sink_subject *about,
                       struct reel_err *err)
{
    if (s->options.existing != REEL_EXISTING_REPLACE && s->own.used < OWN_MAX)
        REEL_TRY(
            reel_sink_seen_add(&s->own, about->encoding, about->path, err));
    return reel_sink_posix_name_placed(s, about, err);
}

enum reel_standing
reel_sink_posix_judge(struct reel_sink_posix *s,
                      const struct reel_sink_subject *about, uint8_t kind,
                      uint64_t size, struct stat *st)
{
    const int dir = reel_sink_posix_parent(s, false);

    if (dir < 0 && errno == ENOENT)
        return REEL_STANDING_CLEAR;
    if (dir < 0) {
        reel_sink_note_errno(about, errno, "its directory cannot be opened");
        return REEL_STANDING_STAYS;
    }
    if (s->calls->fstatat(dir, reel_sink_path_name(&s->path), st,
                          AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return REEL_STANDING_CLEAR;
        reel_sink_note_errno(about, errno, "its place cannot be looked at");
        return REEL_STANDING_STAYS;
    }
    if (reel_sink_posix_replaces(s, about))
        return REEL_STANDING_CLEAR;
    if (s->options.existing == REEL_EXISTING_SKIP && alike(st, kind, size))
        return REEL_STANDING_ALIKE;
    reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                   s->options.existing == REEL_EXISTING_SKIP
                       ? "exists and differs"
                       : "exists already");
    return REEL_STANDING_STAYS;
}

/* A new name for what has one, where the kernel or the file system cannot
   rename without replacing. */
static int
rename_by_link(struct reel_sink_posix *s, int dir, const char *temporary,
               const char *name)
{
    if (s->calls->linkat(dir, temporary, dir, name, 0) != 0)
        return -1;
    if (s->calls->unlinkat(dir, temporary, 0) == 0 ||
        s->calls->unlinkat(dir, temporary, 0) == 0)
        return 0;
    return -1;
}

static int
rename_fresh(struct reel_sink_posix *s, int dir, const char *temporary,
             const char *name)
{
    if (s->calls->renameat2(dir, temporary, dir, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    return rename_by_link(s, dir, temporary, name);
}

static int
rename_over(struct reel_sink_posix *s, int dir, const char *temporary,
            const char *name)
{
    if (s->calls->renameat2(dir, temporary, dir, name, 0) == 0)
        return 0;
    if (errno != EISDIR)
        return -1;
    /* an empty directory may be replaced; this is where it turns out */
    if (s->calls->unlinkat(dir, name, AT_REMOVEDIR) != 0)
        return -1;
    return s->calls->renameat2(dir, temporary, dir, name, 0);
}

bool
reel_sink_posix_place(struct reel_sink_posix *s,
                      const struct reel_sink_subject *about,
                      const char *temporary)
{
    const int dir    = reel_sink_posix_parent(s, true);
    const char *name = reel_sink_path_name(&s->path);
    int result       = -1;

    if (dir >= 0 && !reel_sink_posix_name_free(s, about, dir, name))
        return false;
    if (dir >= 0 && !reel_sink_posix_parent_stays(s, about))
        return false;
    if (dir >= 0 && reel_sink_posix_replaces(s, about))
        result = rename_over(s, dir, temporary, name);
    else if (dir >= 0)
        result = rename_fresh(s, dir, temporary, name);
    if (result == 0)
        return true;
    if (errno == EEXIST && s->options.existing != REEL_EXISTING_REPLACE)
        reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "exists already");
    else
        reel_sink_note_errno(about, errno, "cannot be put in its place");
    return false;
}

enum reel_status
reel_sink_posix_remember(struct reel_sink_posix *s,
                         const struct reel_sink_identity *identity,
                         struct reel_err *err)
{
    /* In a dry run nobody asks for the path again. */
    const size_t len = s->options.dry_run ? 0 : s->path.len;

    return reel_made_table_add(&s->made, s->object.about.object, s->path.text,
                               len, identity, s->object.link_count, err);
}
