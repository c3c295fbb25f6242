/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: seals files in place, as the mutator for
 * AFL++ does for its runs: what AFL++ keeps is not sealed.
 *
 *     reseal_<what> FILE...
 */
#include <stdio.h>
#include <stdlib.h>

#include "reel/alloc.h"
#include "reel_fuzz.h"

#define INPUT_BYTES_MAX 1048576U

static int
reseal(const char *path, uint8_t *data)
{
    FILE *file  = fopen(path, "r+b");
    size_t size = 0;
    int written;

    if (file == NULL)
        return 0;
    size = fread(data, 1, INPUT_BYTES_MAX, file);
    size = reel_fuzz_seal(data, size, INPUT_BYTES_MAX);
    rewind(file);
    written = fwrite(data, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

int
main(int argc, char **argv)
{
    uint8_t *const data = reel_alloc_array(INPUT_BYTES_MAX, 1);
    int ok              = data != NULL;

    for (int i = 1; ok && i < argc; i++)
        ok = reseal(argv[i], data);
    reel_free(data);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
