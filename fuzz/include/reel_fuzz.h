/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a fuzz target gives to the three programs made of it: replay (in
 * ctest), libFuzzer and AFL++.
 */
#ifndef REEL_FUZZ_H
#define REEL_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/*
 * Defined by each fuzz/fuzz_<noun>.c: decode data[0, size), and on success
 * encode again and compare; abort() when something is wrong. `data` is
 * borrowed and never NULL. Returns 0. Keeps no state from call to call.
 */
int reel_fuzz_one(const uint8_t *data, size_t size);

/*
 * Defined by seal_<what>.c, which a target is built with: make the checksums
 * in data[0, size) right, so that mutation reaches what stands behind them.
 * Takes any bytes and any size; leaves alone what it cannot seal. Returns the
 * new size, at most `capacity`, which is at least `size`.
 */
size_t reel_fuzz_seal(uint8_t *data, size_t size, size_t capacity);

/*
 * What every engine calls: reel_fuzz_one on an exact copy of the input, so
 * that a sanitizer sees the first byte read behind it. Exits when memory runs
 * out.
 */
void reel_fuzz_run(const uint8_t *data, size_t size);

#endif
