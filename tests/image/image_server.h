/* SPDX-License-Identifier: Apache-2.0 */
/* The volumes of an image, one at a time. Any failure aborts. */
#ifndef REEL_IMAGE_SERVER_H
#define REEL_IMAGE_SERVER_H

#include "image_build.h"
#include "reel/volumes.h"

/*
 * Hands out the volumes of a set when they are asked for (reel/volumes.h).
 * Caller storage; the tapes are borrowed and may be changed between wishes.
 */
struct image_server {
    struct reel_volumes volumes; /* for the options of a library */
    struct reel_memory_tape *tapes[IMAGE_VOLUMES_MAX]; /* volume n at n - 1;
                                                          NULL: missing */
    struct reel_memory_tape *wrong; /* given once, whatever is asked for */
    struct reel_medium *medium;     /* that is open */
    char log[512];     /* the numbers asked for, "1 2 2!": again, refused */
    char refused[160]; /* why, the last time; empty: not refused */
};

/* With the volumes of `i`; NULL: without any. */
void image_server_init(struct image_server *s, struct image *i);
/* The medium to begin with, which `get` closes; close what is open last. */
struct reel_medium *image_server_open(struct image_server *s, uint32_t volume);
void image_server_close(struct image_server *s);

#endif
