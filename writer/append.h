/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on a medium already, and where the next archive goes. Private to
   writer/. */
#ifndef REEL_WRITER_APPEND_H
#define REEL_WRITER_APPEND_H

#include "reel/end.h"
#include "reel/head.h"
#include "reel/medium.h"
#include "volume_look.h"

/* One archive that stands on the set. */
struct reel_known_archive {
    uint32_t archive;
    bool complete;
    struct reel_position position; /* of its END */
    struct reel_end end;           /* if complete; name and host NULL */
    char name[REEL_ARCHIVE_NAME_BYTES_MAX];
    size_t name_bytes;
};

struct reel_append {
    bool new_set; /* nothing is lost if it is written over: only `look` is set
                     below */
    uint32_t block_bytes;
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint32_t volume;
    uint8_t volume_id[REEL_VOLUME_ID_BYTES];
    struct reel_bytes set_name; /* points into `look` */
    struct reel_volume_look look;
    bool end_lost; /* the drive does not find the end of data: the two below
                      are not set, and what stands behind the last filemark is
                      not known */
    struct reel_err why_lost;
    uint64_t address;      /* where the next block goes */
    bool filemark_missing; /* one has to be written before it */
    uint32_t archive;      /* the number of the next archive */
    uint32_t previous_archive;
    struct reel_position previous;
    struct reel_known_archive *archives; /* ascending */
    size_t archive_count;
    bool goes_on; /* the newest archive breaks off before a filemark, as it does
                     where a volume is full: it may go on on another one */
    bool end_missing; /* the newest archive has one END; the second one is not
                         there */
    struct reel_earlier_volume *volumes; /* all known, ascending */
    size_t volume_count;
};

/*
 * Look at the medium, and leave it where the next archive goes, unless its end
 * of data is lost. Fails with
 * MAGIC when something else than Reel stands there, UNSUPPORTED, INVALID,
 * CORRUPT, MEDIUM, MEMORY. Released by _fini, also on failure.
 */
enum reel_status reel_append_find(struct reel_append *a,
                                  struct reel_medium *medium,
                                  struct reel_err *err) REEL_MUST_CHECK;
/*
 * Learn from the newest complete archive of the volume what stood on the set
 * before it: volumes and archives. What its catalog does not tell stays
 * unknown. The medium stands where the next archive goes, again. MEDIUM,
 * UNSUPPORTED, MEMORY.
 */
enum reel_status reel_append_catalog(struct reel_append *a,
                                     struct reel_medium *medium,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* For these two: an archive, a volume that is known now. MEMORY. */
enum reel_status reel_append_add_archive(struct reel_append *a,
                                         const struct reel_known_archive *k,
                                         struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_append_add_volume(struct reel_append *a,
                                        const struct reel_earlier_volume *v,
                                        struct reel_err *err) REEL_MUST_CHECK;

void reel_append_fini(struct reel_append *a);

#endif
