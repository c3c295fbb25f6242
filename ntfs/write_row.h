/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row of items of one size that only grows: the last ones in memory, the
 * others in a temporary file without a name.
 */
#ifndef RN_WRITE_ROW_H
#define RN_WRITE_ROW_H

#include "temporary.h"

struct rn_row {
    struct reel_temporary file;
    size_t item_bytes;
    uint8_t *tail; /* items behind those in the file */
    size_t tail_count;
    uint64_t filed; /* items in the file */
    bool has_file;
    struct reel_err no_file; /* if not: why */
};

/* Directory of the temporary file: NULL means /tmp. It is made at once, for
   later it may not be allowed; where it cannot, that is told when it is wanted.
   MEMORY. */
enum reel_status rn_row_init(struct rn_row *r, size_t item_bytes,
                             const char *directory,
                             struct reel_err *err) REEL_MUST_CHECK;
void rn_row_fini(struct rn_row *r);

/* Copy one item to the end. FULL, MEDIUM; it is not kept then. */
enum reel_status rn_row_add(struct rn_row *r, const void *item,
                            struct reel_err *err) REEL_MUST_CHECK;
uint64_t rn_row_count(const struct rn_row *r);

/* Copy item `i`, less than the count, out. MEDIUM. */
enum reel_status rn_row_get(const struct rn_row *r, uint64_t i, void *item,
                            struct reel_err *err) REEL_MUST_CHECK;

#endif
