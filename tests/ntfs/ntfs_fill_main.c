/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ntfs_fill IMAGE [MEBIBYTES [FILES]]: an NTFS image with the specimens. */
#include <stdio.h>
#include <stdlib.h>

#include "ntfs_specimen.h"

#define MEBIBYTES_DEFAULT 96U

int
main(int argc, char **argv)
{
    const unsigned long mebibytes =
        argc > 2 ? strtoul(argv[2], NULL, 10) : MEBIBYTES_DEFAULT;
    const unsigned long files = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;

    if (argc < 2 || argc > 4 || mebibytes < 8 || mebibytes > 1U << 20 ||
        files > 1000000) {
        (void)fputs("usage: ntfs_fill IMAGE [MEBIBYTES [FILES]]\n", stderr);
        return 64;
    }
    return ntfs_specimen_fill(argv[1], (unsigned)mebibytes, (unsigned)files,
                              false)
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}
