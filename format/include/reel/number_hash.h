/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that come from a tape, in tables. */
#ifndef REEL_NUMBER_HASH_H
#define REEL_NUMBER_HASH_H

#include <stdint.h>

#include "reel/compiler.h"

/*
 * Where a number belongs in a table: its lower bits, as many as are needed.
 * Another in each process, so that nobody can make a tape whose numbers all
 * belong in one place; the same as long as the process lasts. Any thread.
 */
REEL_API uint64_t reel_number_hash(uint64_t number);

#endif
