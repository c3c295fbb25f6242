/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of the directories on the path of a walk: a pile of sorted lists,
 * the directory being read on top. Private to writer/. One thread.
 */
#ifndef REEL_WRITER_NAMES_POSIX_H
#define REEL_WRITER_NAMES_POSIX_H

#include "calls_posix.h"
#include "reel/bytes.h"
#include "reel/err.h"

struct reel_names_posix {
    const struct reel_calls_posix *calls;
    uint8_t *batch; /* what one getdents gave */
    char *text;     /* type octet, name, NUL; one after the other */
    size_t text_len;
    size_t text_room;
    size_t *index; /* where in text each begins, sorted within its list */
    size_t index_len;
    size_t index_room;
};

/* One list of the pile: names [at, end) of the index. */
struct reel_names_list {
    size_t text_at;
    size_t at;
    size_t end;
};

/* Fails with MEMORY; reel_names_posix_fini is due in any case. */
enum reel_status reel_names_posix_init(struct reel_names_posix *n,
                                       const struct reel_calls_posix *calls,
                                       struct reel_err *err) REEL_MUST_CHECK;
void reel_names_posix_fini(struct reel_names_posix *n);

/*
 * Put the names in directory `fd` on the pile, ascending octet by octet,
 * without "." and "..". *error is 0, or the errno that ended the reading
 * early; the names up to there are on the pile. Fails with MEMORY.
 */
enum reel_status reel_names_posix_push(struct reel_names_posix *n, int fd,
                                       struct reel_names_list *list, int *error,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* Take the topmost list away. */
void reel_names_posix_pop(struct reel_names_posix *n,
                          const struct reel_names_list *list);

/* The i-th name, valid until the next push, and its d_type. */
const char *reel_names_posix_at(const struct reel_names_posix *n, size_t i,
                                unsigned char *type);

#endif
