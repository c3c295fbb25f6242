/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the POSIX source share: see source_probe.h. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grow.h"
#include "source_probe.h"
#include "remove_tree.h"

/* ---- A folder ---- */

static char folder[256];

void
probe_enter(void)
{
    const char *const tmp = getenv("TMPDIR");

    ck_assert_int_lt(snprintf(folder, sizeof(folder), "%s/reel-source-XXXXXX",
                              tmp == NULL ? "/tmp" : tmp),
                     (int)sizeof(folder));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    probe_reset();
}

void
probe_leave(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert(remove_tree(folder));
}

void
probe_file(const char *path, const void *data, size_t len)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
    if (len > 0)
        ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
    ck_assert_int_eq(close(fd), 0);
}

void
probe_dir(const char *path)
{
    ck_assert_msg(mkdir(path, 0755) == 0, "%s: %s", path, strerror(errno));
}

/* ---- System calls ---- */

unsigned long probe_counts[PROBE_CALLS];
long probe_open_descriptors;
int probe_most_descriptors;
int (*probe_on_openat)(int dir, const char *name, int flags);
int (*probe_on_pread)(size_t len, off_t off);
int (*probe_on_fgetxattr)(const char *name, size_t len);
void (*probe_after_statx)(struct statx *out);

static struct {
    enum probe_call call;
    unsigned long nth;
    int error;
} failure;

void
probe_fail(enum probe_call call, unsigned long nth, int error)
{
    failure.call  = call;
    failure.nth   = nth;
    failure.error = error;
}

void
probe_reset(void)
{
    memset(probe_counts, 0, sizeof(probe_counts));
    memset(&failure, 0, sizeof(failure));
    probe_open_descriptors = 0;
    probe_most_descriptors = 0;
    probe_on_openat        = NULL;
    probe_on_pread         = NULL;
    probe_on_fgetxattr     = NULL;
    probe_after_statx      = NULL;
}

/* Count; true with errno set when this one is to fail. */
static bool
fails(enum probe_call call)
{
    probe_counts[call]++;
    if (failure.nth == 0 || failure.call != call ||
        failure.nth != probe_counts[call])
        return false;
    errno = failure.error;
    return true;
}

static bool
hook_fails(int error)
{
    if (error != 0)
        errno = error;
    return error != 0;
}

static int
probe_openat(int dir, const char *name, int flags)
{
    int fd;

    if (fails(PROBE_OPENAT) || (probe_on_openat != NULL &&
                                hook_fails(probe_on_openat(dir, name, flags))))
        return -1;
    fd = reel_calls_posix_real.openat(dir, name, flags);
    probe_open_descriptors += fd >= 0;
    if (probe_open_descriptors > probe_most_descriptors)
        probe_most_descriptors = (int)probe_open_descriptors;
    return fd;
}

static int
probe_close(int fd)
{
    const int result = reel_calls_posix_real.close(fd);

    ck_assert_int_eq(result, 0); /* never one that is not open */
    probe_open_descriptors--;
    return result;
}

static int
probe_statx(int dir, const char *name, int flags, unsigned mask,
            struct statx *out)
{
    int result;

    if (fails(PROBE_STATX))
        return -1;
    result = reel_calls_posix_real.statx(dir, name, flags, mask, out);
    if (result == 0 && probe_after_statx != NULL)
        probe_after_statx(out);
    return result;
}

static ssize_t
probe_getdents(int fd, void *buf, size_t len)
{
    return fails(PROBE_GETDENTS) ? -1
                                 : reel_calls_posix_real.getdents(fd, buf, len);
}

static ssize_t
probe_readlinkat(int dir, const char *name, char *buf, size_t len)
{
    return fails(PROBE_READLINKAT)
               ? -1
               : reel_calls_posix_real.readlinkat(dir, name, buf, len);
}

static ssize_t
probe_pread(int fd, void *buf, size_t len, off_t off)
{
    if (fails(PROBE_PREAD) ||
        (probe_on_pread != NULL && hook_fails(probe_on_pread(len, off))))
        return -1;
    return reel_calls_posix_real.pread(fd, buf, len, off);
}

static off_t
probe_lseek(int fd, off_t off, int whence)
{
    return fails(PROBE_LSEEK) ? -1
                              : reel_calls_posix_real.lseek(fd, off, whence);
}

static ssize_t
probe_flistxattr(int fd, char *list, size_t len)
{
    return fails(PROBE_FLISTXATTR)
               ? -1
               : reel_calls_posix_real.flistxattr(fd, list, len);
}

