/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers of libntfs-3g, behind what they need and do not include. */
#ifndef RN_LIBNTFS_H
#define RN_LIBNTFS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include <ntfs-3g/types.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/bootsect.h>
#include <ntfs-3g/device.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/index.h>
#include <ntfs-3g/inode.h>
#include <ntfs-3g/layout.h>
#include <ntfs-3g/logfile.h>
#include <ntfs-3g/logging.h>
#include <ntfs-3g/object_id.h>
#include <ntfs-3g/security.h>
#include <ntfs-3g/volume.h>

#endif
