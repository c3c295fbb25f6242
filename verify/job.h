/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thing met on the medium, on its way from the reading thread to the one
 * that judges. A job belongs to one stage at a time. Private to verify/.
 */
#ifndef REEL_VERIFY_JOB_H
#define REEL_VERIFY_JOB_H

#include "reel/deblock.h"
#include "reel/medium.h"

enum reel_verify_job_kind {
    REEL_VERIFY_LABEL,  /* the first block of the volume */
    REEL_VERIFY_LEADER, /* one block of the leader */
    REEL_VERIFY_FILEMARK,
    REEL_VERIFY_BLOCK, /* a good block that begins something: the first
                          behind a filemark, of a kind, of an archive */
    REEL_VERIFY_ITEM,  /* what de-blocking found */
    REEL_VERIFY_VOLUME_END,
    REEL_VERIFY_WANTED,  /* a volume that cannot be had */
    REEL_VERIFY_TAPE_END /* of all that there is */
};

struct reel_verify_job {
    enum reel_verify_job_kind kind;
    uint64_t address; /* where it stands on the medium */
    uint64_t bytes;   /* read from the medium so far */

    /* LABEL, LEADER: the block; or UNREADABLE, TOO_LONG. */
    enum reel_event event;
    /* BLOCK and ITEM: the header of the block at hand; whether a filemark
       stands before it, whether it is a block that stood before (3.2), one
       that is superseded, the first of its run (VOLUME apart). */
    struct reel_block_header h;
    bool behind_mark;
    bool repeated;
    bool superseded;
    bool run_begins;
    /* LABEL, LEADER, VOLUME_END: the volume; WANTED: those that are wanted,
       and whether it is certain that they are there. 0: not known. */
    uint32_t volume;
    uint32_t last_volume; /* WANTED */
    bool certain;
    bool end_lost; /* VOLUME_END: the drive cannot find the end of data */
    /* ITEM. For a segment packed is borrowed from `buf`, or from the feed
       until its next call when that does not own what it hands out. */
    struct reel_deblock_item item;

    uint8_t *buf; /* the job's own */
    size_t capacity;
    struct reel_bytes octets; /* LABEL, LEADER, segment: borrowed as above */

    uint8_t *raw_buf; /* the job's own, for unpacking */
    size_t raw_capacity;
    enum reel_status opened; /* of a segment */
    struct reel_err why;     /* if that is not REEL_OK */
    struct reel_bytes raw;   /* if it is */
};

#endif