static ssize_t
probe_fgetxattr(int fd, const char *name, void *value, size_t len)
{
    if (fails(PROBE_FGETXATTR) || (probe_on_fgetxattr != NULL &&
                                   hook_fails(probe_on_fgetxattr(name, len))))
        return -1;
    return reel_calls_posix_real.fgetxattr(fd, name, value, len);
}

static ssize_t
probe_listxattr(const char *path, char *list, size_t len)
{
    return fails(PROBE_LISTXATTR)
               ? -1
               : reel_calls_posix_real.listxattr(path, list, len);
}

static ssize_t
probe_getxattr(const char *path, const char *name, void *value, size_t len)
{
    return fails(PROBE_GETXATTR)
               ? -1
               : reel_calls_posix_real.getxattr(path, name, value, len);
}

static int
probe_getpwuid(uid_t uid, struct passwd *entry, char *buf, size_t len,
               struct passwd **found)
{
    if (fails(PROBE_GETPWUID))
        return failure.error;
    return reel_calls_posix_real.getpwuid_r(uid, entry, buf, len, found);
}

static int
probe_getgrgid(gid_t gid, struct group *entry, char *buf, size_t len,
               struct group **found)
{
    if (fails(PROBE_GETGRGID))
        return failure.error;
    return reel_calls_posix_real.getgrgid_r(gid, entry, buf, len, found);
}

const struct reel_calls_posix probe_calls = {
    .openat     = probe_openat,
    .close      = probe_close,
    .statx      = probe_statx,
    .getdents   = probe_getdents,
    .readlinkat = probe_readlinkat,
    .pread      = probe_pread,
    .lseek      = probe_lseek,
    .flistxattr = probe_flistxattr,
    .fgetxattr  = probe_fgetxattr,
    .listxattr  = probe_listxattr,
    .getxattr   = probe_getxattr,
    .getpwuid_r = probe_getpwuid,
    .getgrgid_r = probe_getgrgid,
};

/* ---- A walk ---- */

static char *
text_of(struct reel_bytes bytes)
{
    char *const text = calloc(bytes.len + 1, 1);

    ck_assert_ptr_nonnull(text);
    if (bytes.len > 0)
        memcpy(text, bytes.data, bytes.len);
    return text;
}

static void
keep_note(void *ctx, const struct reel_note *note)
{
    struct probe_walk *const w = ctx;
    struct probe_note *const n = &w->notes[w->note_count];

    ck_assert_uint_lt(w->note_count, sizeof(w->notes) / sizeof(w->notes[0]));
    n->kind     = note->kind;
    n->path     = text_of(note->path);
    n->path_len = note->path.len;
    (void)snprintf(n->text, sizeof(n->text), "%s", note->err.text);
    w->note_count++;
}

void
probe_walk_init(struct probe_walk *w)
{
    memset(w, 0, sizeof(*w));
    w->reporter.fn     = keep_note;
    w->reporter.ctx    = w;
    w->reporter.stop   = &w->stop;
    w->options.base_fd = AT_FDCWD;
    w->options.report  = &w->reporter;
}

static enum reel_status
next_root(void *ctx, const char **path, struct reel_err *err)
{
    const char *const **const roots = ctx;

    (void)err;
    if (**roots == NULL)
        return REEL_END;
    *path = *(*roots)++;
    return REEL_OK;
}

static enum reel_status
keep_xattrs(struct probe_walk *w, struct reel_source *s,
            struct probe_object *object)
{
    struct reel_xattr x;
    enum reel_status status;

    while ((status = s->ops->next_xattr(s, &x, &w->err)) == REEL_OK) {
        const unsigned i = object->xattr_count++;

        ck_assert_uint_lt(i, PROBE_XATTRS_MAX);
        ck_assert_uint_lt(x.name.len, 256);
        memcpy(object->xattrs[i].name, x.name.data, x.name.len);
        object->xattrs[i].len = x.value.len;
        memcpy(object->xattrs[i].first, x.value.data,
               x.value.len < 16 ? x.value.len : 16);
    }
    return status;
}

/* 0 for octets that are no content, else where they stand, from 1. */
static uint64_t
place_of(const struct probe_stream *stream, uint64_t at)
{
    if (stream->id != REEL_STREAM_SPARSE_BLOCK)
        return at + 1;
    return at < 8 ? 0 : stream->sparse_offset + at - 8 + 1;
}

static enum reel_status
keep_body(struct probe_walk *w, struct reel_source *s,
          struct probe_object *object, struct probe_stream *stream)
{
    static uint8_t buf[65536];
    const size_t want = w->want == 0 ? sizeof(buf) : w->want;
    enum reel_status status;
    size_t got;
    uint32_t reason;

