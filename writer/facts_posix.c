/* SPDX-License-Identifier: Apache-2.0 */
/* Source layer: statx to OBJECT (spec 6.1). */
#include <string.h>
#include <sys/sysmacros.h>

#include "facts_posix.h"
#include "reel/builder.h"

uint8_t
reel_facts_posix_kind(unsigned mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return REEL_KIND_FILE;
    case S_IFDIR:
        return REEL_KIND_DIRECTORY;
    case S_IFLNK:
        return REEL_KIND_SYMLINK;
    case S_IFIFO:
        return REEL_KIND_FIFO;
    case S_IFSOCK:
        return REEL_KIND_SOCKET;
    case S_IFCHR:
        return REEL_KIND_CHARACTER;
    case S_IFBLK:
        return REEL_KIND_BLOCK;
    default:
        return 0;
    }
}

uint64_t
reel_facts_posix_file_system(const struct statx *stat)
{
    return makedev(stat->stx_dev_major, stat->stx_dev_minor);
}

static struct reel_time
time_of(const struct statx_timestamp *t)
{
    const struct reel_time time = {t->tv_sec, t->tv_nsec};

    return time;
}

static void
get_times(struct reel_object *out, const struct statx *stat, bool access_times)
{
    out->facts |= REEL_FACT_MODIFIED | REEL_FACT_CHANGED;
    out->modified = time_of(&stat->stx_mtime);
    out->changed  = time_of(&stat->stx_ctime);
    if (stat->stx_mask & STATX_BTIME) {
        out->facts |= REEL_FACT_BIRTH;
        out->birth = time_of(&stat->stx_btime);
    }
    if (access_times) {
        out->facts |= REEL_FACT_ACCESSED;
        out->accessed = time_of(&stat->stx_atime);
    }
}

void
reel_facts_posix_get(struct reel_object *out, const struct statx *stat,
                     bool access_times)
{
    struct reel_builder id;

    memset(out, 0, sizeof(*out));
    out->kind       = reel_facts_posix_kind(stat->stx_mode);
    out->encoding   = REEL_ENCODING_POSIX;
    out->facts      = REEL_FACT_POSIX | REEL_FACT_FILE_ID;
    out->mode       = stat->stx_mode;
    out->uid        = stat->stx_uid;
    out->gid        = stat->stx_gid;
    out->link_count = stat->stx_nlink;
    if (out->kind == REEL_KIND_FILE)
        out->size = stat->stx_size;
    if (out->kind == REEL_KIND_CHARACTER || out->kind == REEL_KIND_BLOCK) {
        out->facts |= REEL_FACT_DEVICE;
        out->major = stat->stx_rdev_major;
        out->minor = stat->stx_rdev_minor;
    }
    get_times(out, stat, access_times);
    out->file_system = reel_facts_posix_file_system(stat);
    id               = reel_builder_init(out->file_id, sizeof(out->file_id));
    reel_put_le64(&id, stat->stx_ino);
}

static bool
same_time(const struct statx_timestamp *a, const struct statx_timestamp *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool
reel_facts_posix_changed(const struct statx *a, const struct statx *b)
{
    return a->stx_size != b->stx_size ||
           !same_time(&a->stx_mtime, &b->stx_mtime) ||
           !same_time(&a->stx_ctime, &b->stx_ctime);
}
