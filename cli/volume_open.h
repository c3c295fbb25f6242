/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes are opened to be read, and by the process outside of the fence. */
#ifndef CLI_VOLUME_OPEN_H
#define CLI_VOLUME_OPEN_H

#include "keeper.h"

/* Open `name` to be read; `flags` as for open, of which others than those for
   reading are refused (EPERM). -1 with errno. */
int cli_volume_open(const char *name, int flags);

/* The same, by the keeper, which knows `name` as its volume `number`. */
int cli_volume_open_by(struct cli_keeper *k, uint32_t number, const char *name,
                       int flags);

#endif
