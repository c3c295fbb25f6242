/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of tapes in memory for the tests of the writer, and a checker that
   walks every block of them with format/ alone. */
#ifndef REEL_TESTS_WRITE_CHECK_H
#define REEL_TESTS_WRITE_CHECK_H

#include "reel/medium_memory.h"
#include "reel/write.h"

#define SET_VOLUMES_MAX 64

/* A drive and the tapes that are put into it one after the other. */
struct set {
    struct reel_memory_options kind; /* of every tape, but for its size */
    const uint64_t *sizes;           /* of volume 1, 2 ...; the last one for
                                        all behind it; NULL: kind's */
    size_t size_count;
    unsigned int volumes_max; /* more are not to be had; 0: no limit */
    struct reel_memory_tape *tapes[SET_VOLUMES_MAX + 1]; /* by number */
    struct reel_memory_tape *bad[8]; /* handed out first for `bad_number` */
    unsigned int bad_number;
    unsigned int bad_count;
    unsigned int bad_given;
    char refused[8][200];              /* why they were refused */
    struct reel_memory_tape *stubborn; /* handed out whatever is wished */
    unsigned int stubborn_given;
    char stubborn_refused[200]; /* the last sentence */
    struct reel_medium *medium; /* in the drive */
    unsigned int last; /* number of the one in the drive, or last there */
    unsigned int asked;
    unsigned int killed;         /* volume at whose n-th call everything ends */
    unsigned long killed_at;     /* n; 0: never */
    unsigned int refusals;       /* after so many, give up; 0: 3 */
    struct reel_volumes volumes; /* to hand to the writer */
};

/* `set` is zeroed but for what is wished; the tapes are made when needed. */
void set_init(struct set *set);
void set_fini(struct set *set);
struct reel_memory_tape *set_tape(struct set *set, unsigned int number);
unsigned int set_count(const struct set *set);

/* Put volume `number` into the drive, opened for writing. */
enum reel_status set_load(struct set *set, unsigned int number,
                          struct reel_err *err);

/* What stands in the drive is closed. */
void set_unload(struct set *set);

/* What the checker found of one archive. */
struct set_facts {
    bool complete;
    unsigned int ends;    /* copies of END in force: 2 when complete */
    uint32_t runs;        /* highest run */
    uint64_t checkpoints; /* that are whole and not superseded */
    uint64_t objects;     /* complete ones */
    uint64_t torn;
    unsigned int volumes_unused;   /* in the catalog, with no data in force */
    unsigned int earlier_volumes;  /* told of in its head */
    unsigned int earlier_complete; /* archives told of as complete */
    uint8_t fingerprint[REEL_DIGEST_BYTES]; /* made from the data */
};

/*
 * Walk all blocks of `archive` on the tapes: every rule of chapter 3 that can
 * be seen, segments whole, checkpoints as their CHECKPOINT says, and the
 * catalog and END what the data make. Fails the test.
 */
void set_check(const struct set *set, uint32_t archive, struct set_facts *f);

/* A tree below a new temporary directory, which becomes the current one; and
   away with it. */
void tree_make(void);
void tree_remove(void);
void tree_put(const char *name, size_t bytes, unsigned int seed);

/* One path, "."; ctx is an int set to 0. */
enum reel_status tree_path(void *ctx, const char **path, struct reel_err *err);

/* Write the tree on to what is in the drive; `o` has what is special. */
enum reel_status set_write(struct set *set, const struct reel_write_options *o,
                           struct reel_write_result *r, struct reel_err *err);

#endif
