/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3 (K-7), both names the same object: which one; policy layer. */
#include <string.h>
#include <sys/sysmacros.h>

#include "sink_identity.h"

int
reel_sink_identity_get(const struct reel_sink_calls *calls, int dir,
                       const char *path, int flags,
                       struct reel_sink_identity *out)
{
    struct statx x;

    memset(&x, 0, sizeof(x));
    if (calls->statx(dir, path, flags, STATX_TYPE | STATX_INO | STATX_BTIME,
                     &x) != 0)
        return -1;
    memset(out, 0, sizeof(*out));
    out->dev  = makedev(x.stx_dev_major, x.stx_dev_minor);
    out->ino  = x.stx_ino;
    out->type = x.stx_mode & S_IFMT;
    if ((x.stx_mask & STATX_BTIME) != 0) {
        out->birth_s  = x.stx_btime.tv_sec;
        out->birth_ns = x.stx_btime.tv_nsec;
    }
    return 0;
}

bool
reel_sink_identity_same(const struct reel_sink_identity *a,
                        const struct reel_sink_identity *b)
{
    return a->dev == b->dev && a->ino == b->ino && a->type == b->type &&
           a->birth_s == b->birth_s && a->birth_ns == b->birth_ns;
}
