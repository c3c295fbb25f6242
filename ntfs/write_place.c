/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec N-5 on NTFS: finding directories without leaving the base. */
#include "write_place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ntfs-3g/dir.h>

#include "reel/path.h"

static struct reel_bytes
part(struct reel_bytes path, size_t from, size_t to)
{
    return (struct reel_bytes){.data = path.data + from, .len = to - from};
}

/* Where the component that begins at `from` ends. */
static size_t
component_end(struct reel_bytes path, size_t from)
{
    size_t end = from;

    while (end < path.len && rn_unit(path, end / 2) != '/')
        end += 2;
    return end;
}

static enum reel_status
check_name(struct reel_bytes name, struct reel_err *err)
{
    if (name.len > RN_NAME_BYTES_MAX)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "a name of more than 255 units");
    return reel_path_check(name, REEL_ENCODING_UTF16, NULL, err);
}

static enum reel_status
refuse(struct reel_err *err, const char *why)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s", why);
}

/* Is `ni` a directory that may be entered? */
static enum reel_status
check_enter(const ntfs_inode *ni, struct reel_err *err)
{
    if (ni->mft_no < FILE_first_user && ni->mft_no != FILE_root)
        return refuse(err, "its directory belongs to NTFS itself");
    if ((ni->flags & FILE_ATTR_REPARSE_POINT) != 0)
        return refuse(err, "its directory is a reparse point there");
    if (!rn_inode_is_directory(ni))
        return refuse(err, "its directory is a file there");
    return REEL_OK;
}

static enum reel_status
make_directory(struct rn_target *t, ntfs_inode *dir, struct reel_bytes name,
               uint64_t *reference, struct reel_err *err)
{
    ntfschar units[RN_NAME_BYTES_MAX / 2];
    ntfs_inode *ni;

    REEL_TRY(rn_target_room(t, 0, err));
    for (size_t i = 0; i < name.len / 2; i++)
        units[i] = cpu_to_le16(rn_unit(name, i));
    ni = ntfs_create(dir, const_cpu_to_le32(0), units, (u8)(name.len / 2),
                     S_IFDIR);
    if (ni == NULL)
        return rn_fail_errno(err, "its directory cannot be made");
    *reference = rn_inode_reference(ni);
    if (ntfs_inode_close_in_dir(ni, dir) != 0)
        return rn_fail_errno(err, "its directory cannot be made");
    return REEL_OK;
}

/* One step down. */
static enum reel_status
enter(struct rn_target *t, uint64_t *at, struct reel_bytes name,
      struct reel_err *err)
{
    ntfs_inode *ni;
    uint64_t next = 0;
    enum reel_status status;

    REEL_TRY(check_name(name, err));
    REEL_TRY(rn_inode_open(t->vol, *at, &ni, err));
    status = rn_entry_find(ni, name, false, &next, err);
    if (status == REEL_OK && next == 0)
        status = make_directory(t, ni, name, &next, err);
    if (ntfs_inode_close(ni) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "its directory cannot be made");
    REEL_TRY(status);
    if (MREF(next) == MREF(t->pending))
        return refuse(err, RN_PENDING_NAME " is our own directory");
    REEL_TRY(rn_inode_open(t->vol, next, &ni, err));
    status = check_enter(ni, err);
    if (ntfs_inode_close(ni) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "its directory cannot be closed");
    *at = next;
    return status;
}

enum reel_status
rn_place_directory(struct rn_target *t, struct reel_bytes path,
                   uint64_t *reference, struct reel_err *err)
{
    uint64_t at = t->base;
    size_t from = 0;

    *reference = at;
    if (path.len == 0)
        return REEL_OK;
    if (t->parent_len == path.len &&
        memcmp(t->parent_path, path.data, path.len) == 0) {
        *reference = t->parent;
        return REEL_OK;
    }
    do {
        const size_t end = component_end(path, from);

        REEL_TRY(enter(t, &at, part(path, from, end), err));
        from = end + 2;
    } while (from < path.len);
    if (path.len <= RN_PATH_BYTES_MAX && t->pending != 0) {
        memcpy(t->parent_path, path.data, path.len);
        t->parent_len = path.len;
        t->parent     = at;
    }
    *reference = at;
    return REEL_OK;
}

enum reel_status
rn_place_parent(struct rn_target *t, struct reel_bytes path, uint64_t *parent,
                struct reel_bytes *name, struct reel_err *err)
{
    size_t from = 0;

    for (size_t end = component_end(path, 0); end < path.len;
         end        = component_end(path, from))
        from = end + 2;
    *name = part(path, from, path.len);
    REEL_TRY(check_name(*name, err));
    return rn_place_directory(t, part(path, 0, from > 0 ? from - 2 : 0), parent,
                              err);
}

void
rn_place_forget(struct rn_target *t)
{
    t->parent_len = 0;
}

/* The pending directory */

static struct reel_bytes
ascii_units(uint8_t *out, size_t room, const char *text)
{
    size_t len = 0;

    for (; *text != '\0' && len + 2 <= room; text++) {
        out[len++] = (uint8_t)*text;
        out[len++] = 0;
    }
    return (struct reel_bytes){.data = out, .len = len};
}

#define PENDING_UNITS (2 * sizeof(RN_PENDING_NAME))

void
rn_pending_name_make(struct rn_pending_name *n, uint64_t number)
{
    char text[sizeof(n->octets) / 2];

    (void)snprintf(text, sizeof(text), "%016llx", (unsigned long long)number);
    n->bytes = ascii_units(n->octets, sizeof(n->octets), text);
}

/* The first name in a directory but "." and ".."; see ntfs_filldir_t. */
struct first {
    uint8_t octets[RN_NAME_BYTES_MAX];
    size_t len;
    uint64_t reference;
};

