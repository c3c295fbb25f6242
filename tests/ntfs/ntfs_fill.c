/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes an image of an NTFS volume and puts the specimens on it. */
#include "libntfs.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* These need the types of those above. */
#include <ntfs-3g/attrib.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/ea.h>
#include <ntfs-3g/object_id.h>
#include <ntfs-3g/reparse.h>
#include <ntfs-3g/security.h>
#include <ntfs-3g/volume.h>

#include "ntfs_specimen.h"
#include "units.h"
#include "write_sparse.h"

#define CHUNK_BYTES 65536U

extern char **environ;

/* An open volume, and what failed first. */
struct filler {
    ntfs_volume *vol;
    struct SECURITY_CONTEXT security;
};

static bool
failed(const char *what, const char *path)
{
    (void)fprintf(stderr, "ntfs_fill: %s of %s: %s\n", what, path,
                  strerror(errno));
    return false;
}

/* A component of a path as libntfs-3g wants it. */
struct name {
    ntfschar units[255];
    u8 count;
};

static bool
name_of(const char *text, size_t len, struct name *out)
{
    char copy[1024];
    uint8_t octets[RN_NAME_BYTES_MAX];
    size_t bytes;

    if (len >= sizeof(copy))
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (!rn_units_of_text(copy, octets, sizeof(octets), &bytes))
        return false;
    memcpy(out->units, octets, bytes);
    out->count = (u8)(bytes / 2);
    return true;
}

/* The directory that `path` is in, open, and its last component. */
static ntfs_inode *
open_parent(struct filler *f, const char *path, struct name *last)
{
    u64 at = FILE_root;

    for (;;) {
        const char *const slash = strchr(path, '/');
        ntfs_inode *const dir   = ntfs_inode_open(f->vol, at);

        if (dir == NULL ||
            !name_of(path, slash ? (size_t)(slash - path) : strlen(path), last))
            return NULL;
        if (slash == NULL)
            return dir;
        at = ntfs_inode_lookup_by_name(dir, last->units, last->count);
        (void)ntfs_inode_close(dir);
        if (at == (u64)-1)
            return NULL;
        path = slash + 1;
    }
}

static ntfs_inode *
open_path(struct filler *f, const char *path)
{
    struct name last;
    ntfs_inode *const dir = open_parent(f, path, &last);
    u64 at;

    if (dir == NULL)
        return NULL;
    at = ntfs_inode_lookup_by_name(dir, last.units, last.count);
    (void)ntfs_inode_close(dir);
    return at == (u64)-1 ? NULL : ntfs_inode_open(f->vol, at);
}

static bool
create(struct filler *f, const char *path, bool directory)
{
    struct name last;
    ntfs_inode *const dir = open_parent(f, path, &last);
    ntfs_inode *ni;
    bool ok;

    if (dir == NULL)
        return failed("directory", path);
    ni = ntfs_create(dir, const_cpu_to_le32(0), last.units, last.count,
                     directory ? S_IFDIR : S_IFREG);
    ok = ni != NULL && ntfs_inode_close_in_dir(ni, dir) == 0;
    ok = ntfs_inode_close(dir) == 0 && ok;
    return ok || failed("creation", path);
}

static bool
make_link(struct filler *f, const char *path, const char *link_of)
{
    struct name last;
    ntfs_inode *const ni = open_path(f, link_of);
    ntfs_inode *dir;
    bool ok;

    if (ni == NULL)
        return failed("target", path);
    dir = open_parent(f, path, &last);
    ok  = dir != NULL && ntfs_link(ni, dir, last.units, last.count) == 0;
    if (dir != NULL)
        ok = ntfs_inode_close(dir) == 0 && ok;
    ok = ntfs_inode_close(ni) == 0 && ok;
    return ok || failed("linking", path);
}

static bool
write_range(ntfs_attr *na, const struct ntfs_specimen_stream *s, uint64_t off,
            uint64_t len)
{
    static uint8_t chunk[CHUNK_BYTES];

    while (len > 0) {
        const size_t now = len < CHUNK_BYTES ? (size_t)len : CHUNK_BYTES;

        for (size_t i = 0; i < now; i++)
            chunk[i] = ntfs_specimen_octet(s, off + i);
        if (ntfs_attr_pwrite(na, (s64)off, (s64)now, chunk) != (s64)now)
            return false;
        off += now;
        len -= now;
    }
    return true;
}

