/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking at NTFS images in tests. */
#include "volume_look.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/logging.h>
#include <ntfs-3g/unistr.h>

static void
command(const char *fmt, const char *path, unsigned n)
{
    char text[512];
    const int len = snprintf(text, sizeof(text), fmt, path, n);

    ck_assert(len > 0 && (size_t)len < sizeof(text));
    /* NOLINTNEXTLINE(cert-env33-c): the text is our own, for a shell. */
    ck_assert_msg(system(text) == 0, "%s", text);
}

void
volume_make(const char *path, unsigned mebibytes)
{
    command("rm -f '%s' && :", path, 0);
    command("truncate -s '%2$uM' '%1$s'", path, mebibytes);
    command("/usr/sbin/mkntfs -F -Q -q -c 4096 '%s' >/dev/null 2>&1", path, 0);
}

void
volume_check(const char *path)
{
    command("ntfsresize --info --force --no-progress-bar '%s' >/dev/null 2>&1",
            path, 0);
}

ntfs_volume *
volume_open(const char *path)
{
    ntfs_volume *vol;

    ntfs_log_set_handler(ntfs_log_handler_null);
    vol = ntfs_mount(path, NTFS_MNT_RDONLY);
    ck_assert_ptr_nonnull(vol);
    ck_assert_int_eq(ntfs_open_secure(vol), 0);
    /* whoever wrote it put the mark back */
    ck_assert_uint_eq(vol->flags & VOLUME_IS_DIRTY, 0);
    return vol;
}

void
volume_close(ntfs_volume *vol)
{
    ck_assert_int_eq(ntfs_close_secure(vol), 0);
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
}

ntfs_inode *
volume_find(ntfs_volume *vol, const char *path)
{
    return ntfs_pathname_to_inode(vol, NULL, path);
}

bool
volume_has(const char *image, const char *path)
{
    ntfs_volume *vol = volume_open(image);
    ntfs_inode *ni   = volume_find(vol, path);
    const bool there = ni != NULL;

    if (there)
        ck_assert_int_eq(ntfs_inode_close(ni), 0);
    volume_close(vol);
    return there;
}

static ntfs_attr *
open_data(ntfs_inode *ni, const char *name)
{
    ntfschar units[255];
    u32 len = 0;
    ntfs_attr *na;

    for (; name != NULL && name[len] != '\0'; len++)
        units[len] = cpu_to_le16((u16)name[len]);
    na = ntfs_attr_open(ni, AT_DATA, len == 0 ? AT_UNNAMED : units, len);
    ck_assert_msg(na != NULL, "no stream %s", name == NULL ? "" : name);
    return na;
}

void
volume_content(ntfs_inode *ni, const char *name, struct reel_bytes want)
{
    ntfs_attr *na = open_data(ni, name);
    uint8_t *got  = malloc(want.len + 1);

    ck_assert_ptr_nonnull(got);
    ck_assert_int_eq(na->data_size, (s64)want.len);
    ck_assert_int_eq(ntfs_attr_pread(na, 0, (s64)want.len, got), (s64)want.len);
    ck_assert(want.len == 0 || memcmp(got, want.data, want.len) == 0);
    free(got);
    ntfs_attr_close(na);
}

int64_t
volume_clusters(ntfs_inode *ni, const char *name)
{
    ntfs_attr *na    = open_data(ni, name);
    int64_t clusters = 0;

    if (NAttrNonResident(na)) {
        ck_assert_int_eq(ntfs_attr_map_whole_runlist(na), 0);
        for (const runlist_element *rl = na->rl; rl->length > 0; rl++)
            if (rl->lcn >= 0)
                clusters += rl->length;
    }
    ntfs_attr_close(na);
    return clusters;
}

static int
count_name(void *ctx, const ntfschar *name, const int name_len,
           const int name_type, const s64 pos, const MFT_REF mref,
           const unsigned dt_type)
{
    unsigned *count = ctx;

    (void)pos;
    (void)dt_type;
    if (name_type != FILE_NAME_DOS && MREF(mref) >= FILE_first_user &&
        !(name_len <= 2 && name[0] == const_cpu_to_le16('.')))
        (*count)++;
    return 0;
}

unsigned
volume_count(ntfs_volume *vol, const char *path)
{
    ntfs_inode *ni = volume_find(vol, path);
    unsigned count = 0;
    s64 pos        = 0;

    ck_assert_ptr_nonnull(ni);
    ck_assert_int_eq(ntfs_readdir(ni, &pos, &count, count_name), 0);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    return count;
}

/* Over the first page of the log: as a crash leaves it. */
static void
open_log(ntfs_volume *vol)
{
    static const char garbage[] = "RSTRno such page";
    const s64 bytes             = sizeof(garbage) - 1;
    ntfs_inode *const ni        = ntfs_inode_open(vol, FILE_LogFile);
    ntfs_attr *na;
    s64 at;

    ck_assert_ptr_nonnull(ni);
    na = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    ck_assert_ptr_nonnull(na);
    at = ntfs_attr_vcn_to_lcn(na, 0) * (s64)vol->cluster_size;
    ntfs_attr_close(na);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ck_assert_int_eq(ntfs_pwrite(vol->dev, at, bytes, garbage), bytes);
}

static void
hibernate(ntfs_volume *vol)
{
    static const char text[] = "hiberfil.sys";
    const u8 len             = sizeof(text) - 1;
    char start[8192]         = "hibr";
    ntfs_inode *const root   = ntfs_inode_open(vol, FILE_root);
    ntfschar name[sizeof(text)];
    ntfs_inode *ni;
    ntfs_attr *na;

    ck_assert_ptr_nonnull(root);
    for (size_t i = 0; i < len; i++)
        name[i] = cpu_to_le16((u16)text[i]);
    ni = ntfs_create(root, const_cpu_to_le32(0), name, len, S_IFREG);
    ck_assert_ptr_nonnull(ni);
    na = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    ck_assert_ptr_nonnull(na);
    ck_assert_int_eq(ntfs_attr_pwrite(na, 0, sizeof(start), start),
                     sizeof(start));
    ntfs_attr_close(na);
    ck_assert_int_eq(ntfs_inode_close_in_dir(ni, root), 0);
    ck_assert_int_eq(ntfs_inode_close(root), 0);
}

void
volume_leave(const char *path, enum volume_state how)
{
    ntfs_volume *const vol = ntfs_mount(path, 0);

    ck_assert_ptr_nonnull(vol);
    switch (how) {
    case VOLUME_DIRTY:
        ck_assert_int_eq(ntfs_volume_write_flags(vol, VOLUME_IS_DIRTY), 0);
        break;
    case VOLUME_LOG_OPEN:
        open_log(vol);
        break;
    case VOLUME_HIBERNATED:
        hibernate(vol);
        break;
    }
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
}