static int
take_first(void *ctx, const ntfschar *name, const int name_len,
           const int name_type, const s64 pos, const MFT_REF mref,
           const unsigned dt_type)
{
    struct first *f = ctx;

    (void)name_type;
    (void)pos;
    (void)dt_type;
    if (name_len == 1 && name[0] == const_cpu_to_le16('.'))
        return 0;
    if (name_len == 2 && name[0] == const_cpu_to_le16('.') &&
        name[1] == const_cpu_to_le16('.'))
        return 0;
    f->len = 0;
    for (int i = 0; i < name_len && i < 255; i++) {
        f->octets[f->len++] = (uint8_t)(le16_to_cpu(name[i]) & 0xFF);
        f->octets[f->len++] = (uint8_t)(le16_to_cpu(name[i]) >> 8);
    }
    f->reference = mref;
    return -1;
}

/* Delete the first thing in the pending directory; *any false: it is empty. */
static enum reel_status
remove_first(struct rn_target *t, bool *any, struct reel_err *err)
{
    struct first f = {.len = 0};
    s64 pos        = 0;
    ntfs_inode *dir;
    ntfs_inode *ni;

    REEL_TRY(rn_inode_open(t->vol, t->pending, &dir, err));
    (void)ntfs_readdir(dir, &pos, &f, take_first);
    *any = f.len > 0;
    if (!*any)
        return rn_inode_close(dir, err);
    if (rn_inode_open(t->vol, f.reference, &ni, err) != REEL_OK) {
        (void)ntfs_inode_close(dir);
        return err->status;
    }
    return rn_entry_delete(
        ni, dir, (struct reel_bytes){.data = f.octets, .len = f.len}, err);
}

enum reel_status
rn_place_pending_open(struct rn_target *t, struct reel_err *err)
{
    uint8_t octets[PENDING_UNITS];
    const struct reel_bytes name =
        ascii_units(octets, sizeof(octets), RN_PENDING_NAME);
    uint64_t found = t->base;
    bool any       = true;
    ntfs_inode *ni;

    REEL_TRY(enter(t, &found, name, err));
    t->pending = found;
    while (any)
        REEL_TRY(remove_first(t, &any, err));
    REEL_TRY(rn_inode_open(t->vol, t->pending, &ni, err));
    ni->flags |= FILE_ATTR_HIDDEN | FILE_ATTR_SYSTEM;
    ntfs_inode_mark_dirty(ni);
    return rn_inode_close(ni, err);
}

enum reel_status
rn_place_pending_close(struct rn_target *t, struct reel_err *err)
{
    uint8_t octets[PENDING_UNITS];
    const struct reel_bytes name =
        ascii_units(octets, sizeof(octets), RN_PENDING_NAME);
    ntfs_inode *dir;
    ntfs_inode *ni;

    if (t->pending == 0)
        return REEL_OK;
    REEL_TRY(rn_inode_open(t->vol, t->base, &dir, err));
    if (rn_inode_open(t->vol, t->pending, &ni, err) != REEL_OK) {
        (void)ntfs_inode_close(dir);
        return err->status;
    }
    t->pending = 0;
    return rn_entry_delete(ni, dir, name, err);
}

enum reel_status
rn_pending_create(struct rn_target *t, uint64_t number, bool directory,
                  ntfs_inode **out, struct reel_err *err)
{
    struct rn_pending_name name;
    ntfschar units[sizeof(name.octets) / 2];
    ntfs_inode *dir;
    ntfs_inode *ni;

    REEL_TRY(rn_target_room(t, 0, err));
    REEL_TRY(rn_inode_open(t->vol, t->pending, &dir, err));
    rn_pending_name_make(&name, number);
    for (size_t i = 0; i < name.bytes.len / 2; i++)
        units[i] = cpu_to_le16(rn_unit(name.bytes, i));
    ni = ntfs_create(dir, const_cpu_to_le32(0), units, (u8)(name.bytes.len / 2),
                     directory ? S_IFDIR : S_IFREG);
    if (ni == NULL)
        (void)rn_fail_errno(err, "cannot be made");
    if (ntfs_inode_close(dir) != 0 && ni != NULL) {
        (void)rn_fail_errno(err, "cannot be made");
        (void)ntfs_inode_close(ni);
        ni = NULL;
    }
    *out = ni;
    return ni == NULL ? err->status : REEL_OK;
}

void
rn_pending_discard(struct rn_target *t, uint64_t number, ntfs_inode *ni,
                   const struct rn_subject *about)
{
    struct rn_pending_name name;
    struct reel_err err;
    ntfs_inode *dir;

    rn_pending_name_make(&name, number);
    if (rn_inode_open(t->vol, t->pending, &dir, &err) != REEL_OK) {
        (void)ntfs_inode_close(ni);
    } else if (rn_entry_delete(ni, dir, name.bytes, &err) == REEL_OK) {
        return;
    }
    rn_report_say(&t->report, about, REEL_NOTE_INFO, err.status,
                  "what was begun of it stays in " RN_PENDING_NAME ": %s",
                  err.text);
}

enum reel_status
rn_pending_leave(struct rn_target *t, uint64_t number, ntfs_inode *ni,
                 struct reel_err *err)
{
    struct rn_pending_name name;
    enum reel_status status;
    ntfs_inode *dir;

    rn_pending_name_make(&name, number);
    REEL_TRY(rn_inode_open(t->vol, t->pending, &dir, err));
    status = rn_entry_remove(ni, dir, name.bytes, err);
    if (ntfs_inode_close(dir) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "its temporary name cannot be removed");
    return status;
}
