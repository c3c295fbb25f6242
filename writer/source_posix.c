/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source layer: a tree of a POSIX file system (spec chapters 6 to 8). The walk
 * gives names; here each is opened, and what the descriptor says is what is
 * archived, so that facts, attributes and content belong together.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "content_posix.h"
#include "facts_posix.h"
#include "owner_names.h"
#include "reel/alloc.h"
#include "reel/limits.h"
#include "reel/reparse.h"
#include "source_posix.h"
#include "source_posix_calls.h"
#include "walk_posix.h"
#include "xattrs_posix.h"

/* How often a name may turn out to be of another type than it was. */
#define TRIES_MAX 4U

struct source_posix {
    struct reel_source base;
    struct reel_source_posix_options options;
    const struct reel_calls_posix *calls;
    struct reel_walk_posix walk;
    struct reel_owner_names *owners;
    struct reel_xattrs_posix xattrs;
    struct reel_content_posix content;
    uint64_t root_file_system;

    /* The object that next() gave. */
    int fd; /* -1: none */
    uint8_t kind;
    bool enter; /* a directory to be gone into */
    bool xattrs_listed;
    bool streams_begun;
    uint32_t noted_reasons; /* bit 1 << reason */
    struct statx stat;

    /* The only stream of what has reparse data. */
    char target[REEL_REPARSE_TARGET_BYTES_MAX + 1];
    size_t target_len;
    uint8_t reparse[REEL_REPARSE_BYTES_MAX];
    size_t reparse_len;
    size_t reparse_at;
};

static struct source_posix *
of(struct reel_source *s)
{
    return (void *)s; /* base is the first member */
}

/* ---- Opening ---- */

static int
flags_for(unsigned char type)
{
    switch (type) {
    case DT_REG:
        return O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC |
               O_NOATIME;
    case DT_DIR:
        return O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC |
               O_NOATIME;
    default:
        return O_PATH | O_NOFOLLOW | O_CLOEXEC; /* never opened for reading */
    }
}

static int
open_once(struct source_posix *s, const struct reel_walk_entry *entry,
          unsigned char type)
{
    int flags = flags_for(type);
    int fd    = s->calls->openat(entry->dir, entry->name, flags);

    while (fd < 0) {
        if (errno == EPERM && (flags & O_NOATIME))
            flags &= ~O_NOATIME; /* for the owner only */
        else if (errno != EINTR && ((errno != EMFILE && errno != ENFILE) ||
                                    !reel_walk_posix_spare(&s->walk)))
            return -1;
        fd = s->calls->openat(entry->dir, entry->name, flags);
    }
    return fd;
}

/* Passed over, unless the fault is ours: then the walk cannot go on. */
static enum reel_status
pass_over(struct source_posix *s, const struct reel_walk_entry *entry,
          const char *what, int error, struct reel_err *err)
{
    if (error == ENOMEM)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "%s: %s", what,
                         strerror(error));
    if (error == EMFILE || error == ENFILE)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s: %s", what,
                         strerror(error));
    if (error == ENOENT && !entry->root)
        reel_walk_posix_note(&s->walk, REEL_NOTE_SKIPPED,
                             "vanished before it could be opened", 0);
    else
        reel_walk_posix_note(&s->walk, REEL_NOTE_SKIPPED, what, error);
    return REEL_OK;
}

static void
close_object(struct source_posix *s)
{
    if (s->fd >= 0)
        (void)s->calls->close(s->fd);
    s->fd    = -1;
    s->enter = false;
    s->kind  = 0;
}

/* The d_type of what was looked at. */
static unsigned char
type_of(const struct statx *stat)
{
    return (unsigned char)IFTODT(stat->stx_mode);
}

/* Descriptors for reading, for directories, and all others. */
static unsigned char
type_class(unsigned char type)
{
    return type == DT_REG || type == DT_DIR ? type : DT_LNK;
}

/*
 * Open the entry as what it is, and look at it. s->fd stays -1 when it was
 * passed over.
 */
static enum reel_status
open_object(struct source_posix *s, const struct reel_walk_entry *entry,
            struct reel_err *err)
{
    unsigned char type = entry->type;

