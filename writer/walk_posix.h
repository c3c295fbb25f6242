/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk over a tree by directory descriptors: of any depth with few of
 * them open, and never through a symbolic link below a root. It finds names;
 * what they stand for is for the caller to open. Private to writer/.
 */
#ifndef REEL_WRITER_WALK_POSIX_H
#define REEL_WRITER_WALK_POSIX_H

#include "names_posix.h"
#include "source_posix.h"

struct reel_walk_frame; /* a directory on the path of the walk */

struct reel_walk_posix {
    const struct reel_source_posix_options *options;
    const struct reel_calls_posix *calls;
    reel_paths_fn paths;
    void *paths_ctx;
    bool slash_told; /* the note that a leading "/" is dropped */
    int root_dir;    /* what the root's name is looked up in; -1: none */
    size_t root_at;  /* where the last component of the root begins in path */
    size_t root_len;
    char *path; /* archived path of the entry, NUL-terminated */
    size_t path_len;
    struct reel_names_posix names;
    struct reel_walk_frame *frames;
    size_t frame_count;
    size_t frame_room;
    size_t closed; /* frames below this one have no descriptor */
};

struct reel_walk_entry {
    int dir;                /* descriptor that name is to be opened in */
    const char *name;       /* one component, or "." */
    unsigned char type;     /* d_type, DT_UNKNOWN if the system did not say */
    bool root;              /* came from the caller, not from a directory */
    struct reel_bytes path; /* as it is to be archived */
};

/* `options` is borrowed. reel_walk_posix_fini is due in any case. MEMORY. */
enum reel_status
reel_walk_posix_init(struct reel_walk_posix *w,
                     const struct reel_source_posix_options *options,
                     const struct reel_calls_posix *calls, reel_paths_fn paths,
                     void *paths_ctx, struct reel_err *err) REEL_MUST_CHECK;
void reel_walk_posix_fini(struct reel_walk_posix *w);

/*
 * The next name; REEL_END. *out is valid until the next call. What is left
 * out against the caller's wish is noted. Fails with MEMORY, STOPPED, and with
 * what `paths` fails with.
 */
enum reel_status reel_walk_posix_next(struct reel_walk_posix *w,
                                      struct reel_walk_entry *out,
                                      struct reel_err *err) REEL_MUST_CHECK;

/*
 * Go into the directory that the last entry turned out to be: the names in it
 * come next. Takes `fd`, open for reading, also on failure. MEMORY.
 */
enum reel_status reel_walk_posix_enter(struct reel_walk_posix *w, int fd,
                                       const struct statx *stat,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Close a descriptor of an ancestor to make room; false if none is left. */
bool reel_walk_posix_spare(struct reel_walk_posix *w);

/* Note something about the current path: "what: text of the errno". */
void reel_walk_posix_note(const struct reel_walk_posix *w,
                          enum reel_note_kind kind, const char *what,
                          int error);

#endif
