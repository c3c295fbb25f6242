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

/* A run begins somewhere else: what was open is forgotten. No run may be
   under way. */
void reel_prover_jump(struct reel_prover *p);

/* reel_read_run.look; ctx is the prover. */
enum reel_status reel_prover_look(void *ctx, struct reel_read_item *item,
                                  struct reel_err *err);

/*
 * Behind the segment that closes object `number` of `run`: did anything of
 * it not agree? From any thread.
 */
bool reel_prover_failed(struct reel_prover *p, uint32_t archive, uint32_t run,
                        uint64_t number);

#endif
