/* SPDX-License-Identifier: Apache-2.0 */
/* Source layer: the door through which the POSIX source sees the system. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "calls_posix.h"

static int
open_at(int dir, const char *name, int flags)
{
    return openat(dir, name, flags);
}

const struct reel_calls_posix reel_calls_posix_real = {
    .openat     = open_at,
    .close      = close,
    .statx      = statx,
    .getdents   = getdents64,
    .readlinkat = readlinkat,
    .pread      = pread,
    .lseek      = lseek,
    .flistxattr = flistxattr,
    .fgetxattr  = fgetxattr,
    .listxattr  = listxattr,
    .getxattr   = getxattr,
    .getpwuid_r = getpwuid_r,
    .getgrgid_r = getgrgid_r,
};
