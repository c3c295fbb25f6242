/* SPDX-License-Identifier: Apache-2.0 */
/* More than rig.h: what only a drive has. For scenarios_drive.c. */
#ifndef DRIVE_RIG_ST_H
#define DRIVE_RIG_ST_H

/* The emulated drive does `line`, which ends in a newline (README.md has the
   commands); its answer. What it refuses fails the test. */
unsigned long rig_st_tell(const char *line);

#endif
