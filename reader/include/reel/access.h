/* SPDX-License-Identifier: Apache-2.0 */
/* What all reading verbs are given: a medium or a catalog kept beside it, and
   which archive. */
#ifndef REEL_ACCESS_H
#define REEL_ACCESS_H

#include "reel/end.h"
#include "reel/medium.h"
#include "reel/note.h"
#include "reel/volume.h"
#include "reel/volumes.h"

/*
 * Numbers of users and groups by name, for those who may not ask the system
 * themselves: false: there is none of that name. Called by one thread at a
 * time.
 */
struct reel_owner_lookup {
    void *ctx;
    /* As reel_owner_find. */
    int (*find)(void *ctx, bool group, const char *name, uint32_t *id);
};

/* The number of the user or group of that name, as the system has it. 0;
   ENOENT: nobody has the name; another errno: it cannot be known. */
REEL_API int reel_owner_find(bool group, const char *name, uint32_t *id);

/* Zero it, set what is wanted; everything is borrowed for the call. */
struct reel_access {
    struct reel_medium *medium; /* opened for reading, at its beginning; may
                                   be NULL where only a catalog is read */
    const struct reel_volumes *volumes; /* the other volumes of its set; NULL:
                                           they cannot be had */
    int catalog_fd;       /* a catalog kept beside the tape; -1: none */
    uint32_t archive;     /* number wanted; 0: the latest complete one */
    bool all_archives;    /* for list only */
    bool no_scan;         /* refuse (CORRUPT) rather than scan when the catalog
                             is missing or damaged */
    unsigned int threads; /* 1: only the caller's; 0: as many as help */
    const char *temporary_dir;              /* NULL: /tmp */
    const struct reel_owner_lookup *owners; /* NULL: the system is asked */
    struct reel_reporter report;
};

/* Which objects: fnmatch patterns on whole paths, '*' does not cross '/'; a
   pattern that names a directory means all in it; a leading "./" or "/" and a
   trailing "/" mean nothing. None: everything. */
struct reel_selection {
    const char *const *patterns;
    size_t pattern_count;
};

#endif
