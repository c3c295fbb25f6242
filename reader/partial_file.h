/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file with what is left of an object's content, holes where nothing is:
 * under the name of the object with ".reel-partial" behind it, never in the
 * place of anything (V-9). Private to reader/.
 */
#ifndef REEL_READER_PARTIAL_FILE_H
#define REEL_READER_PARTIAL_FILE_H

#include <time.h>

#include "beneath.h"
#include "sink_note.h"
#include "sink_path.h"
#include "sink_sync.h"

struct reel_partial_file {
    const struct reel_sink_calls *calls;
    struct reel_beneath beneath;
    int dir_fd;
    uint32_t strip;
    struct reel_sink_path path; /* of the object, or what stands for it */
    int parent_fd;              /* -1: none is open */
    int fd;                     /* -1: none is open */
    char *name;                 /* of the file, in the parent */
    struct reel_sink_mounts mounts;
    struct timespec begun; /* what was placed is younger */
};

void reel_partial_file_init(struct reel_partial_file *p, int dir_fd,
                            uint32_t strip, const struct timespec *begun,
                            const struct reel_sink_calls *calls);
void reel_partial_file_fini(struct reel_partial_file *p);

/* Make one for the object; one whose path is not known or cannot be used is
   named by archive and number. *made false: noted. MEMORY. */
enum reel_status reel_partial_file_open(struct reel_partial_file *p,
                                        uint32_t archive,
                                        const struct reel_sink_subject *about,
                                        bool *made,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* Octets at their place, as many as can be; where they are fewer, errno says
   why. Pre: one is open. */
size_t reel_partial_file_write(struct reel_partial_file *p,
                               struct reel_bytes bytes, uint64_t at);

/* Close it; size 0: as long as what was written, else so long. `drop`: take it
   away if the object itself stands beside it. True: it is there. *unsure: the
   system does not say that it has all that was written; noted. */
bool reel_partial_file_close(struct reel_partial_file *p,
                             const struct reel_sink_subject *about,
                             uint64_t size, bool drop, bool *unsure);

#endif
