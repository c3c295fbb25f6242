/* SPDX-License-Identifier: Apache-2.0 */
/* A dictionary for fuzzers, from the constants of the codec. */
#ifndef REEL_FUZZ_DICTIONARY_H
#define REEL_FUZZ_DICTIONARY_H

#include <stdbool.h>

/* Write it to `path`, in the form that AFL++ and libFuzzer share. */
bool dictionary_write(const char *path);

#endif
