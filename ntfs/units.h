/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names and paths of NTFS: 16-bit units, kept as octets, lowest first, as on
 * disk and on tape (encoding 2). One surrogate may stand alone.
 */
#ifndef RN_UNITS_H
#define RN_UNITS_H

#include "reel/bytes.h"

#define RN_NAME_BYTES_MAX 510U   /* of a component: 255 units */
#define RN_PATH_BYTES_MAX 65534U /* spec N-1, and even */

/* Unit `i` of a run of units. */
uint16_t rn_unit(struct reel_bytes units, size_t i);

/* Order unit by unit, a prefix first: <0, 0, >0. Pure. */
int rn_units_compare(struct reel_bytes a, struct reel_bytes b);

/*
 * Octets of UTF-8, surrogates allowed (WTF-8), as units. *len is set in octets
 * of `out`, which has room for `room`. False: it is no WTF-8 or does not fit.
 * Pure.
 */
bool rn_units_of_text(const char *text, uint8_t *out, size_t room, size_t *len);

/* May it be a component of a path on tape (spec N-2)? Pure. */
bool rn_name_fits(struct reel_bytes name);

/* A path that grows and shrinks; zero it. rn_path_fini is due. */
struct rn_path {
    uint8_t *data; /* RN_PATH_BYTES_MAX octets of room, or NULL */
    size_t len;
};

/* Copy `path` into it; false without memory, or too long. */
bool rn_path_set(struct rn_path *p, struct reel_bytes path);

/* Add one component; false when the path gets too long. */
bool rn_path_add(struct rn_path *p, struct reel_bytes name);

struct reel_bytes rn_path_bytes(const struct rn_path *p);
void rn_path_fini(struct rn_path *p);

#endif
