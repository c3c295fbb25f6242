/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source layer: the runs of data of a sparse file (spec 7.3, 7.4). They are
 * asked for as the file is read: no list, however many there are.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "holes_posix.h"

#define STAT_BLOCK_BYTES 512U

bool
reel_holes_posix_any(const struct reel_calls_posix *calls, int fd,
                     const struct statx *stat)
{
    off_t hole;

    if (stat->stx_size == 0 ||
        stat->stx_blocks >= stat->stx_size / STAT_BLOCK_BYTES +
                                (stat->stx_size % STAT_BLOCK_BYTES != 0))
        return false;
    /* Small files kept in the inode, and compressed ones, come here too. */
    hole = calls->lseek(fd, 0, SEEK_HOLE);
    return hole >= 0 && (uint64_t)hole < stat->stx_size;
}

static uint64_t
lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* No data behind h->at: a hole up to the end, or was the file cut? */
static bool
find_cut(struct reel_holes_posix *h, uint64_t *from, uint64_t *to)
{
    struct statx now;
    uint64_t begin = h->at;

    if (h->calls->statx(h->fd, "", AT_EMPTY_PATH, STATX_SIZE, &now) == 0) {
        if (now.stx_size >= h->size)
            return false;
        if (now.stx_size > begin)
            begin = now.stx_size;
    }
    *from = begin;
    *to   = begin + lower(h->size - begin, REEL_HOLES_CUT_BYTES_MAX);
    h->at = h->size;
    return true;
}

bool
reel_holes_posix_next(struct reel_holes_posix *h, uint64_t *from, uint64_t *to)
{
    off_t data;
    off_t hole;

    if (h->at >= h->size)
        return false;
    data = h->calls->lseek(h->fd, (off_t)h->at, SEEK_DATA);
    if (data < 0 && errno == ENXIO)
        return find_cut(h, from, to);
    *from = h->at; /* when the file system does not say: all is data */
    *to   = h->size;
    if (data >= 0) {
        if ((uint64_t)data >= h->size)
            return false; /* it grew */
        if ((uint64_t)data > h->at)
            *from = (uint64_t)data;
        hole = h->calls->lseek(h->fd, data, SEEK_HOLE);
        if (hole >= 0 && (uint64_t)hole > *from)
            *to = lower((uint64_t)hole, h->size);
        else if (hole < 0 && errno == ENXIO)
            *to = lower(*from + REEL_HOLES_CUT_BYTES_MAX, h->size);
    }
    h->at = *to;
    return true;
}
