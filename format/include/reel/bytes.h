/* SPDX-License-Identifier: Apache-2.0 */
/* A run of octets somebody else owns. */
#ifndef REEL_BYTES_H
#define REEL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reel/compiler.h"

/* Borrowed; whoever hands one out says how long it is valid. data may be NULL
   when len is 0. */
struct reel_bytes {
    const uint8_t *data;
    size_t len;
};

/* The same octets? Pure. */
REEL_API bool reel_bytes_equal(struct reel_bytes a, struct reel_bytes b);

/* Order octet by octet, a prefix first: <0, 0, >0. Pure. */
REEL_API int reel_bytes_compare(struct reel_bytes a, struct reel_bytes b);

/* The octets of a C string, without its NUL; valid as long as the string. */
REEL_API struct reel_bytes reel_bytes_of(const char *text);

/* True if all octets are zero. Pure. */
REEL_API bool reel_bytes_zero(const uint8_t *data, size_t len);

#endif