    for (unsigned i = 0; i < TRIES_MAX; i++) {
        if (type == DT_UNKNOWN) {
            if (s->calls->statx(entry->dir, entry->name,
                                AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
                                STATX_TYPE, &s->stat) != 0)
                return pass_over(s, entry, "cannot look at it", errno, err);
            type = type_of(&s->stat);
        }
        s->fd = open_once(s, entry, type);
        if (s->fd < 0) {
            if (errno != ELOOP && errno != ENOTDIR && errno != ENXIO)
                return pass_over(s, entry, "cannot open", errno, err);
            type = DT_UNKNOWN; /* no longer what it was */
            continue;
        }
        if (s->calls->statx(s->fd, "", AT_EMPTY_PATH, REEL_FACTS_POSIX_MASK,
                            &s->stat) != 0) {
            const int error = errno;

            close_object(s);
            return pass_over(s, entry, "cannot look at it", error, err);
        }
        if (type_class(type_of(&s->stat)) == type_class(type))
            return REEL_OK;
        type = type_of(&s->stat);
        close_object(s);
    }
    return pass_over(s, entry, "cannot open as what it is", ELOOP, err);
}

/* ---- The next object ---- */

/* Target of a symbolic link, if it is one, and the body of its stream. */
static enum reel_status
read_reparse(struct source_posix *s, const struct reel_walk_entry *entry,
             bool *taken, struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(s->reparse, sizeof(s->reparse));
    struct reel_reparse r;
    ssize_t len = 0;

    memset(&r, 0, sizeof(r));
    r.tag = reel_reparse_tag(s->kind);
    if (s->kind == REEL_KIND_SYMLINK) {
        len = s->calls->readlinkat(s->fd, "", s->target, sizeof(s->target));
        if (len < 0 || (size_t)len > REEL_REPARSE_TARGET_BYTES_MAX) {
            *taken = false;
            return pass_over(s, entry, "cannot read the symbolic link",
                             len < 0 ? errno : ENAMETOOLONG, err);
        }
        r.version     = REEL_REPARSE_VERSION;
        r.target.data = (const uint8_t *)s->target;
        r.target.len  = (size_t)len;
    }
    REEL_TRY(reel_reparse_encode(&r, &b, err));
    s->reparse_len = b.len;
    s->reparse_at  = 0;
    return REEL_OK;
}

static bool
is_avoided(const struct source_posix *s)
{
    const struct reel_file_identity file = {
        reel_facts_posix_file_system(&s->stat), s->stat.stx_ino};
    size_t i;

    if (s->kind != REEL_KIND_FILE)
        return false;
    for (i = 0; i < s->options.avoid_count; i++)
        if (s->options.avoid[i].inode == file.inode &&
            s->options.avoid[i].file_system == file.file_system)
            return true;
    return s->options.avoided &&
           s->options.avoided(s->options.avoided_ctx, &file);
}

/* What is open: is it to be archived, and what comes with it? */
static enum reel_status
judge_object(struct source_posix *s, const struct reel_walk_entry *entry,
             bool *taken, struct reel_err *err)
{
    s->kind          = reel_facts_posix_kind(s->stat.stx_mode);
    s->xattrs_listed = false;
    s->streams_begun = false;
    s->noted_reasons = 0;
    *taken           = true;
    if (s->kind == 0) {
        *taken = false;
        return pass_over(s, entry, "is of a type that is not known", 0, err);
    }
    if (is_avoided(s)) {
        *taken = false;
        reel_walk_posix_note(&s->walk, REEL_NOTE_INFO,
                             "is what is being written: left out", 0);
        return REEL_OK;
    }
    if (entry->root)
        s->root_file_system = reel_facts_posix_file_system(&s->stat);
    if (s->kind == REEL_KIND_DIRECTORY) {
        s->enter =
            !s->options.one_file_system ||
            reel_facts_posix_file_system(&s->stat) == s->root_file_system;
        return REEL_OK;
    }
    if (entry->path.len == 0) { /* N-4 */
        *taken = false;
        return pass_over(s, entry, "is no directory", 0, err);
    }
    if (s->kind != REEL_KIND_FILE)
        return read_reparse(s, entry, taken, err);
    return REEL_OK;
}

static enum reel_status
fill_object(struct source_posix *s, const struct reel_walk_entry *entry,
            struct reel_object *out, struct reel_err *err)
{
    struct reel_object o;

