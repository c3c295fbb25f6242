/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.1 and 6.2, facts compared; policy layer. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "reel/alloc.h"
#include "sink_compare_facts.h"

/* What Linux lets a file have of them, and one of them. */
#define XATTR_LIST_BYTES 65536U
#define XATTR_VALUE_BYTES 65536U

void
reel_sink_differ(const struct reel_sink_differences *d, const char *fmt, ...)
{
    char what[320];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    d->differs(d->ctx, d->encoding, d->path, what);
}

static uint8_t
kind_of(mode_t mode)
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

static void
compare_owner(const struct reel_sink_differences *d,
              const struct reel_object *o, const struct stat *st,
              struct reel_sink_owners *owners)
{
    uint32_t uid = o->uid;
    uint32_t gid = o->gid;

    int error = 0;

    if (owners != NULL)
        error = reel_sink_owners_user(owners, o->user, &uid);
    if (owners != NULL && error == 0)
        error = reel_sink_owners_group(owners, o->group, &gid);
    if (error != 0) {
        reel_sink_differ(d, "owner: cannot be looked up: %s", strerror(error));
        return;
    }
    if (uid != st->st_uid)
        reel_sink_differ(d, "owner: %u in the archive, %u here", uid,
                         (unsigned int)st->st_uid);
    if (gid != st->st_gid)
        reel_sink_differ(d, "group: %u in the archive, %u here", gid,
                         (unsigned int)st->st_gid);
}

static void
compare_posix(const struct reel_sink_differences *d,
              const struct reel_object *o, const struct stat *st,
              struct reel_sink_owners *owners)
{
    if (o->kind != REEL_KIND_SYMLINK && ((o->mode ^ st->st_mode) & 07777) != 0)
        reel_sink_differ(d, "mode: %04o in the archive, %04o here",
                         o->mode & 07777U, (unsigned int)(st->st_mode & 07777));
    compare_owner(d, o, st, owners);
}

bool
reel_sink_compare_facts(const struct reel_sink_differences *d,
                        const struct reel_object *o, const struct stat *st,
                        struct reel_sink_owners *owners)
{
    const uint8_t kind = kind_of(st->st_mode);

    if (kind != o->kind) {
        reel_sink_differ(d, "kind: %s in the archive, %s here",
                         reel_object_kind_name(o->kind),
                         reel_object_kind_name(kind));
        return false;
    }
    if (kind == REEL_KIND_FILE && o->size != (uint64_t)st->st_size)
        reel_sink_differ(d, "size: %llu in the archive, %llu here",
                         (unsigned long long)o->size,
                         (unsigned long long)st->st_size);
    if ((o->facts & REEL_FACT_POSIX) != 0)
        compare_posix(d, o, st, owners);
    if ((o->facts & REEL_FACT_DEVICE) != 0 &&
        (o->major != major(st->st_rdev) || o->minor != minor(st->st_rdev)))
        reel_sink_differ(d, "device: %u:%u in the archive, %u:%u here",
                         o->major, o->minor, major(st->st_rdev),
                         minor(st->st_rdev));
    if ((o->facts & REEL_FACT_MODIFIED) != 0 &&
        (o->modified.s != (int64_t)st->st_mtim.tv_sec ||
         o->modified.ns != (uint32_t)st->st_mtim.tv_nsec))
        reel_sink_differ(d,
                         "modified: %lld.%09u in the archive, %lld.%09ld "
                         "here",
                         (long long)o->modified.s, o->modified.ns,
                         (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
    return true;
}

/* One attribute of the archive beside the one here; its name, with a NUL, is
   copied to `name`. */
static void
compare_one(const struct reel_sink_differences *d, const char *proc,
            struct reel_cursor *c, char name[UINT8_MAX + 1], uint8_t *buf)
{
    struct reel_bytes value;
    ssize_t n;

    reel_facts_xattrs_next(c, name, &value);
    n = getxattr(proc, name, buf, XATTR_VALUE_BYTES);
    if (n < 0)
        reel_sink_differ(d, "attribute %.200s: %s", name,
                         errno == ENODATA ? "missing here" : strerror(errno));
    else if ((size_t)n != value.len ||
             (n > 0 && memcmp(buf, value.data, value.len) != 0))
        reel_sink_differ(d, "attribute %.200s differs", name);
}

static bool
archive_has(const struct reel_facts_xattrs *x, const char *wanted)
{
    struct reel_cursor c = reel_cursor_init(x->data, x->len, NULL);
    char name[UINT8_MAX + 1];
    struct reel_bytes value;

    while (reel_cursor_left(&c) > 0) {
        reel_facts_xattrs_next(&c, name, &value);
        if (strcmp(name, wanted) == 0)
            return true;
    }
    return false;
}

/* buf holds the names here, each with a NUL. */
static void
compare_names(const struct reel_sink_differences *d,
              const struct reel_facts_xattrs *x, const char *names, size_t len)
{
    size_t at = 0;

    while (at < len) {
        if (!archive_has(x, names + at))
            reel_sink_differ(d, "attribute %.200s: not in the archive",
                             names + at);
        at += strlen(names + at) + 1;
    }
}

enum reel_status
reel_sink_compare_xattrs(const struct reel_sink_differences *d, int fd,
                         const struct reel_facts_xattrs *x, int *unreadable,
                         struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(x->data, x->len, NULL);
    char proc[REEL_SINK_PROC_BYTES];
    char name[UINT8_MAX + 1];
    uint8_t *buf;
    ssize_t n;

    *unreadable = 0;
    reel_sink_proc_path(proc, fd);
    n = listxattr(proc, NULL, 0);
    if (n < 0 && errno == EOPNOTSUPP)
        n = 0; /* a file system without any */
    if (n < 0)
        *unreadable = -1;
    if (n < 0 || (n == 0 && x->len == 0))
        return REEL_OK;
    buf = reel_alloc_array(XATTR_LIST_BYTES, 1);
    if (buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to compare attributes");
    while (reel_cursor_left(&c) > 0)
        compare_one(d, proc, &c, name, buf);
    n = n == 0 ? 0 : listxattr(proc, (char *)buf, XATTR_LIST_BYTES);
    if (n < 0)
        *unreadable = -1;
    else
        compare_names(d, x, (const char *)buf, (size_t)n);
    reel_free(buf);
    return REEL_OK;
}
