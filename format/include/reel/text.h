/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people in records (spec 1.5). */
#ifndef REEL_TEXT_H
#define REEL_TEXT_H

#include "reel/cursor.h"

/* C-5: valid UTF-8 without control octets? Pure. */
REEL_API bool reel_text_legal(struct reel_bytes text);

/* INVALID with rule C-5, naming the field, unless it is. */
REEL_API enum reel_status reel_text_check(struct reel_bytes text,
                                          const char *field,
                                          const struct reel_cursor *at,
                                          struct reel_err *err) REEL_MUST_CHECK;

#endif