static bool
write_content(ntfs_attr *na, const struct ntfs_specimen_stream *s)
{
    if (!s->sparse)
        return write_range(na, s, 0, s->size) && ntfs_attr_pclose(na) == 0;
    if (ntfs_attr_truncate(na, (s64)s->size) != 0)
        return false;
    for (size_t i = 0; i < 4 && s->ranges[i].len > 0; i++)
        if (!write_range(na, s, s->ranges[i].off, s->ranges[i].len))
            return false;
    return rn_sparse_mark(na);
}

/* Make what is behind `valid` uninitialised, as Windows has it. */
static bool
shorten_valid(ntfs_inode *ni, const struct ntfs_specimen_stream *s)
{
    ntfs_attr_search_ctx *const ctx = ntfs_attr_get_search_ctx(ni, NULL);
    bool ok;

    if (ctx == NULL)
        return false;
    ok = ntfs_attr_lookup(AT_DATA, AT_UNNAMED, 0, CASE_SENSITIVE, 0, NULL, 0,
                          ctx) == 0 &&
         ctx->attr->non_resident;
    if (ok) {
        ctx->attr->initialized_size = cpu_to_le64(s->valid);
        ntfs_inode_mark_dirty(ctx->ntfs_ino);
    }
    ntfs_attr_put_search_ctx(ctx);
    return ok;
}

static bool
put_stream(ntfs_inode *ni, const struct ntfs_specimen_stream *s)
{
    struct name name = {{0}, 0};
    ntfs_attr *na;
    bool ok;

    if (s->name != NULL &&
        (!name_of(s->name, strlen(s->name), &name) ||
         ntfs_attr_add(ni, AT_DATA, name.units, name.count, NULL, 0) != 0))
        return false;
    na = ntfs_attr_open(ni, AT_DATA, s->name ? name.units : AT_UNNAMED,
                        name.count);
    if (na == NULL)
        return false;
    ok = write_content(na, s);
    ntfs_attr_close(na);
    return ok && (s->valid == 0 || shorten_valid(ni, s));
}

/* libntfs-3g takes the form on disk: the last entry says where it ends. */
static bool
put_ea(ntfs_inode *ni, struct reel_bytes ea)
{
    uint8_t *const disk = malloc(ea.len);
    size_t at           = 0;
    bool ok;

    if (disk == NULL)
        return false;
    memcpy(disk, ea.data, ea.len);
    while (disk[at] != 0)
        at += disk[at];
    disk[at] = (uint8_t)(ea.len - at);
    ok       = ntfs_set_ntfs_ea(ni, (const char *)disk, ea.len, 0) == 0;
    free(disk);
    return ok;
}

/* A descriptor in an attribute of its own, as before NTFS 3; what is in it
   nobody checks. */
static bool
put_own_security(ntfs_inode *ni, struct reel_bytes security)
{
    if (ntfs_attr_exist(ni, AT_SECURITY_DESCRIPTOR, AT_UNNAMED, 0) &&
        ntfs_attr_remove(ni, AT_SECURITY_DESCRIPTOR, AT_UNNAMED, 0) != 0)
        return false;
    ni->security_id = const_cpu_to_le32(0);
    ni->state &= ~(1UL << NI_v3_Extensions);
    return ntfs_attr_add(ni, AT_SECURITY_DESCRIPTOR, AT_UNNAMED, 0,
                         security.data, (s64)security.len) == 0;
}

static bool
put_security(struct filler *f, ntfs_inode *ni, const struct ntfs_specimen *s)
{
    if (s->own_security)
        return put_own_security(ni, s->security);
    return ntfs_set_ntfs_acl(&f->security, ni, (const char *)s->security.data,
                             s->security.len, 0) == 0;
}

