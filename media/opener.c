/* SPDX-License-Identifier: Apache-2.0 */
/* How a medium opens what it is named; no spec chapter. */
#include "reel/medium_tap.h"

#include <errno.h>
#include <fcntl.h>

int
reel_medium_opener_open(const struct reel_medium_opener *o, const char *name,
                        int flags)
{
    int fd;

    flags |= O_CLOEXEC | O_NOCTTY;
    do
        fd = o ? o->open(o->ctx, name, flags) : open(name, flags, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}
