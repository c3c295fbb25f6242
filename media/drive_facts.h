/* SPDX-License-Identifier: Apache-2.0 */
/* Asking an open tape device for facts about its drive. */
#ifndef REEL_DRIVE_FACTS_H
#define REEL_DRIVE_FACTS_H

#include "reel/drive.h"

/* All there is; what cannot be had stays unknown. Nothing moves. */
void reel_drive_facts_get(int fd, struct reel_drive_facts *out);

/* Only the block limits, and whether the tape is write-once. */
void reel_drive_facts_limits(int fd, struct reel_drive_facts *out);

#endif
