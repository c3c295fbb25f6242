/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Octets that are kept until somebody asks for them again: the first ones in
 * memory, the rest in a temporary file without a name. Private to reader/.
 */
#ifndef REEL_READER_STASH_H
#define REEL_READER_STASH_H

#include "reel/bytes.h"
#include "temporary.h"

struct reel_stash {
    struct reel_temporary file; /* not open as long as nothing is in it */
    uint8_t *kept;              /* what is in memory */
    size_t kept_bytes;
    size_t kept_capacity;
    uint64_t file_bytes;
    uint8_t *buffer; /* of one item on its way to the file or from there */
    size_t buffer_capacity;
};

/* dir NULL: /tmp. */
void reel_stash_init(struct reel_stash *s, const char *dir);
void reel_stash_fini(struct reel_stash *s);

/* Forget all that is in it. */
void reel_stash_clear(struct reel_stash *s);

/* One item, of head[0, head_bytes), which may be none, and what follows. *at:
   where it is. MEMORY; FULL and MEDIUM where the file does. */
enum reel_status reel_stash_add(struct reel_stash *s, const void *head,
                                size_t head_bytes, struct reel_bytes rest,
                                uint64_t *at,
                                struct reel_err *err) REEL_MUST_CHECK;

/*
 * The item of `len` octets that add put at `at`: *head is copied out, *rest
 * valid until the next call. MEMORY, MEDIUM. Pre: head_bytes is as it was.
 */
enum reel_status reel_stash_get(struct reel_stash *s, uint64_t at, size_t len,
                                void *head, size_t head_bytes,
                                struct reel_bytes *rest,
                                struct reel_err *err) REEL_MUST_CHECK;

#endif
