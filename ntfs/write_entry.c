/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec 8.1 on NTFS: names in directories, of every name space. */
#include "write_entry.h"

#include <errno.h>
#include <string.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/index.h>
#include <ntfs-3g/unistr.h>

#include "reel/alloc.h"

#define UNITS_MAX 255U

/* A name as libntfs-3g takes it. */
static size_t
units_of(ntfschar out[UNITS_MAX], struct reel_bytes name)
{
    const size_t n = name.len / 2 < UNITS_MAX ? name.len / 2 : UNITS_MAX;

    for (size_t i = 0; i < n; i++)
        out[i] = cpu_to_le16(rn_unit(name, i));
    return n;
}

static const FILE_NAME_ATTR *
file_name_at(const ntfs_attr_search_ctx *ctx)
{
    const uint8_t *attr = (const uint8_t *)ctx->attr;
    const void *value   = attr + le16_to_cpu(ctx->attr->value_offset);

    return value;
}

static FILE_NAME_ATTR *
file_name_new(const ntfs_inode *ni, const ntfs_inode *dir,
              struct reel_bytes name, FILE_NAME_TYPE_FLAGS space, size_t *len)
{
    ntfschar units[UNITS_MAX];
    const size_t n = units_of(units, name);
    FILE_NAME_ATTR *fn;

    *len = sizeof(*fn) + n * sizeof(units[0]);
    fn   = reel_alloc_array(*len, 1);
    if (fn == NULL)
        return NULL;
    fn->parent_directory =
        MK_LE_MREF(dir->mft_no, le16_to_cpu(dir->mrec->sequence_number));
    fn->file_name_length      = (u8)n;
    fn->file_name_type        = space;
    fn->file_attributes       = ni->flags;
    fn->creation_time         = ni->creation_time;
    fn->last_data_change_time = ni->last_data_change_time;
    fn->last_mft_change_time  = ni->last_mft_change_time;
    fn->last_access_time      = ni->last_access_time;
    if (rn_inode_is_directory(ni)) {
        fn->file_attributes |= FILE_ATTR_I30_INDEX_PRESENT;
    } else {
        fn->allocated_size = cpu_to_le64((u64)ni->allocated_size);
        fn->data_size      = cpu_to_le64((u64)ni->data_size);
    }
    memcpy(fn->file_name, units, n * sizeof(units[0]));
    return fn;
}

enum reel_status
rn_entry_add(ntfs_inode *ni, ntfs_inode *dir, struct reel_bytes name,
             FILE_NAME_TYPE_FLAGS space, struct reel_err *err)
{
    size_t len;
    FILE_NAME_ATTR *fn      = file_name_new(ni, dir, name, space, &len);
    enum reel_status status = REEL_OK;

    if (fn == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a name");
    if (ntfs_index_add_filename(dir, fn, rn_inode_reference(ni)) != 0) {
        status = rn_fail_errno(err, "its name cannot be made");
    } else if (ntfs_attr_add(ni, AT_FILE_NAME, AT_UNNAMED, 0, (u8 *)fn,
                             (s64)len) != 0) {
        status = rn_fail_errno(err, "its name cannot be put in its record");
        if (ntfs_index_remove(dir, ni, fn, (int)len) != 0)
            status = rn_fail_errno(err, "its name cannot be taken back");
    } else {
        ni->mrec->link_count =
            cpu_to_le16((u16)(le16_to_cpu(ni->mrec->link_count) + 1U));
        ntfs_inode_mark_dirty(ni);
    }
    reel_free(fn);
    return status;
}

/* Stand at the attribute of that name; 0, or -1 with errno. */
static int
seek_name(ntfs_attr_search_ctx *ctx, uint64_t dir, struct reel_bytes name)
{
    ntfschar units[UNITS_MAX];
    const size_t n = units_of(units, name);

    while (ntfs_attr_lookup(AT_FILE_NAME, AT_UNNAMED, 0, CASE_SENSITIVE, 0,
                            NULL, 0, ctx) == 0) {
        const FILE_NAME_ATTR *fn = file_name_at(ctx);

        if (MREF_LE(fn->parent_directory) == MREF(dir) &&
            fn->file_name_length == n &&
            memcmp(fn->file_name, units, n * sizeof(units[0])) == 0)
            return 0;
    }
    return -1;
}

/* Pre: ctx stands at the attribute. */
static enum reel_status
remove_at(ntfs_attr_search_ctx *ctx, ntfs_inode *ni, ntfs_inode *dir,
          struct reel_err *err)
{
    const size_t len        = le32_to_cpu(ctx->attr->value_length);
    void *copy              = reel_alloc_array(len, 1);
    enum reel_status status = REEL_OK;

    if (copy == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a name");
    memcpy(copy, file_name_at(ctx), len);
    if (ntfs_index_remove(dir, ni, copy, (int)len) != 0 ||
        ntfs_attr_record_rm(ctx) != 0) {
        status = rn_fail_errno(err, "its temporary name cannot be removed");
    } else {
        ni->mrec->link_count =
            cpu_to_le16((u16)(le16_to_cpu(ni->mrec->link_count) - 1U));
        ntfs_inode_mark_dirty(ni);
    }
    reel_free(copy);
    return status;
}

enum reel_status
rn_entry_remove(ntfs_inode *ni, ntfs_inode *dir, struct reel_bytes name,
                struct reel_err *err)
{
    ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);
    enum reel_status status;

    if (ctx == NULL)
        return rn_fail_errno(err, "its names cannot be looked at");
    if (seek_name(ctx, dir->mft_no, name) != 0)
        status = rn_fail_errno(err, "its temporary name is not there");
    else
        status = remove_at(ctx, ni, dir, err);
    ntfs_attr_put_search_ctx(ctx);
    return status;
}

enum reel_status
rn_entry_find(ntfs_inode *dir, struct reel_bytes name, bool folded,
              uint64_t *reference, struct reel_err *err)
{
    ntfschar units[UNITS_MAX];
    const size_t n = units_of(units, name);
    u64 found;

    *reference = 0;
    if (folded)
        dir->vol->state &= ~(1UL << NV_CaseSensitive);
    found = ntfs_inode_lookup_by_name(dir, units, (int)n);
    NVolSetCaseSensitive(dir->vol);
    if (found != (u64)-1) {
        *reference = found;
        return REEL_OK;
    }
    if (errno == ENOENT)
        return REEL_OK;
    return rn_fail_errno(err, "its place cannot be looked at");
}

int
rn_entry_space(ntfs_inode *ni, uint64_t dir, struct reel_bytes name)
{
    ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);
    int space                 = -1;

    if (ctx == NULL)
        return -1;
    if (seek_name(ctx, dir, name) == 0)
        space = file_name_at(ctx)->file_name_type;
    ntfs_attr_put_search_ctx(ctx);
    return space;
}

