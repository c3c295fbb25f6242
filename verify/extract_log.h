/* SPDX-License-Identifier: Apache-2.0 */
/* A row of items that waits to be told, in a temporary file when it is long.
   Private to verify/. */
#ifndef REEL_VERIFY_EXTRACT_LOG_H
#define REEL_VERIFY_EXTRACT_LOG_H

#include "reel/extract.h"
#include "temporary.h"

struct reel_extract_log {
    struct reel_temporary file;
    uint64_t bytes; /* in the file */
    uint8_t *buf;   /* what goes there next, or came from there last */
    size_t have;
    size_t at;     /* reading: of `have` */
    uint64_t next; /* reading: where to go on in the file */
};

/* directory is borrowed. */
void reel_extract_log_init(struct reel_extract_log *l, const char *directory);
void reel_extract_log_fini(struct reel_extract_log *l);

/* MEMORY, MEDIUM, FULL. Paths of notes are not kept. */
enum reel_status reel_extract_log_add(struct reel_extract_log *l,
                                      const struct reel_extract_item *item,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* Where the log ends; going back there forgets what was added since. */
uint64_t reel_extract_log_end(const struct reel_extract_log *l);
void reel_extract_log_back(struct reel_extract_log *l, uint64_t end);

/* No more is added; from the first on. */
enum reel_status reel_extract_log_rewind(struct reel_extract_log *l,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* The next one, valid until the next call; REEL_END. MEDIUM. */
enum reel_status reel_extract_log_next(struct reel_extract_log *l,
                                       struct reel_extract_item *item,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
