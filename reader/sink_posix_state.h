/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the POSIX sink share. Private to them.
 *
 *   sink_posix.c            the operations, in the order in which they come
 *   sink_posix_parent.c     the directory to work in, and whether it is still
 *                           beneath DIR
 *   sink_posix_leftover.c   temporary names that could not be removed yet
 *   sink_posix_directory.c  directories, whose facts come last
 *   sink_posix_content.c    content into a temporary file
 *   sink_posix_special.c    symbolic links, FIFOs, sockets, devices
 *   sink_posix_place.c      final names, and what stands there already
 *   sink_posix_link.c       further names, and what needs no data at all
 *
 * and for objects of encoding 2 (spec 8.5)
 *
 *   sink_posix_windows.c    what they become, known at their end only
 *   sink_posix_extras.c     streams and facts that are not content
 *   sink_posix_side.c       files beside the object for those
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
#include "sink_extras.h"
#include "sink_note.h"
#include "sink_path.h"
#include "sink_posix.h"
#include "sink_posix_calls.h"
#include "sink_seen.h"
#include "sink_sync.h"
#include "sink_windows.h"

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
    REEL_FATE_LATER, /* a directory that may turn out to be a link */
    REEL_FATE_SPECIAL
};

#define REEL_SHORT_NAME_BYTES_MAX 24U /* O-10 */

/* The directory beside the object at hand. */
struct reel_sink_posix_side {
    bool failed; /* it cannot be made: noted */
    int dir_fd;  /* -1: none */
    int file_fd; /* of the file that is open there, -1: none */
    char temporary[REEL_TEMPORARY_BYTES]; /* empty: none */
    char file[UINT8_MAX + 1];
};

struct reel_sink_posix_object {
    enum reel_fate fate;
    enum reel_standing standing;
    struct reel_sink_subject about; /* path is in path_bytes */
    uint32_t link_count;
    uint32_t major;
    uint32_t minor;
    struct reel_facts facts;        /* user, group: in the arrays below */
    struct reel_sink_identity made; /* what was made, when it is needed */
    bool made_here; /* of a directory: it was not there before */

    bool windows;  /* encoding 2 */
    bool may_turn; /* reel_sink_windows_may_turn */
    uint32_t attributes;
    size_t times_len;
    size_t short_name_len;
    uint8_t times[REEL_SINK_WINDOWS_TIMES_BYTES];
    uint8_t short_name[REEL_SHORT_NAME_BYTES_MAX];
    struct reel_sink_extras extras;
    struct reel_sink_posix_side side;

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
    dev_t dev;
    ino_t ino;
    bool current; /* it was found at s->path since that was set */
    char *path;   /* where it was found */
    size_t len;
    size_t capacity;
    bool hands_down_acl;
};

#define REEL_LEFTOVERS_MAX 32U

/* A temporary name that could not be removed. */
struct reel_sink_posix_leftover {
    int dir_fd; /* where it is */
    int own_fd; /* of a directory, to be emptied first; -1: none */
    int flags;  /* as for unlinkat */
    char name[REEL_TEMPORARY_BYTES];
};

struct reel_sink_posix {
    struct reel_sink sink;
    struct reel_sink_posix_options options;
    const struct reel_sink_calls *calls;
    struct reel_beneath beneath;
    struct reel_sink_posix_parent parent;
    struct reel_sink_posix_leftover leftovers[REEL_LEFTOVERS_MAX];
    size_t leftover_count;
    struct reel_sink_path path; /* of the object at hand */
    struct reel_made_table made;
    struct reel_pending_dirs pending;
    struct reel_sink_owners owners;
    struct reel_facts_rules rules;
    struct reel_facts_xattrs xattrs;
    struct reel_windows_left_out {
        uint64_t short_names; /* objects and links */
        uint64_t attributes;  /* objects */
        uint64_t births;      /* objects */
        uint64_t cases;       /* directories */
    } windows_left_out;
    struct reel_sink_seen own; /* paths of the archive that were put in
                                  place, up to OWN_MAX */
    struct reel_sink_mounts mounts;
    struct reel_sink_seen placed; /* identities, and these with their paths
                                     (N-8) */
    uint32_t umask;               /* what files do not get when they are made */
    uint64_t temporary_number;    /* of the next temporary name */
    uint64_t judged;              /* object that `have` found CLEAR or ALIKE */
    enum reel_standing judged_standing;
    uint8_t *copy; /* 2 x REEL_COPY_BYTES, when first needed */
    struct reel_sink_posix_object object;
};

struct reel_sink_posix *reel_sink_posix_of(struct reel_sink *s);

/* --- sink_posix_parent.c --- */

/* The directory of s->path, opened; kept by the sink, and the same one until
   s->path is set again. With `make`, what is missing of it is made. -1 with
   errno set. */
int reel_sink_posix_parent(struct reel_sink_posix *s, bool make);
/* Does it still stand there? To be asked directly before something is given
   its name in it. False: somebody moved it, noted. */
bool reel_sink_posix_parent_stays(struct reel_sink_posix *s,
                                  const struct reel_sink_subject *about);
void reel_sink_posix_parent_fini(struct reel_sink_posix *s);

/* --- sink_posix_leftover.c --- */

/* Remove a temporary name from the parent, wherever that is now. What cannot be
   removed is tried again later. */
void reel_sink_posix_remove(struct reel_sink_posix *s,
                            const struct reel_sink_subject *about,
                            const char name[REEL_TEMPORARY_BYTES]);
