/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about a tape drive and its cartridge, as people or programs read. */
#ifndef CLI_DRIVE_PRINT_H
#define CLI_DRIVE_PRINT_H

#include "reel/drive.h"

/* To standard output: lines of text, or one line of JSON. */
void cli_drive_print(const struct reel_drive_facts *f, bool json);

/* The same of the drive under `m`; nothing if that is none, or NULL. */
void cli_drive_print_of(struct reel_medium *m, bool json);

#endif