    reel_facts_posix_get(&o, &s->stat, s->options.access_times);
    o.path = entry->path;
    REEL_TRY(reel_owner_names_user(s->owners, o.uid, &o.user, err));
    REEL_TRY(reel_owner_names_group(s->owners, o.gid, &o.group, err));
    *out = o;
    return REEL_OK;
}

static enum reel_status
source_next(struct reel_source *source, struct reel_object *out,
            struct reel_err *err)
{
    struct source_posix *const s = of(source);
    struct reel_walk_entry entry;
    bool taken = false;

    if (s->enter) {
        const int fd = s->fd;

        s->fd = -1;
        close_object(s);
        REEL_TRY(reel_walk_posix_enter(&s->walk, fd, &s->stat, err));
    }
    while (!taken) {
        close_object(s);
        REEL_TRY(reel_walk_posix_next(&s->walk, &entry, err));
        REEL_TRY(open_object(s, &entry, err));
        if (s->fd >= 0)
            REEL_TRY(judge_object(s, &entry, &taken, err));
    }
    return fill_object(s, &entry, out, err);
}

/* ---- Attributes ---- */

static void
note_xattr(const struct source_posix *s, struct reel_bytes name, int error)
{
    struct reel_err err;
    const struct reel_bytes path = {(const uint8_t *)s->walk.path,
                                    s->walk.path_len};
    const int shown              = name.len < 64 ? (int)name.len : 64;

    /* Names may hold any octets; whoever prints the text escapes it. */
    (void)reel_fail(&err, REEL_E_MEDIUM, NULL, NULL,
                    "cannot read extended attribute %.*s: %s", shown,
                    (const char *)name.data, strerror(error));
    reel_note_send(s->options.report, REEL_NOTE_SKIPPED, REEL_ENCODING_POSIX,
                   path, 0, &err);
}

static enum reel_status
source_next_xattr(struct reel_source *source, struct reel_xattr *out,
                  struct reel_err *err)
{
    struct source_posix *const s = of(source);
    int error                    = 0;

    if (s->fd < 0)
        return REEL_END;
    if (!s->xattrs_listed) {
        const bool by_path =
            s->kind != REEL_KIND_FILE && s->kind != REEL_KIND_DIRECTORY;

        s->xattrs_listed = true;
        REEL_TRY(
            reel_xattrs_posix_list(&s->xattrs, s->fd, by_path, &error, err));
        if (error != 0)
            reel_walk_posix_note(&s->walk, REEL_NOTE_SKIPPED,
                                 "cannot list extended attributes", error);
    }
    for (;;) {
        REEL_TRY(reel_xattrs_posix_next(&s->xattrs, out, &error, err));
        if (error == 0)
            return REEL_OK;
        note_xattr(s, out->name, error);
    }
}

/* ---- Streams ---- */

static enum reel_status
source_next_stream(struct reel_source *source, struct reel_stream_header *out,
                   uint64_t *sparse_offset, struct reel_err *err)
{
    struct source_posix *const s = of(source);
    const bool first             = !s->streams_begun;

    (void)err;
    s->streams_begun = true;
    if (s->fd < 0 || s->kind == REEL_KIND_DIRECTORY)
        return REEL_END;
    if (s->kind == REEL_KIND_FILE) {
        if (first)
            reel_content_posix_begin(&s->content, s->calls, s->fd, &s->stat);
        return reel_content_posix_next(&s->content, out, sparse_offset);
    }
    if (!first)
        return REEL_END;
    memset(out, 0, sizeof(*out));
    out->id        = REEL_STREAM_REPARSE_DATA;
    out->size      = s->reparse_len;
    *sparse_offset = REEL_NONE64;
    return REEL_OK;
}

