/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening an NTFS volume for reading, and why it cannot be. */
#include "read_volume.h"

#include <errno.h>
#include <string.h>

#include "opening.h"

/* Was the log of the volume closed? */
static enum reel_status
check_log(ntfs_volume *vol, struct reel_err *err)
{
    ntfs_inode *const ni      = ntfs_inode_open(vol, FILE_LogFile);
    RESTART_PAGE_HEADER *page = NULL;
    ntfs_attr *na             = NULL;
    bool clean                = false;

    if (ni != NULL)
        na = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    if (na != NULL) {
        clean =
            ntfs_check_logfile(na, &page) && ntfs_is_logfile_clean(na, page);
        free(page);
        ntfs_attr_close(na);
    }
    if (ni != NULL)
        (void)ntfs_inode_close(ni);
    if (clean)
        return REEL_OK;
    return rn_opening_unclean(err);
}

/* Why the look for a hibernation failed, from errno. */
static enum reel_status
not_awake(struct reel_err *err)
{
    const int why = errno;

    if (why == EPERM)
        return rn_opening_hibernated(err);
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the root directory of the NTFS volume cannot be read: "
                     "%s",
                     strerror(why));
}

static enum reel_status
check_state(ntfs_volume *vol, struct reel_err *err)
{
    REEL_TRY(rn_opening_check_dirty(vol, err));
    if (ntfs_volume_check_hiberfile(vol, 0) != 0)
        return not_awake(err);
    return check_log(vol, err);
}

static enum reel_status
read_serial(struct rn_volume *v, struct reel_err *err)
{
    NTFS_BOOT_SECTOR boot;

    if (ntfs_pread(v->vol->dev, 0, sizeof(boot), &boot) != (s64)sizeof(boot))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "reading the boot sector: %s", strerror(errno));
    v->serial = le64_to_cpu(boot.volume_serial_number);
    return REEL_OK;
}

static enum reel_status
prepare(struct rn_volume *v, struct reel_err *err)
{
    REEL_TRY(check_state(v->vol, err));
    REEL_TRY(read_serial(v, err));
    if (ntfs_open_secure(v->vol) != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the security descriptors of the NTFS volume "
                         "cannot be opened: %s",
                         strerror(errno));
    return REEL_OK;
}

enum reel_status
rn_volume_open(struct rn_volume *v, const char *image, struct reel_err *err)
{
    enum reel_status status;

    *v = (struct rn_volume){NULL, 0};
    rn_log_keep();
    v->vol = ntfs_mount(image, NTFS_MNT_RDONLY);
    if (v->vol == NULL)
        return rn_opening_failed(image, err);
    status = prepare(v, err);
    rn_log_forget();
    if (status != REEL_OK)
        rn_volume_close(v);
    return status;
}

void
rn_volume_close(struct rn_volume *v)
{
    if (v->vol == NULL)
        return;
    (void)ntfs_close_secure(v->vol);
    (void)ntfs_umount(v->vol, TRUE);
    v->vol = NULL;
}
