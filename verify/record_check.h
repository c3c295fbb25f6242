/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that have no meaning and must be zero (C-3). Private to verify/. */
#ifndef REEL_VERIFY_RECORD_CHECK_H
#define REEL_VERIFY_RECORD_CHECK_H

#include "reel/record.h"

/* Room that reel_record_zeros needs. */
#define REEL_RECORD_CHECK_BYTES                                                \
    (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

/*
 * Are all fields named zero in this record zero? A record that cannot be
 * decoded is not judged here. *at is the place in it where one is not. Pure.
 */
bool reel_record_zeros(const struct reel_record *r,
                       uint8_t scratch[REEL_RECORD_CHECK_BYTES],
                       struct reel_pos *at);

#endif
