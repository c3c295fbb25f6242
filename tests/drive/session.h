/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Library calls on the tapes of a rig, with somebody who changes tapes: what
 * the program does for its user, without the program.
 */
#ifndef DRIVE_SESSION_H
#define DRIVE_SESSION_H

#include "reel/note.h"
#include "reel/restore.h"
#include "reel/verify.h"
#include "reel/volumes.h"
#include "reel/write.h"
#include "rig.h"

/* Zero it, set what is wanted. */
struct session {
    unsigned int tapes[RIG_TAPES]; /* of the set, in order; 0: no more */
    unsigned int first;   /* index of the tape that is in the drive at first */
    unsigned int missing; /* bit n: tape n cannot be had */

    uint32_t block_bytes; /* 0: 64 KiB */
    uint64_t checkpoint_bytes;
    bool overwrite;
    bool resume;      /* and the tape at hand is the last of its set */
    bool quick;       /* verify only from the ends */
    uint32_t archive; /* to be read; 0: the latest */

    /* What happened: */
    struct reel_medium *medium; /* in use */
    unsigned int changes;       /* of tape */
    unsigned int refused;       /* tapes the library did not want */
    unsigned int notes[REEL_NOTE_WANTED + 1];
    char last_note[160];
    struct reel_err err;
    struct reel_write_result written;
    struct reel_restore_result restored;
    struct reel_verify_result verified;
    unsigned int listed;
};

/* Archive the folder "tree". */
enum reel_status session_write(struct session *s);

/* Restore what `pattern` (NULL: everything) selects into a new `folder`. */
enum reel_status session_restore(struct session *s, const char *pattern,
                                 const char *folder);

/* Count the objects of the archive, or with `all` of all archives. */
enum reel_status session_list(struct session *s, bool all);

enum reel_status session_verify(struct session *s);

#endif
