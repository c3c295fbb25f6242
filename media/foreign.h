/* SPDX-License-Identifier: Apache-2.0 */
/* Telling somebody what the file is that they took for a .tap image. */
#ifndef REEL_FOREIGN_H
#define REEL_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

/* So much of the front of a file is worth looking at. */
#define REEL_FOREIGN_BYTES (32769u + 5u)

/*
 * A half sentence about front[0, bytes), the front of a file that is no .tap
 * image: "<file name> " fits before it. Static storage, never NULL. Pure.
 */
const char *reel_foreign_describe(const uint8_t *front, size_t bytes);

#endif