/* Where Windows keeps it: "version number" 1. */
static bool
set_by_case(ntfs_inode *ni)
{
    ntfs_attr_search_ctx *const ctx = ntfs_attr_get_search_ctx(ni, NULL);
    bool ok;

    if (ctx == NULL)
        return false;
    ok = ntfs_attr_lookup(AT_STANDARD_INFORMATION, AT_UNNAMED, 0,
                          CASE_SENSITIVE, 0, NULL, 0, ctx) == 0;
    if (ok) {
        STANDARD_INFORMATION *const info =
            (void *)((u8 *)ctx->attr + le16_to_cpu(ctx->attr->value_offset));

        info->version_number = const_cpu_to_le32(1);
        ntfs_inode_mark_dirty(ctx->ntfs_ino);
    }
    ntfs_attr_put_search_ctx(ctx);
    return ok;
}

static void
set_times(ntfs_inode *ni, size_t i)
{
    ni->creation_time         = cpu_to_le64(ntfs_specimen_time(i, 0));
    ni->last_data_change_time = cpu_to_le64(ntfs_specimen_time(i, 1));
    ni->last_mft_change_time  = cpu_to_le64(ntfs_specimen_time(i, 2));
    ni->last_access_time      = cpu_to_le64(ntfs_specimen_time(i, 3));
    NInoFileNameSetDirty(ni);
    ntfs_inode_mark_dirty(ni);
}

static bool
put_facts(ntfs_inode *ni, const struct ntfs_specimen *s)
{
    const le32 packed = FILE_ATTR_COMPRESSED;

    if (s->ea.len > 0 && !put_ea(ni, s->ea))
        return failed("attributes", s->path);
    ni->flags |= cpu_to_le32(s->attributes);
    if (s->reparse.len > 0 &&
        ntfs_set_ntfs_reparse_data(ni, (const char *)s->reparse.data,
                                   s->reparse.len, 0) != 0)
        return failed("reparse point", s->path);
    if (s->object_id.len > 0 &&
        ntfs_set_ntfs_object_id(ni, (const char *)s->object_id.data,
                                s->object_id.len, 0) != 0)
        return failed("object id", s->path);
    if (s->compressed &&
        ntfs_set_ntfs_attrib(ni, (const char *)&packed, sizeof(packed), 0) != 0)
        return failed("compression", s->path);
    if (s->by_case && !set_by_case(ni))
        return failed("case", s->path);
    return true;
}

static bool
furnish(struct filler *f, const struct ntfs_specimen *s, size_t i)
{
    ntfs_inode *const ni = open_path(f, s->path);
    bool ok;

    if (ni == NULL)
        return failed("opening", s->path);
    ok = true;
    for (size_t k = 0; k < s->stream_count && ok; k++)
        if (!put_stream(ni, &s->streams[k]))
            ok = failed("a stream", s->path);
    ok = ok && put_facts(ni, s);
    if (ok && s->security.len > 0 && !put_security(f, ni, s))
        ok = failed("security", s->path);
    set_times(ni, i);
    if (ntfs_inode_close(ni) != 0)
        ok = failed("closing", s->path);
    return ok;
}

static bool
put_short_name(struct filler *f, const struct ntfs_specimen *s)
{
    struct name last;
    ntfs_inode *const ni  = open_path(f, s->path);
    ntfs_inode *const dir = open_parent(f, s->path, &last);

    /* Closes both. */
    if (ni == NULL || dir == NULL ||
        ntfs_set_ntfs_dos_name(ni, dir, s->short_name, strlen(s->short_name),
                               0) != 0)
        return failed("short name", s->path);
    return true;
}

static bool
put_specimen(struct filler *f, const struct ntfs_specimen *s, size_t i)
{
    if (s->link_of != NULL)
        return make_link(f, s->path, s->link_of);
    return create(f, s->path, s->directory) &&
           (s->short_name == NULL || put_short_name(f, s)) && furnish(f, s, i);
}

