/* SPDX-License-Identifier: Apache-2.0 */
/* Paths in either encoding (spec 8.1). */
#ifndef REEL_PATH_H
#define REEL_PATH_H

#include "reel/cursor.h"

enum reel_encoding {
    REEL_ENCODING_POSIX = 1, /* octets */
    REEL_ENCODING_UTF16 = 2  /* 16-bit units, lowest octet first */
};

/*
 * Judge a path (N-1 to N-3). `at` is where it stands, for the error.
 * Fails with INVALID. Pure.
 */
REEL_API enum reel_status reel_path_check(struct reel_bytes path,
                                          uint8_t encoding,
                                          const struct reel_cursor *at,
                                          struct reel_err *err) REEL_MUST_CHECK;

#endif
