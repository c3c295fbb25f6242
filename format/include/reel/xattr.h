/* SPDX-License-Identifier: Apache-2.0 */
/* XATTR: one POSIX extended attribute (spec 6.2). */
#ifndef REEL_XATTR_H
#define REEL_XATTR_H

#include "reel/record.h"

struct reel_xattr {
    uint16_t zero;
    struct reel_bytes name;  /* 1 … 255 octets, none zero; borrowed */
    struct reel_bytes value; /* borrowed */
};

/* Decode the payload at `c` (O-11, R-6). INVALID. Pure. */
REEL_API enum reel_status
reel_xattr_decode(struct reel_xattr *out, struct reel_cursor *c,
                  struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_xattr_encode(const struct reel_xattr *x, uint64_t number,
                  struct reel_builder *b, struct reel_err *err) REEL_MUST_CHECK;

#endif
