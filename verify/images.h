/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images of the volumes of one set, in any order, some missing: they are read
 * once to learn which is which and what is known of the set beforehand, and
 * then given out as volumes. Private to verify/.
 */
#ifndef REEL_VERIFY_IMAGES_H
#define REEL_VERIFY_IMAGES_H

#include "reel/extract.h"
#include "reel/known.h"
#include "reel/volumes.h"

/* Sets and volumes told apart in one image. */
#define REEL_IMAGE_VOTES_MAX 16U

/* What the good blocks of an image say of one set. */
struct reel_image_vote {
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint32_t volume;
    uint64_t blocks;
};

struct reel_image {
    const char *name; /* borrowed */
    struct reel_image_vote votes[REEL_IMAGE_VOTES_MAX];
    size_t vote_count;
    uint64_t good;                      /* blocks */
    uint8_t last_id[REEL_SET_ID_BYTES]; /* of the last good block */
    bool paired; /* two good blocks, one behind the other, agree on a set */
    uint8_t set_id[REEL_SET_ID_BYTES]; /* that, else that of the first one */
    uint32_t number;                   /* of the volume; 0: none of the set */
};

/* A run above 0 that a good block states. */
struct reel_image_run {
    uint8_t set_id[REEL_SET_ID_BYTES];
    struct reel_known_run run;
};

struct reel_images {
    struct reel_image *list;
    size_t count;
    const struct reel_medium_opener *opener; /* may be NULL */
    const struct reel_reporter *report;      /* for stop */
    struct reel_image_run *runs;             /* some of them several times */
    size_t run_count;
    size_t run_capacity;
    bool any; /* there is a good block: */
    uint8_t set_id[REEL_SET_ID_BYTES];
    struct reel_known known; /* of the set */
    uint32_t highest;        /* number of a volume at hand; 0: none */
    uint32_t lowest;
    struct reel_volumes volumes;
    struct reel_medium *medium; /* open; NULL: none */
};

/*
 * Read all images; all but `directory` is looked at and borrowed. Fini is fine
 * on a zeroed one, too. Fails with MEDIUM (no file, or none that can be read),
 * MAGIC (not an image), UNSUPPORTED (X-1, X-2, X-4: nothing may be given out),
 * MEMORY, FULL, STOPPED.
 */
enum reel_status reel_images_open(struct reel_images *s,
                                  const struct reel_extract_options *options,
                                  struct reel_err *err) REEL_MUST_CHECK;
void reel_images_fini(struct reel_images *s);

#endif
