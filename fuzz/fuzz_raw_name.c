/* SPDX-License-Identifier: Apache-2.0 */
/* Names of files of raw streams (reel/raw.h): what parses is what is given. */
#include <string.h>

#include "reel/raw.h"
#include "reel_fuzz.h"
#include "tape_input.h"

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    char name[2 * REEL_RAW_NAME_BYTES] = {0};
    char again[REEL_RAW_NAME_BYTES];
    enum reel_raw_part part;
    uint64_t number;

    if (size >= sizeof(name))
        return 0;
    memcpy(name, data, size);
    if (!reel_raw_name_parse(name, &number, &part))
        return 0;
    reel_raw_name(again, number, part);
    must(strcmp(name, again) == 0 && number > 0);
    return 0;
}
