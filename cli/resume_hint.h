/* SPDX-License-Identifier: Apache-2.0 */
/* The command line that goes on with an archive that was interrupted. */
#ifndef CLI_RESUME_HINT_H
#define CLI_RESUME_HINT_H

#include "write_options.h"

/*
 * "go on with: reel write --resume -f …", with all options that resuming
 * takes, quoted for a shell. `full`: and that there must be room first;
 * `last`: with --last-volume. For reel_free; NULL: no memory.
 */
char *cli_resume_hint(const struct cli_write_settings *s, const char *tape,
                      bool full, bool last);

#endif