/* Once for each object and reason; the ranges stand in OBJECT END. */
static void
note_trouble(struct source_posix *s, uint32_t reason)
{
    const struct reel_bytes path = {(const uint8_t *)s->walk.path,
                                    s->walk.path_len};
    const unsigned long long at  = s->content.trouble_at;
    struct reel_err err;

    if (s->noted_reasons & (1U << reason))
        return;
    s->noted_reasons |= 1U << reason;
    if (reason == REEL_BAD_CUT)
        (void)reel_fail(&err, REEL_E_MEDIUM, NULL, NULL,
                        "was cut short while it was read: nothing at octet "
                        "%llu of %llu",
                        at, (unsigned long long)s->content.size);
    else
        (void)reel_fail(&err, REEL_E_MEDIUM, NULL, NULL,
                        "cannot read at octet %llu: %s", at,
                        strerror(s->content.trouble));
    reel_note_send(s->options.report, REEL_NOTE_FLAWED, REEL_ENCODING_POSIX,
                   path, 0, &err);
}

static enum reel_status
source_read(struct reel_source *source, uint8_t *buf, size_t want, size_t *got,
            uint32_t *reason, struct reel_err *err)
{
    struct source_posix *const s = of(source);

    *got    = 0;
    *reason = 0;
    if (!s->streams_begun || s->fd < 0)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "read without a stream");
    if (s->kind == REEL_KIND_FILE) {
        reel_content_posix_read(&s->content, buf, want, got, reason);
        if (*reason != 0)
            note_trouble(s, *reason);
        return REEL_OK;
    }
    *got = s->reparse_len - s->reparse_at;
    if (*got > want)
        *got = want;
    if (*got > 0)
        memcpy(buf, s->reparse + s->reparse_at, *got);
    s->reparse_at += *got;
    return REEL_OK;
}

static enum reel_status
source_finish(struct reel_source *source, uint32_t *flags, struct reel_err *err)
{
    struct source_posix *const s = of(source);
    struct statx now;

    (void)err;
    *flags = 0;
    if (s->fd < 0 || s->kind != REEL_KIND_FILE || s->stat.stx_size == 0)
        return REEL_OK;
    if (s->calls->statx(s->fd, "", AT_EMPTY_PATH,
                        STATX_SIZE | STATX_MTIME | STATX_CTIME, &now) != 0) {
        *flags = REEL_OBJECT_CHANGED; /* not proven that it is the same */
        return REEL_OK;
    }
    if (reel_facts_posix_changed(&s->stat, &now))
        *flags |= REEL_OBJECT_CHANGED;
    if (now.stx_size > s->stat.stx_size)
        *flags |= REEL_OBJECT_GREW;
    return REEL_OK;
}

/* ---- Life ---- */

static void
source_free(struct reel_source *source)
{
    struct source_posix *s;

    if (source == NULL)
        return;
    s = of(source);
    close_object(s);
    reel_walk_posix_fini(&s->walk);
    reel_xattrs_posix_fini(&s->xattrs);
    reel_owner_names_free(s->owners);
    reel_free(s);
}

static const struct reel_source_ops source_ops = {
    .next        = source_next,
    .next_xattr  = source_next_xattr,
    .next_stream = source_next_stream,
    .read        = source_read,
    .finish      = source_finish,
    .free        = source_free,
};

struct reel_source *
reel_source_posix_new_calls(const struct reel_source_posix_options *options,
                            const struct reel_calls_posix *calls,
                            reel_paths_fn paths, void *paths_ctx,
                            struct reel_err *err)
{
    struct source_posix *const s = reel_alloc_array(1, sizeof(*s));
    enum reel_status status      = REEL_E_MEMORY;

    if (s == NULL) {
        (void)reel_fail(err, status, NULL, NULL, "no memory for the source");
        return NULL;
    }
    s->base.ops = &source_ops;
    s->options  = *options;
    s->calls    = calls;
    s->fd       = -1;
    s->owners   = reel_owner_names_new(calls);
    if (s->owners == NULL)
        (void)reel_fail(err, status, NULL, NULL, "no memory for the source");
    else
        status = reel_xattrs_posix_init(&s->xattrs, calls, err);
    if (status == REEL_OK)
        status = reel_walk_posix_init(&s->walk, &s->options, calls, paths,
                                      paths_ctx, err);
    if (status != REEL_OK) {
        source_free(&s->base);
        return NULL;
    }
    return &s->base;
}

struct reel_source *
reel_source_posix_new(const struct reel_source_posix_options *options,
                      reel_paths_fn paths, void *paths_ctx,
                      struct reel_err *err)
{
    return reel_source_posix_new_calls(options, &reel_calls_posix_real, paths,
                                       paths_ctx, err);
}
