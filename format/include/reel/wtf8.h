/* SPDX-License-Identifier: Apache-2.0 */
/* 16-bit units as octets and back: WTF-8 (spec 8.5). */
#ifndef REEL_WTF8_H
#define REEL_WTF8_H

#include "reel/builder.h"
#include "reel/cursor.h"

#define REEL_WTF8_POINT_MAX 0x10FFFFU
#define REEL_WTF8_POINT_BYTES_MAX 4U

/* Octets that `units_len` octets of units take at most. */
#define REEL_WTF8_BYTES_MAX(units_len) ((units_len) / 2 * 3)

/*
 * Put a code point, surrogates included, in the shortest form. Pre: point is
 * at most REEL_WTF8_POINT_MAX. Returns how many octets, 1 to 4. Pure.
 */
REEL_API size_t reel_wtf8_put(uint8_t out[REEL_WTF8_POINT_BYTES_MAX],
                              uint32_t point);

/*
 * The code point at octets[off], off < octets.len: its length, 1 to 4, and
 * *point; a surrogate is one. 0 when none stands there: no lead octet, cut
 * short, not the shortest form, too large. *point is untouched then. Whether
 * two surrogates are a pair is not looked at. Pure.
 */
REEL_API size_t reel_wtf8_get(struct reel_bytes octets, size_t off,
                              uint32_t *point);

/*
 * The code point at units[off], off < units.len: a pair, or one unit; its
 * length, 4 or 2, and *point. 0 for an odd octet at the end. Pure.
 */
REEL_API size_t reel_wtf8_get_units(struct reel_bytes units, size_t off,
                                    uint32_t *point);

/*
 * All of the units (lowest octet first) as WTF-8; `out` has room for
 * REEL_WTF8_BYTES_MAX(units.len). An odd octet at the end is left out.
 * Returns how many octets. Pure; cannot fail.
 */
REEL_API size_t reel_wtf8_from_units(uint8_t *out, struct reel_bytes units);

/*
 * Put the units that `octets` are the WTF-8 of. Fails with INVALID (N-6) for
 * octets that are not WTF-8, LIMIT when they do not fit the builder, which is
 * as before up to the place then. Pure.
 */
REEL_API enum reel_status
reel_wtf8_to_units(struct reel_builder *out, struct reel_bytes octets,
                   struct reel_err *err) REEL_MUST_CHECK;

#endif
