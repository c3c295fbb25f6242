/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that stand complete on the volumes already (spec 9.3), by digest of
 * what is known of them: a table in a mapped temporary file, 27 octets for
 * each. Private to writer/.
 */
#ifndef REEL_WRITER_DONE_POSIX_H
#define REEL_WRITER_DONE_POSIX_H

#include "reel/object.h"
#include "reel/record.h"
#include "temporary.h"

struct reel_done_slot;

struct reel_done {
    struct reel_temporary file;
    struct reel_done_slot *slots; /* mapped; NULL: empty */
    size_t capacity;
    size_t used;
    uint8_t *octets;  /* one OBJECT record */
    uint8_t open[16]; /* digest of the object being loaded */
};

/* Room for `objects`. MEDIUM, FULL, MEMORY. _fini is fine on a zeroed one,
   and needed also when this fails. */
enum reel_status reel_done_init(struct reel_done *d, const char *directory,
                                uint64_t objects,
                                struct reel_err *err) REEL_MUST_CHECK;
void reel_done_fini(struct reel_done *d);

/* One record of the catalog, in order. INVALID, if there are more objects than
   there is room for. */
enum reel_status reel_done_load(struct reel_done *d,
                                const struct reel_record *r,
                                struct reel_err *err) REEL_MUST_CHECK;

/*
 * Does an object stand there that is as `o` in all but target, link count and
 * time of access? Then *number is its number, and it is not found again.
 */
bool reel_done_take(struct reel_done *d, const struct reel_object *o,
                    uint64_t *number);

#endif