uint32_t
rn_entry_count(ntfs_inode *ni, bool *has_short)
{
    ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);
    uint32_t count            = 0;

    *has_short = false;
    if (ctx == NULL)
        return 0;
    while (ntfs_attr_lookup(AT_FILE_NAME, AT_UNNAMED, 0, CASE_SENSITIVE, 0,
                            NULL, 0, ctx) == 0) {
        const int space = file_name_at(ctx)->file_name_type;

        if (space != FILE_NAME_DOS)
            count++;
        if ((space & FILE_NAME_DOS) != 0)
            *has_short = true;
    }
    ntfs_attr_put_search_ctx(ctx);
    return count;
}

bool
rn_entry_shown(const ntfs_volume *vol, struct reel_bytes name)
{
    ntfschar units[UNITS_MAX];
    const size_t n    = units_of(units, name);
    ntfs_volume *tool = NULL;

    memcpy(&tool, &vol, sizeof(tool)); /* it only looks at the case table */
    return !ntfs_forbidden_names(tool, units, (int)n, TRUE);
}

bool
rn_entry_is_short(const ntfs_volume *vol, struct reel_bytes name)
{
    const size_t n = name.len / 2;
    size_t dot     = n;

    if (n == 0 || n > 12 || !rn_entry_shown(vol, name))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rn_unit(name, i) == ' ')
            return false;
        if (rn_unit(name, i) != '.')
            continue;
        if (dot != n)
            return false;
        dot = i;
    }
    return dot >= 1 && dot <= 8 && (dot == n || n - dot - 1 <= 3);
}

bool
rn_entry_alike(const ntfs_volume *vol, struct reel_bytes a, struct reel_bytes b)
{
    ntfschar x[UNITS_MAX];
    ntfschar y[UNITS_MAX];

    return ntfs_names_are_equal(x, units_of(x, a), y, units_of(y, b),
                                IGNORE_CASE, vol->upcase,
                                vol->upcase_len) == TRUE;
}

enum reel_status
rn_entry_delete(ntfs_inode *ni, ntfs_inode *dir, struct reel_bytes name,
                struct reel_err *err)
{
    ntfschar units[UNITS_MAX];
    const size_t n = units_of(units, name);

    if (ni->mft_no < FILE_first_user) { /* never, whoever asks */
        (void)ntfs_inode_close(dir);
        (void)ntfs_inode_close(ni);
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "what belongs to NTFS cannot be removed");
    }
    if (ntfs_delete(dir->vol, NULL, ni, dir, units, (u8)n) != 0)
        return rn_fail_errno(err, "cannot be removed");
    return REEL_OK;
}
