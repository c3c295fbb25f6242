/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fence around whatever parses a tape or a volume: from reel_fence_enter on
 * this process, and every thread it begins, can create, change and remove files
 * only where the fence lets it, run nothing, and reach nobody. Made of Landlock
 * and seccomp, as far as the kernel at hand has them. Of the programs; no part
 * of the library.
 */
#ifndef REEL_FENCE_H
#define REEL_FENCE_H

#include <stdbool.h>
#include <stdio.h>

/* What --sandbox asks for. */
enum reel_fence_wish { REEL_FENCE_BEST, REEL_FENCE_NEED, REEL_FENCE_OFF };

extern const char *const reel_fence_words[]; /* in that order, then NULL */

/* What stays open behind the fence. */
struct reel_fence {
    int dir_fd;            /* directory to write in; -1: none */
    bool devices;          /* devices may be made there */
    const char *temporary; /* our own directory for unnamed files, or NULL */
    const char *drive;     /* tape drive that is read, or NULL */
    const char *volume;    /* device or image that is read, or NULL; if so, no
                              other file can even be read */
    bool volume_written;   /* and written */
};

struct reel_fence_level {
    int landlock; /* version of its interface; 0: not there */
    bool seccomp;
};

/* From this version on Landlock fences off all that it can of files: renaming
   between directories, cutting files, orders to devices. */
#define REEL_FENCE_LANDLOCK_FULL 5

bool reel_fence_whole(const struct reel_fence_level *level);

/* Is there to be a fence? Not in programs that count which of their lines are
   run, unless it is needed: they write that down when all is over. */
bool reel_fence_wanted(enum reel_fence_wish wish);

/* What the kernel offers. */
struct reel_fence_level reel_fence_offered(void);

/* Close the fence, for good; what of it is closed. One thread, the only one. */
struct reel_fence_level reel_fence_enter(const struct reel_fence *fence);

/* "Landlock 7, seccomp", "none"; static or in `text`. */
#define REEL_FENCE_TEXT_BYTES 40
const char *reel_fence_print(char text[REEL_FENCE_TEXT_BYTES],
                             const struct reel_fence_level *level);

#endif
