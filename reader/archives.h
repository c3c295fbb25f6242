/* SPDX-License-Identifier: Apache-2.0 */
/* Which archives the volumes at hand hold, as far as their ENDs tell. Private
   to reader/. */
#ifndef REEL_READER_ARCHIVES_H
#define REEL_READER_ARCHIVES_H

#include "reel/find_end.h"
#include "volume.h"

/* A complete archive. */
struct reel_reader_archive {
    uint32_t number;
    uint32_t volume;      /* on which its END stands */
    uint64_t end_address; /* where one copy of END stands */
    uint32_t run;         /* of the block of END */
    uint64_t run_start;
    struct reel_end end; /* its texts are in `text` */
    uint8_t text[REEL_END_TEXT_BYTES];
};

struct reel_reader_archives {
    struct reel_reader_archive *list; /* descending by number */
    size_t count;
    size_t capacity;
    uint32_t newest;     /* highest number a block was seen of; 0: none */
    uint32_t newest_run; /* highest run seen of that one */
    bool damaged;        /* bad blocks stood where an END was looked for, or it
                            was looked for too often */
    uint64_t steps;      /* that looking for them took */
    uint64_t farthest;   /* address that any began at */
};

/* Is what the END closes all of what its writer did, without a break in the
   data? The catalog may have been written anew. Pure. */
bool reel_reader_archive_undisturbed(const struct reel_reader_archive *a);

void reel_reader_archives_fini(struct reel_reader_archives *a);

/*
 * Find the ENDs on the volume that is mounted, which can be positioned, from
 * the end of the data and from one to the one before; they are added to what
 * is known. MEDIUM, MEMORY, UNSUPPORTED, STOPPED.
 */
enum reel_status
reel_reader_archives_find(struct reel_reader_archives *a,
                          struct reel_reader_volume *v,
                          struct reel_err *err) REEL_MUST_CHECK;

/* Go on from the oldest END known to those before it, on the volume mounted,
   where the one before it is said to stand. Fails as above. */
enum reel_status
reel_reader_archives_follow(struct reel_reader_archives *a,
                            struct reel_reader_volume *v,
                            struct reel_err *err) REEL_MUST_CHECK;

/* The same on a volume that cannot be positioned: all of it is read. */
enum reel_status
reel_reader_archives_read(struct reel_reader_archives *a,
                          struct reel_reader_volume *v,
                          struct reel_err *err) REEL_MUST_CHECK;

/* The oldest archive of which something may stand on the volumes at hand.
   Pure. */
uint32_t reel_reader_archives_oldest(const struct reel_reader_archives *a);

/* The first one from `number` on whose END is known; the newest, of which some
   block is known, if there is none. Pure. */
uint32_t reel_reader_archives_next(const struct reel_reader_archives *a,
                                   uint32_t number);

/* NULL: it is not complete, or not there. Valid until the list changes. */
const struct reel_reader_archive *
reel_reader_archives_get(const struct reel_reader_archives *a, uint32_t number);

#endif
