/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For what builds images: any failure aborts. Not Check's: the fuzz targets
 * take their seeds from there, too.
 */
#ifndef REEL_IMAGE_MUST_H
#define REEL_IMAGE_MUST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "reel/err.h"

static inline void
must(bool holds, const char *file, int line)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s:%d: cannot build the image\n", file, line);
    abort();
}
#define MUST(call) must((call) == REEL_OK, __FILE__, __LINE__)
#define MUST_HOLD(what) must(what, __FILE__, __LINE__)

#endif
