/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fence (fence.h) around libntfs-3g and all that reads records: closed
   before the first octet of a volume or of a relay is looked at. */
#ifndef RN_SHELTER_H
#define RN_SHELTER_H

#include "fence.h"
#include "reel/err.h"

/* A word of --sandbox. */
bool rn_shelter_parse(const char *word, enum reel_fence_wish *out);

/*
 * From now on no file can be opened but `image`, and that for writing only if
 * it is `written`. What is open stays so. UNSUPPORTED: it is needed, and the
 * kernel has less.
 */
enum reel_status rn_shelter_enter(enum reel_fence_wish wish, const char *image,
                                  bool written,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
