/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog of an archive without END, as far as its checkpoints hold it
   (spec 9.3, 9.6). Private to reader/. */
#ifndef REEL_READER_SLICES_H
#define REEL_READER_SLICES_H

#include "session.h"

/*
 * Find the newest checkpoint of `archive` that is not superseded, on the
 * volumes at hand, the highest first, and follow the chain to the first one.
 * *usable true: the records of all slices are in `front`, in order; the
 * pipeline knows the runs behind, and what is read next is the newest slice
 * once more. Otherwise nothing is told. MEDIUM, MEMORY, FULL, UNSUPPORTED,
 * STOPPED.
 */
enum reel_status reel_slices_load(struct reel_session *s, uint32_t archive,
                                  struct reel_catalog_source *front,
                                  bool *usable,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
