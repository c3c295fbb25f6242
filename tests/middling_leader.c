/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 2.3: instead of the whole specification 32 KiB of lines stand in the
 * leader of volumes that sweeps of the writer make by the hundred: a few
 * blocks, and always the same.
 */
#include "reel_spec_embed.h"

#define LINE "The specification, in as many words as would fill this line up.\n"
#define LINES_8 LINE LINE LINE LINE LINE LINE LINE LINE
#define LINES_64 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8
#define LINES_256 LINES_64 LINES_64 LINES_64 LINES_64

const unsigned char reel_spec_text[]  = LINES_256 LINES_256;
const size_t reel_spec_text_bytes     = sizeof(reel_spec_text) - 1;
const unsigned char reel_reader_py[]  = "# The reader.\n";
const size_t reel_reader_py_bytes     = sizeof(reel_reader_py) - 1;
const unsigned char reel_judge_py[]   = "# The judge.\n";
const size_t reel_judge_py_bytes      = sizeof(reel_judge_py) - 1;
const unsigned char reel_restore_py[] = "# The restorer.\n";
const size_t reel_restore_py_bytes    = sizeof(reel_restore_py) - 1;
