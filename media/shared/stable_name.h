/* SPDX-License-Identifier: Apache-2.0 */
/* Names of new files that outlive a loss of power. Private to those who make
   such files, which share it through this folder. */
#ifndef REEL_MEDIA_STABLE_NAME_H
#define REEL_MEDIA_STABLE_NAME_H

/* The directory in which the file `name` stands, or is to stand; -1 with
   errno. */
int reel_directory_open_of(const char *name);

/* Have the directory of `name` keep it, where we may open that at all, and wait
   for it; 0 or an errno. */
int reel_stable_name(const char *name);

#endif
