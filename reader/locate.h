/* SPDX-License-Identifier: Apache-2.0 */
/* Going to a block by what it is, the address being a hint only (B-21).
   Private to reader/. */
#ifndef REEL_READER_LOCATE_H
#define REEL_READER_LOCATE_H

#include "volume.h"

/*
 * Go to block `sequence` of `archive`, which ought to stand at `address`; what
 * is read next is that block. A block there that cannot be read is taken for
 * it unless its neighbour says otherwise. *found false: it is not there.
 * Fails with MEDIUM, UNSUPPORTED, STOPPED, MISUSE (a pipe, and it lies back).
 */
enum reel_status reel_reader_locate(struct reel_reader_volume *v,
                                    uint32_t archive, uint64_t sequence,
                                    uint64_t address, bool *found,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