/* One file with many names. */
static bool
put_crowd(struct filler *f, unsigned names)
{
    static const struct ntfs_specimen_stream content = {.size = 1000};
    struct name last;
    char path[64];
    ntfs_inode *ni;
    ntfs_inode *dir;
    bool ok;

    (void)snprintf(path, sizeof(path), "links/%u", names);
    if (!create(f, path, true))
        return false;
    (void)snprintf(path, sizeof(path), "links/%u/0000", names);
    if (!create(f, path, false))
        return false;
    ni  = open_path(f, path);
    dir = open_parent(f, path, &last);
    ok  = ni != NULL && dir != NULL && put_stream(ni, &content);
    for (unsigned i = 1; i < names && ok; i++) {
        (void)snprintf(path, sizeof(path), "%04u", i);
        ok = name_of(path, strlen(path), &last) &&
             ntfs_link(ni, dir, last.units, last.count) == 0;
    }
    if (ni != NULL && dir != NULL) {
        ok = ntfs_inode_close_in_dir(ni, dir) == 0 && ok;
        ok = ntfs_inode_close(dir) == 0 && ok;
    }
    return ok || failed("many names", path);
}

/* Small files in number: "many/000/000000" …, a thousand in a directory. */
static bool
put_many(struct filler *f, unsigned files)
{
    ntfs_inode *dir = NULL;
    bool ok         = files == 0 || create(f, "many", true);

    for (unsigned i = 0; i < files && ok; i++) {
        struct ntfs_specimen_stream content = {.size = i % 1500};
        struct name last;
        char path[64];
        ntfs_inode *ni;

        (void)snprintf(path, sizeof(path), "many/%03u", i / 1000);
        ok = i % 1000 != 0 || create(f, path, true);
        (void)snprintf(path, sizeof(path), "many/%03u/%06u", i / 1000, i);
        dir = ok ? open_parent(f, path, &last) : NULL;
        ni  = dir == NULL ? NULL
                          : ntfs_create(dir, const_cpu_to_le32(0), last.units,
                                        last.count, S_IFREG);
        ok  = ni != NULL && put_stream(ni, &content);
        ok  = ni != NULL && ntfs_inode_close_in_dir(ni, dir) == 0 && ok;
        ok  = dir != NULL && ntfs_inode_close(dir) == 0 && ok;
    }
    return ok || failed("one", "many files");
}

static bool
put_all(struct filler *f, unsigned files, bool far)
{
    size_t count;
    const struct ntfs_specimen *const all = ntfs_specimens(&count);

    for (size_t i = 0; i < count; i++)
        if ((far || !all[i].far) && !put_specimen(f, &all[i], i))
            return false;
    for (size_t i = 0; i < NTFS_SPECIMEN_CROWDS; i++)
        if (!put_crowd(f, ntfs_specimen_crowds[i]))
            return false;
    return put_many(f, files);
}

static bool
run_mkntfs(const char *path)
{
    char program[]  = "mkntfs";
    char force[]    = "-F";
    char quick[]    = "-Q";
    char quiet[]    = "-q";
    char label_is[] = "-L";
    char label[]    = "Specimens";
    char *const own = strdup(path);
    char *argv[] = {program, force, quick, quiet, label_is, label, own, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status;
    bool ok;

    if (own == NULL || posix_spawn_file_actions_init(&actions) != 0) {
        free(own);
        return false;
    }
    /* It warns that an image is no device. */
    ok = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY,
                                          0) == 0 &&
         posix_spawn_file_actions_adddup2(&actions, 1, 2) == 0 &&
         posix_spawnp(&child, program, &actions, NULL, argv, environ) == 0 &&
         waitpid(child, &status, 0) == child && status == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    free(own);
    return ok || failed("mkntfs", path);
}

static bool
make_volume(const char *path, unsigned mebibytes)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    bool ok;

    if (fd == -1)
        return failed("creation", path);
    ok = ftruncate(fd, (off_t)mebibytes << 20) == 0;
    ok = close(fd) == 0 && ok;
    return (ok || failed("size", path)) && run_mkntfs(path);
}

bool
ntfs_specimen_fill(const char *path, unsigned mebibytes, unsigned files,
                   bool far)
{
    struct filler f;
    bool ok;

    memset(&f, 0, sizeof(f));
    if (!make_volume(path, mebibytes))
        return false;
    f.vol = ntfs_mount(path, 0);
    if (f.vol == NULL)
        return failed("opening", path);
    f.security.vol = f.vol;
    NVolSetCompression(f.vol);
    ok = ntfs_open_secure(f.vol) == 0 && put_all(&f, files, far);
    (void)ntfs_close_secure(f.vol);
    return ntfs_umount(f.vol, FALSE) == 0 && ok;
}
