/* SPDX-License-Identifier: Apache-2.0 */
/* A time (spec 1.4). */
#ifndef REEL_TIME_H
#define REEL_TIME_H

#include <stdint.h>

#define REEL_TIME_NS_MAX 999999999U /* C-4 */

struct reel_time {
    int64_t s;   /* since 1970-01-01 00:00:00 UTC, without leap seconds */
    uint32_t ns; /* 0 … 999,999,999, added */
};

#endif