/* The same for a directory of ours with nothing but files in it. Takes `fd`,
   which reads it; -1: it was never open, and is empty. */
void reel_sink_posix_remove_directory(struct reel_sink_posix *s,
                                      const struct reel_sink_subject *about,
                                      const char name[REEL_TEMPORARY_BYTES],
                                      int fd);
/* Try all again, for the last time: what is left is noted. */
void reel_sink_posix_leftovers_last(struct reel_sink_posix *s);

/* --- sink_posix.c --- */

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
enum reel_status
reel_sink_posix_content_stream(struct reel_sink_posix *s,
                               const struct reel_stream *stream,
                               struct reel_err *err) REEL_MUST_CHECK;
void reel_sink_posix_content_data(struct reel_sink_posix *s,
                                  const struct reel_data *d);
/* All came: put it in place, or say why not. */
enum reel_status
reel_sink_posix_content_end(struct reel_sink_posix *s,
                            struct reel_err *err) REEL_MUST_CHECK;
/* Close and remove the temporary file, if there is one. */
void reel_sink_posix_discard_file(struct reel_sink_posix *s);
/* That, and all else that the object left so far. */
void reel_sink_posix_discard(struct reel_sink_posix *s);

/* --- sink_posix_special.c --- */

/* Is an object of this kind made at all? False: noted. Before it has a fate,
   device numbers of encoding 2 may be still to come. */
bool reel_sink_posix_special_wanted(struct reel_sink_posix *s);
enum reel_status
reel_sink_posix_special_end(struct reel_sink_posix *s,
                            struct reel_err *err) REEL_MUST_CHECK;

/* --- sink_posix_windows.c --- */

/* Set what only such an object has. */
void reel_sink_posix_windows_set(struct reel_sink_posix *s,
                                 const struct reel_object *from);
/* It is proven: make of it what its streams say. */
enum reel_status
reel_sink_posix_windows_end(struct reel_sink_posix *s,
                            struct reel_err *err) REEL_MUST_CHECK;

/* --- sink_posix_names.c --- */

/* May the object take the place of `name` in `dir`? Not if another one of this
   run stands there under another path (N-8): noted. */
bool reel_sink_posix_name_free(struct reel_sink_posix *s,
                               const struct reel_sink_subject *about, int dir,
                               const char *name);
/* The object stands at s->path now; by reel_sink_posix_placed. MEMORY. */
enum reel_status
reel_sink_posix_name_placed(struct reel_sink_posix *s,
                            const struct reel_sink_subject *about,
                            struct reel_err *err) REEL_MUST_CHECK;

/* --- sink_posix_extras.c --- */

/* A stream that is not content; `block`: it goes on with the one before. */
enum reel_status
reel_sink_posix_extras_stream(struct reel_sink_posix *s,
                              const struct reel_stream *stream, bool block,
                              struct reel_err *err) REEL_MUST_CHECK;
void reel_sink_posix_extras_data(struct reel_sink_posix *s,
                                 const struct reel_data *d);
/* The group that is open, if any, is whole. */
void reel_sink_posix_extras_close(struct reel_sink_posix *s);
/* Offer them to `fd`, which stands for the object before it has its name. */
void reel_sink_posix_extras_dress(struct reel_sink_posix *s, int fd,
                                  bool by_path);
/* Open what has its name now, if it is what was made: O_PATH. -1: it is not. */
int reel_sink_posix_extras_open(struct reel_sink_posix *s);
/* It has its name: the rest of them, beside it or into a note. */
void reel_sink_posix_extras_finish(struct reel_sink_posix *s);

/* --- sink_posix_side.c: false is noted already --- */

/* A whole file. */
bool reel_sink_posix_side_put(struct reel_sink_posix *s, const char *name,
                              struct reel_bytes value);
/* A file for a group: opened, written anywhere, closed with its size. One that
   fails is gone. */
bool reel_sink_posix_side_open(struct reel_sink_posix *s,
                               const struct reel_sink_extra *x);
bool reel_sink_posix_side_write(struct reel_sink_posix *s, const uint8_t *data,
                                size_t len, uint64_t at);
bool reel_sink_posix_side_close(struct reel_sink_posix *s, uint64_t size);
/* Give the directory its name, beside s->path. */
bool reel_sink_posix_side_place(struct reel_sink_posix *s);
/* Remove it. */
void reel_sink_posix_side_discard(struct reel_sink_posix *s);

/* --- sink_posix_place.c --- */

/* The next temporary name, into out. */
void reel_sink_posix_temporary(struct reel_sink_posix *s,
                               char out[REEL_TEMPORARY_BYTES]);

/* S_IFMT bits of a kind; 0: it has none. */
mode_t reel_sink_posix_type(uint8_t kind);

/* Is a look at what stands there worth its time? What is small is found out
   when it gets its name. */
bool reel_sink_posix_judge_early(const struct reel_sink_posix *s,
                                 uint64_t size);

/* May what stands at s->path be replaced by the object? Also where it is an
   earlier one of this archive under the same path: the last one counts (8.1).
 */
bool reel_sink_posix_replaces(const struct reel_sink_posix *s,
                              const struct reel_sink_subject *about);
/* What stands at s->path now is of this run. MEMORY. */
enum reel_status reel_sink_posix_placed(struct reel_sink_posix *s,
                                        const struct reel_sink_subject *about,
                                        struct reel_err *err) REEL_MUST_CHECK;

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
