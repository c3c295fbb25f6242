/* SPDX-License-Identifier: Apache-2.0 */
/* How the parts of an interrupted archive are found. Private to resume*.c. All
   fail with what media and volumes return, and MEMORY. */
#ifndef REEL_WRITER_RESUME_SEARCH_H
#define REEL_WRITER_RESUME_SEARCH_H

#include "resume.h"

/* Where the archive's first block of data stands, once it was met. */
struct reel_resume_search {
    bool head; /* block 0 of the archive is at: */
    uint64_t head_address;
    uint32_t head_volume;
    uint32_t head_run;
    bool older; /* something of an earlier archive was met */
};

/* MEMORY, with its sentence. */
enum reel_status reel_resume_no_memory(struct reel_err *err) REEL_MUST_CHECK;

/* Remember the run that block `h` belongs to. */
enum reel_status reel_resume_learn_run(struct reel_resume *r,
                                       const struct reel_block_header *h,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Remember the volume in the drive, which was looked at. */
enum reel_status reel_resume_learn_volume(struct reel_resume *r,
                                          const struct reel_volume_look *l,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* Get volume `number` of the set into the drive; have it there to be read. */
enum reel_status reel_resume_get_volume(struct reel_resume *r, uint32_t number,
                                        bool write, struct reel_volume_look *l,
                                        struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_resume_need_volume(struct reel_resume *r, uint32_t number,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* Go through the tape files of volume `number` from its end, until a
   checkpoint is found or the archive has begun. */
enum reel_status reel_resume_search(struct reel_resume *r,
                                    struct reel_resume_search *s,
                                    uint32_t number,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
