/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening and closing the volume that is restored on to. */
#include "write_target.h"

#include <errno.h>
#include <string.h>

#include <ntfs-3g/dir.h>

#include "opening.h"
#include "reel/alloc.h"
#include "units.h"
#include "write_facts.h"
#include "write_place.h"

/* Kept free: what the file table, indexes and run lists may want at once. */
#define RESERVE_CLUSTERS 64
#define RESERVE_PART 64 /* of the clusters of a small volume */

enum reel_status
rn_inode_open(ntfs_volume *vol, uint64_t reference, ntfs_inode **out,
              struct reel_err *err)
{
    ntfs_inode *ni     = ntfs_inode_open(vol, MREF(reference));
    const uint16_t use = MSEQNO(reference);

    if (ni == NULL)
        return rn_fail_errno(err, "a file record cannot be read");
    if (use != 0 && use != le16_to_cpu(ni->mrec->sequence_number)) {
        (void)ntfs_inode_close(ni);
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "what it belongs to was replaced meanwhile");
    }
    *out = ni;
    return REEL_OK;
}

enum reel_status
rn_inode_close(ntfs_inode *ni, struct reel_err *err)
{
    if (ntfs_inode_close(ni) != 0)
        return rn_fail_errno(err, "a file record cannot be written");
    return REEL_OK;
}

uint64_t
rn_inode_reference(const ntfs_inode *ni)
{
    return MK_MREF(ni->mft_no, le16_to_cpu(ni->mrec->sequence_number));
}

bool
rn_inode_is_directory(const ntfs_inode *ni)
{
    return (ni->mrec->flags & MFT_RECORD_IS_DIRECTORY) != 0;
}

/* Opening */

static enum reel_status
mount_volume(struct rn_target *t, struct reel_err *err)
{
    t->vol = ntfs_mount(t->options->image, NTFS_MNT_NONE);
    if (t->vol == NULL)
        return rn_opening_failed(t->options->image, err);
    NVolSetCaseSensitive(t->vol);
    NVolSetCompression(t->vol);
    if (ntfs_volume_get_free_space(t->vol) != 0)
        return rn_fail_errno(err, "the free space cannot be counted");
    if (ntfs_open_secure(t->vol) != 0)
        return rn_fail_errno(err, "$Secure cannot be opened");
    t->secured      = true;
    t->security.vol = t->vol;
    return REEL_OK;
}

/* As long as we write, whoever finds the volume is to look it over: where
   somebody died in the middle, clusters may be in use that count as free. */
static enum reel_status
mark_dirty(struct rn_target *t, struct reel_err *err)
{
    t->flags_before = t->vol->flags;
    REEL_TRY(rn_opening_check_dirty(t->vol, err));
    if (ntfs_volume_write_flags(t->vol, t->vol->flags | VOLUME_IS_DIRTY) != 0)
        return rn_fail_errno(err, "the volume cannot be written");
    t->marked_dirty = true;
    return REEL_OK;
}

/* DIRECTORY as people type it: WTF-8, with either slash. */
static enum reel_status
find_base(struct rn_target *t, struct reel_err *err)
{
    const char *text = t->options->directory;
    uint8_t *units   = reel_alloc_array(RN_PATH_BYTES_MAX, 1);
    size_t len       = 0;
    size_t kept      = 0;
    enum reel_status status;

    t->base = FILE_root;
    if (units == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a path");
    if (!rn_units_of_text(text, units, RN_PATH_BYTES_MAX, &len)) {
        reel_free(units);
        return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                         "the directory is no UTF-8, or too long");
    }
    for (size_t i = 0; i < len; i += 2) {
        const bool slash =
            units[i + 1] == 0 && (units[i] == '/' || units[i] == '\\');

        if (slash && (kept == 0 || units[kept - 2] == '/'))
            continue;
        units[kept]     = slash ? (uint8_t)'/' : units[i];
        units[kept + 1] = units[i + 1];
        kept += 2;
    }
    if (kept > 0 && units[kept - 1] == 0 && units[kept - 2] == '/')
        kept -= 2;
    status = rn_place_directory(
        t, (struct reel_bytes){.data = units, .len = kept}, &t->base, err);
    reel_free(units);
    return status;
}

enum reel_status
rn_target_prepare(struct rn_target *t, const struct rn_write_options *options,
                  struct reel_err *err)
{
    unsigned long mounted = 0;

    t->options     = options;
    t->parent_path = reel_alloc_array(RN_PATH_BYTES_MAX, 1);
    if (t->parent_path == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a path");
    REEL_TRY(rn_row_init(&t->made, sizeof(struct rn_made), NULL, err));
    REEL_TRY(rn_row_init(&t->late, sizeof(struct rn_late), NULL, err));
    if (ntfs_check_if_mounted(options->image, &mounted) == 0 &&
        (mounted & NTFS_MF_MOUNTED) != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the NTFS volume is mounted");
    return REEL_OK;
}

enum reel_status
rn_target_open(struct rn_target *t, struct reel_err *err)
{
    REEL_TRY(mount_volume(t, err));
    REEL_TRY(mark_dirty(t, err));
    REEL_TRY(find_base(t, err));
    return rn_place_pending_open(t, err);
}

enum reel_status
rn_target_close(struct rn_target *t, struct reel_err *err)
{
    enum reel_status status = REEL_OK;

    if (t->pending != 0)
        status = rn_place_pending_close(t, err);
    if (t->secured && ntfs_close_secure(t->vol) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "$Secure cannot be written");
    if (t->marked_dirty && status == REEL_OK &&
        ntfs_volume_write_flags(t->vol, t->flags_before) != 0)
        status = rn_fail_errno(err, "the volume cannot be written");
    if (t->vol != NULL && ntfs_umount(t->vol, FALSE) != 0) {
        if (status == REEL_OK)
            status = rn_fail_errno(err, "the volume cannot be closed");
        (void)ntfs_umount(t->vol, TRUE);
    }
    t->vol = NULL;
    rn_row_fini(&t->made);
    rn_row_fini(&t->late);
    reel_free(t->parent_path);
    t->parent_path = NULL;
    return status;
}

enum reel_status
rn_target_room(const struct rn_target *t, uint64_t octets, struct reel_err *err)
{
    const ntfs_volume *vol = t->vol;
    const uint64_t wanted  = octets / vol->cluster_size + 2;
    int64_t reserve        = vol->nr_clusters / RESERVE_PART;

    if (reserve > RESERVE_CLUSTERS)
        reserve = RESERVE_CLUSTERS;
    if (vol->free_clusters > reserve &&
        (uint64_t)(vol->free_clusters - reserve) >= wanted)
        return REEL_OK;
    return reel_fail(err, REEL_E_FULL, NULL, NULL, "the volume is full");
}

/* Links */

enum reel_status
rn_target_remember(struct rn_target *t, uint64_t number, uint64_t reference,
                   struct reel_err *err)
{
    const struct rn_made made = {.number = number, .reference = reference};

    return rn_row_add(&t->made, &made, err);
}

enum reel_status
rn_target_recall(const struct rn_target *t, uint64_t number,
                 uint64_t *reference, struct reel_err *err)
{
    uint64_t low  = 0;
    uint64_t high = rn_row_count(&t->made);

    *reference = 0;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        struct rn_made made;

        REEL_TRY(rn_row_get(&t->made, middle, &made, err));
        if (made.number == number) {
            *reference = made.reference;
            return REEL_OK;
        }
        if (made.number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return REEL_OK;
}
