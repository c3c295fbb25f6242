/* SPDX-License-Identifier: Apache-2.0 */
/* Program: what a mistyped word may have meant; no spec chapter. */
#include <string.h>

#include "nearest.h"

/* Longer words are not compared; no name of ours is. */
#define WORD_BYTES_MAX 31U

static size_t
least(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Octets to insert, remove or replace; both at most WORD_BYTES_MAX long. */
static size_t
edits(const char *a, const char *b)
{
    const size_t width = strlen(b);
    size_t row[WORD_BYTES_MAX + 1];
    size_t corner, above;

    for (size_t k = 0; k <= width; k++)
        row[k] = k;
    for (size_t i = 0; a[i] != '\0'; i++) {
        corner = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < width; k++) {
            above = row[k + 1];
            row[k + 1] =
                least(above + 1, row[k] + 1, corner + (a[i] == b[k] ? 0 : 1));
            corner = above;
        }
    }
    return row[width];
}

void
cli_nearest_offer(struct cli_nearest *n, const char *name)
{
    const size_t typed = strlen(n->word);
    size_t distance;

    if (typed == 0 || typed > WORD_BYTES_MAX || strlen(name) > WORD_BYTES_MAX)
        return;
    distance = edits(n->word, name);
    /* A beginning of a name is near; else a third of the word may be wrong. */
    if (strncmp(n->word, name, typed) == 0)
        distance = 1;
    else if (distance > (typed + 2) / 3)
        return;
    if (!n->best || distance < n->distance) {
        n->best     = name;
        n->distance = distance;
    }
}
