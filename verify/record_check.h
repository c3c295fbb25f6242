/* SPDX-License-Identifier: Apache-2.0 */
/* What a record can break by itself, zero fields among it (C-3). Private to
   verify/. */
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

/*
 * What the fields of a record that a catalog can hold break; nothing is known
 * of other types, which are fine. INVALID; pure.
 */
enum reel_status reel_record_fields(const struct reel_record *r,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
