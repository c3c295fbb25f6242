/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one call of reel_write holds, and its steps: what stands on the medium,
 * the head, an archive that is resumed, and going on after a failure. Private
 * to writer/.
 */
#ifndef REEL_WRITER_WRITING_H
#define REEL_WRITER_WRITING_H

#include "append.h"
#include "object_packer.h"
#include "reel/write.h"
#include "resume.h"
#include "second_end.h"
#include "volume_writer.h"

#define REEL_WRITING_LEVEL 3 /* of zstd, if none is given */
#define REEL_WRITING_RECORD_ROOM                                               \
    (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

/* Everything one call needs. */
struct reel_writing {
    struct reel_write_options o; /* with the defaults filled in */
    struct reel_write_result *result;
    struct reel_append append;
    uint32_t block_bytes;
    uint8_t set_id[REEL_SET_ID_BYTES];
    struct reel_archive facts;
    struct reel_volume_writer volume;
    bool volume_begun;
    uint8_t *record; /* one record of the head */

    /* The paths asked for, each with its NUL, and the records of the head:
       both may be too many for memory. */
    struct reel_spool paths;
    uint64_t next_path; /* in the spool */
    struct reel_spool head;

    struct reel_resume resume;
    bool ended; /* only the second END was wanting: */
    struct reel_second_end second_end;
    struct reel_done done; /* what stands on the volumes already */
    uint64_t passed_over;
    unsigned int attempts; /* since the last checkpoint: */
    uint32_t progress;
    int base_fd;                      /* opened here; -1: none */
    struct reel_source *relay_source; /* NULL: not started */
    int relay_fd;
    char **excludes; /* read from the tape */
    size_t exclude_count;
};

/* A text that may be NULL. Pure. */
static inline struct reel_bytes
reel_writing_text(const char *s)
{
    return reel_bytes_of(s == NULL ? "" : s);
}

/* All of these fail with what the medium, `volumes` and the spools return. */

/* writing_look.c: append, or begin a new set? The medium stands where the
   archive goes. Also MAGIC, MISUSE. */
enum reel_status reel_writing_look(struct reel_writing *w,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Nothing of an archive stands on the volume at hand, and it is not the first:
   the one before it is wanted, if somebody can bring that; else MISUSE. */
enum reel_status reel_writing_pass_unused(struct reel_writing *w,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* Where the newest archive may go on on another volume, the last one of the set
   is wanted, if somebody can bring that; else MISUSE. */
enum reel_status reel_writing_to_last(struct reel_writing *w,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* writing_head.c: ARCHIVE from the options. */
void reel_writing_facts(struct reel_writing *w);

/* The paths asked for into a spool, and out of it (a reel_paths_fn). */
enum reel_status
reel_writing_collect_paths(struct reel_writing *w,
                           struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_writing_next_path(void *ctx, const char **path,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* All records that stand before the first object; and what of them does not
   stand on the volumes yet, to the packer. */
enum reel_status reel_writing_head(struct reel_writing *w,
                                   struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_writing_put_head(struct reel_writing *w,
                                       struct reel_object_packer *p,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* writing_resume.c: find what there is to resume, and take over what it was
   begun with. w->ended: nothing more has to be done. Also MISUSE. */
enum reel_status reel_writing_resume(struct reel_writing *w,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* Load what was found into the writer of volumes, and go on. */
enum reel_status reel_writing_begin_again(struct reel_writing *w,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* writing_source.c: what ARCHIVE calls the source, enum reel_source_kind. */
uint8_t reel_writing_source_kind(const struct reel_write_options *o);

/* Start the other program, if one gives the objects, and see that it has
   something to give. */
enum reel_status reel_writing_source_look(struct reel_writing *w,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* Hand the source to `run`, and release it. */
typedef enum reel_status (*reel_writing_run_fn)(struct reel_writing *w,
                                                struct reel_source *source,
                                                struct reel_err *err);
enum reel_status reel_writing_source_run(struct reel_writing *w,
                                         reel_writing_run_fn run,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* End the other program, if it was started and not run. */
void reel_writing_source_fini(struct reel_writing *w);

/* writing_again.c: a new table of the objects that stand already, for
   `objects` of them. */
enum reel_status reel_writing_new_done(struct reel_writing *w, uint64_t objects,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* As run `run`, behind the last checkpoint. */
enum reel_status reel_writing_go_on(struct reel_writing *w, uint32_t run,
                                    struct reel_err *err) REEL_MUST_CHECK;

/* The medium failed: is it worth while to go on? Then from the last checkpoint;
   `why` is told. */
bool reel_writing_can_go_on(struct reel_writing *w);
enum reel_status reel_writing_go_back(struct reel_writing *w,
                                      const struct reel_err *why,
                                      struct reel_err *err) REEL_MUST_CHECK;

#endif
