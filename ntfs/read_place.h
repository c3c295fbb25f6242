/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The path of a directory, from its number. */
#ifndef RN_READ_PLACE_H
#define RN_READ_PLACE_H

#include "read_names.h"

#define RN_PLACES_KEPT 64U

/* A directory looked up before. */
struct rn_place {
    uint64_t reference; /* 0: none */
    bool hidden;
    uint8_t *path;
    size_t len;
};

/* Zero it but for vol; rn_places_fini is due. */
struct rn_places {
    ntfs_volume *vol;
    struct rn_names names;
    uint8_t *work; /* a path grows here from its end */
    struct rn_place kept[RN_PLACES_KEPT];
};

/*
 * The path of directory `reference`, valid until the next call. *hidden: it is
 * a metafile or below one. Fails with CORRUPT (no way to the root), LIMIT (too
 * long for tape), MEMORY.
 */
enum reel_status rn_place_find(struct rn_places *p, uint64_t reference,
                               struct reel_bytes *path, bool *hidden,
                               struct reel_err *err) REEL_MUST_CHECK;
void rn_places_fini(struct rn_places *p);

#endif
