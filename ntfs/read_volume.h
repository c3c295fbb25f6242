/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A volume opened for reading: libntfs-3g without a mount, and without a word
   of it anywhere but where it is asked for. */
#ifndef RN_READ_VOLUME_H
#define RN_READ_VOLUME_H

#include "libntfs.h"
#include "reel/err.h"

struct rn_volume {
    ntfs_volume *vol;
    uint64_t serial;
};

/* Open a device or an image. Fails with MEDIUM (cannot be read, in use, no
   NTFS, damaged, dirty, hibernated), MEMORY. */
enum reel_status rn_volume_open(struct rn_volume *v, const char *image,
                                struct reel_err *err) REEL_MUST_CHECK;
void rn_volume_close(struct rn_volume *v);

#endif