    do {
        status = s->ops->read(s, buf, want, &got, &reason, &w->err);
        if (status != REEL_OK)
            return status;
        ck_assert_uint_le(got, want);
        ck_assert_uint_le(reason, 2);
        for (size_t i = 0; i < got; i++) {
            if (reason != 0)
                ck_assert_uint_eq(buf[i], 0);
            if (stream->given + i < PROBE_KEPT_BYTES)
                stream->kept[stream->given + i] = buf[i];
            object->content += place_of(stream, stream->given + i) * buf[i];
        }
        stream->given += got;
        stream->bad[reason] += got;
    } while (got > 0);
    ck_assert_uint_eq(stream->given, stream->size);
    return REEL_OK;
}

static enum reel_status
keep_streams(struct probe_walk *w, struct reel_source *s,
             struct probe_object *object)
{
    struct reel_stream_header header;
    uint64_t sparse_offset;
    enum reel_status status;

    while ((status = s->ops->next_stream(s, &header, &sparse_offset,
                                         &w->err)) == REEL_OK) {
        struct probe_stream *const stream = calloc(1, sizeof(*stream));

        ck_assert_ptr_nonnull(stream);
        ck_assert_uint_lt(object->stream_count, PROBE_STREAMS_MAX);
        object->streams[object->stream_count++] = stream;
        ck_assert_uint_eq(header.name.len, 0);
        stream->id            = header.id;
        stream->attributes    = header.attributes;
        stream->size          = header.size;
        stream->sparse_offset = sparse_offset;
        status                = keep_body(w, s, object, stream);
        if (status != REEL_OK)
            return status;
    }
    return status;
}

static enum reel_status
keep_object(struct probe_walk *w, struct reel_source *s,
            const struct reel_object *facts)
{
    struct probe_object *object;
    enum reel_status status;

    w->objects = grow(w->objects, w->object_count, 1, sizeof(*w->objects));
    object     = &w->objects[w->object_count++];
    memset(object, 0, sizeof(*object));
    object->facts = *facts;
    object->path  = text_of(facts->path);
    ck_assert_uint_eq(strlen(object->path), facts->path.len);
    memcpy(object->user, facts->user.data, facts->user.len);
    memcpy(object->group, facts->group.data, facts->group.len);
    if (w->on_object != NULL)
        w->on_object(w, facts);
    status = keep_xattrs(w, s, object);
    if (status == REEL_END)
        status = keep_streams(w, s, object);
    if (status == REEL_END)
        status = s->ops->finish(s, &object->flags, &w->err);
    return status;
}

void
probe_walk_run(struct probe_walk *w, const char *const *roots)
{
    struct reel_object facts;
    struct reel_source *const s = reel_source_posix_new_calls(
        &w->options, &probe_calls, next_root, &roots, &w->err);

    w->status = REEL_OK;
    if (s == NULL)
        w->status = w->err.status;
    while (s != NULL && w->status == REEL_OK) {
        w->status = s->ops->next(s, &facts, &w->err);
        if (w->status == REEL_OK)
            w->status = keep_object(w, s, &facts);
    }
    if (s != NULL)
        s->ops->free(s);
    ck_assert_int_eq(probe_open_descriptors, 0); /* none is left behind */
}

void
probe_walk_fini(struct probe_walk *w)
{
    for (size_t i = 0; i < w->object_count; i++) {
        free(w->objects[i].path);
        for (unsigned j = 0; j < w->objects[i].stream_count; j++)
            free(w->objects[i].streams[j]);
    }
    for (size_t i = 0; i < w->note_count; i++)
        free(w->notes[i].path);
    free(w->objects);
    w->objects      = NULL;
    w->object_count = 0;
    w->note_count   = 0;
}

const struct probe_object *
probe_find(const struct probe_walk *w, const char *path)
{
    const struct probe_object *found = NULL;

    for (size_t i = 0; i < w->object_count; i++) {
        if (strcmp(w->objects[i].path, path) != 0)
            continue;
        ck_assert_msg(found == NULL, "'%s' is there twice", path);
        found = &w->objects[i];
    }
    ck_assert_msg(found != NULL, "'%s' is not there", path);
    return found;
}

unsigned
probe_notes(const struct probe_walk *w, enum reel_note_kind kind,
            const char *text)
{
    unsigned count = 0;

    for (size_t i = 0; i < w->note_count; i++)
        count +=
            w->notes[i].kind == kind && strstr(w->notes[i].text, text) != NULL;
    return count;
}
