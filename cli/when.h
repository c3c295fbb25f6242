/* SPDX-License-Identifier: Apache-2.0 */
/* Times as people read them. */
#ifndef CLI_WHEN_H
#define CLI_WHEN_H

#include "reel/time.h"

#define CLI_WHEN_TEXT_BYTES 48U

/* "2024-01-31 17:05:09" in local time, or "@seconds" where the calendar does
   not reach; returns `text`, of CLI_WHEN_TEXT_BYTES. */
const char *cli_when_print(char *text, const struct reel_time *t);

#endif
