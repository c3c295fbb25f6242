/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the POSIX sink share. Private to them.
 *
 *   sink_posix.c            the operations, in the order in which they come
 *   sink_posix_directory.c  directories, whose facts come last
 *   sink_posix_content.c    content into a temporary file
 *   sink_posix_special.c    symbolic links, FIFOs, sockets, devices
 *   sink_posix_place.c      final names, and what stands there already
 *   sink_posix_link.c       further names, and what needs no data at all
 */
#ifndef REEL_READER_SINK_POSIX_STATE_H
#define REEL_READER_SINK_POSIX_STATE_H

#include "beneath.h"
#include "facts_apply.h"
#include "made_table.h"
#include "pending_dirs.h"
#include "reel/limits.h"
#include "reel/reparse.h"
#include "sink_content.h"
#include "sink_note.h"
#include "sink_path.h"
#include "sink_posix.h"
#include "sink_posix_calls.h"

#define REEL_TEMPORARY_BYTES 32 /* ".reel-", 16 digits, ".tmp", NUL */
#define REEL_COPY_BYTES 65536U

/* What stands where an object is to be put. */
enum reel_standing {
    REEL_STANDING_CLEAR, /* nothing, or what is replaced */
    REEL_STANDING_ALIKE, /* perhaps the same: to be compared (skip only) */
    REEL_STANDING_STAYS  /* it stays: noted already */
};

/* What becomes of the object at hand. */
enum reel_fate {
    REEL_FATE_IGNORED, /* noted already, or nothing to be done */
    REEL_FATE_DRY,     /* would be restored */
    REEL_FATE_FILE,
    REEL_FATE_DIRECTORY,
    REEL_FATE_SPECIAL
};

struct reel_sink_posix_object {
    enum reel_fate fate;
    enum reel_standing standing;
    struct reel_sink_subject about; /* path is in path_bytes */
    uint32_t link_count;
    uint32_t major;
    uint32_t minor;
    struct reel_facts facts;        /* user, group: in the arrays below */
    struct reel_sink_identity made; /* of a directory */

    int fd;                               /* temporary file, -1: none */
    char temporary[REEL_TEMPORARY_BYTES]; /* empty: none */

    struct reel_sink_content content;
    bool reparse_stream; /* the open stream is kept in reparse */
    uint64_t file_end;   /* size of the temporary file */
    size_t reparse_len;
    uint8_t reparse[REEL_REPARSE_BYTES_MAX];
    uint8_t user[UINT8_MAX];
    uint8_t group[UINT8_MAX];
    uint8_t path_bytes[REEL_PATH_BYTES_MAX];
};

/* The directory that was worked in last. */
struct reel_sink_posix_parent {
    int fd; /* O_PATH, -1: none */
    char *path;
    size_t len;
    size_t capacity;
    bool hands_down_acl;
};

struct reel_sink_posix {
    struct reel_sink sink;
    struct reel_sink_posix_options options;
    const struct reel_sink_calls *calls;
    struct reel_beneath beneath;
    struct reel_sink_posix_parent parent;
    struct reel_sink_path path; /* of the object at hand */
    struct reel_made_table made;
    struct reel_pending_dirs pending;
    struct reel_sink_owners owners;
    struct reel_facts_rules rules;
    struct reel_facts_xattrs xattrs;
    uint32_t umask;            /* what files do not get when they are made */
    uint64_t temporary_number; /* of the next temporary name */
    uint64_t judged;           /* object that `have` found CLEAR or ALIKE */
    enum reel_standing judged_standing;
    uint8_t *copy; /* 2 x REEL_COPY_BYTES, when first needed */
    struct reel_sink_posix_object object;
};

struct reel_sink_posix *reel_sink_posix_of(struct reel_sink *s);

/* --- sink_posix.c --- */

/* The directory of s->path, opened; kept by the sink. With `make`, what is
   missing of it is made. -1 with errno set. */
int reel_sink_posix_parent(struct reel_sink_posix *s, bool make);

/* Set s->path. *fine false: noted, or passed over silently as a stripped
   directory. */
enum reel_status reel_sink_posix_path(struct reel_sink_posix *s,
                                      const struct reel_sink_subject *about,
                                      bool directory, bool *fine,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* --- sink_posix_directory.c --- */

/* Make the directory at hand, or find it there. False: noted. */
bool reel_sink_posix_directory_make(struct reel_sink_posix *s);
/* It is proven: its facts wait for finish. */
enum reel_status
reel_sink_posix_directory_end(struct reel_sink_posix *s,
                              struct reel_err *err) REEL_MUST_CHECK;
/* Apply the facts of all that wait, the last one first. */
enum reel_status
reel_sink_posix_directory_all(struct reel_sink_posix *s,
                              struct reel_err *err) REEL_MUST_CHECK;

/* --- sink_posix_content.c --- */

/* Open a temporary file in the parent; false: noted. */
bool reel_sink_posix_content_open(struct reel_sink_posix *s);
void reel_sink_posix_content_stream(struct reel_sink_posix *s,
                                    const struct reel_stream_header *h);
void reel_sink_posix_content_data(struct reel_sink_posix *s,
                                  const struct reel_data *d);
/* All came: put it in place, or say why not. */
enum reel_status
reel_sink_posix_content_end(struct reel_sink_posix *s,
                            struct reel_err *err) REEL_MUST_CHECK;
/* Close and remove the temporary file, if there is one. */
void reel_sink_posix_discard(struct reel_sink_posix *s);

/* --- sink_posix_special.c --- */

enum reel_status
reel_sink_posix_special_end(struct reel_sink_posix *s,
                            struct reel_err *err) REEL_MUST_CHECK;

/* --- sink_posix_place.c --- */

/* The next temporary name, into out. */
void reel_sink_posix_temporary(struct reel_sink_posix *s,
                               char out[REEL_TEMPORARY_BYTES]);

/* Is a look at what stands there worth its time? What is small is found out
   when it gets its name. */
bool reel_sink_posix_judge_early(const struct reel_sink_posix *s,
                                 uint64_t size);

/* What stands at s->path, for an object of this kind and size; its facts in
 *st unless CLEAR. */
enum reel_standing reel_sink_posix_judge(struct reel_sink_posix *s,
                                         const struct reel_sink_subject *about,
                                         uint8_t kind, uint64_t size,
                                         struct stat *st);

/* Give `temporary` in the parent its final name; false: noted, and the caller
   discards it. */
bool reel_sink_posix_place(struct reel_sink_posix *s,
                           const struct reel_sink_subject *about,
                           const char *temporary);

/* Note that the object stands at s->path. */
enum reel_status
reel_sink_posix_remember(struct reel_sink_posix *s,
                         const struct reel_sink_identity *identity,
                         struct reel_err *err) REEL_MUST_CHECK;

/* --- sink_posix_link.c --- */

enum reel_status reel_sink_posix_link(struct reel_sink *sink,
                                      const struct reel_object *o, bool *made,
                                      struct reel_err *err);
enum reel_status reel_sink_posix_have(struct reel_sink *sink, uint64_t number,
                                      const struct reel_object *o,
                                      const struct reel_group_end *content,
                                      bool *have, struct reel_err *err);

/* The memory for copying and comparing; NULL: none. */
uint8_t *reel_sink_posix_copy(struct reel_sink_posix *s);

#endif
