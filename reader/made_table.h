/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where objects were put that may get further names: links are resolved
 * through this table only, never by a path of the archive (K-7). Private to
 * reader/.
 */
#ifndef REEL_READER_MADE_TABLE_H
#define REEL_READER_MADE_TABLE_H

#include "sink_identity.h"
#include "stash.h"

struct reel_made {
    uint64_t number; /* of the object */
    struct reel_sink_identity identity;
    struct reel_bytes path; /* on this system, beneath the directory */
};

struct reel_made_table {
    struct reel_made_slot {
        uint64_t number;     /* 0: free */
        uint64_t at;         /* of identity and path in the stash */
        uint32_t path_bytes; /* without the identity */
        uint32_t names_left; /* names not met yet; 0: not known */
    } * slots;
    size_t slot_count; /* 0 or a power of two */
    size_t used;
    struct reel_stash stash;
};

/* temporary_dir NULL: /tmp. */
void reel_made_table_init(struct reel_made_table *t, const char *temporary_dir);
void reel_made_table_fini(struct reel_made_table *t);

/*
 * Note that object `number` stands at path[0, len). link_count
 * as in OBJECT; with 1 nothing is kept. A number that is there is replaced.
 * Fails with MEMORY; with MEDIUM or FULL where a temporary file does.
 */
enum reel_status reel_made_table_add(struct reel_made_table *t, uint64_t number,
                                     const char *path, size_t len,
                                     const struct reel_sink_identity *identity,
                                     uint32_t link_count,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* *found false: it is not there. The path of *out is valid until the next call.
   MEMORY, MEDIUM. */
enum reel_status reel_made_table_find(struct reel_made_table *t,
                                      uint64_t number, bool *found,
                                      struct reel_made *out,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* One more name was met; the entry goes when it was the last. */
void reel_made_table_name_met(struct reel_made_table *t, uint64_t number);

#endif
