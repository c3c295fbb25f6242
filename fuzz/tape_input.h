/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz inputs that stand for a whole tape: a .tap image, so that images of the
 * conformance suite are inputs and finds can be given to `reel`. Unlike the
 * medium for images this one takes whatever it is given.
 */
#ifndef REEL_FUZZ_TAPE_INPUT_H
#define REEL_FUZZ_TAPE_INPUT_H

#include "reel/medium_memory.h"
#include "reel/note.h"

/* More than this is not taken: nothing is gained by it, and much time lost. */
#define TAPE_INPUT_BYTES_MAX 262144U

/*
 * The tape whose image is data[0, size); the caller frees it. A record that is
 * cut short is as long as it is there; what stands behind a word of no meaning
 * is not looked at. NULL: the input is too long.
 */
struct reel_memory_tape *tape_input_new(const uint8_t *data, size_t size);

/* A reel_note_fn that judges what it is told: each note has a status, and text
   that ends. */
void tape_input_note(void *ctx, const struct reel_note *note);

/* abort() unless it holds: how a target says that something is wrong. */
void must(int holds);

#endif
