/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 2.3: instead of the whole specification a line stands in the leader of
 * volumes that fuzz targets write, so that they are written quickly.
 */
#include "reel_spec_embed.h"

const unsigned char reel_spec_text[]  = "The specification.\n";
const size_t reel_spec_text_bytes     = sizeof(reel_spec_text) - 1;
const unsigned char reel_reader_py[]  = "# The reader.\n";
const size_t reel_reader_py_bytes     = sizeof(reel_reader_py) - 1;
const unsigned char reel_judge_py[]   = "# The judge.\n";
const size_t reel_judge_py_bytes      = sizeof(reel_judge_py) - 1;
const unsigned char reel_restore_py[] = "# The restorer.\n";
const size_t reel_restore_py_bytes    = sizeof(reel_restore_py) - 1;
