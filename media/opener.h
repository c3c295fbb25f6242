/* SPDX-License-Identifier: Apache-2.0 */
/* How a medium opens what it is named. */
#ifndef REEL_OPENER_H
#define REEL_OPENER_H

#include "reel/medium_tap.h"

/* As open with O_CLOEXEC, O_NOCTTY and mode 0666, over EINTR; -1 with errno.
   `o` NULL: by the call itself. */
int reel_opener_open(const struct reel_medium_opener *o, const char *name,
                     int flags);

#endif
