/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of the POSIX source: a folder to build trees in, system calls
 * that count and fail on request, and a record of all that a walk gave.
 */
#ifndef REEL_TESTS_SOURCE_PROBE_H
#define REEL_TESTS_SOURCE_PROBE_H

#include "reel/object_end.h"
#include "source_posix_calls.h"

/* ---- A folder ---- */

/* Make a fresh folder and go there; aborts the test when it cannot. */
void probe_enter(void);
/* Remove the folder and all that is in it. */
void probe_leave(void);
void probe_file(const char *path, const void *data, size_t len);
void probe_dir(const char *path);

/* ---- System calls ---- */

enum probe_call {
    PROBE_OPENAT,
    PROBE_STATX,
    PROBE_GETDENTS,
    PROBE_READLINKAT,
    PROBE_PREAD,
    PROBE_LSEEK,
    PROBE_FLISTXATTR,
    PROBE_FGETXATTR,
    PROBE_LISTXATTR,
    PROBE_GETXATTR,
    PROBE_GETPWUID,
    PROBE_GETGRGID,
    PROBE_CALLS
};

extern unsigned long probe_counts[PROBE_CALLS];
extern long probe_open_descriptors; /* opened less closed */
extern int probe_most_descriptors;

/* Let the nth call (from 1) of a kind fail with `error`. 0: none. */
void probe_fail(enum probe_call call, unsigned long nth, int error);
/* Forget counts, failures and hooks. */
void probe_reset(void);

/* Called before the call, when set; a value other than 0 is the errno that
   the call fails with. */
extern int (*probe_on_openat)(int dir, const char *name, int flags);
extern int (*probe_on_pread)(size_t len, off_t off);
extern int (*probe_on_fgetxattr)(const char *name, size_t len);
/* Called after the call, when set. */
extern void (*probe_after_statx)(struct statx *out);

extern const struct reel_calls_posix probe_calls;

/* ---- A walk ---- */

#define PROBE_STREAMS_MAX 16U
#define PROBE_XATTRS_MAX 16U
#define PROBE_KEPT_BYTES 8192U

struct probe_stream {
    uint32_t id;
    uint32_t attributes;
    uint64_t size;
    uint64_t sparse_offset;
    uint64_t given;                 /* octets that read() gave */
    uint64_t bad[3];                /* octets for each reason */
    uint8_t kept[PROBE_KEPT_BYTES]; /* the first of them */
};

struct probe_object {
    struct reel_object facts; /* path, user and group as below */
    char *path;
    char user[256];
    char group[256];
    unsigned xattr_count;
    struct {
        char name[256];
        size_t len;
        uint8_t first[16];
    } xattrs[PROBE_XATTRS_MAX];
    unsigned stream_count;
    struct probe_stream *streams[PROBE_STREAMS_MAX];
    uint32_t flags;
    uint64_t content; /* a sum over place and value of each octet not zero */
};

struct probe_note {
    enum reel_note_kind kind;
    char *path;
    size_t path_len;
    char text[160];
};

struct probe_walk {
    enum reel_status status; /* what ended it */
    struct reel_err err;
    size_t object_count;
    struct probe_object *objects;
    size_t note_count;
    struct probe_note notes[64];
    int stop;
    size_t want; /* for read(); 0: 64 KiB */
    void (*on_object)(struct probe_walk *w, const struct reel_object *o);
    struct reel_reporter reporter;
    struct reel_source_posix_options options;
};

/* Zeros; options for the folder, notes going to *w. */
void probe_walk_init(struct probe_walk *w);
/* Walk over roots (NULL at the end) with probe_calls, keeping all of it. */
void probe_walk_run(struct probe_walk *w, const char *const *roots);
void probe_walk_fini(struct probe_walk *w);

/* The only object with this path; fails the test if there is none. */
const struct probe_object *probe_find(const struct probe_walk *w,
                                      const char *path);
/* Notes of this kind whose text contains `text`. */
unsigned probe_notes(const struct probe_walk *w, enum reel_note_kind kind,
                     const char *text);

#endif
