/* SPDX-License-Identifier: Apache-2.0 */
/* One record as the row of buffers that are written in one call. */
#ifndef REEL_TAP_PARTS_H
#define REEL_TAP_PARTS_H

#include <stdint.h>
#include <sys/uio.h>

#include "reel/tap_frame.h"

#define REEL_TAP_PARTS 4

struct reel_tap_parts {
    struct iovec iov[REEL_TAP_PARTS]; /* word, data, filling, word */
    uint8_t word[REEL_TAP_WORD_BYTES];
    uint8_t filling;
};

/* A good record of data[0, bytes), which is borrowed. Points into itself. */
void reel_tap_parts_init(struct reel_tap_parts *p, const void *data,
                         uint32_t bytes);

#endif
