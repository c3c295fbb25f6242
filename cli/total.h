/* SPDX-License-Identifier: Apache-2.0 */
/* How much there is to do, for the time left. */
#ifndef CLI_TOTAL_H
#define CLI_TOTAL_H

#include "tape.h"

/* Where progress is shown, and all of the archive (or of all of them) is to
   be read: ask the tape how much that is. Says nothing if it cannot. */
void cli_total_ask(struct cli_report *r, const struct cli_reading *reading,
                   bool all_archives);

#endif
