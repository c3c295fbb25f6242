/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the files of raw streams (reel/raw.h; no spec chapter); archive
   layer. */
#include "reel/raw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
reel_raw_name(char out[REEL_RAW_NAME_BYTES], uint64_t number,
              enum reel_raw_part part)
{
    (void)snprintf(out, REEL_RAW_NAME_BYTES, "%08" PRIu64 "%s", number,
                   part == REEL_RAW_STREAMS ? ".bkr" : ".json");
}

bool
reel_raw_name_parse(const char *name, uint64_t *number,
                    enum reel_raw_part *part)
{
    const char *const parts[] = {".bkr", ".json"};
    char again[REEL_RAW_NAME_BYTES];
    uint64_t n = 0;
    size_t digits;
    size_t i;

    for (digits = 0; name[digits] >= '0' && name[digits] <= '9'; digits++) {
        if (digits == 20)
            return false;
        n = n * 10 + (uint64_t)(name[digits] - '0');
    }
    for (i = 0; i < 2; i++) {
        if (strcmp(name + digits, parts[i]) != 0)
            continue;
        /* What wraps around, or has other zeros, gives another name. */
        reel_raw_name(again, n, (enum reel_raw_part)i);
        if (n == 0 || strcmp(again, name) != 0)
            return false;
        *number = n;
        *part   = (enum reel_raw_part)i;
        return true;
    }
    return false;
}
