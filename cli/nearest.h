/* SPDX-License-Identifier: Apache-2.0 */
/* What a mistyped word may have meant. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

struct cli_nearest {
    const char *word; /* what was typed */
    const char *best; /* the nearest name offered so far; NULL: none is near */
    size_t distance;  /* its edits */
};

/* Begin with {.word = typed}; offer one name after the other. */
void cli_nearest_offer(struct cli_nearest *n, const char *name);

#endif
