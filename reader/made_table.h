/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where objects were put that may get further names: links are resolved
 * through this table only, never by a path of the archive (K-7). Private to
 * reader/.
 */
#ifndef REEL_READER_MADE_TABLE_H
#define REEL_READER_MADE_TABLE_H

#include "reel/bytes.h"
#include "reel/err.h"
#include "sink_identity.h"

struct reel_made {
    uint64_t number; /* of the object, > 0; 0 marks a free slot */
    struct reel_sink_identity identity;
    uint32_t names_left; /* names not met yet; 0: not known */
    size_t path_len;
    char *path; /* on this system, beneath the directory, NUL at the end */
};

struct reel_made_table {
    struct reel_made *slots;
    size_t slot_count; /* 0 or a power of two */
    size_t used;
};

void reel_made_table_init(struct reel_made_table *t);
void reel_made_table_fini(struct reel_made_table *t);

/*
 * Note that object `number` stands at path[0, len). link_count
 * as in OBJECT; with 1 nothing is kept. A number that is there is replaced.
 * Fails with MEMORY.
 */
enum reel_status reel_made_table_add(struct reel_made_table *t, uint64_t number,
                                     const char *path, size_t len,
                                     const struct reel_sink_identity *identity,
                                     uint32_t link_count,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* NULL when it is not there; valid until the table changes. */
const struct reel_made *reel_made_table_find(const struct reel_made_table *t,
                                             uint64_t number);

/* One more name was met; the entry goes when it was the last. */
void reel_made_table_name_met(struct reel_made_table *t, uint64_t number);

#endif
