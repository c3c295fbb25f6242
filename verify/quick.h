/* SPDX-License-Identifier: Apache-2.0 */
/* What can be judged in seconds (spec 9.6). Private to verify/. */
#ifndef REEL_VERIFY_QUICK_H
#define REEL_VERIFY_QUICK_H

#include "volume_check.h"

/* Label, leader, VOLUME; then END from the end of the data, and each catalog
   from the last archive to the first. As reel_verify. */
enum reel_status reel_verify_quick(const struct reel_diagnoser *diag,
                                   struct reel_verify_volume *volume,
                                   struct reel_err *err) REEL_MUST_CHECK;

#endif
