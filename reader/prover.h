/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Computes and compares the digests of objects on a thread ahead of the one
 * that puts them in place: SHA-256 and the file system take about as long as
 * each other.
 */
#ifndef REEL_READER_PROVER_H
#define REEL_READER_PROVER_H

#include "pipeline.h"

struct reel_prover;

/* NULL when memory runs out. */
struct reel_prover *reel_prover_new(void);
void reel_prover_free(struct reel_prover *p);

/* A run begins somewhere else, at `begin` if that is not NULL: what was open
   is forgotten. No run may be under way. */
void reel_prover_jump(struct reel_prover *p, const struct reel_place *begin);

/* The same on a pipe, of which one archive is of interest; 0: the first one. */
void reel_prover_pipe(struct reel_prover *p, uint32_t archive);

/* reel_read_run.look; ctx is the prover. `found` of the item is set. */
enum reel_status reel_prover_look(void *ctx, struct reel_read_item *item,
                                  struct reel_err *err);

/* The caller has `item` at hand now, as each in its turn. What was found in
   those before it is forgotten. */
void reel_prover_pass(struct reel_prover *p, const struct reel_read_item *item);

/* Of the next object that ends in the item at hand, which is `number`: did
   anything of it not agree? Asked for each. */
bool reel_prover_failed(struct reel_prover *p, uint64_t number);

#endif
