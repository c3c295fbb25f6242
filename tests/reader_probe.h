/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of the reader: archives of a small tree on a tape in memory,
 * a sink that remembers what it was given, and what was told.
 */
#ifndef REEL_TESTS_READER_PROBE_H
#define REEL_TESTS_READER_PROBE_H

#include "reel/access.h"
#include "reel/medium_memory.h"
#include "reel/restore.h"
#include "reel/write.h"
#include "sink.h"

/* ---- The tree ---- */

/* Paths of the tree in the order of the archive, and what is in them:
   ""          directory          "b/big"    900,001 octets
   "a"         directory          "c[1]"     3 octets
   "a/one"     5,000 octets       "empty"    nothing
   "a/two"     70,000 octets      "symlink"  symbolic link
   "b"         directory          "z"        link to a/one
                                  "zz"       link to a/one */
#define PROBE_OBJECTS 11U /* links among them */
#define PROBE_LINKS 2U

void probe_tree_make(void);
void probe_tree_remove(void);

/* The content of a path of the tree; *len. NULL: none. */
const uint8_t *probe_tree_content(const char *path, size_t *len);

/* ---- Archives ---- */

struct probe_archive {
    enum reel_compression compression;
    uint64_t checkpoint_bytes;
    uint8_t set; /* first octet of the set id */
    int catalog_fd;
};

/* Add an archive of the tree to the tape; aborts the test when it cannot. */
void probe_archive_add(struct reel_memory_tape *tape,
                       const struct probe_archive *how);
struct reel_memory_tape *probe_tape_new(bool pipe);
/* A tape with the first `count` elements of another one. */
struct reel_memory_tape *probe_tape_copy(const struct reel_memory_tape *from,
                                         uint64_t count, bool pipe);

/* ---- Reading ---- */

#define PROBE_GIVEN_MAX 64U
#define PROBE_NOTES_MAX 256U
#define PROBE_CONTENT_MAX (1U << 24) /* of longer ones nothing is kept */

struct probe_given {
    char path[64];
    uint64_t number;
    uint8_t kind;
    bool link; /* to `number` */
    bool ended;
    enum reel_outcome outcome;
    uint8_t *content;
    size_t size;
    size_t got;
};

struct probe_told {
    enum reel_note_kind kind;
    uint64_t object;
    char path[64];
    char text[160];
    const char *rule;
};

struct probe_read {
    struct reel_sink sink;
    struct reel_access access;
    struct reel_restore_result result;
    struct reel_err err;
    struct probe_given given[PROBE_GIVEN_MAX];
    unsigned int given_count;
    struct probe_told told[PROBE_NOTES_MAX];
    unsigned int told_count;
    bool finished;
    unsigned long medium_calls;
};

/* Access without medium and without catalog; threads 1. */
void probe_read_init(struct probe_read *p);
void probe_read_fini(struct probe_read *p);
/* Forget what was given and told. */
void probe_read_clear(struct probe_read *p);

/* Hand what `pattern` (NULL: everything) selects to the sink. */
enum reel_status probe_read_run(struct probe_read *p,
                                struct reel_memory_tape *tape,
                                const char *pattern);

/* The same with the medium that is set, which whoever opened it closes. */
enum reel_status probe_read_opened(struct probe_read *p, const char *pattern);

/* The object or link given under a path; NULL: none. */
const struct probe_given *probe_read_find(const struct probe_read *p,
                                          const char *path);
/* How many notes of a kind. */
unsigned int probe_read_told(const struct probe_read *p,
                             enum reel_note_kind kind);
/* A note of a kind about a path. */
bool probe_read_told_of(const struct probe_read *p, enum reel_note_kind kind,
                        const char *path);

/* Everything given as proven is as in the tree; returns how many objects and
   links were proven. */
unsigned int probe_read_check(const struct probe_read *p);

#endif
